"""The real client against the simulator, over real HTTP on loopback."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.claude import MODEL, SNIPPETS, SimulatedClaude, a_request, a_server_that_says, simulated_claude
from woodpecker_api.clients.anthropic import errors
from woodpecker_api.clients.anthropic.client import AnthropicClient
from woodpecker_api.clients.anthropic.port import AnswerProblem, ClaudeApi, Effort, Lifecycle, SystemBlock
from woodpecker_api.sandbox.claude.world import World


@pytest.fixture(scope="module")
def server() -> Iterator[SimulatedClaude]:
    with simulated_claude() as running:
        yield running


@pytest.fixture
def claude(server: SimulatedClaude) -> SimulatedClaude:
    server.control("POST", "reset")
    return server


@pytest.fixture
def client(claude: SimulatedClaude) -> Iterator[ClaudeApi]:
    made = claude.client()
    yield made
    made.close()


def test_an_answer_comes_with_all_texts_usage_and_request_id(client: ClaudeApi) -> None:
    answer = client.generate(a_request())

    assert answer.problem is None
    assert answer.data is not None
    assert list(answer.data) == list(SNIPPETS)
    assert answer.model == MODEL
    assert answer.stop_reason == "end_turn"
    assert answer.usage.input > 100
    assert answer.usage.output > answer.usage.thinking
    assert (answer.request_id or "").startswith("req_")
    assert (answer.message_id or "").startswith("msg_")


def test_every_answer_tells_what_the_account_still_allows(client: ClaudeApi) -> None:
    limits = client.generate(a_request()).limits

    assert limits.requests is not None
    assert limits.requests.limit == 4_000
    assert limits.requests.remaining == 3_999
    assert limits.requests.reset_at is not None
    assert limits.input_tokens is not None
    assert limits.output_tokens is not None


@pytest.mark.parametrize(
    ("fault", "kind", "permanent", "uncertain"),
    [
        ("rate_limit", errors.ClaudeRateLimitError, False, False),
        ("spend_limit", errors.ClaudeSpendLimitError, True, False),
        ("overloaded", errors.ClaudeOverloadedError, False, False),
        ("server_error", errors.ClaudeServerError, False, False),
        ("gateway", errors.ClaudeServerError, False, True),
        ("cut_before", errors.ClaudeConnectionLostError, False, True),
        ("cut_after", errors.ClaudeConnectionLostError, False, True),
        ("cut_midway", errors.ClaudeConnectionLostError, False, True),
        ("html", errors.ClaudeUnusableAnswerError, False, True),
        ("empty", errors.ClaudeUnusableAnswerError, False, True),
        ("no_stop_reason", errors.ClaudeUnusableAnswerError, False, True),
    ],
)
def test_each_fault_is_its_own_error_and_is_tried_once(
    claude: SimulatedClaude,
    client: ClaudeApi,
    fault: str,
    kind: type[errors.ClaudeError],
    permanent: bool,
    uncertain: bool,
) -> None:
    claude.script(fault)

    with pytest.raises(errors.ClaudeError) as caught:
        client.generate(a_request())

    assert type(caught.value) is kind
    assert caught.value.permanent is permanent
    assert caught.value.may_have_been_charged is uncertain
    assert claude.counters()["requests"] == 1


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ("truncated", AnswerProblem.TRUNCATED),
        ("refusal", AnswerProblem.REFUSED),
        ("not_json", AnswerProblem.NOT_JSON),
        ("wrong_shape", AnswerProblem.WRONG_SHAPE),
    ],
)
def test_a_bad_answer_is_kept_with_its_usage_and_never_half_accepted(
    claude: SimulatedClaude, client: ClaudeApi, fault: str, problem: AnswerProblem
) -> None:
    claude.script(fault)

    answer = client.generate(a_request())

    assert answer.problem is problem
    assert answer.problem_detail
    assert answer.data is None
    assert answer.usage.output > 0
    assert answer.request_id


def test_a_refusal_says_what_for(claude: SimulatedClaude, client: ClaudeApi) -> None:
    claude.script("refusal")

    answer = client.generate(a_request())

    assert answer.refusal is not None
    assert answer.refusal.category == "general_harms"
    assert "told to refuse" in answer.problem_detail
    assert answer.text is None


def test_a_rate_limit_says_how_long_to_wait(claude: SimulatedClaude, client: ClaudeApi) -> None:
    claude.control("PUT", "faults", {"script": ["rate_limit"], "retry_after": 7})

    with pytest.raises(errors.ClaudeRateLimitError) as caught:
        client.generate(a_request())

    assert caught.value.retry_after == 7
    assert caught.value.limits.requests is not None


def test_a_spending_limit_is_explained_and_names_no_wait(claude: SimulatedClaude, client: ClaudeApi) -> None:
    claude.script("spend_limit")

    with pytest.raises(errors.ClaudeSpendLimitError) as caught:
        client.generate(a_request())

    assert caught.value.retry_after is None
    assert "spending limit" in str(caught.value)
    assert caught.value.facts.error_code == "enforced_spend_limit_reached"


def test_usage_is_kept_when_the_end_of_an_answer_is_missing(claude: SimulatedClaude, client: ClaudeApi) -> None:
    claude.script("no_stop_reason")

    with pytest.raises(errors.ClaudeUnusableAnswerError) as caught:
        client.generate(a_request())

    assert caught.value.usage is not None
    assert caught.value.usage.output == claude.counters()["output_tokens"]


def test_the_request_id_is_kept_when_an_answer_breaks_off(claude: SimulatedClaude, client: ClaudeApi) -> None:
    claude.script("cut_midway")

    with pytest.raises(errors.ClaudeConnectionLostError) as caught:
        client.generate(a_request())

    assert (caught.value.request_id or "").startswith("req_")


def test_the_request_id_of_an_earlier_call_is_not_taken_for_a_later_one(
    claude: SimulatedClaude, client: ClaudeApi
) -> None:
    claude.script(None, "cut_before")
    client.generate(a_request())

    with pytest.raises(errors.ClaudeConnectionLostError) as caught:
        client.generate(a_request())

    assert caught.value.request_id is None


def test_an_answer_too_long_for_its_room_is_truncated(client: ClaudeApi) -> None:
    answer = client.generate(a_request(max_tokens=200))

    assert answer.problem is AnswerProblem.TRUNCATED
    assert answer.usage.output <= 201


@pytest.mark.parametrize("timeout", [10.0, 600.0])
def test_much_room_for_an_answer_needs_no_streaming(claude: SimulatedClaude, timeout: float) -> None:
    answer = claude.client(timeout_seconds=timeout).generate(a_request(max_tokens=100_000))

    assert answer.problem is None


def test_the_second_person_reads_the_prefix_from_the_cache(client: ClaudeApi) -> None:
    system = (SystemBlock("Write plainly and to the point. " * 120, ends_stable_prefix=True),)

    first = client.generate(a_request(system=system, lead={"first_name": "Ann"})).usage
    second = client.generate(a_request(system=system, lead={"first_name": "Bo"})).usage

    assert first.cache_write > 512
    assert first.cache_read == 0
    assert second.cache_read == first.cache_write
    assert second.cache_write == 0
    assert abs(second.total_input - first.total_input) < 5


def test_tokens_are_counted_as_they_are_billed(claude: SimulatedClaude, client: ClaudeApi) -> None:
    request = a_request()

    assert client.count_tokens(request) == client.generate(request).usage.total_input
    assert claude.counters()["count_requests"] == 1


def test_models_come_with_what_they_can(client: ClaudeApi) -> None:
    offers = {offer.id: offer for offer in client.models()}

    assert offers[MODEL].display_name == "Claude Sonnet 5.5"
    assert offers[MODEL].structured_outputs
    assert offers[MODEL].batch
    assert offers[MODEL].efforts == tuple(Effort)
    assert offers[MODEL].max_output_tokens == 128_000
    assert offers["claude-sonnet-4-5"].lifecycle is Lifecycle.DEPRECATED
    assert offers["claude-sonnet-4-5"].retires_at is not None
    assert "claude-sonnet-4" not in offers


def test_an_unknown_model_is_permanent(client: ClaudeApi) -> None:
    with pytest.raises(errors.ClaudeNotFoundError) as caught:
        client.generate(a_request(model="claude-unheard-of"))

    assert caught.value.permanent
    assert "claude-unheard-of" in caught.value.vendor_message


def test_what_the_vendor_finds_wrong_with_a_request_is_permanent(client: ClaudeApi) -> None:
    with pytest.raises(errors.ClaudeRequestError) as caught:
        client.generate(a_request(max_tokens=1_000_000))

    assert type(caught.value) is errors.ClaudeRequestError
    assert caught.value.status == 400
    assert caught.value.facts.kind == "invalid_request_error"


@pytest.mark.parametrize("key", ["invalid-key", "  invalid-key  "])
def test_a_wrong_key_is_permanent(claude: SimulatedClaude, key: str) -> None:
    with pytest.raises(errors.ClaudeKeyError):
        claude.client(api_key=key).models()


@pytest.mark.parametrize("key", ["", "  ", "kéy", "key\nx-evil: 1"])
def test_a_key_that_cannot_be_sent_is_refused_before_sending(claude: SimulatedClaude, key: str) -> None:
    with pytest.raises(errors.ClaudeKeyError):
        claude.client(api_key=key).generate(a_request())

    assert claude.counters()["requests"] == 0


def test_half_a_character_is_refused_before_sending(claude: SimulatedClaude, client: ClaudeApi) -> None:
    with pytest.raises(errors.ClaudeRequestError) as caught:
        client.generate(a_request(user_text="half \ud83d"))

    assert caught.value.permanent
    assert not caught.value.may_have_been_charged
    assert claude.counters()["requests"] == 0


def test_the_environment_adds_nothing_to_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "from-environment")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "from-environment")
    monkeypatch.setenv("ANTHROPIC_PROFILE", "somebody")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9/nowhere")
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "anthropic-version: 1999-01-01\nx-stranger: yes")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with simulated_claude(World(accepted_keys=frozenset({"ours"}))) as claude:
        answer = claude.client(api_key="ours").generate(a_request())

    assert answer.problem is None


def test_nothing_is_charged_when_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = AnthropicClient("key", f"http://127.0.0.1:{port}", timeout_seconds=2)

    with pytest.raises(errors.ClaudeUnreachableError) as caught:
        client.generate(a_request())

    assert not caught.value.may_have_been_charged
    assert not caught.value.permanent


def test_a_silent_server_is_a_timeout_that_may_have_been_charged(claude: SimulatedClaude) -> None:
    claude.control("PUT", "faults", {"latency_ms": 1_500})
    client = claude.client(timeout_seconds=0.2)

    with pytest.raises(errors.ClaudeTimeoutError) as caught:
        client.generate(a_request())

    assert caught.value.may_have_been_charged


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"nonsense\r\n\r\n", errors.ClaudeConnectionLostError),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnull", errors.ClaudeUnusableAnswerError),
        (b"HTTP/1.1 418 Teapot\r\ncontent-length: 0\r\n\r\n", errors.ClaudeRequestError),
        (b"HTTP/1.1 599 Odd\r\ncontent-length: 0\r\n\r\n", errors.ClaudeServerError),
        (b"HTTP/1.1 504 Late\r\ncontent-length: 0\r\n\r\n", errors.ClaudeTimeoutError),
        (
            b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nnull",
            errors.ClaudeConnectionLostError,
        ),
    ],
)
def test_whatever_a_server_says_becomes_one_of_our_errors(answer: bytes, kind: type[errors.ClaudeError]) -> None:
    with a_server_that_says(answer) as url:
        client = AnthropicClient("key", url, timeout_seconds=2)
        with pytest.raises(errors.ClaudeError) as caught:
            client.generate(a_request())

    assert type(caught.value) is kind


def test_a_free_call_is_never_charged(claude: SimulatedClaude) -> None:
    with a_server_that_says(b"nonsense\r\n\r\n") as url:
        client = AnthropicClient("key", url, timeout_seconds=2)
        with pytest.raises(errors.ClaudeConnectionLostError) as caught:
            client.count_tokens(a_request())

    assert not caught.value.may_have_been_charged


def test_one_client_serves_many_threads(claude: SimulatedClaude, client: ClaudeApi) -> None:
    claude.control("PUT", "faults", {"latency_ms": 100})

    def one(number: int) -> Any:
        return client.generate(a_request(lead={"first_name": f"Ann{number}"})).data

    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(one, range(16)))

    assert all(f"Ann{number}" in text["snippet_2"] for number, text in enumerate(texts))
    assert 4 <= claude.counters()["peak_in_flight"] <= 8
