"""What the vendor said about a batch: taken, not taken, not known; and its results, each stored once, in any order."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.clients.anthropic.port import Batch, BatchOutcome, BatchResult, GenerationAnswer
from woodpecker_api.features.generation.models import (
    BatchStatus,
    CallStatus,
    GenerationBatch,
    GenerationCall,
    GenerationItem,
    GenerationRun,
    ItemStatus,
    RunStatus,
)
from woodpecker_api.features.generation.rules.batches import (
    ASKED_FOR,
    GONE,
    MISSING,
    SENTENCES,
    Unanswered,
    after_unanswered,
    is_lost,
    rest_before_look,
)
from woodpecker_api.features.generation.rules.failures import STOPS_THE_RUN, Charge, Failure, Next, after_failure
from woodpecker_api.features.generation.service import ledger
from woodpecker_api.features.generation.service.finishing import fail, give_back, tell
from woodpecker_api.features.generation.service.keeping import keep_texts, keep_unusable
from woodpecker_api.features.generation.service.steering import pause_for
from woodpecker_api.features.generation.service.writing import locked_run
from woodpecker_api.system.audit.service import SYSTEM, record
from woodpecker_api.system.changes.service import announce


def submitted(db: Session, batch_id: str, told: Batch, now: datetime, *, found_again: bool = False) -> None:
    """The vendor has it under this name; `found_again`: by its list, not by its answer."""
    batch = db.get_one(GenerationBatch, batch_id)
    batch.status, batch.vendor_batch_id, batch.found_again = BatchStatus.SUBMITTED, told.id, found_again
    batch.submitted_at, batch.expires_at, batch.absent_since = now, told.expires_at, None
    batch.error_code = batch.error = None
    _look_again(batch, 0, now)
    after = {"vendor_batch_id": told.id, "requests": batch.requests, "found_again": found_again}
    record(db, SYSTEM, "generation.batch_submitted", ("generation", batch.run_id), after=after)
    announce(db, "generation", batch.run_id)


def refused(db: Session, batch_id: str, failure: Failure, now: datetime) -> float:
    """The vendor did not take it, and it cost nothing: its leads wait again. Gives back how long to rest before the next try."""
    batch = db.get_one(GenerationBatch, batch_id)
    run = locked_run(db, batch.run_id)
    tries = _refusals_in_a_row(db, run) + 1
    _close(batch, BatchStatus.REFUSED, failure, now)
    for call, item in _open_calls(db, batch):
        ledger.release(call, failure.code, None, now)
        item.attempts -= 1  # it was never asked
        _park(db, run, item, now)
    decision = after_failure(failure, tries)
    if failure.permanent or decision.next is not Next.AGAIN:
        pause_for(db, run, failure.code, failure.sentence)
    announce(db, "generation", run.id)
    return decision.after_seconds


def unheard(db: Session, batch_id: str, failure: Failure, now: datetime) -> None:
    """Sent, perhaps: the row stays an intent, and the vendor's list is asked next."""
    batch = db.get_one(GenerationBatch, batch_id)
    batch.error_code, batch.error = failure.code, failure.sentence
    _look_again(batch, 0, now)


def absent(db: Session, batch_id: str, now: datetime, *, sandbox: bool) -> None:
    """The vendor's list lacks it. After long enough it was never received: its leads wait again, nothing was charged."""
    batch = db.get_one(GenerationBatch, batch_id)
    batch.absent_since = batch.absent_since or now
    if not is_lost(batch.absent_since, now, sandbox=sandbox):
        _look_again(batch, batch.looks + 1, now)
        return
    run = locked_run(db, batch.run_id)
    batch.status, batch.finished_at = BatchStatus.LOST, now
    for call, item in _open_calls(db, batch):
        ledger.release(call, "batch_not_received", None, now)
        _park(db, run, item, now)
    announce(db, "generation", run.id)


def still_working(db: Session, batch_id: str, now: datetime, *, cancel_asked: bool = False) -> None:
    batch = db.get_one(GenerationBatch, batch_id)
    batch.cancel_asked = batch.cancel_asked or cancel_asked
    batch.error_code = batch.error = None
    _look_again(batch, 0 if cancel_asked else batch.looks + 1, now)


def look_failed(db: Session, batch_id: str, failure: Failure, now: datetime) -> None:
    """Asked, and got no answer: asked again later, and given up when that brings nothing for long, or what is asked for is gone."""
    batch = db.get_one(GenerationBatch, batch_id)
    batch.error_code, batch.error = failure.code, failure.sentence
    if failure.code in STOPS_THE_RUN and failure.code != "claude_not_found":
        pause_for(db, locked_run(db, batch.run_id), failure.code, failure.sentence)
    if failure.code == "claude_not_found" or now - batch.created_at > ASKED_FOR:
        give_up_batch(db, batch, GONE, now)
        return
    _look_again(batch, batch.looks + 1, now)


def collect(db: Session, batch_id: str, results: Sequence[BatchResult], now: datetime) -> int:
    """Stores some of the results; one that is stored already changes nothing. Gives back how many were of this batch."""
    batch = db.get_one(GenerationBatch, batch_id)
    run = locked_run(db, batch.run_id)
    by_id = {result.custom_id: result for result in results}
    wanted = sa.select(GenerationCall, GenerationItem).join(GenerationItem, GenerationItem.id == GenerationCall.item_id)
    ours = db.execute(wanted.where(GenerationCall.batch_id == batch.id, GenerationCall.id.in_(list(by_id)))).all()
    for call, item in ours:
        if call.status == CallStatus.RESERVED:
            _take(db, run, (call, item), by_id[call.id], now)
            tell(db, run, item)
    return len(ours)


