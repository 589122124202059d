"""What a search looks for, what days mean, and what "contacted" answers."""

from datetime import UTC, datetime

import pytest

from woodpecker_api.features.history.rules import (
    Contacted,
    Search,
    contacted,
    first_moment,
    moment_after,
    read_search,
    strongest,
    worth_looking_through,
)


@pytest.mark.parametrize(
    ("text", "search"),
    [
        (" Ann.Ames@ACME.example ", Search(address="ann.ames@acme.example")),
        ("@Acme.example", Search(domain="acme.example")),
        ("ann@", Search(words=("ann@",))),
        ("@ann", Search(words=("@ann",))),
        ("Łukasz  MÜLLER", Search(words=("lukasz", "muller"))),
        ("acme acme", Search(words=("acme",))),
        ("50%_off", Search(words=("50%_off",))),
        ("", Search()),
    ],
)
def test_a_search_knows_an_address_from_a_domain_from_words(text: str, search: Search) -> None:
    assert read_search(text) == search


@pytest.mark.parametrize(
    ("found", "further"),
    [(0, 0), (1, 0), (9, 0), (10, 18_000), (13, 12_808), (25, 4_500), (49, 92)],
)
def test_a_common_word_is_read_on_for_and_a_rare_one_is_looked_up(found: int, further: int) -> None:
    assert worth_looking_through(found, wanted=50, among=3_000) == further


@pytest.mark.parametrize("found", range(1, 51))
def test_reading_on_stays_within_a_few_times_what_was_read(found: int) -> None:
    assert worth_looking_through(found, wanted=50, among=3_000) <= 6 * 3_000


def test_a_day_is_included_at_both_ends() -> None:
    assert first_moment("2026-03-31") == datetime(2026, 3, 31, tzinfo=UTC)
    assert moment_after("2026-03-31") == datetime(2026, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-03-31T12:00:00Z", "2026-03-31T12:00:00", "2026-03-31T14:00:00+02:00"])
def test_a_moment_stays_what_it_is_and_is_utc_without_a_zone(text: str) -> None:
    assert first_moment(text) == moment_after(text) == datetime(2026, 3, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "20"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        moment_after(text)


@pytest.mark.parametrize(
    ("mailed", "added", "is_open", "answer"),
    [
        (True, False, False, Contacted.MAILED),
        (True, True, True, Contacted.MAILED),
        (False, True, True, Contacted.ADDED),
        (False, False, True, Contacted.MAYBE),
        (False, False, False, Contacted.NO),
    ],
)
def test_the_strongest_fact_answers(mailed: bool, added: bool, is_open: bool, answer: Contacted) -> None:
    assert contacted(mailed=mailed, added=added, is_open=is_open) is answer


def test_a_company_was_contacted_as_much_as_its_most_contacted_person() -> None:
    assert strongest([Contacted.NO, Contacted.MAYBE, Contacted.ADDED]) is Contacted.ADDED
    assert strongest([]) is Contacted.NO
