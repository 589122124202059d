"""What a failure means, how fast to go, how much room an answer needs, which model is taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woodpecker_api.features.generation.rules.failures import (
    LONGEST_WAIT,
    MAX_ATTEMPTS,
    MAX_WAITS,
    STOPS_THE_RUN,
    Charge,
    Failure,
    Next,
    after_failure,
    after_problem,
)
from woodpecker_api.features.generation.rules.models_offered import Offer, choose_effort, choose_model
from woodpecker_api.features.generation.rules.pace import Pace
from woodpecker_api.features.generation.rules.sizes import LARGEST_ANSWER, RunSize, answer_room, usual_answer
from woodpecker_api.features.templates.rules import DEFAULT_CONTENT

SHAPE = DEFAULT_CONTENT.shape


def a_failure(code="claude_server_error", **values):
    return Failure(**{"code": code, "sentence": "It failed.", "permanent": False} | values)


@pytest.mark.parametrize("code", sorted(STOPS_THE_RUN))
def test_what_fails_for_everybody_pauses_the_run(code):
    assert after_failure(a_failure(code, permanent=True), 1).next is Next.PAUSE


def test_what_the_vendor_refuses_for_this_lead_is_given_up():
    assert after_failure(a_failure("claude_request_refused", permanent=True), 1).next is Next.GIVE_UP


@given(st.integers(1, MAX_ATTEMPTS - 1))
def test_waits_grow_and_stay_below_a_minute(attempts):
    decision = after_failure(a_failure(), attempts)
    assert decision.next is Next.AGAIN
    assert decision.after_seconds == min(2.0 ** (attempts - 1), LONGEST_WAIT)


def test_tries_end():
    assert after_failure(a_failure(), MAX_ATTEMPTS).next is Next.GIVE_UP
    assert after_failure(a_failure(), MAX_ATTEMPTS + 7, waits=8).next is Next.AGAIN
    assert after_failure(a_failure("claude_rate_limited"), 50, waits=MAX_WAITS - 2).next is Next.AGAIN
    assert after_failure(a_failure("claude_rate_limited"), 50, waits=MAX_WAITS - 1).next is Next.GIVE_UP


def test_the_vendors_own_wait_wins_within_reason():
    assert after_failure(a_failure(retry_after=17.5), 1).after_seconds == 17.5
    assert after_failure(a_failure(retry_after=86_400), 1).after_seconds == 300


@pytest.mark.parametrize(("uncertain", "charge"), [(True, Charge.KEEP), (False, Charge.RELEASE)])
def test_a_reservation_is_kept_when_the_vendor_may_have_charged(uncertain, charge):
    assert after_failure(a_failure(may_have_been_charged=uncertain), 1).charge is charge


@pytest.mark.parametrize(
    ("problem", "paid", "then"),
    [
        ("refused", 1, Next.GIVE_UP),
        ("truncated", 1, Next.AGAIN),
        ("truncated", 2, Next.GIVE_UP),
        ("not_json", 1, Next.AGAIN),
    ],
)
def test_an_unusable_answer_is_asked_for_once_more(problem, paid, then):
    assert after_problem(problem, paid) is then


def test_one_refusal_among_answers_takes_one_call_away_and_holds_nobody():
    pace = Pace(at_once=16).slower(now=100.0, retry_after=3.0)
    assert pace.at_once == 15
    assert pace.allows(14, 100.0)
    assert pace.faster().faster().at_once == 16


def test_three_refusals_in_a_row_hold_everybody_as_long_as_the_vendor_says():
    pace = Pace(at_once=16)
    for _ in range(3):
        pace = pace.slower(now=100.0, retry_after=3.0)
    assert (pace.at_once, pace.hold_until) == (7, 103.0)
    assert not pace.allows(0, 102.9)
    assert pace.allows(6, 103.0)
    assert not pace.allows(7, 103.0)


def test_calls_that_were_under_way_already_do_not_halve_it_again():
    pace = Pace(at_once=16)
    for _ in range(10):
        pace = pace.slower(100.0, 2.0)
    assert (pace.at_once, pace.hold_until) == (7, 102.0)


def test_an_answer_between_refusals_begins_the_count_anew():
    pace = Pace().slower(1.0, 5.0).slower(1.0, 5.0).faster().slower(1.0, 5.0)
    assert pace.hold_until == 0.0


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 500)), max_size=100))
def test_the_pace_stays_between_one_and_its_most(steps):
    pace, now = Pace(), 0.0
    for goes_well, passed in steps:
        now += passed
        pace = pace.faster() if goes_well else pace.slower(now, passed)
        assert 1 <= pace.at_once <= pace.most
        assert pace.hold_until <= now + 60


@pytest.mark.parametrize("effort", [None, "low", "medium", "high", "xhigh", "max"])
def test_an_answer_has_more_room_than_it_usually_needs(effort):
    assert usual_answer(SHAPE, effort) * 1.5 < answer_room(SHAPE, effort) <= LARGEST_ANSWER


def test_the_models_own_limit_is_kept():
    assert answer_room(SHAPE, "high", model_limit=4_096) == 4_096


def test_a_run_takes_as_long_as_its_calls_one_behind_the_other():
    assert RunSize(0, 0, 0, 20).seconds == 0
    one = RunSize(1, 1_000, 1_400, 20).seconds
    assert RunSize(20, 20_000, 28_000, 20).seconds == one
    assert RunSize(21, 21_000, 29_400, 20).seconds == pytest.approx(2 * one, abs=1)


def an_offer(name, **values):
    usual = {
        "usable": True,
        "deprecated": False,
        "batch": True,
        "efforts": (),
        "max_output_tokens": None,
        "has_price": True,
    }
    return Offer(id=name, name=name, **(usual | values))


def test_the_preferred_model_is_taken_when_it_is_offered():
    offers = (an_offer("claude-new-1"), an_offer("claude-opus-5-5"), an_offer("claude-sonnet-5-5"))
    assert choose_model(offers, None).id == "claude-sonnet-5-5"


def test_else_the_newest_with_a_price_that_stays():
    offers = (an_offer("a", has_price=False), an_offer("b", deprecated=True), an_offer("c"), an_offer("d"))
    assert choose_model(offers, None).id == "c"
    assert choose_model(offers[:2], None).id == "a"
    assert choose_model(offers[1:2], None).id == "b"


def test_a_wanted_model_is_taken_only_when_it_can_be_used():
    offers = (an_offer("a"), an_offer("b", usable=False))
    assert choose_model(offers, "a").id == "a"
    assert choose_model(offers, "b") is None
    assert choose_model((), None) is None


def test_effort_is_what_the_model_knows():
    assert choose_effort(an_offer("a", efforts=("low", "medium")), "high") == "medium"
    assert choose_effort(an_offer("a", efforts=("low", "medium")), "low") == "low"
    assert choose_effort(an_offer("a"), "low") is None
