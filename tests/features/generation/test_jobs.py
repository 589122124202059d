"""The job of a live run: what is stored, what is charged, what happens when something breaks at any point."""

from collections import deque

import pytest
import sqlalchemy as sa

from tests import builders as make
from tests.features.generation.fakes import MODEL, USD_OF_ONE, a_context
from woodpecker_api.clients.anthropic import errors
from woodpecker_api.clients.anthropic.port import AnswerProblem
from woodpecker_api.errors import NotFoundError
from woodpecker_api.features.generation import service
from woodpecker_api.features.generation.models import CallStatus, GenerationCall, GenerationItem, ItemStatus
from woodpecker_api.features.generation.rules.prompt import Wish
from woodpecker_api.features.generation.service import keeping, writing
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.sequences.models import Sequence, SequenceVersion, Snippet
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.features.templates.rules import DEFAULT_CONTENT
from woodpecker_api.kit.money import usd_text
from woodpecker_api.system.audit.service import SYSTEM
from woodpecker_api.system.changes.service import changes_after
from woodpecker_api.system.jobs import Again

CRASH = KeyboardInterrupt("the process was killed")


def calls(workshop, run_id):
    with workshop.database.reading() as db:
        wanted = sa.select(GenerationCall).where(GenerationCall.run_id == run_id).order_by(GenerationCall.id)
        return list(db.scalars(wanted))


def items(workshop, run_id):
    with workshop.database.reading() as db:
        return list(db.scalars(sa.select(GenerationItem).where(GenerationItem.run_id == run_id)))


def test_every_lead_of_a_run_is_drafted_and_paid_once(workshop, begin, leads, shown, status_of):
    run_id = begin(leads)
    assert [status_of(lead) for lead in leads] == [LeadStatus.GENERATING] * 3
    workshop.work()
    run = shown(run_id)
    assert run["status"] == "completed"
    assert run["counts"]["done"] == run["counts"]["total"] == 3
    assert run["cost"]["usd"] == usd_text(3 * USD_OF_ONE)
    assert run["cost"]["uncertain_usd"] == run["cost"]["reserved_usd"] == "0.000000"
    assert (run["cost"]["input_tokens"], run["cost"]["output_tokens"]) == (3 * 2_400, 3 * 1_000)
    assert [status_of(lead) for lead in leads] == [LeadStatus.DRAFTED] * 3
    assert len(workshop.claude.asked) == 3


def test_the_texts_are_stored_as_the_first_version_of_a_marked_draft(workshop, begin, leads):
    run_id = begin(leads[:1])
    workshop.work()
    with workshop.database.reading() as db:
        sequence = db.scalars(sa.select(Sequence)).one()
        assert (sequence.status, sequence.version, sequence.sandbox) == (SequenceStatus.DRAFT, 1, True)
        assert sequence.generation_run_id == run_id
        snippets = list(db.scalars(sa.select(Snippet).order_by(Snippet.number)))
        assert [snippet.number for snippet in snippets] == [1, 2, 3, 4, 5, 6, 7]
        assert snippets[1].text == snippets[1].original_text == "Hi Ann, this is snippet_2 for Acme."
        assert db.scalars(sa.select(SequenceVersion)).one().author == "model"


def test_a_second_turn_of_a_finished_lead_asks_nothing(workshop, begin, leads):
    begin(leads[:1])
    key, job = next(iter(workshop.jobs.waiting.items()))
    workshop.work()
    workshop.jobs.waiting[key] = job
    workshop.work()
    assert len(workshop.claude.asked) == 1


def test_a_crash_between_call_and_store_leaves_the_call_charged_and_asks_again(workshop, begin, leads, shown):
    run_id = begin(leads[:1])
    workshop.claude.script = deque([CRASH])
    with pytest.raises(KeyboardInterrupt):
        workshop.work()
    (lost,) = calls(workshop, run_id)
    assert lost.status == CallStatus.RESERVED
    workshop.work()
    lost, stored = calls(workshop, run_id)
    assert (lost.status, lost.charged_micros) == (CallStatus.UNCERTAIN, lost.reserved_micros)
    assert (stored.status, stored.charged_micros) == (CallStatus.SETTLED, USD_OF_ONE)
    cost = shown(run_id)["cost"]
    assert cost["usd"] == usd_text(USD_OF_ONE)
    assert cost["uncertain_usd"] == usd_text(lost.reserved_micros)


