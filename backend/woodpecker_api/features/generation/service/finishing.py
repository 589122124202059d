"""How an item ends, and with the last one the run. A lead always gets a status that somebody can act on."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.generation.models import GenerationItem, GenerationRun, ItemStatus, RunStatus
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.system.audit.service import SYSTEM, record
from woodpecker_api.system.changes.service import announce

OPEN = (ItemStatus.QUEUED, ItemStatus.RUNNING)


def fail(db: Session, item: GenerationItem, code: str, sentence: str, now: datetime) -> None:
    """Nothing came of it: the lead keeps what it had before, or stands as failed when it had nothing."""
    item.status, item.finished_at = ItemStatus.FAILED, now
    item.error_code, item.error = code, sentence
    had_nothing = item.previous_status in (LeadStatus.IMPORTED, LeadStatus.FAILED)
    _lead_becomes(db, item, LeadStatus.FAILED if had_nothing else LeadStatus(item.previous_status), now)


def give_back(db: Session, item: GenerationItem, now: datetime) -> None:
    """Cancelled before it began: the lead is what it was."""
    item.status, item.finished_at, item.parked = ItemStatus.CANCELLED, now, False
    _lead_becomes(db, item, LeadStatus(item.previous_status), now)


def give_back_all(db: Session, run: GenerationRun, now: datetime) -> None:
    """`give_back` for all that wait, in a few statements."""
    waiting = sa.and_(GenerationItem.run_id == run.id, GenerationItem.status == ItemStatus.QUEUED)
    before = dict.fromkeys(db.scalars(sa.select(GenerationItem.previous_status).where(waiting).distinct()))
    for status in before:
        leads = sa.select(GenerationItem.lead_id).where(waiting, GenerationItem.previous_status == status)
        change = sa.update(Lead).where(Lead.id.in_(leads), Lead.status == LeadStatus.GENERATING)
        db.execute(change.values(status=status, updated_at=now), execution_options={"synchronize_session": "fetch"})
    ended = sa.update(GenerationItem).where(waiting)
    values = {"status": ItemStatus.CANCELLED, "finished_at": now, "parked": False}
    db.execute(ended.values(**values), execution_options={"synchronize_session": "fetch"})


def finish_if_over(db: Session, run: GenerationRun, now: datetime) -> None:
    """The last item ends the run. One in which nothing came of anything has failed."""
    db.flush()
    if run.status not in (RunStatus.QUEUED, RunStatus.RUNNING):
        return
    items = sa.select(GenerationItem.id).where(GenerationItem.run_id == run.id)
    if db.scalar(items.where(GenerationItem.status.in_(OPEN)).limit(1)) is not None:
        return
    some_done = db.scalar(items.where(GenerationItem.status == ItemStatus.DONE).limit(1)) is not None
    run.status = RunStatus.COMPLETED if some_done else RunStatus.FAILED
    run.status_code = None if some_done else "all_failed"
    run.status_reason = None if some_done else "No lead could be written. See the reason at each."
    run.finished_at = now
    run.version += 1
    record(db, SYSTEM, "generation.finished", ("generation", run.id), after={"status": run.status})


def tell(db: Session, run: GenerationRun, item: GenerationItem) -> None:
    announce(db, "generation", run.id)
    announce(db, "lead", item.lead_id)


def _lead_becomes(db: Session, item: GenerationItem, status: LeadStatus, now: datetime) -> None:
    lead = db.get(Lead, item.lead_id)
    # Somebody may have moved the lead on meanwhile (an edit makes it drafted): that stands.
    if lead is not None and lead.status == LeadStatus.GENERATING:
        lead.status, lead.updated_at = status, now
