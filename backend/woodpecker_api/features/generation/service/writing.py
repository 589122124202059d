"""One turn for one lead: reserve (`begin`), then the call outside of any transaction, then store (`answered`, `failed`).

A crash between call and store leaves the call reserved; the next turn finds it, keeps it charged as uncertain, and asks again.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.clients.anthropic.port import GenerationAnswer, GenerationRequest
from woodpecker_api.features.generation.models import (
    GenerationCall,
    GenerationItem,
    GenerationRun,
    ItemStatus,
    RunStatus,
)
from woodpecker_api.features.generation.rules.budget import Purse, Verdict, judge
from woodpecker_api.features.generation.rules.failures import Charge, Failure, Next, after_failure
from woodpecker_api.features.generation.rules.prompt import texts_of
from woodpecker_api.features.generation.service import ledger
from woodpecker_api.features.generation.service.choosing import is_here
from woodpecker_api.features.generation.service.finishing import fail, finish_if_over, give_back, tell
from woodpecker_api.features.generation.service.keeping import keep_texts, keep_unusable
from woodpecker_api.features.generation.service.prompting import prompt_for, request_for, setup_of, worst_case
from woodpecker_api.features.generation.service.steering import pause_for
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.kit.money import usd_text

BUDGET_REST = 2.0
"""Seconds until calls under way may have left something of the budget."""


@dataclass(frozen=True)
class Asked:
    """A call that is reserved and must be made now."""

    item_id: str
    call_id: str
    request: GenerationRequest


@dataclass(frozen=True)
class Rest:
    """Come again after so many seconds."""

    seconds: float


def begin(db: Session, item_id: str, *, sandbox: bool | None, now: datetime) -> Asked | Rest | None:
    """Reserves the worst case of one call and says what to ask. None: nothing (more) to do for this item.

    `sandbox` says which Claude would answer now; None when there is none.
    """
    item = db.get(GenerationItem, item_id)
    if item is None:
        return None
    run = locked_run(db, item.run_id)
    for call in ledger.open_calls(db, item.id):
        ledger.keep_uncertain(call, "worker_lost", None, now)
    if item.status not in (ItemStatus.QUEUED, ItemStatus.RUNNING):
        return None
    if run.status in (RunStatus.QUEUED, RunStatus.RUNNING) and sandbox is not run.sandbox:
        pause_for(db, run, "vendor_changed", other_vendor(sandbox=sandbox))
    if run.status not in (RunStatus.QUEUED, RunStatus.RUNNING):
        _leave(db, run, item, now)
        return None
    lead = db.get(Lead, item.lead_id)
    if not is_here(lead):
        fail(db, item, "lead_deleted", "The lead was deleted meanwhile.", now)
        finish_if_over(db, run, now)
        return None
    return _reserve(db, run, item, lead, now)


def answered(db: Session, asked: Asked, answer: GenerationAnswer, now: datetime) -> Rest | None:
    """Charges the answer and stores its texts in the same transaction: it is never paid for again."""
    item, call = db.get_one(GenerationItem, asked.item_id), db.get_one(GenerationCall, asked.call_id)
    run = locked_run(db, item.run_id)
    ledger.settle(call, answer.usage, answer.request_id, now)
    db.flush()
    rest = None
    if answer.data is None:
        call.error_code = answer.problem
        rest = None if keep_unusable(db, item, answer, now) is Next.GIVE_UP else Rest(0.0)
    else:
        keep_texts(db, (run, item), texts_of(answer.data), answer.text, now)
    finish_if_over(db, run, now)
    tell(db, run, item)
    return rest


def failed(db: Session, asked: Asked, failure: Failure, request_id: str | None, now: datetime) -> Rest | None:
    """Releases or keeps the reservation, and decides whether to try again, to give up, or to pause the run."""
    item, call = db.get_one(GenerationItem, asked.item_id), db.get_one(GenerationCall, asked.call_id)
    run = locked_run(db, item.run_id)
    decision = after_failure(failure, item.attempts, ledger.waits(db, item))
    close = ledger.keep_uncertain if decision.charge is Charge.KEEP else ledger.release
    close(call, failure.code, request_id, now)
    item.error_code, item.error = failure.code, failure.sentence
    if decision.next is Next.AGAIN:
        item.status = ItemStatus.QUEUED
        return Rest(decision.after_seconds)
    if decision.next is Next.PAUSE:
        pause_for(db, run, failure.code, failure.sentence)
        _leave(db, run, item, now)
    else:
        fail(db, item, failure.code, failure.sentence, now)
    finish_if_over(db, run, now)
    tell(db, run, item)
    return None


def given_up(db: Session, item_id: str, code: str, sentence: str, now: datetime) -> None:
    """The job of this item was given up by the engine: it fails with that reason, and its open call stays charged."""
    item = db.get(GenerationItem, item_id)
    if item is None or item.status not in (ItemStatus.QUEUED, ItemStatus.RUNNING):
        return
    run = locked_run(db, item.run_id)
    for call in ledger.open_calls(db, item.id):
        ledger.keep_uncertain(call, code, None, now)
    fail(db, item, code, sentence, now)
    finish_if_over(db, run, now)
    tell(db, run, item)


def locked_run(db: Session, run_id: str) -> GenerationRun:
    """One turn of a run at a time: what two of them decide from the same sums would pass the budget."""
    return db.scalars(sa.select(GenerationRun).where(GenerationRun.id == run_id).with_for_update()).one()


def _leave(db: Session, run: GenerationRun, item: GenerationItem, now: datetime) -> None:
    """The run does not go on: wait in it when it is paused, else give the lead back."""
    if run.status == RunStatus.PAUSED:
        item.status, item.parked = ItemStatus.QUEUED, True
    else:
        give_back(db, item, now)
        tell(db, run, item)


def _reserve(db: Session, run: GenerationRun, item: GenerationItem, lead: Lead, now: datetime) -> Asked | Rest | None:
    setup = setup_of(db, run)
    prompt = prompt_for(db, setup, lead, item.previous_status)
    worst = worst_case(setup, prompt, now)
    verdict, purse = judge(worst, ledger.purses(db, run, now))
    if verdict is Verdict.WAIT:
        return Rest(BUDGET_REST)
    if verdict is Verdict.STOP and purse is not None:
        pause_for(db, run, "budget_reached", budget_sentence(purse, worst))
        _leave(db, run, item, now)
        return None
    item.status, item.attempts = ItemStatus.RUNNING, item.attempts + 1
    item.started_at = item.started_at or now
    if run.status == RunStatus.QUEUED:
        run.status = RunStatus.RUNNING
    call = ledger.reserve(db, run, item, worst, now)
    return Asked(item.id, call.id, request_for(setup, prompt, setup.max_tokens))


def budget_sentence(purse: Purse, worst: int) -> str:
    which = "this run" if purse.name == "run" else "this month"
    return (
        f"The budget of {which} (${usd_text(purse.limit or 0)[:-4]}) leaves less than the next call can cost "
        f"(${usd_text(worst)[:-2]}). Raise it and resume, or cancel."
    )


def other_vendor(*, sandbox: bool | None) -> str:
    if sandbox is None:
        return "There is no key for Claude any more. Enter one in Settings, then resume."
    return "Claude was switched between sandbox and real since this run began. Cancel it and start a new one."
