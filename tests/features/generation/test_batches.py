"""Batch runs: written down before they are sent, found again after a crash, collected in any order, paid at half the price."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders as make
from tests.features.generation.conftest import OFFER, Begin
from tests.features.generation.fakes import USD_OF_ONE, Workshop, a_context
from woodpecker_api.clients.anthropic import errors
from woodpecker_api.clients.anthropic.port import AnswerProblem, BatchItem, BatchOutcome
from woodpecker_api.db.session import Database
from woodpecker_api.features.generation import service
from woodpecker_api.features.generation.errors import BatchModeError
from woodpecker_api.features.generation.jobs import batches as jobs
from woodpecker_api.features.generation.models import (
    BatchStatus,
    GenerationBatch,
    GenerationCall,
    GenerationItem,
    RunMode,
)
from woodpecker_api.features.generation.service import batching
from woodpecker_api.features.generation.service.feeding import BATCH_JOB
from woodpecker_api.features.generation.service.prompting import request_for
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.system.audit.service import SYSTEM

Show = Callable[[str], dict[str, Any]]
StatusOf = Callable[[str], str]
HALF = USD_OF_ONE // 2


class KilledError(BaseException):
    """The process dies: nothing of ours runs any more."""


@pytest.fixture
def begin_batch(begin: Begin) -> Begin:
    def start(lead_ids: list[str], **values: Any) -> str:
        return begin(lead_ids, mode=RunMode.BATCH, **values)

    return start


def stored(database: Database) -> list[GenerationBatch]:
    with database.reading() as db:
        return list(db.scalars(sa.select(GenerationBatch).order_by(GenerationBatch.id)))


def items(database: Database) -> list[GenerationItem]:
    with database.reading() as db:
        return list(db.scalars(sa.select(GenerationItem).order_by(GenerationItem.id)))


def micros(usd: str) -> int:
    return round(float(usd) * 1e6)


def test_all_leads_travel_in_one_batch_and_cost_half(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show, status_of: StatusOf
) -> None:
    run_id = begin_batch(leads)
    workshop.work()

    run = shown(run_id)
    assert run["status"] == "completed"
    assert run["counts"]["done"] == 3
    assert micros(run["cost"]["usd"]) == 3 * HALF
    assert run["cost"]["reserved_usd"] == "0.000000"
    assert [len(kept.items) for kept in workshop.claude.desk.stored.values()] == [3]
    assert workshop.claude.asked == []
    assert {status_of(lead) for lead in leads} == {"drafted"}
    assert [batch.status for batch in stored(workshop.database)] == [BatchStatus.COLLECTED]


def test_the_reservation_of_a_batch_is_half_of_a_call(
    workshop: Workshop, leads: list[str], begin: Begin, begin_batch: Begin
) -> None:
    begin(leads[:1])
    begin_batch(leads[1:])
    workshop.work()
    with workshop.database.reading() as db:
        reserved = {call.batch_id is None: call.reserved_micros for call in db.scalars(sa.select(GenerationCall))}
    assert reserved[False] == pytest.approx(reserved[True] / 2, abs=20)


def test_ids_that_travel_are_ours_and_no_address(workshop: Workshop, leads: list[str], begin_batch: Begin) -> None:
    begin_batch(leads)
    workshop.work()
    (kept,) = workshop.claude.desk.stored.values()
    for item in kept.items:
        assert item.custom_id.isalnum()
        assert len(item.custom_id) <= 64


def test_a_crash_between_submitting_and_recording_finds_the_batch_again(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show
) -> None:
    run_id = begin_batch(leads)
    desk = workshop.claude.desk
    desk.on_submit.append(KilledError())
    desk.hears_not = True
    with pytest.raises(KilledError):
        workshop.work()
    assert [batch.status for batch in stored(workshop.database)] == [BatchStatus.SUBMITTING]

    workshop.work()

    run = shown(run_id)
    assert run["status"] == "completed"
    assert run["counts"]["done"] == 3
    assert len(desk.stored) == 1, "it was sent a second time"
    assert micros(run["cost"]["usd"]) == 3 * HALF
    assert stored(workshop.database)[0].found_again


def test_a_crash_before_submitting_sends_it_once_and_charges_nothing_for_the_first_try(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show
) -> None:
    run_id = begin_batch(leads)
    workshop.claude.desk.on_submit.append(KilledError())
    with pytest.raises(KilledError):
        workshop.work()

    workshop.work()

    run = shown(run_id)
    assert run["counts"]["done"] == 3
    assert len(workshop.claude.desk.stored) == 1
    assert micros(run["cost"]["usd"]) == 3 * HALF
    assert run["cost"]["uncertain_usd"] == "0.000000"
    assert [batch.status for batch in stored(workshop.database)] == [BatchStatus.LOST, BatchStatus.COLLECTED]


def test_with_a_real_vendor_absence_is_believed_after_five_minutes_only(
    workshop: Workshop, leads: list[str], begin_batch: Begin
) -> None:
    workshop.sandbox = False
    begin_batch(leads, sandbox=False, template_version_id=a_version(workshop.database))
    desk = workshop.claude.desk
    desk.on_submit.append(KilledError())
    with pytest.raises(KilledError):
        workshop.work()
    began = workshop.clock()
    while not desk.stored:
        for key in list(workshop.jobs.waiting):
            again = workshop.turn(key)
            workshop.clock.rest(again.after_seconds if again else 0)
    assert workshop.clock() - began >= timedelta(minutes=5)


def a_version(database: Database) -> str:
    with database.writing() as db:
        return make.the_version_of(db, make.a_template(db)).id


def test_an_answer_to_submitting_that_never_came_is_looked_for(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show
) -> None:
    run_id = begin_batch(leads)
    desk = workshop.claude.desk
    desk.on_submit.append(errors.ClaudeTimeoutError(may_have_been_charged=True))
    desk.hears_not = True
    workshop.work()
    assert shown(run_id)["counts"]["done"] == 3
    assert len(desk.stored) == 1


def test_somebody_elses_batch_of_the_same_size_is_not_taken_for_ours(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show
) -> None:
    """The vendor's list tells no custom ids: the stranger is older, so it is looked into first."""
    stranger = an_item(workshop, leads)
    run_id = begin_batch(leads)
    desk = workshop.claude.desk
    desk.take([replace(stranger, custom_id=f"theirs{n}") for n in range(3)], name="msgbatch_theirs")
    workshop.clock.rest(1)
    desk.on_submit.append(KilledError())
    desk.hears_not = True
    with pytest.raises(KilledError):
        workshop.work()
    workshop.work()
    run = shown(run_id)
    assert run["counts"]["done"] == 3
    assert len(desk.stored) == 2
    (batch,) = stored(workshop.database)
    assert batch.not_ours == ["msgbatch_theirs"]