def collected(db: Session, batch_id: str, ours: int, now: datetime) -> None:
    """All lines were read. None of ours among them: it was somebody else's batch, and ours is looked for again."""
    batch = db.get_one(GenerationBatch, batch_id)
    if batch.found_again and not ours:
        batch.not_ours = [*batch.not_ours, str(batch.vendor_batch_id)]
        batch.status, batch.vendor_batch_id, batch.found_again = BatchStatus.SUBMITTING, None, False
        _look_again(batch, 0, now)
        return
    give_up_batch(db, batch, MISSING, now)
    batch.error_code = batch.error = None


def give_up_batch(db: Session, batch: GenerationBatch, failure: Failure, now: datetime) -> None:
    """No more is to be had: what has no result stays charged as uncertain, and its leads fail with that reason."""
    run = locked_run(db, batch.run_id)
    for call, item in _open_calls(db, batch):
        ledger.keep_uncertain(call, failure.code, batch.vendor_batch_id, now)
        if run.status == RunStatus.CANCELLED:
            give_back(db, item, now)
        else:
            fail(db, item, failure.code, failure.sentence, now)
        tell(db, run, item)
    _close(batch, BatchStatus.COLLECTED, failure, now)
    announce(db, "generation", run.id)


def _take(
    db: Session, run: GenerationRun, of: tuple[GenerationCall, GenerationItem], result: BatchResult, now: datetime
) -> None:
    call, item = of
    match result.outcome:
        case BatchOutcome.SUCCEEDED if result.answer is not None:
            _take_answer(db, run, of, result.answer, now)
        case BatchOutcome.EXPIRED | BatchOutcome.CANCELED:
            is_expired = result.outcome is BatchOutcome.EXPIRED
            _take_nothing(db, run, of, Unanswered.EXPIRED if is_expired else Unanswered.CANCELLED, now)
        case _:
            _take_error(db, run, (call, item), result, now)


def _take_answer(
    db: Session, run: GenerationRun, of: tuple[GenerationCall, GenerationItem], answer: GenerationAnswer, now: datetime
) -> None:
    call, item = of
    ledger.settle(call, answer.usage, answer.message_id, now, batch=True)
    if answer.data is not None:
        written = keep_texts(db, (run, item), answer, now)
        if written:
            announce(db, "sequence", written)
        return
    call.error_code = answer.problem
    db.flush()  # the answers paid so far are counted
    if keep_unusable(db, item, answer, now) is Next.AGAIN:
        _park(db, run, item, now)


def _take_nothing(
    db: Session, run: GenerationRun, of: tuple[GenerationCall, GenerationItem], why: Unanswered, now: datetime
) -> None:
    call, item = of
    ledger.release(call, why, None, now)
    item.error_code, item.error = why, SENTENCES[why]
    if run.status == RunStatus.CANCELLED or after_unanswered(why, item.attempts) is Next.AGAIN:
        _park(db, run, item, now)
    else:
        fail(db, item, why, SENTENCES[why], now)


def _take_error(
    db: Session, run: GenerationRun, of: tuple[GenerationCall, GenerationItem], result: BatchResult, now: datetime
) -> None:
    call, item = of
    error = result.error
    failure = MISSING
    if error is not None:
        failure = Failure(error.code, str(error), error.permanent, None, error.may_have_been_charged)
    decision = after_failure(failure, item.attempts)
    close = ledger.keep_uncertain if decision.charge is Charge.KEEP else ledger.release
    close(call, failure.code, error.request_id if error else None, now)
    item.error_code, item.error = failure.code, failure.sentence
    if decision.next is Next.PAUSE:
        pause_for(db, run, failure.code, failure.sentence)
    if decision.next is Next.GIVE_UP:
        fail(db, item, failure.code, failure.sentence, now)
    else:
        _park(db, run, item, now)


def _park(db: Session, run: GenerationRun, item: GenerationItem, now: datetime) -> None:
    """Waits for the next batch; a run that was cancelled has none."""
    if run.status == RunStatus.CANCELLED:
        give_back(db, item, now)
    else:
        item.status, item.parked = ItemStatus.QUEUED, True


def _open_calls(db: Session, batch: GenerationBatch) -> list[tuple[GenerationCall, GenerationItem]]:
    wanted = sa.select(GenerationCall, GenerationItem).join(GenerationItem, GenerationItem.id == GenerationCall.item_id)
    wanted = wanted.where(GenerationCall.batch_id == batch.id, GenerationCall.status == CallStatus.RESERVED)
    return [(row[0], row[1]) for row in db.execute(wanted)]


def _refusals_in_a_row(db: Session, run: GenerationRun) -> int:
    newest = sa.select(GenerationBatch.status).where(
        GenerationBatch.run_id == run.id, GenerationBatch.status != BatchStatus.SUBMITTING
    )
    refusals = 0
    for status in db.scalars(newest.order_by(GenerationBatch.id.desc()).limit(50)):
        if status != BatchStatus.REFUSED:
            break
        refusals += 1
    return refusals


def _close(batch: GenerationBatch, status: BatchStatus, failure: Failure, now: datetime) -> None:
    batch.status, batch.finished_at = status, now
    batch.error_code, batch.error = failure.code, failure.sentence


def _look_again(batch: GenerationBatch, looks: int, now: datetime) -> None:
    batch.looks = looks
    batch.next_look_at = now + timedelta(seconds=rest_before_look(looks))
