"""Message batches through the real client: submitted, looked at, collected, cut short."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.claude import SimulatedClaude, a_request, a_server_that_says, simulated_claude
from woodpecker_api.clients.anthropic import errors
from woodpecker_api.clients.anthropic.client import AnthropicClient
from woodpecker_api.clients.anthropic.port import (
    AnswerProblem,
    Batch,
    BatchItem,
    BatchOutcome,
    BatchState,
    ClaudeApi,
)
from woodpecker_api.clients.anthropic.wire import schema_for
from woodpecker_api.sandbox.claude.shelf import BatchShelf
from woodpecker_api.sandbox.claude.world import World


class SetClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def claude(clock: SetClock) -> Iterator[SimulatedClaude]:
    with simulated_claude(World(clock=clock, batch_polls=1)) as running:
        yield running


@pytest.fixture
def client(claude: SimulatedClaude) -> Iterator[ClaudeApi]:
    made = claude.client()
    yield made
    made.close()


def items(count: int) -> list[BatchItem]:
    return [BatchItem(f"lead-{number}", a_request(lead={"first_name": f"Ann{number}"})) for number in range(count)]


def ended(client: ClaudeApi, batch: Batch) -> Batch:
    """Looks until the batch has ended; the simulator counts looks, not time."""
    for _look in range(10):
        batch = client.batch(batch.id)
        if batch.state is BatchState.ENDED:
            return batch
    raise AssertionError(batch)


def test_a_batch_is_in_progress_until_it_has_ended(client: ClaudeApi) -> None:
    submitted = client.submit_batch(items(3))

    assert submitted.state is BatchState.IN_PROGRESS
    assert submitted.counts.processing == submitted.counts.total == 3
    assert not submitted.results_ready
    finished = ended(client, submitted)
    assert finished.counts.succeeded == finished.counts.total == 3
    assert finished.results_ready
    assert finished.ended_at is not None


def test_results_come_in_no_order_and_belong_by_id(client: ClaudeApi) -> None:
    batch = ended(client, client.submit_batch(items(12)))

    results = list(client.batch_results(batch.id, a_request().schema))

    names = [result.custom_id for result in results]
    assert sorted(names) == sorted(f"lead-{number}" for number in range(12))
    assert names != [f"lead-{number}" for number in range(12)]
    for result in results:
        assert result.answer is not None
        assert result.answer.data is not None
        assert result.custom_id.replace("lead-", "Ann") in result.answer.data["snippet_2"]
        assert result.answer.usage.output > 0


def test_results_that_are_not_ready_are_worth_another_try(client: ClaudeApi) -> None:
    batch = client.submit_batch(items(1))

    with pytest.raises(errors.ClaudeTemporaryError) as caught:
        client.batch_results(batch.id)

    assert not caught.value.permanent


def an_answer(body: bytes, more: int = 0) -> bytes:
    """A 200 that promises `more` bytes than it has."""
    head = f"HTTP/1.1 200 OK\r\nrequest-id: req_1\r\nconnection: close\r\ncontent-length: {len(body) + more}\r\n\r\n"
    return head.encode() + body


def test_a_cut_in_the_results_is_an_error_and_not_the_end() -> None:
    batch: dict[str, Any] = {
        "id": "msgbatch_1",
        "processing_status": "ended",
        "created_at": "2026-11-22T09:00:00Z",
        "request_counts": {"succeeded": 2},
        "results_url": "/v1/messages/batches/msgbatch_1/results",
    }
    line = b'{"custom_id": "lead-0", "result": {"type": "expired"}}\n'
    look = an_answer(json.dumps(batch).encode())

    seen: list[str] = []
    with a_server_that_says(look, look, an_answer(line + line[:20], more=len(line))) as url:
        client = AnthropicClient("key", url, timeout_seconds=2)
        results = client.batch_results("msgbatch_1")
        with pytest.raises(errors.ClaudeConnectionLostError) as caught:
            seen.extend(result.custom_id for result in results)

    assert seen in ([], ["lead-0"])
    assert caught.value.request_id == "req_1"
    assert not caught.value.may_have_been_charged


def test_archived_results_are_gone_for_good(claude: SimulatedClaude, client: ClaudeApi) -> None:
    batch = ended(client, client.submit_batch(items(1)))
    claude.control("POST", "archive-batches")

    assert not client.batch(batch.id).results_ready
    with pytest.raises(errors.ClaudeNotFoundError):
        client.batch_results(batch.id)


def test_a_bad_request_shows_as_an_errored_line_and_not_at_submitting(client: ClaudeApi) -> None:
    bad = BatchItem("bad", a_request(model="claude-unheard-of"))
    batch = ended(client, client.submit_batch([*items(1), bad]))

    results = {result.custom_id: result for result in client.batch_results(batch.id)}

    assert results["lead-0"].outcome is BatchOutcome.SUCCEEDED
    assert results["bad"].outcome is BatchOutcome.ERRORED
    assert isinstance(results["bad"].error, errors.ClaudeNotFoundError)
    assert batch.counts.errored == 1


def test_bad_answers_inside_a_batch_are_kept_with_their_problem(claude: SimulatedClaude, client: ClaudeApi) -> None:
    claude.script("truncated", "refusal", "not_json", "expired", "server_error")
    batch = ended(client, client.submit_batch(items(5)))

    results = list(client.batch_results(batch.id))

    problems = sorted(result.answer.problem or "" for result in results if result.answer)
    assert problems == sorted([AnswerProblem.TRUNCATED, AnswerProblem.REFUSED, AnswerProblem.NOT_JSON])
    assert [result.outcome for result in results].count(BatchOutcome.EXPIRED) == 1
    (failed,) = [result.error for result in results if result.error]
    assert not failed.permanent
    assert not failed.may_have_been_charged


def test_an_answer_of_another_shape_is_found_when_the_shape_is_given(client: ClaudeApi) -> None:
    batch = ended(client, client.submit_batch(items(1)))

    (checked,) = client.batch_results(batch.id, schema_for({"snippet_9": "bump"}))

    assert checked.answer is not None
    assert checked.answer.problem is AnswerProblem.WRONG_SHAPE


def test_cancelling_keeps_what_was_already_done(client: ClaudeApi) -> None:
    batch = client.submit_batch(items(30))

    assert client.cancel_batch(batch.id).state is BatchState.CANCELING
    finished = ended(client, batch)

    outcomes = [result.outcome for result in client.batch_results(batch.id)]
    assert outcomes.count(BatchOutcome.SUCCEEDED) == finished.counts.succeeded > 0
    assert outcomes.count(BatchOutcome.CANCELED) == finished.counts.canceled > 0


def test_a_batch_expires_after_a_day(claude: SimulatedClaude, clock: SetClock, client: ClaudeApi) -> None:
    claude.control("PUT", "settings", {"batch_polls": 100})
    batch = client.submit_batch(items(30))
    clock.now += timedelta(hours=24)

    finished = client.batch(batch.id)

    assert finished.state is BatchState.ENDED
    assert finished.counts.expired > 0
    assert finished.counts.expired + finished.counts.succeeded == 30


def test_batches_are_listed_newest_first_and_paged(client: ClaudeApi) -> None:
    made = [client.submit_batch(items(1)).id for _number in range(5)]

    first = client.list_batches(limit=3)
    rest = client.list_batches(limit=3, after_id=first.next_after_id)

    assert [batch.id for batch in (*first.items, *rest.items)] == list(reversed(made))
    assert rest.next_after_id is None


def test_an_id_that_the_vendor_would_refuse_is_refused_at_submitting(client: ClaudeApi) -> None:
    with pytest.raises(errors.ClaudeRequestError) as caught:
        client.submit_batch([BatchItem("ann@acme.example", a_request())])

    assert caught.value.permanent


def test_an_unknown_batch_is_permanent(client: ClaudeApi) -> None:
    with pytest.raises(errors.ClaudeNotFoundError):
        client.batch("msgbatch_never")


def test_batch_answers_count_as_paid_once(claude: SimulatedClaude, client: ClaudeApi) -> None:
    batch = ended(client, client.submit_batch(items(4)))
    for _again in range(2):
        list(client.batch_results(batch.id))

    assert claude.counters()["paid"] == 4


def test_batches_outlive_the_simulator_when_they_have_a_folder(tmp_path: Path) -> None:
    with simulated_claude(World(batches=BatchShelf(tmp_path), batch_polls=1)) as before:
        client = before.client()
        done = ended(client, client.submit_batch(items(2)))
        open_one = client.submit_batch(items(3))

    with simulated_claude(World(batches=BatchShelf(tmp_path), batch_polls=1)) as after:
        client = after.client()
        assert [batch.id for batch in client.list_batches().items] == [open_one.id, done.id]
        assert len(list(client.batch_results(done.id))) == 2
        assert ended(client, open_one).counts.succeeded == 3
        after.control("POST", "reset")
        assert list(tmp_path.iterdir()) == []


def test_a_batch_that_has_ended_can_be_deleted(claude: SimulatedClaude, client: ClaudeApi) -> None:
    batch = client.submit_batch(items(1))
    headers = {"x-api-key": "k", "anthropic-version": "2026-10-21"}
    address = f"{claude.url}/v1/messages/batches/{batch.id}"

    assert httpx2.delete(address, headers=headers, trust_env=False).status_code == 400
    ended(client, batch)
    assert httpx2.delete(address, headers=headers, trust_env=False).status_code == 200
    assert client.list_batches().items == ()
