"""From a selection to ids and versions."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.leads.models import VISIBLE, Lead
from woodpecker_api.features.leads.queries.filtering import conditions
from woodpecker_api.features.leads.rules.selection import LeadFilter

CHUNK = 500
"""Values of one IN: far below what either database takes."""


def chunks(values: Sequence[str], size: int = CHUNK) -> Iterator[list[str]]:
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def live_versions(db: Session, ids: Sequence[str]) -> dict[str, int]:
    """id → version, of those that are visible leads."""
    found: dict[str, int] = {}
    for chunk in chunks(ids):
        statement = sa.select(Lead.id, Lead.version).where(Lead.id.in_(chunk), *VISIBLE)
        found.update((row.id, row.version) for row in db.execute(statement))
    return found


def matching_versions(db: Session, wanted: LeadFilter, user_id: str | None) -> list[tuple[str, int]]:
    """(id, version) of all that match, oldest first."""
    statement = sa.select(Lead.id, Lead.version).where(*conditions(wanted, user_id)).order_by(Lead.id)
    return [(row.id, row.version) for row in db.execute(statement)]


def deleted_at_moment(db: Session, moment: datetime) -> list[str]:
    """Those that went with one call: it gives all of them the same time."""
    statement = sa.select(Lead.id).where(Lead.deleted_at == moment, Lead.pending_import_id.is_(None))
    return list(db.scalars(statement))


def count(db: Session, wanted: LeadFilter, user_id: str | None) -> int:
    """How many match, exactly."""
    return db.scalar(sa.select(sa.func.count()).select_from(Lead).where(*conditions(wanted, user_id))) or 0
