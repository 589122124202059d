"""Who listens to whom: a lower room says what happened, the rooms above answer in the same transaction."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.exports.service.removing import on_suppressed
from woodpecker_api.features.exports.service.story import any_exported, exports_of_lead, held_leads
from woodpecker_api.features.imports.service.listeners import listen as imports_listen
from woodpecker_api.features.leads.service.listeners import listen as leads_listen
from woodpecker_api.features.review.service import lead_changed
from woodpecker_api.features.sequences.models import Sequence
from woodpecker_api.features.sequences.service import store_imported


def connect_rooms() -> None:
    """Harmless to repeat."""
    imports_listen(drafts_brought=store_imported, undo_barred=any_exported)
    leads_listen(changed=lead_changed, held=held_leads, subjects=_sequence_of_lead)
    leads_listen(suppressed=on_suppressed, subjects=exports_of_lead)


def _sequence_of_lead(db: Session, lead_id: str) -> list[tuple[str, str]]:
    return [("sequence", id_) for id_ in db.scalars(sa.select(Sequence.id).where(Sequence.lead_id == lead_id))]
