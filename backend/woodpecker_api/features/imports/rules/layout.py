"""How a file is laid out: delimiter, header row, columns. Found by looking at its beginning, corrected by the user."""

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO

from woodpecker_api.features.imports.rules.encoding import Encoded, find_encoding
from woodpecker_api.features.imports.rules.issues import Issue, Severity, UnreadableFileError
from woodpecker_api.features.imports.rules.mapping import unique_names
from woodpecker_api.features.imports.rules.records import Record, TextRecords
from woodpecker_api.features.imports.rules.sheet import is_workbook, sheet_names, sheet_records
from woodpecker_api.features.imports.rules.spellings import recognise

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
NO_HEADER = 0
"""As a choice of the header row: the file begins with data."""

_HEAD = 256 << 10
_LOOKED_AT = 60
_HEADER_WITHIN = 30
SAMPLE_ROWS = 25


@dataclass(frozen=True)
class Choices:
    """What the user said; None lets us find it. `header_row` is a line of the file, or `NO_HEADER`."""

    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class Layout:
    """All that is needed to read the rows. `header_row` is the line the header begins on, None when there is none."""

    encoded: Encoded | None
    delimiter: str | None
    line_end: str | None
    header_row: int | None
    data_from: int
    width: int
    header: tuple[str, ...]
    names: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...] = ()
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()


def find_layout(file: BinaryIO, choices: Choices | None = None) -> Layout:
    """Raises `UnreadableFileError` when the file is no table that we read."""
    choices = choices or Choices()
    if is_workbook(file):
        return _workbook_layout(file, choices)
    encoded = find_encoding(file, choices.encoding)
    file.seek(encoded.mark)
    raw = file.read(_HEAD)
    text = raw.decode(encoded.encoding, "replace")
    whole = len(raw) < _HEAD
    delimiter = _delimiter(text, choices, whole=whole)
    head = list(islice(_head_records(text, delimiter, whole=whole), _LOOKED_AT))
    bare = _layout(head, choices.header_row, said=1 if _said_delimiter(text) else 0)
    found = replace(bare, encoded=encoded, delimiter=delimiter, line_end=_line_end(text))
    found = replace(found, issues=(*encoded.issues, *found.issues))
    records = TextRecords(file, encoded, delimiter, width=found.width)
    return replace(found, sample=_sample(records, found))


def _workbook_layout(file: BinaryIO, choices: Choices) -> Layout:
    sheets = sheet_names(file)
    name = choices.sheet or (sheets[0] if sheets else "")
    head = list(islice(sheet_records(file, name), _LOOKED_AT))
    if not head:
        raise UnreadableFileError("file_empty", f"The sheet {name!r} is empty. Choose another sheet.")
    found = replace(_layout(head, choices.header_row, said=0), sheet=name, sheets=sheets)
    return replace(found, sample=_sample(sheet_records(file, name), found))


def _sample(records: Iterable[Record], layout: Layout) -> tuple[tuple[str, ...], ...]:
    rows = (tuple(cells) for line, cells in records if line >= layout.data_from and any(cells))
    return tuple(islice(rows, SAMPLE_ROWS))


def _delimiter(text: str, choices: Choices, *, whole: bool) -> str:
    if choices.delimiter is not None:
        if len(choices.delimiter) != 1 or choices.delimiter in '"\r\n':
            raise UnreadableFileError("delimiter_unknown", "A delimiter is one character, such as , or ; or a tab.")
        return choices.delimiter
    if (said := _said_delimiter(text)) is not None:
        return said
    return max(DELIMITERS, key=lambda delimiter: _fits(text, delimiter, whole=whole))


def _said_delimiter(text: str) -> str | None:
    """Excel's first line `sep=;`."""
    first = text[:10].splitlines()[:1]
    return first[0][4] if first and len(first[0]) == 5 and first[0].lower().startswith("sep=") else None


