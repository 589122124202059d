"""Leads and sequences follow their items, by the verbs of their own rooms."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.exports.models import ExportItem
from woodpecker_api.features.exports.rules import ItemStatus
from woodpecker_api.features.leads import service as leads
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.sequences import service as sequences

_SLICE = 500
_IN_CAMPAIGN = (ItemStatus.ADDED, ItemStatus.ALREADY_IN_CAMPAIGN)


def held(db: Session, lead_ids: Sequence[str], now: datetime) -> None:
    """An export holds these leads from now on."""
    leads.mark(db, lead_ids, LeadStatus.EXPORTING, now)


def entered(db: Session, items: Sequence[ExportItem], now: datetime) -> None:
    """They are in the campaign: lead and sequence are exported."""
    leads.mark(db, [item.lead_id for item in items], LeadStatus.EXPORTED, now)
    sequences.entered_campaign(db, [item.sequence_id for item in items], now)


def troubled(db: Session, lead_ids: Sequence[str], now: datetime) -> None:
    """A person has to look at these."""
    leads.mark(db, lead_ids, LeadStatus.FAILED, now)


def left(db: Session, items: Sequence[ExportItem], now: datetime) -> None:
    """They were taken out of the campaign again: whoever is in no other one is approved again."""
    elsewhere = _in_some_campaign(db, [item.sequence_id for item in items])
    sequences.left_campaign(db, [item.sequence_id for item in items if item.sequence_id not in elsewhere], now)
    released(db, [item.lead_id for item in items], now)


def released(db: Session, lead_ids: Sequence[str], now: datetime) -> None:
    """The export lets go of them: the lead is again what its sequence says."""
    for status, ids in sequences.lead_statuses(db, lead_ids).items():
        leads.mark(db, ids, status, now)


def _in_some_campaign(db: Session, sequence_ids: Sequence[str]) -> set[str]:
    """Those whose texts an export has put into a campaign, and not out again."""
    found: set[str] = set()
    for part in _slices(sequence_ids):
        inside = sa.select(ExportItem.sequence_id).where(
            ExportItem.sequence_id.in_(part), ExportItem.status.in_(_IN_CAMPAIGN)
        )
        found |= set(db.scalars(inside))
    return found


def _slices(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _SLICE] for start in range(0, len(ids), _SLICE))
