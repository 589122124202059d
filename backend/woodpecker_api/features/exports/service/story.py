"""What other rooms may ask about leads and exports: is one held, and what belongs to its story?"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.exports.models import ExportItem
from woodpecker_api.features.exports.rules import CLAIMING, OPEN, ItemStatus

_SLICE = 500


def held_leads(db: Session, lead_ids: Sequence[str]) -> set[str]:
    """Those that an export has open: they must not be deleted, erased or undone."""
    return _with_status(db, lead_ids, OPEN)


def any_exported(db: Session, lead_ids: Sequence[str]) -> bool:
    """Whether one of them is in a campaign through us, or on the way."""
    return bool(_with_status(db, lead_ids, CLAIMING))


def exports_of_lead(db: Session, lead_id: str) -> list[tuple[str, str]]:
    """Audit subjects: each export the lead was in."""
    wanted = sa.select(ExportItem.export_id).where(ExportItem.lead_id == lead_id).distinct()
    return [("export", export_id) for export_id in db.scalars(wanted)]


def _with_status(db: Session, lead_ids: Sequence[str], statuses: frozenset[ItemStatus]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(lead_ids), _SLICE):
        part = lead_ids[start : start + _SLICE]
        wanted = sa.select(ExportItem.lead_id).where(ExportItem.lead_id.in_(part), ExportItem.status.in_(statuses))
        found |= set(db.scalars(wanted))
    return found
