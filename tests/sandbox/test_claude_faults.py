"""Faults on command, the counters, the limits by the minute, the prompt cache."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from tests.claude import SimulatedClaude, a_request, simulated_claude
from woodpecker_api.clients.anthropic.errors import ClaudeError
from woodpecker_api.clients.anthropic.wire.requests import message_body
from woodpecker_api.sandbox.claude.catalogue import MODELS
from woodpecker_api.sandbox.claude.faults import Fault, FaultPlan, plan_from
from woodpecker_api.sandbox.claude.meter import Meter
from woodpecker_api.sandbox.claude.tokens import PromptCache, input_tokens

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BAR = {"rate_limit": 0.1, "overloaded": 0.05, "server_error": 0.03, "cut_after": 0.03, "truncated": 0.03}


@pytest.fixture
def claude() -> Iterator[SimulatedClaude]:
    with simulated_claude() as running:
        yield running


# The plan


def test_chance_depends_on_seed_lead_and_attempt_alone() -> None:
    plan = plan_from({"seed": 5, "probabilities": BAR})
    again = plan_from({"seed": 5, "probabilities": BAR})
    other = plan_from({"seed": 6, "probabilities": BAR})
    leads = [(f"lead-{number}", attempt) for number in range(200) for attempt in (1, 2)]

    drawn = [plan.next_for(*lead) for lead in leads]

    assert drawn == [again.next_for(*lead) for lead in leads]
    assert drawn[::-1] == [plan.next_for(*lead) for lead in reversed(leads)]
    assert drawn != [other.next_for(*lead) for lead in leads]


def test_faults_come_as_often_as_asked_for() -> None:
    plan = plan_from({"probabilities": BAR})

    drawn = Counter(plan.next_for(f"lead-{number}", 1) for number in range(5_000))

    for fault, share in BAR.items():
        assert abs(drawn[Fault(fault)] / 5_000 - share) < 0.015
    assert drawn[None] > 3_500


def test_a_script_goes_before_chance_and_is_used_up() -> None:
    plan = plan_from({"script": ["overloaded", None], "probabilities": {"refusal": 1.0}})

    assert [plan.next_for("a", attempt) for attempt in (1, 2, 3)] == [Fault.OVERLOADED, None, Fault.REFUSAL]


@pytest.mark.parametrize(
    "wanted",
    [
        {"probabilities": {"earthquake": 0.1}},
        {"probabilities": {"refusal": 0.7, "overloaded": 0.7}},
        {"probabilities": {"refusal": -0.1}},
        {"probabilities": {"refusal": None}},
        {"script": ["earthquake"]},
        {"script": 5},
        {"seeds": 5},
        {"latency_ms": "long"},
    ],
)
def test_a_plan_that_cannot_be_used_is_refused(wanted: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        plan_from(wanted)


def test_a_plan_can_be_read_back() -> None:
    wanted = {"seed": 3, "probabilities": BAR, "script": ["html", None], "latency_ms": 20, "retry_after": None}

    assert plan_from(wanted).as_json() == wanted
    assert plan_from({}).as_json() == FaultPlan().as_json()


# The handles


def test_a_plan_that_cannot_be_used_changes_nothing(claude: SimulatedClaude) -> None:
    before = claude.control("PUT", "faults", {"seed": 9})

    for what, body in (("faults", {"script": ["earthquake"]}), ("faults", [1]), ("settings", {"colour": "red"})):
        answer = httpx2.put(f"{claude.url}/_control/{what}", json=body, trust_env=False)
        assert answer.status_code == 422
        assert answer.json()["problem"]

    assert claude.control("GET", "state") == before


def test_paid_answers_are_counted_by_lead_and_by_what_became_of_them(claude: SimulatedClaude) -> None:
    client = claude.client()
    claude.script("rate_limit", "cut_after", "truncated", None)
    for _attempt in range(4):
        try:
            client.generate(a_request(lead={"id": "lead-7"}))
        except ClaudeError:
            continue

    counters = claude.counters()

    assert counters["leads"] == {
        "lead-7": {
            "label": "Ann Lee Acme Logistics GmbH",
            "requests": 4,
            "paid": 3,
            "usable": 1,
            "spoiled": 1,
            "lost": 1,
        }
    }
    assert counters["paid"] == 3
    assert counters["faults"] == {"rate_limit": 1, "cut_after": 1, "truncated": 1}


def test_tokens_are_counted_as_answers_state_them(claude: SimulatedClaude) -> None:
    client = claude.client()
    usages = [client.generate(a_request(lead={"first_name": name})).usage for name in ("Ann", "Bo")]

    counters = claude.counters()

    assert counters["input_tokens"] == sum(usage.input for usage in usages)
    assert counters["output_tokens"] == sum(usage.output for usage in usages)


def test_counters_and_everything_can_be_reset(claude: SimulatedClaude) -> None:
    claude.control("PUT", "faults", {"seed": 4})
    claude.client().generate(a_request())

    assert claude.control("POST", "reset-counters")["counters"]["requests"] == 0
    assert claude.control("GET", "state")["faults"]["seed"] == 4
    assert claude.control("POST", "reset")["faults"]["seed"] == 0


def test_limits_are_enforced_when_asked_to(claude: SimulatedClaude) -> None:
    claude.control("PUT", "settings", {"limits": {"requests": 2}, "enforce_limits": True})
    client = claude.client()
    remaining = [client.generate(a_request()).limits.requests for _number in range(2)]

    with pytest.raises(ClaudeError) as caught:
        client.generate(a_request())

    assert [window.remaining for window in remaining if window] == [1, 0]
    assert caught.value.status == 429
    assert 1 <= (caught.value.retry_after or 0) <= 60


# Limits and cache, by themselves


def test_a_minute_later_there_is_room_again() -> None:
    meter = Meter({"requests": 100, "input-tokens": 1_000, "output-tokens": 100}, enforced=True)
    assert meter.seconds_to_wait(NOON) is None
    meter.use(NOON, input_tokens=1_000, output_tokens=1)

    assert meter.seconds_to_wait(NOON + timedelta(seconds=20)) == 40
    assert meter.headers(NOON)["anthropic-ratelimit-input-tokens-remaining"] == "0"
    assert meter.seconds_to_wait(NOON + timedelta(seconds=60)) is None
    assert meter.headers(NOON + timedelta(seconds=60))["anthropic-ratelimit-input-tokens-remaining"] == "1000"


def a_cached_body(prefix: str, user: str = "Ann", ttl: str | None = None) -> dict[str, Any]:
    """A body whose system text is marked for the cache."""
    body = message_body(a_request(user_text=user))
    marker = {"type": "ephemeral"} | ({"ttl": ttl} if ttl else {})
    return body | {"system": [{"type": "text", "text": prefix, "cache_control": marker}]}


LONG = "A stable sentence of the prefix. " * 200


def test_a_prefix_is_written_once_and_read_until_it_expires() -> None:
    cache, model = PromptCache(), MODELS["claude-opus-5-5"]
    first = cache.count(a_cached_body(LONG), model, NOON)
    second = cache.count(a_cached_body(LONG, "Bo"), model, NOON + timedelta(minutes=4))
    kept_alive = cache.count(a_cached_body(LONG, "Cy"), model, NOON + timedelta(minutes=8))
    too_late = cache.count(a_cached_body(LONG, "Di"), model, NOON + timedelta(minutes=14))

    assert first.written > 512
    assert first.read == 0
    assert (second.read, second.written) == (first.written, 0)
    assert kept_alive.read == first.written
    assert (too_late.read, too_late.written) == (0, first.written)


def test_every_token_is_counted_exactly_once() -> None:
    cache, model = PromptCache(), MODELS["claude-opus-5-5"]

    for user in ("Ann", "Bo", "Cy"):
        body = a_cached_body(LONG, user)
        assert cache.count(body, model, NOON).total == input_tokens(body)


def test_a_short_prefix_is_not_cached_and_nobody_says_so() -> None:
    counted = PromptCache().count(a_cached_body("Short."), MODELS["claude-opus-5-5"], NOON)

    assert (counted.written, counted.read) == (0, 0)


def test_the_minimum_belongs_to_the_model() -> None:
    body = a_cached_body("A stable sentence of the prefix. " * 70)

    assert PromptCache().count(body, MODELS["claude-opus-5-5"], NOON).written > 0
    assert PromptCache().count(body, MODELS["claude-sonnet-4-5"], NOON).written == 0


def test_an_hour_is_counted_apart_and_lasts_an_hour() -> None:
    cache, model = PromptCache(), MODELS["claude-opus-5-5"]
    first = cache.count(a_cached_body(LONG, ttl="1h"), model, NOON)

    assert first.written_for_hour == first.written > 0
    assert cache.count(a_cached_body(LONG, "Bo", "1h"), model, NOON + timedelta(minutes=59)).read == first.written


@pytest.mark.parametrize(
    "changed",
    [{"model": "claude-haiku-5-5"}, {"tools": [{"name": "x"}]}, {"output_config": {}}],
)
def test_a_change_before_the_mark_misses(changed: dict[str, Any]) -> None:
    cache = PromptCache()
    cache.count(a_cached_body(LONG), MODELS["claude-opus-5-5"], NOON)
    body = a_cached_body(LONG) | changed
    model = MODELS[changed.get("model", "claude-opus-5-5")]

    assert cache.count(body, model, NOON).read == 0


def test_one_marker_at_the_top_keeps_the_whole_prompt() -> None:
    body = message_body(a_request(user_text=LONG)) | {"cache_control": {"type": "ephemeral"}}
    del body["system"]
    cache, model = PromptCache(), MODELS["claude-opus-5-5"]

    assert cache.count(body, model, NOON).written > 512
    assert cache.count(body, model, NOON).read > 512
