"""Prices, reservations, budgets."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woodpecker_api.features.generation.rules.budget import Purse, Verdict, judge
from woodpecker_api.features.generation.rules.prices import (
    PRICES,
    Price,
    Tokens,
    cost_micros,
    price_of,
    worst_case_micros,
)

TODAY = date(2026, 11, 22)
SONNET = next(price for price in PRICES if price.model == "claude-sonnet-5-5")
HAIKU = next(price for price in PRICES if price.model == "claude-haiku-5-5")


@pytest.mark.parametrize(
    ("tokens", "micros"),
    [
        (Tokens(), 0),
        (Tokens(input=1_000_000), 2_000_000),
        (Tokens(output=1_000_000), 10_000_000),
        (Tokens(cache_write=1_000_000), 2_500_000),
        (Tokens(cache_write=1_000_000, cache_write_hour=1_000_000), 4_000_000),
        (Tokens(cache_read=1_000_000), 200_000),
        (Tokens(input=1, cache_read=1), 3),
    ],
)
def test_the_price_of_tokens(tokens, micros):
    assert cost_micros(SONNET, tokens) == micros


def test_a_batch_costs_half():
    assert cost_micros(SONNET, Tokens(input=500_000, output=10_000), batch=True) == 550_000


def test_a_long_prompt_makes_everything_dearer_where_the_vendor_says_so():
    assert cost_micros(HAIKU, Tokens(input=100_000, output=1_000)) == 10_500
    assert cost_micros(HAIKU, Tokens(input=100_001, output=1_000)) == 52_501


@pytest.mark.parametrize(
    ("model", "known"),
    [
        ("claude-sonnet-5-5", True),
        ("claude-sonnet-5-5-20260916", True),
        ("claude-sonnet-5-5-pro", False),
        ("claude-sonnet-5", False),
        ("claude-sonnet-9", False),
        ("", False),
    ],
)
def test_only_models_of_the_table_have_a_price(model, known):
    assert (price_of(model, TODAY) is not None) is known


def test_a_price_holds_from_its_day(monkeypatch):
    later = Price("claude-sonnet-5-5", date(2027, 1, 1), Fraction(3), Fraction(15))
    monkeypatch.setattr("woodpecker_api.features.generation.rules.prices.PRICES", (*PRICES, later))
    assert price_of("claude-sonnet-5-5", TODAY) == SONNET
    assert price_of("claude-sonnet-5-5", date(2027, 1, 1)) == later


@given(
    size=st.integers(0, 300_000),
    share=st.lists(st.floats(0, 1), min_size=3, max_size=3),
    room=st.integers(1, 20_000),
    used=st.floats(0, 1),
    price=st.sampled_from(PRICES),
)
def test_the_worst_case_is_never_passed(size, share, room, used, price):
    """Whatever the vendor counts: at most a token a byte, however the prompt is split between cache and input."""
    cuts = sorted(int(part * size) for part in share)
    tokens = Tokens(
        input=cuts[0],
        cache_write=cuts[1] - cuts[0],
        cache_read=size - cuts[1],
        output=int(room * used),
    )
    assert cost_micros(price, tokens) <= worst_case_micros(price, size, room)


@pytest.mark.parametrize(
    ("worst", "purses", "verdict"),
    [
        (10, (), Verdict.GO),
        (10, (Purse("run", None, 999, 999),), Verdict.GO),
        (10, (Purse("run", 10, 0, 0),), Verdict.GO),
        (11, (Purse("run", 10, 0, 0),), Verdict.STOP),
        (5, (Purse("run", 10, 5, 1),), Verdict.WAIT),
        (5, (Purse("run", 10, 6, 0),), Verdict.STOP),
        (5, (Purse("run", 10, 5, 1), Purse("month", 3, 0, 0)), Verdict.STOP),
        (5, (Purse("run", 100, 0, 0), Purse("month", 8, 0, 4)), Verdict.WAIT),
    ],
)
def test_go_wait_or_stop(worst, purses, verdict):
    assert judge(worst, purses)[0] is verdict


@given(st.lists(st.tuples(st.integers(1, 50), st.floats(0, 1)), max_size=60), st.integers(0, 500))
def test_no_order_of_calls_passes_a_budget(calls, limit):
    """Each call reserves its worst case if it may, and costs some part of it."""
    spent = reserved = 0
    under_way = []
    for worst, part in calls:
        if judge(worst, (Purse("run", limit, spent, reserved),))[0] is Verdict.GO:
            under_way.append((worst, int(worst * part)))
            reserved += worst
        elif under_way:
            done_worst, cost = under_way.pop(0)
            reserved, spent = reserved - done_worst, spent + cost
    assert spent + sum(worst for worst, _ in under_way) <= limit
