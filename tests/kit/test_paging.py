"""Cursors: what we made comes back the same, everything else is refused before a database sees it."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woodpecker_api.kit.paging import COUNT_CAP, BadCursorError, capped, decode_cursor, encode_cursor

PART = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=40),
)


@given(st.lists(PART, min_size=1, max_size=4))
def test_a_key_comes_back_as_it_went(key: list[object]) -> None:
    cursor = encode_cursor(*key)
    assert decode_cursor(cursor, len(key)) == key
    assert cursor.isascii()
    assert not set("+/=&?# ") & set(cursor)


@given(st.lists(PART, min_size=1, max_size=4), st.integers(1, 5))
def test_a_cursor_of_another_list_is_refused(key: list[object], length: int) -> None:
    if length != len(key):
        with pytest.raises(BadCursorError):
            decode_cursor(encode_cursor(*key), length)


@given(st.text(max_size=200))
def test_a_made_up_text_is_refused_or_harmless(text: str) -> None:
    try:
        key = decode_cursor(text, 2)
    except BadCursorError:
        return
    assert len(key) == 2


@pytest.mark.parametrize(
    "raw",
    [
        "[NaN, 1]",
        "[Infinity, 1]",
        f"[{2**63}, 1]",
        f"[{'9' * 400}, 1]",
        "[true, 1]",
        "[[1], 1]",
        '[{"a": 1}, 1]',
        '["\\u0000", 1]',
        '["\\ud800", 1]',
        "[" * 1200,
        '{"0": 1, "1": 2}',
        '"ab"',
        "null",
    ],
)
def test_a_forged_cursor_never_becomes_an_error_of_the_database(raw: str) -> None:
    with pytest.raises(BadCursorError):
        decode_cursor(base64.urlsafe_b64encode(raw.encode()).decode().rstrip("="), 2)


def test_a_cursor_says_nothing_that_a_browser_would_change() -> None:
    assert json.loads(base64.urlsafe_b64decode(encode_cursor("a") + "==")) == ["a"]


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, (0, False)), (COUNT_CAP, (10_000, False)), (COUNT_CAP + 1, (10_001, True)), (50_000, (10_001, True))],
)
def test_a_total_is_exact_up_to_the_cap(count: int, shown: tuple[int, bool]) -> None:
    assert capped(count) == shown