def an_item(workshop: Workshop, leads: list[str]) -> BatchItem:
    with workshop.database.writing() as db:
        order = service.Order(leads, OFFER, None, sandbox=True)
        sampled = service.sample(db, order, workshop.clock())
    return BatchItem("x", request_for(sampled.setup, sampled.prompts[0], 100))


def test_results_that_break_off_are_read_again_and_stored_once(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show
) -> None:
    run_id = begin_batch(leads)
    workshop.claude.desk.cut_after = 2
    workshop.work()
    run = shown(run_id)
    assert run["counts"]["done"] == 3
    assert micros(run["cost"]["usd"]) == 3 * HALF


def test_a_crash_while_collecting_stores_every_result_once(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "STORED_AT_ONCE", 1)
    run_id = begin_batch(leads)
    desk = workshop.claude.desk
    original = desk.results

    def dies_after_the_first(name: str) -> Any:
        lines = original(name)
        yield next(lines)
        raise KilledError

    desk.results = dies_after_the_first  # type: ignore[method-assign]
    with pytest.raises(KilledError):
        workshop.work()
    assert shown(run_id)["counts"]["done"] == 1
    desk.results = original  # type: ignore[method-assign]
    workshop.work()
    run = shown(run_id)
    assert run["counts"]["done"] == 3
    assert micros(run["cost"]["usd"]) == 3 * HALF
    with workshop.database.reading() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(GenerationCall)) == 3


