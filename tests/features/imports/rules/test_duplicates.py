from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woodpecker_api.features.imports.rules.checking import Checked
from woodpecker_api.features.imports.rules.duplicates import InFile, merge

STORED: dict[str, Any] = {
    "email": "ann@acme.example",
    "first_name": "Ann",
    "last_name": "",
    "company": "Acme",
    "title": "Head",
    "custom": {"shoe": "38", "hat": ""},
    "tags": ["spring"],
}


def row(**values: Any) -> Checked:
    checked = Checked(2, key="ann@acme.example")
    checked.custom = values.pop("custom", {})
    checked.tags = values.pop("tags", [])
    checked.drafts = values.pop("drafts", {})
    checked.values = {"email": "Ann@acme.example", **values}
    return checked


def test_the_first_row_of_an_address_stays() -> None:
    in_file = InFile()
    assert in_file.first_line("a@x.example", 2) is None
    assert in_file.first_line("a@x.example", 9) == 2
    assert in_file.first_line("b@x.example", 10) is None


def test_skip_changes_nothing() -> None:
    assert not merge(STORED, row(first_name="Anna", title="Chief"), "skip")


def test_fill_writes_empty_fields_only() -> None:
    change = merge(STORED, row(first_name="Anna", last_name="Ames", custom={"shoe": "40", "hat": "M"}), "fill")
    assert change.changes == {"last_name": "Ames", "custom": {"shoe": "38", "hat": "M"}}


def test_overwrite_writes_what_the_row_fills_and_never_blanks() -> None:
    change = merge(STORED, row(title="Chief", company="", custom={"shoe": "40"}), "overwrite")
    assert change.changes == {"title": "Chief", "custom": {"shoe": "40", "hat": ""}}


@pytest.mark.parametrize("policy", ["fill", "overwrite"])
def test_the_stored_spelling_of_the_address_stays(policy: str) -> None:
    assert not merge(STORED, row(), policy)


@pytest.mark.parametrize("policy", ["fill", "overwrite"])
def test_new_tags_join_the_old_ones(policy: str) -> None:
    assert merge(STORED, row(tags=["autumn", "spring"]), policy).changes == {"tags": ["spring", "autumn"]}


@pytest.mark.parametrize(
    ("values", "policy", "review"),
    [
        ({"first_name": "Anna"}, "overwrite", True),
        ({"company": "Bolt"}, "overwrite", True),
        ({"last_name": "Ames"}, "fill", True),
        ({"title": "Chief"}, "overwrite", False),
        ({"first_name": "Anna"}, "fill", False),
        ({"first_name": "Ann"}, "overwrite", False),
    ],
)
def test_texts_are_read_again_when_a_name_or_company_changed(values: dict[str, str], policy: str, review: bool) -> None:
    assert merge(STORED, row(**values), policy).needs_review is review


@given(st.dictionaries(st.sampled_from(["first_name", "company", "title", "city"]), st.text(min_size=1, max_size=5)))
def test_merging_the_same_row_twice_changes_nothing_more(values: dict[str, str]) -> None:
    for policy in ("fill", "overwrite"):
        once = merge(STORED, row(**values), policy)
        assert not merge({**STORED, **once.changes}, row(**values), policy)
