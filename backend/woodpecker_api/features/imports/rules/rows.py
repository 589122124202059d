"""The rows of a file below its header, one after the other, with all that is odd about their shape said."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from woodpecker_api.features.imports.rules.issues import Issue, Severity
from woodpecker_api.features.imports.rules.layout import Layout
from woodpecker_api.features.imports.rules.records import Record, TextRecords
from woodpecker_api.features.imports.rules.sheet import sheet_records

# A table this wide does not have rows of one or two cells: those are totals and remarks when they stand at its end.
_FOOTER_FROM_WIDTH = 5
_FOOTER_CELLS = 2
_FOOTER_ROWS = 10
SEPARATOR = "\x1f"
"""Between the cells in `Row.text`. It counts as white space, so that a row of empty cells is blank."""


class Row(NamedTuple):
    """`line` is where the row begins in the file. `cells` has at least the header's width. `text` is all cells, joined.

    `issues` speak of the row's shape; one of severity error means that the row cannot be used.
    """

    line: int
    cells: list[str]
    text: str
    issues: tuple[Issue, ...] = ()


class Rows:
    """Iterates once. `blank` counts the empty rows passed over; `issues` holds what concerns no row that was given."""

    def __init__(self, file: BinaryIO, layout: Layout) -> None:
        self._layout = layout
        self._broken: list[Issue] = []
        self._records = self._open(file)
        self.blank = 0
        self.issues: list[Issue] = []

    def _open(self, file: BinaryIO) -> Iterable[Record]:
        layout = self._layout
        if layout.encoded is None or layout.delimiter is None:
            return sheet_records(file, layout.sheet or "")
        text = TextRecords(file, layout.encoded, layout.delimiter, width=layout.width)
        self._broken = text.issues
        return text

    def __iter__(self) -> Iterator[Row]:
        width, start = self._layout.width, self._layout.data_from
        held: list[Row] = []
        said = 0
        for line, cells in self._records:
            text = SEPARATOR.join(cells)
            if line < start or not text or text.isspace():
                self.blank += line >= start
                continue
            if len(cells) == width and len(self._broken) == said:
                row = Row(line, cells, text)
            else:
                row = _ragged(line, cells, text, width, tuple(self._broken[said:]))
                said = len(self._broken)
            if "@" not in text and self._may_be_footer(cells):
                held.append(row)
                if len(held) <= _FOOTER_ROWS:
                    continue
            if held:
                yield from (one for one in held if one is not row)
                held.clear()
            yield row
        self._say_footer(held)

    def _may_be_footer(self, cells: list[str]) -> bool:
        return self._layout.width >= _FOOTER_FROM_WIDTH and sum(map(bool, cells)) <= _FOOTER_CELLS

    def _say_footer(self, held: list[Row]) -> None:
        for row in held:
            said = " ".join(row.text.split())[:80]  # split takes the separators too
            message = f"The end of the table was left out: {said!r}."
            self.issues.append(Issue(row.line, None, "footer_skipped", message, Severity.NOTE))


def _ragged(line: int, cells: list[str], text: str, width: int, broken: tuple[Issue, ...]) -> Row:
    issues = list(broken)
    if len(cells) < width:
        issues.append(
            Issue(line, None, "row_short", f"The row has {len(cells)} cells, the header {width}; the rest is empty.")
        )
        cells = cells + [""] * (width - len(cells))
    elif any(cell.strip() for cell in cells[width:]):
        extra = sum(1 for cell in cells[width:] if cell.strip())
        issues.append(
            Issue(
                line,
                None,
                "row_long",
                f"The row has {extra} more filled cells than the header; they are kept as custom fields "
                f"column_{width + 1} and on. A delimiter inside a cell without quotes looks like this: check the row.",
            )
        )
    else:
        cells = cells[:width]
    return Row(line, cells, text, tuple(issues))
