import io
import zipfile

import pytest

from tests.features.imports.lists import a_workbook, outcome_of
from woodpecker_api.features.imports.rules import sheet
from woodpecker_api.features.imports.rules.issues import UnreadableFileError
from woodpecker_api.features.imports.rules.layout import Choices

LEADS: list[list[object]] = [
    ["Email", "First Name", "Company", "Employees", "Active"],
    ["a@acme.example", "Ann", "Acme — “Ltd”", 120, True],
    ["b@bolt.example", "Bob", "Bolt\nBros", 3.5, False],
]


def test_the_first_sheet_is_read_and_cells_become_text() -> None:
    found = outcome_of(a_workbook({"People": LEADS, "Other": [["x"]]}))
    assert (found.layout.sheet, found.layout.sheets) == ("People", ("People", "Other"))
    ann, bob = found.accepted
    assert ann.values == {"email": "a@acme.example", "first_name": "Ann", "company": "Acme — “Ltd”"}
    assert ann.custom == {"employees": "120", "active": "TRUE"}
    assert bob.values["company"] == "Bolt Bros"
    assert bob.custom == {"employees": "3.5", "active": "FALSE"}


def test_another_sheet_can_be_chosen_and_a_hidden_one_is_not_the_first() -> None:
    book = a_workbook({"Notes": [["nothing"]], "People": LEADS}, hidden=("Notes",))
    assert outcome_of(book).layout.sheet == "People"
    both = a_workbook({"Cover": [["Report"]], "People": LEADS})
    assert len(outcome_of(both, Choices(sheet="People")).accepted) == 2


def test_row_numbers_are_those_of_the_spreadsheet() -> None:
    empty: list[object] = [None, None]
    book = a_workbook({"P": [empty, ["Report"], empty, *LEADS[:2], empty, ["nobody", "Bob", "Bolt"]]})
    found = outcome_of(book)
    assert found.layout.header_row == 4
    assert [row.line for row in found.read] == [5, 7]


def test_a_sheet_that_does_not_start_in_the_first_column_keeps_its_columns() -> None:
    shifted = [[None, *row] for row in LEADS]
    assert [checked.values["email"] for checked in outcome_of(a_workbook({"P": shifted})).accepted] == [
        "a@acme.example",
        "b@bolt.example",
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 this is no archive", "workbook_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "workbook_unreadable"),
        (a_workbook({"P": []}), "file_empty"),
    ],
)
def test_a_workbook_that_cannot_be_used_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        outcome_of(data)
    assert refusal.value.code == code


def test_a_sheet_that_is_not_there_is_named() -> None:
    with pytest.raises(UnreadableFileError, match="Nowhere"):
        outcome_of(a_workbook({"P": LEADS}), Choices(sheet="Nowhere"))


def test_an_archive_that_would_fill_the_memory_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/s0.xml", b"0" * 100_000)
    monkeypatch.setattr(sheet, "LARGEST_UNPACKED", 50_000)  # a gibibyte would take a second to make
    with pytest.raises(UnreadableFileError) as refusal:
        outcome_of(buffer.getvalue())
    assert refusal.value.code == "workbook_too_large"


def test_one_cell_far_outside_does_not_take_the_memory_of_the_whole_grid() -> None:
    sound = a_workbook({"P": LEADS})
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sound)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
            archive.writestr(name, source.read(name).replace(b"</sheetData>", stray))
    with pytest.raises(UnreadableFileError, match="column XFD and row 1048576") as refusal:
        outcome_of(buffer.getvalue())
    assert refusal.value.code == "workbook_too_large"


def test_a_reference_that_two_chunks_share_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "_SCANNED_AT_ONCE", 7)
    monkeypatch.setattr(sheet, "LARGEST_GRID", 14)  # the list has five columns and three rows
    with pytest.raises(UnreadableFileError, match="column E and row 3"):
        outcome_of(a_workbook({"P": LEADS}))
    monkeypatch.setattr(sheet, "LARGEST_GRID", 15)
    assert len(outcome_of(a_workbook({"P": LEADS})).accepted) == 2