@pytest.mark.parametrize(
    ("error", "charge"),
    [
        (errors.ClaudeRateLimitError(retry_after=7), CallStatus.RELEASED),
        (errors.ClaudeOverloadedError(), CallStatus.RELEASED),
        (errors.ClaudeServerError(), CallStatus.RELEASED),
        (errors.ClaudeUnreachableError(), CallStatus.RELEASED),
        (errors.ClaudeTimeoutError(may_have_been_charged=True), CallStatus.UNCERTAIN),
        (errors.ClaudeConnectionLostError(may_have_been_charged=True), CallStatus.UNCERTAIN),
        (errors.ClaudeUnusableAnswerError(may_have_been_charged=True), CallStatus.UNCERTAIN),
    ],
)
def test_what_passes_is_tried_again_and_charged_only_when_it_may_have_cost(
    workshop, begin, leads, shown, error, charge
):
    run_id = begin(leads[:1])
    workshop.claude.script = deque([error])
    workshop.work()
    first, second = calls(workshop, run_id)
    assert (first.status, first.error_code) == (charge, error.code)
    assert first.charged_micros == (first.reserved_micros if charge == CallStatus.UNCERTAIN else 0)
    assert second.status == CallStatus.SETTLED
    assert shown(run_id)["status"] == "completed"


def test_the_wait_that_the_vendor_names_is_kept(workshop, begin, leads):
    begin(leads[:1])
    workshop.claude.script = deque([errors.ClaudeRateLimitError(retry_after=7)])
    before = workshop.clock()
    workshop.work()
    assert len(workshop.claude.asked) == 2
    assert 7 <= (workshop.clock() - before).total_seconds() < 8


def test_a_lead_that_fails_for_good_says_why_and_can_be_tried_again(workshop, begin, leads, shown, status_of):
    run_id = begin(leads[:2])
    workshop.claude.script = deque([errors.ClaudeRequestError("too large")])
    workshop.work()
    run = shown(run_id)
    assert (run["status"], run["counts"]["failed"], run["counts"]["done"]) == ("completed", 1, 1)
    failed = next(item for item in items(workshop, run_id) if item.status == ItemStatus.FAILED)
    assert failed.error_code == "claude_request_refused"
    assert "too large" in failed.error
    assert status_of(failed.lead_id) == LeadStatus.FAILED
    with workshop.database.writing() as db:
        run_row = service.get_run(db, run_id)
        assert service.retry_failed(db, workshop.jobs, SYSTEM, run_row, workshop.clock()) == 1
    workshop.work()
    assert shown(run_id)["counts"]["done"] == 2
    assert status_of(failed.lead_id) == LeadStatus.DRAFTED


def test_tries_end_after_six_failures(workshop, begin, leads, shown):
    run_id = begin(leads[:1])
    workshop.claude.script = deque([errors.ClaudeServerError()] * 10)
    workshop.work()
    assert len(workshop.claude.asked) == 6
    assert shown(run_id)["status"] == "failed"
    assert shown(run_id)["reason_code"] == "all_failed"


def test_waiting_for_the_vendor_is_no_failed_try(workshop, begin, leads, shown):
    run_id = begin(leads[:1])
    patience = [errors.ClaudeRateLimitError(retry_after=1)] * 10
    workshop.claude.script = deque([*patience, *[errors.ClaudeServerError()] * 5])
    workshop.work()
    assert shown(run_id)["counts"]["done"] == 1


@pytest.mark.parametrize(
    "problem", [AnswerProblem.TRUNCATED, AnswerProblem.NOT_JSON, AnswerProblem.WRONG_SHAPE, AnswerProblem.NO_TEXT]
)
def test_an_unusable_answer_is_paid_kept_and_tried_once_more(workshop, begin, leads, shown, problem):
    run_id = begin(leads[:1])
    workshop.claude.script = deque([problem])
    workshop.work()
    assert shown(run_id)["counts"]["done"] == 1
    assert shown(run_id)["cost"]["usd"] == usd_text(2 * USD_OF_ONE)


def test_two_unusable_answers_fail_the_lead_with_what_came(workshop, begin, leads, shown):
    run_id = begin(leads[:1])
    workshop.claude.script = deque([AnswerProblem.TRUNCATED] * 5)
    workshop.work()
    (item,) = items(workshop, run_id)
    assert (item.status, item.error_code) == (ItemStatus.FAILED, "truncated")
    assert item.raw_answer == "half an answ"
    assert len(workshop.claude.asked) == 2


