"""Broken quoting: what is mended, what is refused, and that nothing is swallowed."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from woodpecker_api.features.imports.rules.encoding import Encoded
from woodpecker_api.features.imports.rules.issues import Severity, UnreadableFileError
from woodpecker_api.features.imports.rules.records import LONGEST_CELL, Record, TextRecords

UTF8 = Encoded("utf-8", 0, odd=False)


def read(text: str, width: int) -> tuple[list[Record], list[tuple[int | None, str]]]:
    records = TextRecords(io.BytesIO(text.encode()), UTF8, ",", width=width)
    found = list(records)
    return found, [(issue.row, issue.code) for issue in records.issues]


def test_an_open_quote_at_the_end_of_the_file_costs_its_own_row_at_most() -> None:
    found, issues = read('a,b,c\r\n1,"2,3\r\n4,5,6\r\n7,8,9', 3)
    assert found == [(1, ["a", "b", "c"]), (2, ["1", "2", "3"]), (3, ["4", "5", "6"]), (4, ["7", "8", "9"])]
    assert issues == [(2, "unterminated_quote")]


def test_an_open_quote_before_good_quotes_is_found_where_it_stands() -> None:
    found, issues = read('a,b,c\n1,"2",3\n4,"5,6\n7,"8",9\n1,1,1\n', 3)
    assert [cells for _, cells in found] == [
        ["a", "b", "c"],
        ["1", "2", "3"],
        ["4", "5", "6"],
        ["7", "8", "9"],
        ["1"] * 3,
    ]
    assert issues == [(3, "unterminated_quote")]


def test_a_quote_in_the_middle_of_a_quoted_cell_keeps_the_cell() -> None:
    found, issues = read('a,b,c\n1,"2"x,3\n4,"5\n5"y,6\n7,"8",9\n', 3)
    assert [cells for _, cells in found] == [["a", "b", "c"], ["1", "2x", "3"], ["4", "5\n5y", "6"], ["7", "8", "9"]]
    assert issues == [(2, "stray_quote"), (3, "stray_quote")]


def test_a_quote_in_the_middle_of_a_bare_cell_is_a_letter_like_any_other() -> None:
    assert read('a,b\nT&C "HR,2\n', 2) == ([(1, ["a", "b"]), (2, ['T&C "HR', "2"])], [])


def test_every_row_may_be_broken() -> None:
    found, issues = read("a,b,c\n" + '1,2,"3\n' * 40, 3)
    assert len(found) == 41
    assert all(cells == ["1", "2", "3"] for _, cells in found[1:])
    assert [row for row, _ in issues] == list(range(2, 42))


def test_a_row_that_cannot_be_mended_is_refused_and_the_next_one_read() -> None:
    records = TextRecords(io.BytesIO(b'a,b,c\n1,"2\n4,5,6\n'), UTF8, ",", width=3)
    assert [cells for _, cells in records][2] == ["4", "5", "6"]
    assert [(issue.row, issue.severity) for issue in records.issues] == [(2, Severity.ERROR)]


def test_a_cell_longer_than_we_read_is_treated_as_an_open_quote() -> None:
    text = 'a,b,c\n1,"' + "x\n" * (LONGEST_CELL // 2 + 10) + '",3\n4,5,6\n'
    records = TextRecords(io.BytesIO(text.encode()), UTF8, ",", width=3)
    cells = [cells for _, cells in records]
    assert cells[-1] == ["4", "5", "6"]
    assert records.issues[0].code == "unterminated_quote"


def test_a_file_whose_quotes_are_hopeless_is_refused_in_time() -> None:
    hopeless = "a,b,c\n" + ('1,2,"3\n' + "4,5\n" * 200) * 150
    records = TextRecords(io.BytesIO(hopeless.encode()), UTF8, ",", width=9)
    with pytest.raises(UnreadableFileError) as refusal:
        list(records)
    assert refusal.value.code == "quotes_broken"


def test_lines_of_a_mended_stretch_are_counted_on_truly() -> None:
    found, _ = read('a,b\n"x\ny",1\n2,"3\n4,"5\n6"\n7,8\n', 2)
    assert found[0] == (1, ["a", "b"])
    assert found[1] == (2, ["x\ny", "1"])
    assert found[-1] == (7, ["7", "8"])


cell = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
table = st.integers(1, 6).flatmap(lambda width: st.lists(st.lists(cell, min_size=width, max_size=width), max_size=20))


@settings(max_examples=500)
@given(table, st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["\r\n", "\n"]), st.booleans())
def test_whatever_is_written_correctly_is_read_back_exactly(
    rows: list[list[str]], delimiter: str, line_end: str, quote_all: bool
) -> None:
    if not quote_all and line_end == "\n":  # here the standard writer leaves a lone CR without quotes
        rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    buffer = io.StringIO()
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(buffer, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(rows)
    width = len(rows[0]) if rows else 1
    records = TextRecords(io.BytesIO(buffer.getvalue().encode()), UTF8, delimiter, width=width)
    assert [cells for _, cells in records] == rows
    assert records.issues == []


@settings(max_examples=500)
@given(st.text(alphabet='ab,"\n\r;', max_size=120), st.integers(1, 5))
def test_no_text_makes_the_reader_stumble_or_lose_a_line(text: str, width: int) -> None:
    records = TextRecords(io.BytesIO(text.encode()), UTF8, ",", width=width)
    starts = [line for line, _ in records]
    assert starts == sorted(set(starts))
    read_letters = sum(c in "ab;" for c in "".join("".join(cells) for _, cells in _again(text, width)))
    assert read_letters == sum(c in "ab;" for c in text)


def _again(text: str, width: int) -> list[Record]:
    return list(TextRecords(io.BytesIO(text.encode()), UTF8, ",", width=width))
