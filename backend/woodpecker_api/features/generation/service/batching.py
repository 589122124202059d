"""What a batch run does next: look for a batch whose answer was not heard, ask how one is doing, or send the next one.

The state is in the tables alone. A batch is written down, with a reservation for each of its requests, before it is sent; a crash
at any point leaves a row that says what to ask the vendor.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.clients.anthropic.port import BatchItem
from woodpecker_api.features.generation.models import (
    BatchStatus,
    GenerationBatch,
    GenerationCall,
    GenerationItem,
    GenerationRun,
    ItemStatus,
    RunMode,
    RunStatus,
)
from woodpecker_api.features.generation.rules.batches import BATCH_SIZE, FIRST_LOOK, GONE
from woodpecker_api.features.generation.rules.budget import Verdict, judge
from woodpecker_api.features.generation.rules.prompt import schema_of
from woodpecker_api.features.generation.service import ledger
from woodpecker_api.features.generation.service.choosing import is_here
from woodpecker_api.features.generation.service.collecting import give_up_batch
from woodpecker_api.features.generation.service.finishing import fail, finish_if_over
from woodpecker_api.features.generation.service.prompting import prompt_for, request_for, setup_of, worst_case
from woodpecker_api.features.generation.service.steering import pause_for
from woodpecker_api.features.generation.service.writing import budget_sentence, locked_run, other_vendor
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.kit.ids import new_id
from woodpecker_api.system.changes.service import announce

ACTIVE = (RunStatus.QUEUED, RunStatus.RUNNING)
AT_THE_VENDOR = (BatchStatus.SUBMITTING, BatchStatus.SUBMITTED)
REST_FOR_BUDGET = 30.0
"""Seconds until batches of other runs may have left something of the month's budget."""


@dataclass(frozen=True)
class Send:
    """A batch that is written down and must be submitted now."""

    batch_id: str
    items: tuple[BatchItem, ...]


@dataclass(frozen=True)
class Search:
    """A batch that was sent, perhaps; the vendor's list tells. `known` are names that are certainly not this one."""

    batch_id: str
    requests: int
    intended_at: datetime
    known: frozenset[str]


@dataclass(frozen=True)
class Look:
    """A batch that the vendor has. `cancel`: ask for its end first. `schema`: the shape of its answers."""

    batch_id: str
    name: str
    schema: dict[str, Any]
    cancel: bool


@dataclass(frozen=True)
class Pause:
    """Nothing to do for so many seconds."""

    seconds: float


BatchStep = Send | Search | Look | Pause


def next_batch_step(db: Session, run_id: str, *, sandbox: bool | None, now: datetime) -> BatchStep | None:
    """None: nothing is left to do, and the job of this run's batches is over with this transaction."""
    run = locked_run(db, run_id)
    if not run.batching or run.mode != RunMode.BATCH:
        return None
    open_batches = _open_batches(db, run)
    if sandbox is not run.sandbox:
        pause_for(db, run, "vendor_changed", other_vendor(sandbox=sandbox))
        if run.status == RunStatus.CANCELLED:  # nobody will come back to it: its leads must not wait for ever
            for batch in open_batches:
                give_up_batch(db, batch, GONE, now)
        _end(db, run, now)
        return None
    due = next((batch for batch in open_batches if batch.next_look_at <= now), None)
    if due is not None:
        return _ask_for(db, run, due)
    is_unheard = any(batch.status == BatchStatus.SUBMITTING for batch in open_batches)
    if run.status in ACTIVE and not is_unheard:
        step = _fill(db, run, now, waits=bool(open_batches))
        if step is not None:
            return step
    if open_batches:
        first = min(batch.next_look_at for batch in open_batches)
        return Pause(max(0.1, (first - now).total_seconds()))
    _end(db, run, now)
    return None


def _open_batches(db: Session, run: GenerationRun) -> list[GenerationBatch]:
    wanted = sa.select(GenerationBatch).where(
        GenerationBatch.run_id == run.id, GenerationBatch.status.in_(AT_THE_VENDOR)
    )
    return list(db.scalars(wanted.order_by(GenerationBatch.next_look_at, GenerationBatch.id)))