def test_a_refusal_is_not_asked_again(workshop, begin, leads):
    run_id = begin(leads[:1])
    workshop.claude.script = deque([AnswerProblem.REFUSED])
    workshop.work()
    (item,) = items(workshop, run_id)
    assert (item.status, item.error_code) == (ItemStatus.FAILED, "refused")
    assert len(workshop.claude.asked) == 1


@pytest.mark.parametrize(
    "error",
    [
        errors.ClaudeSpendLimitError(),
        errors.ClaudeKeyError(),
        errors.ClaudeBillingError(),
        errors.ClaudeNotFoundError(),
    ],
)
def test_what_would_fail_for_everybody_pauses_the_run_with_its_reason(workshop, begin, leads, shown, status_of, error):
    run_id = begin(leads)
    workshop.claude.script = deque([error])
    workshop.work()
    run = shown(run_id)
    assert (run["status"], run["reason_code"]) == ("paused", error.code)
    assert run["reason"] == str(error)
    assert len(workshop.claude.asked) == 1
    assert run["counts"]["queued"] == 3
    with workshop.database.writing() as db:
        service.resume(db, workshop.jobs, SYSTEM, service.get_run(db, run_id))
    workshop.work()
    assert shown(run_id)["counts"]["done"] == 3
    assert shown(run_id)["reason"] is None


def worst_of(workshop, run_id):
    return calls(workshop, run_id)[0].reserved_micros


def test_the_budget_stops_before_it_is_passed(workshop, begin, leads, shown):
    probe = begin(leads[:1])
    workshop.work()
    worst = worst_of(workshop, probe)
    with workshop.database.writing() as db:
        more = [make.a_lead(db).id for _ in range(6)]
    budget = worst + 3 * USD_OF_ONE
    run_id = begin(more, budget_micros=budget)
    workshop.work()
    run = shown(run_id)
    assert (run["status"], run["reason_code"]) == ("paused", "budget_reached")
    assert run["counts"]["done"] == 4
    assert float(run["cost"]["usd"]) * 1e6 <= budget
    with workshop.database.writing() as db:
        service.resume(db, workshop.jobs, SYSTEM, service.get_run(db, run_id), budget_micros=10 * worst)
    workshop.work()
    assert shown(run_id)["counts"]["done"] == 6


