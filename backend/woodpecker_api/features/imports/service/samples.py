"""The list of invented people that an empty sandbox begins with."""

from sqlalchemy.orm import Session

from woodpecker_api.features.imports.models import Import
from woodpecker_api.features.leads.service.samples import mark_samples


def mark_as_samples(db: Session, import_id: str) -> None:
    """The list and its people never count as real."""
    db.get_one(Import, import_id).sandbox = True
    mark_samples(db, import_id)
