"""CSV on its way to a spreadsheet: a cell must never be run as a formula."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

# OWASP's list, with the wide forms that some keyboards make.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Semicolon, tab and bar too: a spreadsheet of another country splits at them, and a formula must not begin there.
_QUOTED = frozenset(',;|"\t\r\n')


def safe_cell(value: object) -> str:
    """The text of a cell; one that a spreadsheet would take for a formula gets an apostrophe in front (OWASP)."""
    text = "" if value is None else str(value)
    if isinstance(value, int | float | Decimal):  # a negative number is no formula
        return text
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The file line by line, UTF-8 mark first (for Excel), CRLF at the ends (RFC 4180)."""
    yield "\ufeff" + _line(header)
    for row in rows:
        yield _line(row)


def _line(cells: Sequence[object]) -> str:
    if len(cells) == 1 and safe_cell(cells[0]) == "":
        return '""\r\n'  # an empty line would be no row
    return ",".join(_quoted(safe_cell(cell)) for cell in cells) + "\r\n"


def _quoted(text: str) -> str:
    return text if _QUOTED.isdisjoint(text) else '"' + text.replace('"', '""') + '"'