def test_what_expired_goes_into_the_next_batch_and_costs_nothing(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show
) -> None:
    run_id = begin_batch(leads)
    desk = workshop.claude.desk
    desk.fates = {2: BatchOutcome.EXPIRED}
    workshop.work()
    run = shown(run_id)
    assert run["counts"]["done"] == 3
    assert [len(kept.items) for kept in desk.stored.values()] == [3, 1]
    assert micros(run["cost"]["usd"]) == 3 * HALF


def test_a_lead_that_expires_again_and_again_fails_with_its_reason(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show, status_of: StatusOf
) -> None:
    run_id = begin_batch(leads[:1])
    workshop.claude.desk.fates = {0: BatchOutcome.EXPIRED}
    workshop.work()
    assert len(workshop.claude.desk.stored) == 3
    (item,) = items(workshop.database)
    assert item.error_code == "batch_expired"
    assert shown(run_id)["cost"]["usd"] == "0.000000"
    assert status_of(leads[0]) == "failed"


@pytest.mark.parametrize(
    ("fate", "code"),
    [
        (AnswerProblem.REFUSED, "refused"),
        (errors.ClaudeRequestError("bad"), "claude_request_refused"),
        (BatchOutcome.CANCELED, "batch_cancelled"),
        (None, "batch_result_missing"),
    ],
)
def test_one_bad_line_fails_one_lead_with_its_reason(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show, fate: Any, code: str
) -> None:
    run_id = begin_batch(leads)
    workshop.claude.desk.fates = {1: fate}
    workshop.work()
    run = shown(run_id)
    assert (run["counts"]["done"], run["counts"]["failed"]) == (2, 1)
    assert [item.error_code for item in items(workshop.database) if item.error_code] == [code]
    assert run["status"] == "completed"


def test_a_missing_line_stays_charged_as_uncertain(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show
) -> None:
    run_id = begin_batch(leads)
    workshop.claude.desk.fates = {1: None}
    workshop.work()
    cost = shown(run_id)["cost"]
    assert micros(cost["usd"]) == 2 * HALF
    assert micros(cost["uncertain_usd"]) > 0


def test_an_answer_that_cannot_be_used_is_asked_for_once_more(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show
) -> None:
    run_id = begin_batch(leads[:1])
    workshop.claude.desk.fates = {0: AnswerProblem.NOT_JSON}
    workshop.work()
    run = shown(run_id)
    assert run["counts"]["failed"] == 1
    assert micros(run["cost"]["usd"]) == 2 * HALF
    (item,) = items(workshop.database)
    assert item.raw_answer == "half an answ"


def test_results_that_the_vendor_no_longer_has_are_uncertain_and_the_leads_fail(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show
) -> None:
    run_id = begin_batch(leads)
    workshop.claude.desk.on_results.append(errors.ClaudeNotFoundError("archived"))
    workshop.work()
    run = shown(run_id)
    assert run["counts"]["failed"] == 3
    assert micros(run["cost"]["uncertain_usd"]) > 0
    assert {item.error_code for item in items(workshop.database)} == {"batch_results_gone"}


def test_a_refused_batch_is_tried_again_and_nothing_is_charged_for_it(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show
) -> None:
    run_id = begin_batch(leads)
    workshop.claude.desk.on_submit.extend([errors.ClaudeRateLimitError("slow", retry_after=7.0), None])
    before = workshop.clock()
    workshop.work()
    assert shown(run_id)["counts"]["done"] == 3
    assert workshop.clock() - before >= timedelta(seconds=7)
    assert [b.status for b in stored(workshop.database)] == [BatchStatus.REFUSED, BatchStatus.COLLECTED]
    assert all(item.attempts == 1 for item in items(workshop.database))