def test_a_lost_answer_counts_at_its_worst_case_against_the_budget(workshop, begin, leads, shown):
    probe = begin(leads[:1])
    workshop.work()
    worst = worst_of(workshop, probe)
    run_id = begin(leads[1:], budget_micros=worst + worst // 2)
    workshop.claude.script = deque([errors.ClaudeTimeoutError(may_have_been_charged=True)])
    workshop.work()
    run = shown(run_id)
    assert (run["status"], run["reason_code"], run["counts"]["done"]) == ("paused", "budget_reached", 0)
    assert run["cost"]["uncertain_usd"] == usd_text(worst)


def test_calls_under_way_hold_their_reservation(workshop, begin, leads, shown):
    probe = begin(leads[:1])
    workshop.work()
    worst = worst_of(workshop, probe)
    run_id = begin(leads[1:], budget_micros=worst + worst // 2)
    workshop.gate.at_once = 2
    held = []
    workshop.claude.during = lambda: held.append(sum(c.status == CallStatus.RESERVED for c in calls(workshop, run_id)))
    workshop.work()
    assert held == [1, 1], "the second call must wait for the first one's reservation"
    assert shown(run_id)["counts"]["done"] == 2


def test_the_month_has_a_purse_of_its_own(workshop, begin, leads, shown):
    from woodpecker_api.system.settings.service import change_settings

    probe = begin(leads[:1])
    workshop.work()
    limit = usd_text(worst_of(workshop, probe) + USD_OF_ONE)
    with workshop.database.writing() as db:
        change_settings(db, SYSTEM, {"month_budget_usd": limit}, workshop.clock())
    run_id = begin(leads[1:])
    workshop.work()
    run = shown(run_id)
    assert (run["status"], run["reason_code"], run["counts"]["done"]) == ("paused", "budget_reached", 1)
    assert "this month" in run["reason"]


def test_paused_work_waits_and_goes_on(workshop, begin, leads, shown):
    run_id = begin(leads)
    with workshop.database.writing() as db:
        service.pause(db, SYSTEM, service.get_run(db, run_id))
    workshop.work()
    assert len(workshop.claude.asked) == 0
    assert shown(run_id)["status"] == "paused"
    with workshop.database.writing() as db:
        service.resume(db, workshop.jobs, SYSTEM, service.get_run(db, run_id))
    workshop.work()
    assert shown(run_id)["counts"]["done"] == 3


def test_pause_and_resume_before_any_turn_start_no_second_job(workshop, begin, leads, shown):
    run_id = begin(leads)
    with workshop.database.writing() as db:
        run = service.get_run(db, run_id)
        service.pause(db, SYSTEM, run)
        service.resume(db, workshop.jobs, SYSTEM, run)
    workshop.work()
    assert len(workshop.claude.asked) == 3
    assert shown(run_id)["status"] == "completed"


def test_a_cancelled_run_gives_its_leads_back(workshop, begin, database, shown, status_of):
    with database.writing() as db:
        fresh = make.a_lead(db).id
        approved = make.a_sequence(db, status=SequenceStatus.APPROVED).lead_id
    run_id = begin([fresh, approved])
    with workshop.database.writing() as db:
        service.cancel(db, workshop.jobs, SYSTEM, service.get_run(db, run_id), workshop.clock())
    workshop.work()
    assert len(workshop.claude.asked) == 0
    assert (status_of(fresh), status_of(approved)) == (LeadStatus.IMPORTED, LeadStatus.APPROVED)
    assert shown(run_id)["counts"]["cancelled"] == 2


def test_a_call_under_way_is_stored_although_the_run_was_cancelled(workshop, begin, leads, shown, status_of):
    run_id = begin(leads[:1])

    def cancel_now():
        with workshop.database.writing() as db:
            service.cancel(db, workshop.jobs, SYSTEM, service.get_run(db, run_id), workshop.clock())

    workshop.claude.during = cancel_now
    workshop.work()
    assert shown(run_id)["status"] == "cancelled"
    assert shown(run_id)["counts"]["done"] == 1
    assert status_of(leads[0]) == LeadStatus.DRAFTED


def test_a_failed_rewrite_leaves_the_approved_texts_approved(workshop, begin, database, status_of):
    with database.writing() as db:
        lead_id = make.a_sequence(db, status=SequenceStatus.APPROVED).lead_id
    begin([lead_id])
    workshop.claude.script = deque([AnswerProblem.REFUSED])
    workshop.work()
    assert status_of(lead_id) == LeadStatus.APPROVED


def test_a_deleted_lead_costs_nothing(workshop, begin, leads, shown):
    run_id = begin(leads[:2])
    with workshop.database.writing() as db:
        db.get_one(Lead, leads[0]).deleted_at = make.NOON
    workshop.work()
    assert len(workshop.claude.asked) == 1
    assert shown(run_id)["counts"]["failed"] == 1


def test_a_run_of_the_sandbox_never_reaches_the_real_vendor(workshop, begin, leads, shown):
    run_id = begin(leads)
    workshop.sandbox = False
    workshop.work()
    assert workshop.claude.asked == []
    assert (shown(run_id)["status"], shown(run_id)["reason_code"]) == ("paused", "vendor_changed")


def test_a_job_that_the_engine_gave_up_pauses_its_run_which_can_go_on(workshop, begin, leads, shown):
    run_id = begin(leads[:1])
    workshop.claude.script = deque([CRASH])
    with pytest.raises(KeyboardInterrupt):
        workshop.work()
    workshop.jobs.waiting.clear()
    with workshop.database.writing() as db:
        service.given_up(db, run_id, "job_failed", "It failed eight times.", workshop.clock())
    run = shown(run_id)
    assert (run["status"], run["reason"]) == ("paused", "It failed eight times.")
    assert run["cost"]["reserved_usd"] == "0.000000"
    with workshop.database.writing() as db:
        service.resume(db, workshop.jobs, SYSTEM, service.get_run(db, run_id))
    workshop.work()
    assert shown(run_id)["counts"]["done"] == 1


def test_a_large_run_is_one_job(workshop, begin, database, shown):
    with database.writing() as db:
        many = [make.a_lead(db).id for _ in range(45)]
    run_id = begin(many)
    assert len(workshop.jobs.waiting) == 1
    workshop.gate.at_once = 7
    workshop.work()
    assert shown(run_id)["counts"]["done"] == 45
    assert {request.model for request in workshop.claude.asked} == {MODEL}


def test_one_answer_that_cannot_be_stored_takes_no_other_with_it(workshop, begin, leads, shown, monkeypatch):
    """Answers that arrive together are stored together; when that fails, each by itself."""
    run_id = begin(leads)
    workshop.gate.at_once = 3
    store = keeping.sequences.store_generated

    def poisoned(db, lead, *others):
        if lead.id == leads[1]:
            raise RuntimeError("a bug of ours")
        return store(db, lead, *others)

    monkeypatch.setattr(keeping.sequences, "store_generated", poisoned)
    workshop.work()
    run = shown(run_id)
    assert (run["counts"]["done"], run["counts"]["failed"]) == (2, 1)
    assert run["cost"]["usd"] == usd_text(2 * USD_OF_ONE)
    assert float(run["cost"]["uncertain_usd"]) > 0
    failed = next(item for item in items(workshop, run_id) if item.status == ItemStatus.FAILED)
    assert failed.error_code == "internal_error"
    assert len(workshop.claude.asked) == 3


def test_pages_hear_of_every_text_that_a_run_wrote(workshop, begin, leads, shown):
    begin(leads)
    workshop.gate.at_once = 3
    workshop.work()
    with workshop.database.reading() as db:
        announced = {(kind, record) for _, kind, record in changes_after(db, 0)}
        written = set(db.scalars(sa.select(Sequence.id)))
    assert len(written) == 3
    assert {record for kind, record in announced if kind == "sequence"} == written


def test_texts_that_a_lead_has_already_become_an_earlier_version_also_among_new_ones(workshop, begin, leads):
    """Sequences that stand are read for all answers of a transaction at once."""
    begin(leads[:1])
    workshop.work()
    begin(leads)
    workshop.gate.at_once = 3
    workshop.work()
    with workshop.database.reading() as db:
        versions = {one.lead_id: one.version for one in db.scalars(sa.select(Sequence))}
    assert versions == {leads[0]: 2, leads[1]: 1, leads[2]: 1}


def test_a_lead_that_cannot_be_asked_about_stops_no_other(workshop, begin, leads, shown, monkeypatch):
    run_id = begin(leads)
    workshop.gate.at_once = 3
    build = writing.prompt_for

    def poisoned(db, setup, lead, was):
        if lead.id == leads[0]:
            raise RuntimeError("a bug of ours")
        return build(db, setup, lead, was)

    monkeypatch.setattr(writing, "prompt_for", poisoned)
    workshop.work()
    assert (shown(run_id)["counts"]["done"], shown(run_id)["counts"]["failed"]) == (2, 1)
    assert shown(run_id)["status"] == "completed"


def test_a_process_that_ends_begins_no_call_and_its_successor_goes_on(workshop, begin, leads, shown):
    run_id = begin(leads)
    key = next(iter(workshop.jobs.waiting))
    context = a_context(key)
    workshop.claude.during = context.stopping.set
    step = workshop.handler("generation.write")(context, run_id)
    assert step == Again()
    assert shown(run_id)["counts"]["done"] == 1, "the call under way is stored"
    assert shown(run_id)["cost"]["reserved_usd"] == "0.000000"
    workshop.work()
    assert shown(run_id)["counts"]["done"] == 3
    assert len(workshop.claude.asked) == 3


def test_a_lead_of_an_unfinished_import_is_never_written(workshop, begin, leads, shown):
    run_id = begin(leads[:2])
    with workshop.database.writing() as db:
        db.get_one(Lead, leads[0]).pending_import_id = make.an_import(db).id
    workshop.work()
    assert (shown(run_id)["counts"]["done"], shown(run_id)["counts"]["failed"]) == (1, 1)
    with workshop.database.reading() as db, pytest.raises(NotFoundError):
        service.preview(db, DEFAULT_CONTENT, leads[0], Wish())


def test_leads_that_failed_are_tried_again_while_the_run_is_on(workshop, begin, leads, shown):
    run_id = begin(leads)
    workshop.claude.script = deque([errors.ClaudeRequestError("too large")])

    def retry_now():
        with workshop.database.writing() as db:
            service.retry_failed(db, workshop.jobs, SYSTEM, service.get_run(db, run_id), workshop.clock())

    workshop.claude.during = lambda: retry_now() if len(workshop.claude.asked) == 3 else None
    workshop.work()
    assert shown(run_id)["counts"]["done"] == 3
    assert shown(run_id)["status"] == "completed"


def test_writing_again_shows_the_model_what_it_wrote(workshop, begin, leads):
    begin(leads[:1])
    workshop.work()
    begin(leads[:1])
    workshop.work()
    first, again = workshop.claude.asked
    assert "earlier_texts" not in first.user_text
    assert "Hi Ann, this is snippet_2 for Acme." in again.user_text