def _fits(text: str, delimiter: str, *, whole: bool) -> float:
    """How well: many records of one width, and cells that look like a header's."""
    records = [cells for _, cells in islice(_head_records(text, delimiter, whole=whole), _LOOKED_AT) if any(cells)]
    widths = Counter(len(cells) for cells in records if len(cells) > 1)
    if not widths:
        return 0.0
    width, count = widths.most_common(1)[0]
    known = max((_known(cells) for cells in records[:_HEADER_WITHIN]), default=0)
    return count / len(records) * math.log2(width + 1) + known


def _head_records(text: str, delimiter: str, *, whole: bool) -> Iterator[Record]:
    """The records of a beginning of the file; without the last one, which may be cut."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line, pending = 1, None
    try:
        for cells in reader:
            if pending is not None:
                yield pending
            pending, line = (line, cells), reader.line_num + 1
    except csv.Error:
        return
    if pending is not None and whole:
        yield pending


def _layout(head: Sequence[Record], chosen: int | None, *, said: int) -> Layout:
    starts = [line for line, _ in head]
    head = [(line, cells) for line, cells in head if any(cell.strip() for cell in cells) and line > said]
    if not head:
        raise UnreadableFileError("file_empty", "The file holds no rows. Choose a file with a header row and leads.")
    common = Counter(len(cells) for _, cells in head).most_common(1)[0][0]
    place = _header_place(head, common) if chosen is None else _chosen_place(head, chosen)
    if place is None:
        first = 0 if chosen == NO_HEADER else next(i for i, (_, cells) in enumerate(head) if len(cells) == common)
        names = unique_names([""] * common)
        missing = Issue(
            None, None, "header_missing",
            "No header row was found. Say which column holds what, or choose the header row.",
        )  # fmt: skip
        issues = (missing, *_above(head, first)) if chosen is None else _above(head, first)
        return Layout(None, None, None, None, head[first][0], common, ("",) * common, names, issues=issues)
    line, cells = head[place]
    header = list(cells)
    while len(header) > 1 and not header[-1].strip():
        header.pop()
    after = next((start for start in starts if start > line), line + 1)
    return Layout(
        None, None, None, line, after, len(header), tuple(header), unique_names(header), issues=_above(head, place)
    )


def _above(head: Sequence[Record], place: int) -> tuple[Issue, ...]:
    if place == 0:
        return ()
    lines = f"line {head[0][0]}" if place == 1 else f"lines {head[0][0]} to {head[place - 1][0]}"
    return (
        Issue(None, None, "preamble_skipped", f"What stands above the table ({lines}) was left out.", Severity.NOTE),
    )


def _chosen_place(head: Sequence[Record], chosen: int) -> int | None:
    if chosen == NO_HEADER:
        return None
    place = next((i for i, (line, _) in enumerate(head) if line >= chosen), None)
    if place is None:
        raise UnreadableFileError("header_row_unknown", f"There is no header row {chosen} within the first rows.")
    return place


def _header_place(head: Sequence[Record], common: int) -> int | None:
    """The row with most known column names; else the first full row without an address, when rows below have one."""
    tops = head[:_HEADER_WITHIN]
    best = max(range(len(tops)), key=lambda i: (_known(tops[i][1]), -i))
    known = _known(tops[best][1])
    if known > 1 or (known == 1 and not _has_address(tops[best][1])):
        return best
    full = next((i for i, (_, cells) in enumerate(tops) if len(cells) >= common), 0)
    if _has_address(tops[full][1]):
        return None
    below = [cells for _, cells in tops[full + 1 :]]
    return full if not below or any(_has_address(cells) for cells in below) else None


def _known(cells: Sequence[str]) -> int:
    return len({field for cell in cells if len(cell) < 80 and (field := recognise(cell)) is not None})


def _has_address(cells: Sequence[str]) -> bool:
    return any("@" in cell and "." in cell.rpartition("@")[2] for cell in cells)


def _line_end(text: str) -> str:
    """How the first line ends; inside cells others may be used."""
    end = re.search(r"\r\n|\n|\r", text)
    return {"\r\n": "crlf", "\n": "lf", "\r": "cr"}[end[0]] if end else "none"
