"""Workbooks (XLSX, XLS, ODS) as records: the same shape as a text file's, with row numbers in place of lines."""

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from woodpecker_api.features.imports.rules.issues import UnreadableFileError
from woodpecker_api.features.imports.rules.records import Record

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
LARGEST_UNPACKED = 1 << 30
"""Bytes. A workbook is a ZIP: a small one can unpack to more than the machine has."""
LARGEST_GRID = 25_000_000
"""Cells between the first and the last one: the reader keeps 32 bytes for each, empty ones too, and one that it cannot
have ends the whole process. A hundred thousand people with 200 columns stay below."""
_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_SCANNED_AT_ONCE = 1 << 20
_LONGEST_REFERENCE = 64


def is_workbook(file: BinaryIO) -> bool:
    file.seek(0)
    return file.read(4) in (_ZIP, _OLE)


def sheet_names(file: BinaryIO) -> tuple[str, ...]:
    """The visible sheets in their order. Raises `UnreadableFileError`."""
    with _open(file) as book:
        visible = [s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible]
        return tuple(visible or book.sheet_names)


def sheet_records(file: BinaryIO, name: str) -> Iterator[Record]:
    """Row number (from 1) and cells as text, as a spreadsheet would show them without formats."""
    with _open(file) as book:
        try:
            sheet = book.get_sheet_by_name(name)
        except CalamineError as error:
            raise UnreadableFileError("sheet_unknown", f"The workbook has no sheet {name!r}.") from error
        yield from _records(sheet)


def _records(sheet: CalamineSheet) -> Iterator[Record]:
    if sheet.start is None:
        return
    first, indent = sheet.start[0] + 1, [""] * sheet.start[1]
    for number, row in enumerate(sheet.iter_rows(), 1):
        if number >= first:  # the empty rows above the data are given too, without cells of their own
            yield number, [*indent, *map(_text, row)]


def _open(file: BinaryIO) -> CalamineWorkbook:
    file.seek(0)
    if file.read(4) == _ZIP:
        _refuse_bomb(file)
    file.seek(0)
    try:
        return CalamineWorkbook.from_filelike(file)
    except PasswordError as error:
        raise UnreadableFileError(
            "workbook_locked", "The workbook has a password. Save it without, or as CSV."
        ) from error
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFileError(
            "workbook_unreadable", "The workbook cannot be read. Save the list as CSV (UTF-8) or XLSX."
        ) from error


def _refuse_bomb(file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            if unpacked <= LARGEST_UNPACKED:
                for member in archive.infolist():
                    if "worksheets/" in member.filename and member.filename.endswith(".xml"):
                        with archive.open(member) as sheet:
                            _refuse_far_cell(sheet)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise UnreadableFileError("workbook_unreadable", "The file is damaged: its ZIP cannot be opened.") from error
    if unpacked > LARGEST_UNPACKED:
        raise UnreadableFileError(
            "workbook_too_large", "The workbook unpacks to more than 1 GiB. Save the list as CSV."
        )


def _refuse_far_cell(sheet: IO[bytes]) -> None:
    """A stray cell far below or far to the right makes the grid enormous, however few cells there are."""
    widest, lowest, rest = (0, ""), 0, b""
    while chunk := sheet.read(_SCANNED_AT_ONCE):
        # A reference that the end of the chunk cuts is found with the next one.
        found = set(_CELL.findall(rest + chunk))
        rest = chunk[-_LONGEST_REFERENCE:]
        lowest = max([lowest, *(int(row) for _, row in found)])
        widest = max([widest, *((_column_number(name), name.decode().upper()) for name in {name for name, _ in found})])
    if widest[0] * lowest > LARGEST_GRID:
        raise UnreadableFileError(
            "workbook_too_large",
            f"The sheet reaches to column {widest[1]} and row {lowest}, which is more than can be read. "
            "Delete what stands far outside the list, or save it as CSV.",
        )


def _column_number(name: bytes) -> int:
    number = 0
    for letter in name.upper():
        number = number * 26 + letter - 64
    return number


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return "" if value is None else str(value)
