"""When two addresses are the same person."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from woodpecker_api.kit.text import address_key, clean_cell, domain_key, shorten

ANY_TEXT = st.text(max_size=60)
WORD = st.text(st.characters(codec="utf-8", exclude_categories=("Zs", "Cc", "Zl", "Zp")), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann@Acme.com", "ann@acme.com"),
        ("  ann@acme.com\n", "ann@acme.com"),
        ("ann@acme.com.", "ann@acme.com"),
        ("ann@münchen.de", "ann@xn--mnchen-3ya.de"),
        ("ann@MÜNCHEN.de", "ann@münchen.de"),
        ("ann@ｅｘａｍｐｌｅ.com", "ann@example.com"),
        ("ann@münchen。de。", "ann@münchen.de"),
        ("jose\u0301@acme.com", "jos\u00e9@acme.com"),
        ("ÉLISE@acme.com", "élise@acme.com"),
        ("ann\x00@acme.com", "ann@acme.com"),
        ('"a@b"@acme.com', '"A@B"@ACME.com'),
    ],
)
def test_two_spellings_of_one_person_have_one_key(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ann+news@acme.com", "ann@acme.com"),
        ("a.nn@gmail.com", "ann@gmail.com"),
        ("ann@acme.com", "ann@acme.co"),
        ("ann@acme.com", "ann@mail.acme.com"),
        ("straße@acme.com", "strasse@acme.com"),
    ],
)
def test_two_people_stay_two(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


@given(ANY_TEXT)
@example("İ@İ.com")
@example("\u212a@\u212a.com")
@example("@")
@example("a@xn--a")
def test_any_text_has_a_key_and_the_key_is_its_own_key(text: str) -> None:
    key = address_key(text)
    assert address_key(key) == key


@given(ANY_TEXT)
def test_the_form_of_unicode_makes_no_difference(text: str) -> None:
    assert address_key(unicodedata.normalize("NFD", text)) == address_key(unicodedata.normalize("NFC", text))


@given(WORD, st.sampled_from(["acme.com", "münchen.de", "例え.jp", "ACME.Co.UK"]))
def test_case_makes_no_difference_where_a_letter_has_one_small_form(local: str, domain: str) -> None:
    email = f"{local}@{domain}"
    assert address_key(email.lower()) == address_key(address_key(email))


@given(ANY_TEXT)
def test_a_key_can_be_stored_anywhere(text: str) -> None:
    assert "\x00" not in address_key(text)
    assert address_key(text) == address_key(text).strip()


@given(st.text(max_size=300))
def test_a_domain_that_idna_refuses_still_has_a_key(text: str) -> None:
    assert domain_key(domain_key(text)) == domain_key(text)


@given(ANY_TEXT)
def test_a_cleaned_cell_is_clean(text: str) -> None:
    cell = clean_cell(text)
    assert clean_cell(cell) == cell
    assert not {"\x00", "\r"} & set(cell)


def test_inner_line_breaks_of_a_cell_stay() -> None:
    assert clean_cell(" one\r\ntwo\rthree\n ") == "one\ntwo\nthree"


@given(ANY_TEXT, st.integers(1, 70))
def test_a_shortened_text_keeps_the_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= max(limit, 1)


def test_only_what_is_too_long_is_cut() -> None:
    assert (shorten("abc", 3), shorten("abc d", 5), shorten("abc def", 5)) == ("abc", "abc d", "abc…")
