"""Money: exact inside, six places outside."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woodpecker_api.kit.money import usd_micros, usd_text

MICROS = st.integers(-(10**15), 10**15)


@given(MICROS)
def test_what_goes_out_comes_back_exactly(micros: int) -> None:
    text = usd_text(micros)
    assert usd_micros(text) == micros
    assert len(text.partition(".")[2]) == 6


@given(MICROS, MICROS)
def test_sums_are_the_same_inside_and_outside(one: int, other: int) -> None:
    assert Decimal(usd_text(one)) + Decimal(usd_text(other)) == Decimal(usd_text(one + other))


@pytest.mark.parametrize(
    ("amount", "micros"),
    [
        ("1.5", 1_500_000),
        (1.5, 1_500_000),
        (0.1, 100_000),
        (7, 7_000_000),
        ("0.0000005", 1),
        ("0.00000049", 0),
        ("-0.0000005", -1),
        (Decimal("2.000001"), 2_000_001),
    ],
)
def test_amounts_are_read_as_people_mean_them(amount: str | float | Decimal, micros: int) -> None:
    assert usd_micros(amount) == micros


@pytest.mark.parametrize("amount", ["", "a lot", "nan", "inf", "-Infinity", "1,5", "1e400", "1e999999999", "--1", "$5"])
def test_what_is_no_amount_is_a_value_error_and_nothing_else(amount: str) -> None:
    with pytest.raises(ValueError):
        usd_micros(amount)
