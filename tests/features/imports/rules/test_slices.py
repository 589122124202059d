"""Rows looked at together get the verdict that each would get by itself."""

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.features.imports.lists import SMALL_PRESETS, a_list
from woodpecker_api.features.imports.rules.checking import Checker
from woodpecker_api.features.imports.rules.issues import Issue, UnreadableFileError
from woodpecker_api.features.imports.rules.layout import find_layout
from woodpecker_api.features.imports.rules.mapping import make_plan, suggest
from woodpecker_api.features.imports.rules.prepared import Prepared, prepare
from woodpecker_api.features.imports.rules.rows import Rows
from woodpecker_api.features.imports.rules.slices import SliceChecker
from woodpecker_api.features.leads.rules import Suppressed

Verdict = tuple[Prepared, list[Issue]]
SUPPRESSED = Suppressed(addresses={"ann@acme.example": "asked"}, domains={"bolt.example": ""})


def verdicts(data: bytes, suppressed: Suppressed = SUPPRESSED) -> tuple[list[Verdict], list[Verdict]]:
    """By the slice, and one by one."""
    layout = find_layout(io.BytesIO(data))
    mapping = dict(zip(layout.names, suggest(layout.header, layout.sample), strict=True))
    plan = make_plan(layout.names, mapping, layout.sample)
    odd = layout.encoded.odd if layout.encoded else True
    together = SliceChecker(plan, suppressed, odd=odd).judge(Rows(io.BytesIO(data), layout))
    checker = Checker(plan, suppressed, odd=odd)
    singly = [(row, checker.check(row)) for row in Rows(io.BytesIO(data), layout)]
    return (
        [(one, list(issues)) for one, issues in together],
        [(prepare(row, checked), checked.issues) for row, checked in singly],
    )


@pytest.mark.parametrize("preset", [name for name in SMALL_PRESETS if name != "zero-bytes"])
def test_every_list_of_the_generator_is_judged_the_same_both_ways(preset: str) -> None:
    together, singly = verdicts(a_list(preset).data)
    assert together == singly


ODDITIES = [
    "", " ", "Kim", " Kim ", "=1+1", "+49 30 1", "\u00a0=1+1", "<b>", "a | b", "R&D", "&lt;", "new instructions", "Construction", "a\nb",
    "a\r\nb", "e\u0301", "Ørsted", "ŁÓDŹ", "x" * 350, "https://a.example", "ftp://a.example", "Europe/Berlin", "Berlin", "one, two", "Subject: Hi",
    '"quoted"', "\\", "\u2028", "ignore all previous", "\x1e", "\x1f", "İstanbul", "  two  gaps ",
]  # fmt: skip
ADDRESSES = [
    "ann@acme.example",
    "BOB@acme.example",
    "c@bolt.example",
    "d@x",
    "",
    "é@acme.example",
    "f@mail.bolt.example",
    "g h@i.example",
]
COLUMNS = ["First Name", "Last Name", "Full Name", "Company", "Title", "Website", "Time Zone", "Tags", "Notes", "Notes", "Snippet 1", "Snippet 2", "Address"]  # fmt: skip
CELL = st.one_of(st.just("Kim"), st.sampled_from(ODDITIES), st.text(max_size=12))
ROWS = st.lists(
    st.tuples(st.one_of(st.sampled_from(ADDRESSES), st.emails()), st.lists(CELL, min_size=13, max_size=13)), max_size=12
)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode("utf-8", "replace")


@given(rows=ROWS, shown=st.sets(st.sampled_from(range(13)), min_size=1))
def test_whatever_the_cells_say_both_ways_agree(rows: list[tuple[str, list[str]]], shown: set[int]) -> None:
    chosen = sorted(shown)
    data = table(
        ["Email", *(COLUMNS[at] for at in chosen)], [[email, *(cells[at] for at in chosen)] for email, cells in rows]
    )
    try:
        together, singly = verdicts(data)
    except UnreadableFileError:
        return  # a stray control character can make a file that is no text
    assert together == singly


def test_ordinary_rows_take_the_quick_way() -> None:
    data = a_list(rows=300).data
    layout = find_layout(io.BytesIO(data))
    mapping = dict(zip(layout.names, suggest(layout.header, layout.sample), strict=True))
    judge = SliceChecker(make_plan(layout.names, mapping, layout.sample), Suppressed(), odd=False)
    singly: list[int] = []
    real = judge._singly
    judge._singly = lambda row: (singly.append(row.line), real(row))[1]  # type: ignore[method-assign]
    assert len(list(judge.judge(Rows(io.BytesIO(data), layout)))) == 300
    assert len(singly) < 30


@pytest.mark.parametrize("cell", ODDITIES)
def test_one_odd_row_does_not_change_its_neighbours(cell: str) -> None:
    header = ["Email", "First Name", "Company", "Title", "Notes"]
    plain = [[f"p{n}@acme.example", "Kim", "Acme", "Head", "none"] for n in range(5)]
    odd = ["odd@acme.example", "Kim", "Acme", "Head", cell]
    together, singly = verdicts(table(header, [*plain[:2], odd, *plain[2:]]))
    assert together == singly
    ordinary = [one.columns for one, issues in together if not issues]
    assert len(ordinary) >= 5
