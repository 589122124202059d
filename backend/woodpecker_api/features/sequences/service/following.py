"""Texts follow their exports, many at a time and in one statement: into a campaign, and out of it again.

The room that exports decides and writes the audit line; what a sequence and its lead are then called is decided here.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.sequences.models import Sequence as TextSequence
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.features.sequences.service.changing import LEAD_STATUS

_SLICE = 500
"""Ids in one statement: both databases take more, but a longer list is planned anew each time."""


def entered_campaign(db: Session, ids: Sequence[str], now: datetime) -> None:
    """Approved texts are exported from now on. Others stay what they are: somebody has decided about them meanwhile."""
    _move(db, ids, SequenceStatus.APPROVED, SequenceStatus.EXPORTED, now)


def left_campaign(db: Session, ids: Sequence[str], now: datetime) -> None:
    """Exported texts are approved again: whoever approved them has not taken that back."""
    _move(db, ids, SequenceStatus.EXPORTED, SequenceStatus.APPROVED, now)


def lead_statuses(db: Session, lead_ids: Sequence[str]) -> dict[LeadStatus, list[str]]:
    """What the leads' own texts say of them; leads without texts are in none of the lists."""
    found: dict[LeadStatus, list[str]] = {}
    for part in _slices(lead_ids):
        wanted = sa.select(TextSequence.lead_id, TextSequence.status).where(TextSequence.lead_id.in_(part))
        for lead_id, status in db.execute(wanted):
            found.setdefault(LEAD_STATUS[SequenceStatus(status)], []).append(lead_id)
    return found


def _move(db: Session, ids: Sequence[str], old: SequenceStatus, new: SequenceStatus, now: datetime) -> None:
    for part in _slices(ids):
        moved = sa.update(TextSequence).where(TextSequence.id.in_(part), TextSequence.status == old)
        # The state alone: a new version would make every open page and every plan look out of date.
        db.execute(moved.values(status=new, updated_at=now), execution_options={"synchronize_session": False})


def _slices(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _SLICE] for start in range(0, len(ids), _SLICE))
