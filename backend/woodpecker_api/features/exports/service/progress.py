"""Leads and sequences follow their items. The only place of this room that writes to their tables."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.exports.models import ExportItem
from woodpecker_api.features.exports.rules import ItemStatus
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.sequences.models import Sequence as TextSequence
from woodpecker_api.features.sequences.rules import SequenceStatus

_SLICE = 500
_BACK_TO = {
    SequenceStatus.APPROVED: LeadStatus.APPROVED,
    SequenceStatus.EXPORTED: LeadStatus.EXPORTED,
    SequenceStatus.DRAFT: LeadStatus.DRAFTED,
    SequenceStatus.REJECTED: LeadStatus.REJECTED,
}


def held(db: Session, lead_ids: Sequence[str], now: datetime) -> None:
    """An export holds these leads from now on."""
    _set_leads(db, lead_ids, LeadStatus.EXPORTING, now)


def entered(db: Session, items: Sequence[ExportItem], now: datetime) -> None:
    """They are in the campaign: lead and sequence are exported."""
    _set_leads(db, [item.lead_id for item in items], LeadStatus.EXPORTED, now)
    for part in _slices([item.sequence_id for item in items]):
        exported = sa.update(TextSequence).where(
            TextSequence.id.in_(part), TextSequence.status == SequenceStatus.APPROVED
        )
        _run(db, exported.values(status=SequenceStatus.EXPORTED, updated_at=now))


def troubled(db: Session, lead_ids: Sequence[str], now: datetime) -> None:
    """A person has to look at these."""
    _set_leads(db, lead_ids, LeadStatus.FAILED, now)


def left(db: Session, items: Sequence[ExportItem], now: datetime) -> None:
    """They were taken out of the campaign again: whoever is in no other one is approved again."""
    elsewhere = sa.exists().where(
        ExportItem.sequence_id == TextSequence.id,
        ExportItem.status.in_([ItemStatus.ADDED, ItemStatus.ALREADY_IN_CAMPAIGN]),
    )
    for part in _slices([item.sequence_id for item in items]):
        exported = sa.update(TextSequence).where(
            TextSequence.id.in_(part), TextSequence.status == SequenceStatus.EXPORTED, ~elsewhere
        )
        _run(db, exported.values(status=SequenceStatus.APPROVED, updated_at=now))
    released(db, [item.lead_id for item in items], now)


def released(db: Session, lead_ids: Sequence[str], now: datetime) -> None:
    """The export lets go of them: the lead is again what its sequence says."""
    for part in _slices(lead_ids):
        found = sa.select(TextSequence.lead_id, TextSequence.status).where(TextSequence.lead_id.in_(part))
        by_status: dict[LeadStatus, list[str]] = {}
        for lead_id, status in db.execute(found):
            by_status.setdefault(_BACK_TO[SequenceStatus(status)], []).append(lead_id)
        for lead_status, ids in by_status.items():
            _set_leads(db, ids, lead_status, now)


def _set_leads(db: Session, lead_ids: Sequence[str], status: LeadStatus, now: datetime) -> None:
    for part in _slices(lead_ids):
        _run(db, sa.update(Lead).where(Lead.id.in_(part)).values(status=status, updated_at=now))


def _run(db: Session, statement: Any) -> None:
    db.execute(statement, execution_options={"synchronize_session": False})


def _slices(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _SLICE] for start in range(0, len(ids), _SLICE))
