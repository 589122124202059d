"""The pace heeds what the vendor says is left of its limits, before it has to refuse."""

from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.features.generation.fakes import MODEL, an_answer
from woodpecker_api.clients.anthropic.port import GenerationRequest, RateLimits, TokenUsage
from woodpecker_api.clients.anthropic.usage import Window
from woodpecker_api.features.generation.jobs.gate import Gate, Usual
from woodpecker_api.features.generation.rules.pace import LONGEST_HOLD, Pace, Quota


def test_the_tightest_limit_decides_until_it_is_full_again() -> None:
    pace = Pace(at_once=16).told([Quota(90, 1, 30.0), Quota(8_000, 2_000, 20.0)], now=100.0)
    assert pace.allows(3, 100.0)
    assert not pace.allows(4, 100.0)
    assert pace.allows(15, 120.0)


def test_a_limit_that_is_used_up_lets_nobody_in_until_its_reset() -> None:
    pace = Pace(at_once=16).told([Quota(1_500, 2_000, 12.0)], now=0.0)
    assert not pace.allows(0, 11.9)
    assert pace.allows(0, 12.0)


def test_plenty_left_changes_nothing() -> None:
    pace = Pace(at_once=5).told([Quota(4_000, 1, 60.0)], now=0.0)
    assert pace.allows(4, 1.0)
    assert not pace.allows(5, 1.0)


@pytest.mark.parametrize("quotas", [[], [Quota(0, 1, 0.0)], [Quota(0, 1, -5.0)]])
def test_no_word_and_a_reset_that_is_past_change_nothing(quotas: list[Quota]) -> None:
    assert Pace(at_once=3).told(quotas, now=50.0).allows(2, 50.0)


def test_a_reset_far_away_is_not_believed_beyond_a_minute() -> None:
    pace = Pace().told([Quota(0, 1, 86_400.0)], now=0.0)
    assert pace.allows(0, LONGEST_HOLD)


def test_the_quota_is_told_anew_with_each_answer() -> None:
    pace = Pace(at_once=9).told([Quota(0, 1, 60.0)], now=0.0).told([Quota(50, 1, 60.0)], now=1.0)
    assert pace.allows(8, 2.0)


def test_what_one_call_takes_is_learned_from_the_answers() -> None:
    usual = Usual()
    limits = RateLimits(
        requests=Window(50, 10, NOON + timedelta(seconds=30)),
        input_tokens=Window(9_000, 6_000, NOON + timedelta(seconds=30)),
        output_tokens=Window(9_000, 2_500, NOON + timedelta(seconds=30)),
    )
    assert [quota.calls for quota in usual.quotas(limits, NOON)] == [10], "nothing is known of tokens yet"
    usual.learn(TokenUsage(input=100, output=1_000, cache_write=400, cache_read=50_000))
    assert [quota.calls for quota in usual.quotas(limits, NOON)] == [10, 12, 2]
    assert {quota.seconds_to_reset for quota in usual.quotas(limits, NOON)} == {30.0}


def test_limits_that_were_not_told_do_not_count() -> None:
    usual = Usual()
    usual.learn(TokenUsage(input=1, output=1))
    half = RateLimits(requests=Window(50, None, NOON), tokens=Window(5, 5, None))
    assert usual.quotas(half, NOON) == []
    assert usual.quotas(RateLimits(), NOON) == []


def test_a_gate_closes_on_an_answer_that_leaves_nothing_and_opens_with_the_reset() -> None:
    now = [10.0]
    gate = Gate(Pace(at_once=4), now=lambda: now[0])
    with gate.open_for("a"):
        gate.went_well([Quota(0, 1, 5.0)])
        assert gate.places("a") == 0
        now[0] = 15.0
        assert gate.places("a") == 4


def test_a_refusal_tells_the_quota_too() -> None:
    now = [10.0]
    gate = Gate(Pace(at_once=4), now=lambda: now[0])
    with gate.open_for("a"):
        gate.slow_down(None, busy=False, quotas=[Quota(0, 1, 5.0)])
        assert gate.places("a") == 0


def test_answers_of_the_fake_tell_no_limits() -> None:
    """So that other tests are not slowed down."""
    request = GenerationRequest(MODEL, (), "", {"properties": {"snippet_1": {}}}, 10)
    assert an_answer(request).limits == RateLimits()