def test_a_spending_limit_pauses_the_run_and_resuming_goes_on(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show
) -> None:
    run_id = begin_batch(leads)
    workshop.claude.desk.on_submit.append(errors.ClaudeSpendLimitError("limit"))
    workshop.work()
    run = shown(run_id)
    assert (run["status"], run["reason_code"]) == ("paused", "claude_spend_limit")
    resume(workshop, run_id)
    workshop.work()
    assert shown(run_id)["counts"]["done"] == 3


def resume(workshop: Workshop, run_id: str, budget: int | None = None) -> None:
    with workshop.database.writing() as db:
        service.resume(db, workshop.jobs, SYSTEM, service.get_run(db, run_id), budget)  # type: ignore[arg-type]


def cancel(workshop: Workshop, run_id: str) -> None:
    with workshop.database.writing() as db:
        service.cancel(db, workshop.jobs, SYSTEM, service.get_run(db, run_id), workshop.clock())  # type: ignore[arg-type]


def one_turn(workshop: Workshop) -> None:
    again = workshop.turn(next(iter(workshop.jobs.waiting)))
    workshop.clock.rest(again.after_seconds if again else 0)


def test_a_budget_sends_only_what_it_can_pay_and_then_stops(
    workshop: Workshop, begin_batch: Begin, shown: Show
) -> None:
    with workshop.database.writing() as db:
        many = [make.a_lead(db).id for _ in range(6)]
    probe = begin_batch(many[:1])
    one_turn(workshop)
    worst = micros(shown(probe)["cost"]["reserved_usd"])
    workshop.work()

    budget = worst + 3 * HALF
    run_id = begin_batch(many[1:], budget_micros=budget)
    workshop.work()

    run = shown(run_id)
    assert (run["status"], run["reason_code"]) == ("paused", "budget_reached")
    assert run["counts"]["done"] == 4
    assert micros(run["cost"]["usd"]) <= budget
    assert [len(kept.items) for kept in workshop.claude.desk.stored.values()][1:] == [1, 1, 1, 1]
    resume(workshop, run_id, budget * 10)
    workshop.work()
    assert shown(run_id)["counts"]["done"] == 5


def test_pausing_sends_no_more_but_collects_what_was_sent(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batching, "BATCH_SIZE", 2)
    run_id = begin_batch(leads)
    one_turn(workshop)
    with workshop.database.writing() as db:
        service.pause(db, SYSTEM, service.get_run(db, run_id))
    workshop.work()
    run = shown(run_id)
    assert run["status"] == "paused"
    assert (run["counts"]["done"], run["counts"]["queued"]) == (2, 1)
    resume(workshop, run_id)
    workshop.work()
    assert shown(run_id)["counts"]["done"] == 3


def test_cancelling_asks_the_vendor_and_keeps_what_was_written(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show, status_of: StatusOf
) -> None:
    run_id = begin_batch(leads)
    desk = workshop.claude.desk
    desk.fates = {0: BatchOutcome.CANCELED, 1: BatchOutcome.CANCELED}
    one_turn(workshop)
    cancel(workshop, run_id)
    workshop.work()
    run = shown(run_id)
    assert run["status"] == "cancelled"
    assert desk.cancelled == ["msgbatch_1"]
    assert (run["counts"]["done"], run["counts"]["cancelled"]) == (1, 2)
    assert micros(run["cost"]["usd"]) == HALF
    assert run["cost"]["reserved_usd"] == "0.000000"
    assert sorted(status_of(lead) for lead in leads) == ["drafted", "imported", "imported"]