def _end(db: Session, run: GenerationRun, now: datetime) -> None:
    run.batching = False
    finish_if_over(db, run, now)
    announce(db, "generation", run.id)


def _ask_for(db: Session, run: GenerationRun, batch: GenerationBatch) -> BatchStep:
    if batch.vendor_batch_id is None:
        names = sa.select(GenerationBatch.vendor_batch_id).where(GenerationBatch.vendor_batch_id.is_not(None))
        known = frozenset([*(name for name in db.scalars(names) if name), *batch.not_ours])
        return Search(batch.id, batch.requests, batch.created_at, known)
    # One that was only found may be somebody else's: it is never cancelled, only waited for.
    cancel = run.status == RunStatus.CANCELLED and not batch.found_again and not batch.cancel_asked
    return Look(batch.id, batch.vendor_batch_id, schema_of(setup_of(db, run).shape), cancel)


def _fill(db: Session, run: GenerationRun, now: datetime, *, waits: bool) -> BatchStep | None:
    """The next batch, reserved and written down. None when no lead waits, or none can be paid while others are under way."""
    parked = sa.select(GenerationItem, Lead).outerjoin(Lead, Lead.id == GenerationItem.lead_id)
    parked = parked.where(
        GenerationItem.run_id == run.id, GenerationItem.status == ItemStatus.QUEUED, GenerationItem.parked
    )
    rows = db.execute(parked.order_by(GenerationItem.id).limit(BATCH_SIZE)).all()
    if not rows:
        return None
    batch = GenerationBatch(
        id=new_id(),
        run_id=run.id,
        status=BatchStatus.SUBMITTING,
        requests=0,
        created_at=now,
        next_look_at=now + timedelta(seconds=FIRST_LOOK),
        looks=0,
        not_ours=[],
        found_again=False,
        cancel_asked=False,
    )
    verdict, items = _reserve(db, (run, batch), [(row[0], row[1]) for row in rows], now)
    if items:
        batch.requests = len(items)
        db.add(batch)
        if run.status == RunStatus.QUEUED:
            run.status = RunStatus.RUNNING
        announce(db, "generation", run.id)
        db.flush()
        return Send(batch.id, tuple(items))
    if verdict is Verdict.GO:  # every lead of this slice is gone; the next turn takes the next ones
        return Pause(0.0)
    return None if waits or verdict is Verdict.STOP else Pause(REST_FOR_BUDGET)


def _reserve(
    db: Session,
    of: tuple[GenerationRun, GenerationBatch],
    rows: list[tuple[GenerationItem, Lead | None]],
    now: datetime,
) -> tuple[Verdict, list[BatchItem]]:
    """Reserves one request after the other as long as the budgets allow; the last verdict tells why it stopped."""
    run, batch = of
    setup, purses = setup_of(db, run), ledger.purses(db, run, now)
    items: list[BatchItem] = []
    for item, lead in rows:
        if not is_here(lead):
            fail(db, item, "lead_deleted", "The lead was deleted meanwhile.", now)
            continue
        prompt = prompt_for(db, setup, lead, item.previous_status)
        worst = worst_case(setup, prompt, now, batch=True)
        verdict, purse = judge(worst, purses)
        if verdict is not Verdict.GO:
            if verdict is Verdict.STOP and purse is not None and not items:
                pause_for(db, run, "budget_reached", budget_sentence(purse, worst))
            return verdict, items
        purses = tuple(replace(one, reserved=one.reserved + worst) for one in purses)
        item.status, item.parked, item.attempts = ItemStatus.RUNNING, False, item.attempts + 1
        item.round += 1
        item.started_at = item.started_at or now
        call = GenerationCall(
            id=new_id(),
            run_id=run.id,
            item_id=item.id,
            batch_id=batch.id,
            model=run.model,
            reserved_micros=worst,
            charged_micros=0,
            sandbox=run.sandbox,
            created_at=now,
        )
        db.add(call)
        items.append(BatchItem(call.id, request_for(setup, prompt, setup.max_tokens)))
    return Verdict.GO, items
