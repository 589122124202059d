"""A file for spreadsheets: every reader gets the cells back, and no spreadsheet finds a formula."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woodpecker_api.kit.csv import csv_lines, safe_cell

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
STARTS = "=+-@\t\r\n＝＋－＠"


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=5))
def test_a_reader_gets_every_cell_back_with_at_most_an_apostrophe_more(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(_file(["a", "b"], rows).removeprefix("\ufeff"), newline="")))
    assert read == [["a", "b"], *([safe_cell(cell) for cell in row] for row in rows)]


@given(CELL)
def test_no_cell_begins_like_a_formula(cell: str) -> None:
    assert not safe_cell(cell).startswith(tuple(STARTS))
    assert safe_cell(cell) in (cell, "'" + cell)


@given(st.lists(CELL, min_size=1, max_size=4), st.sampled_from(";\t|"))
def test_no_formula_begins_either_where_another_country_splits(cells: list[str], separator: str) -> None:
    text = _file(["x"] * len(cells), [cells]).removeprefix("\ufeff")
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        assert not [cell for cell in row if cell.startswith(tuple("=+-@"))]


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (-5, "-5"), (Decimal("-1.5"), "-1.5"), (True, "True"), ("-5", "'-5"), ("", "")]
)
def test_a_number_is_a_number_and_a_text_is_a_text(value: object, text: str) -> None:
    assert safe_cell(value) == text


def test_the_file_begins_with_the_mark_that_excel_needs_and_ends_its_lines_as_the_standard_says() -> None:
    assert _file(["a", "b"], [["1", 'x"y'], ["ü;", "two\nlines"]]) == '\ufeffa,b\r\n1,"x""y"\r\n"ü;","two\nlines"\r\n'


def test_a_row_of_one_empty_cell_is_still_a_row() -> None:
    assert list(csv.reader(io.StringIO(_file(["a"], [[""]]), newline="")))[1] == [""]


def test_rows_are_written_as_they_come() -> None:
    def endless() -> Iterator[list[str]]:
        while True:
            yield ["x"]

    lines = csv_lines(["a"], endless())
    assert [next(lines) for _ in range(3)] == ["\ufeffa\r\n", "x\r\n", "x\r\n"]


def _file(header: list[str], rows: list[list[str]]) -> str:
    return "".join(csv_lines(header, rows))
