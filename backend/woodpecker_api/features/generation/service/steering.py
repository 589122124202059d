"""Pause, resume, cancel, retry: columns that every turn reads."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.generation.errors import RunStateError
from woodpecker_api.features.generation.models import GenerationItem, GenerationRun, ItemStatus, RunMode, RunStatus
from woodpecker_api.features.generation.service.choosing import is_here
from woodpecker_api.features.generation.service.feeding import go_on
from woodpecker_api.features.generation.service.finishing import finish_if_over, give_back_all
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.system.audit.service import SYSTEM, Actor, record
from woodpecker_api.system.changes.service import announce
from woodpecker_api.system.jobs.jobs import Jobs

ACTIVE = (RunStatus.QUEUED, RunStatus.RUNNING)


def pause(db: Session, actor: Actor, run: GenerationRun) -> None:
    """Calls under way finish and are stored. Pausing twice is no error."""
    if run.status == RunStatus.PAUSED:
        return
    if run.status not in ACTIVE:
        raise RunStateError(f"This run is {run.status}; it cannot be paused any more.")
    _pause(db, actor, run, "paused_by_user", "Paused by a person.")


def pause_for(db: Session, run: GenerationRun, code: str, sentence: str) -> None:
    """The run cannot go on by itself, and says why. Does nothing when it is not active."""
    if run.status in ACTIVE:
        _pause(db, SYSTEM, run, code, sentence)


def resume(db: Session, jobs: Jobs, actor: Actor, run: GenerationRun, budget_micros: int | None = None) -> None:
    """What was parked goes on, with a new budget when one is given. Resuming an active run is no error."""
    if run.status in ACTIVE:
        return
    if run.status != RunStatus.PAUSED:
        raise RunStateError(f"This run is {run.status}; it cannot be resumed. Start a new one.")
    if budget_micros is not None:
        run.budget_micros = budget_micros
    _set(run, RunStatus.RUNNING)
    go_on(db, jobs, run)
    _noted(db, actor, "generation.resumed", run, RunStatus.PAUSED)
    finish_if_over(db, run, run.created_at)


def cancel(db: Session, jobs: Jobs, actor: Actor, run: GenerationRun, now: datetime) -> None:
    """What was not begun is given back; calls under way finish and are stored, for they are paid."""
    if run.status == RunStatus.CANCELLED:
        return
    if run.status not in (*ACTIVE, RunStatus.PAUSED):
        raise RunStateError(f"This run is {run.status}; there is nothing left to cancel.")
    before = run.status
    _set(run, RunStatus.CANCELLED)
    run.finished_at = now
    give_back_all(db, run, now)
    if (
        run.mode == RunMode.BATCH
    ):  # its batches are cancelled at the vendor, and what they wrote until then is collected
        go_on(db, jobs, run)
    _noted(db, actor, "generation.cancelled", run, before)
    announce(db, "lead", None)


def retry_failed(db: Session, jobs: Jobs, actor: Actor, run: GenerationRun, now: datetime) -> int:
    """Failed items try again in the same run and budget. Gives back how many; leads that went on otherwise are left."""
    if run.status not in (RunStatus.COMPLETED, RunStatus.FAILED, *ACTIVE):
        raise RunStateError(f"This run is {run.status}. Resume it, or start a new one.")
    failed = sa.select(GenerationItem, Lead).join(Lead, Lead.id == GenerationItem.lead_id)
    failed = failed.where(GenerationItem.run_id == run.id, GenerationItem.status == ItemStatus.FAILED)
    ready = (LeadStatus.EXPORTING, LeadStatus.GENERATING)
    rows = [row for row in db.execute(failed) if is_here(row[1]) and row[1].status not in ready]
    for item, lead in rows:
        item.status, item.parked, item.attempts = ItemStatus.QUEUED, True, 0
        item.previous_status, item.error_code, item.error = lead.status, None, None
        item.started_at = item.finished_at = None
        lead.status, lead.updated_at = LeadStatus.GENERATING, now
    if rows:
        before = run.status
        _set(run, RunStatus.RUNNING)
        run.finished_at = None
        db.flush()
        go_on(db, jobs, run)
        _noted(db, actor, "generation.retried", run, before)
        announce(db, "lead", None)
    return len(rows)


def _pause(db: Session, actor: Actor, run: GenerationRun, code: str, sentence: str) -> None:
    before = run.status
    _set(run, RunStatus.PAUSED, code, sentence)
    _noted(db, actor, "generation.paused", run, before)


def _set(run: GenerationRun, status: RunStatus, code: str | None = None, sentence: str | None = None) -> None:
    run.status, run.status_code, run.status_reason = status, code, sentence
    run.version += 1


def _noted(db: Session, actor: Actor, action: str, run: GenerationRun, before: str) -> None:
    db.flush()
    after = {"status": run.status, "code": run.status_code, "budget_micros": run.budget_micros}
    record(db, actor, action, ("generation", run.id), before={"status": before}, after=after)
    announce(db, "generation", run.id)