def test_a_batch_that_was_only_found_is_never_cancelled_at_the_vendor(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show
) -> None:
    """It might be somebody else's."""
    run_id = begin_batch(leads)
    desk = workshop.claude.desk
    desk.looks = 3
    desk.on_submit.append(KilledError())
    desk.hears_not = True
    with pytest.raises(KilledError):
        workshop.work()
    cancel(workshop, run_id)
    workshop.work()
    assert desk.cancelled == []
    assert shown(run_id)["counts"]["done"] == 3


def test_cancelling_without_a_vendor_gives_every_lead_back(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show, status_of: StatusOf
) -> None:
    run_id = begin_batch(leads)
    one_turn(workshop)
    workshop.sandbox = None
    workshop.work()
    assert shown(run_id)["reason_code"] == "vendor_changed"
    cancel(workshop, run_id)
    workshop.work()
    run = shown(run_id)
    assert run["counts"]["cancelled"] == 3
    assert micros(run["cost"]["uncertain_usd"]) > 0
    assert {status_of(lead) for lead in leads} == {"imported"}


def test_one_job_a_run_however_often_it_is_resumed(workshop: Workshop, leads: list[str], begin_batch: Begin) -> None:
    run_id = begin_batch(leads)
    one_turn(workshop)
    for _ in range(3):
        with workshop.database.writing() as db:
            service.pause(db, SYSTEM, service.get_run(db, run_id))
        resume(workshop, run_id)
    assert [name for name, _ in workshop.jobs.waiting.values()] == [BATCH_JOB]


def test_a_worker_that_lost_its_place_sends_nothing(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show
) -> None:
    run_id = begin_batch(leads)
    key = next(iter(workshop.jobs.waiting))
    name, record = workshop.jobs.waiting[key]
    handler = workshop.handler(name)
    handler(replace(a_context(key), still_mine=lambda: False), record)
    assert workshop.claude.desk.stored == {}
    workshop.work()
    assert shown(run_id)["counts"]["done"] == 3


def test_a_deleted_and_a_pending_lead_are_not_sent(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show
) -> None:
    run_id = begin_batch(leads)
    with workshop.database.writing() as db:
        db.get_one(Lead, leads[0]).deleted_at = workshop.clock()
        db.get_one(Lead, leads[1]).pending_import_id = make.an_import(db).id
    workshop.work()
    (kept,) = workshop.claude.desk.stored.values()
    assert len(kept.items) == 1
    assert (shown(run_id)["counts"]["done"], shown(run_id)["counts"]["failed"]) == (1, 2)


def test_failed_leads_of_a_batch_try_again_in_a_batch(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show
) -> None:
    run_id = begin_batch(leads)
    workshop.claude.desk.fates = {0: None}
    workshop.work()
    workshop.claude.desk.fates = {}
    with workshop.database.writing() as db:
        run = service.get_run(db, run_id)
        assert service.retry_failed(db, workshop.jobs, SYSTEM, run, workshop.clock()) == 1  # type: ignore[arg-type]
    workshop.work()
    assert shown(run_id)["counts"]["done"] == 3
    assert len(workshop.claude.desk.stored) == 2


def test_a_model_without_batches_is_refused_before_anything_is_stored(leads: list[str], begin_batch: Begin) -> None:
    with pytest.raises(BatchModeError):
        begin_batch(leads, model=replace(OFFER, batch=False))


def test_a_job_that_is_given_up_pauses_the_run_and_resuming_starts_the_next(
    workshop: Workshop, leads: list[str], begin_batch: Begin, shown: Show
) -> None:
    run_id = begin_batch(leads)
    workshop.jobs.waiting.clear()
    with workshop.database.writing() as db:
        service.given_up(db, run_id, "internal_error", "It broke.", workshop.clock())
    assert shown(run_id)["reason"] == "It broke."
    resume(workshop, run_id)
    workshop.work()
    assert shown(run_id)["counts"]["done"] == 3
