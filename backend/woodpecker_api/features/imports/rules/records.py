"""From a text file to records: quoting read strictly, and mended where it is broken, so that nothing is swallowed.

Memory stays at about a mebibyte of text, or at the longest cell that an open quote can swallow (`LONGEST_CELL`).
"""

import csv
import io
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO, NamedTuple

from woodpecker_api.features.imports.rules.encoding import Encoded
from woodpecker_api.features.imports.rules.issues import Issue, Severity, UnreadableFileError

Record = tuple[int, list[str]]
"""The line of the file on which it begins (from 1), and its cells."""

LONGEST_CELL = 4 << 20
_BLOCK = 1 << 20
_BUFFER = 1 << 18
# Looking far ahead for a closing quote costs up to LONGEST_CELL each time: a file that needs it often is misread.
_FAR = 50
_FAR_LOOKS = 100


class _Block(NamedTuple):
    first: int
    lines: list[str]


class TextRecords:
    """Iterates once over the records of a text file. `issues` grows while it runs."""

    def __init__(self, file: BinaryIO, encoded: Encoded, delimiter: str, *, width: int | None = None) -> None:
        """`width` is how many cells a record should have: it tells a mended record from a spoiled one."""
        file.seek(encoded.mark)
        self._text = io.TextIOWrapper(
            io.BufferedReader(_NoClose(file), _BUFFER), encoded.encoding, errors="replace", newline=""
        )
        self._delimiter = delimiter
        self._width = width
        self._kept: deque[_Block] = deque()
        self._fetch = self._blocks()
        self._done = 0
        self._far_looks = 0
        self.issues: list[Issue] = []
        csv.field_size_limit(LONGEST_CELL)  # one for the process; nothing else here reads CSV

    def __iter__(self) -> Iterator[Record]:
        lines: Iterable[str] = chain.from_iterable(self._fetch)
        while True:
            base = self._done
            reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
            mend = False
            try:
                for cells in reader:
                    first, last = self._done + 1, base + reader.line_num
                    if last > first and len(cells) != self._width and self._looks_swallowed(self._lines(first, last)):
                        mend = True
                        break
                    self._done = last
                    yield first, cells
            except csv.Error as error:
                mend = True
                swallowed = "end of data" in str(error) or "limit" in str(error)
            else:
                swallowed = True
            if not mend:
                return
            read = self._lines(self._done + 1, base + reader.line_num)
            record, used = self._mended(read, swallowed=swallowed)
            first = self._done + 1
            self._done += used
            # All that is kept and not done, then what was never fetched: no line is left behind in the old reader.
            lines = chain(self._lines(self._done + 1, sys.maxsize), chain.from_iterable(self._fetch))
            yield first, record

    def _blocks(self) -> Iterator[list[str]]:
        line = 1
        while lines := self._text.readlines(_BLOCK):
            while self._kept and self._kept[0].first + len(self._kept[0].lines) <= self._done:
                self._kept.popleft()
            self._kept.append(_Block(line, lines))
            line += len(lines)
            yield lines

    def _lines(self, first: int, last: int) -> list[str]:
        return [
            line
            for block in self._kept
            if block.first <= last and block.first + len(block.lines) > first
            for line in block.lines[max(0, first - block.first) : last - block.first + 1]
        ]

    def _mended(self, read: list[str], *, swallowed: bool) -> tuple[list[str], int]:
        """The broken record and how many lines it took. `read` are the lines that the strict reader consumed."""
        line = self._done + 1
        if len(read) > _FAR:
            self._far_looks += 1
            if self._far_looks > _FAR_LOOKS:
                raise UnreadableFileError(
                    "quotes_broken",
                    f"From line {line} on quotes are opened and never closed. Choose another delimiter, or save the "
                    "list again as CSV from a spreadsheet.",
                )
        if not swallowed and not self._looks_swallowed(read):
            cells = self._lenient(read)
            if len(cells) == self._width or self._width is None:
                self._note(line, "stray_quote", "A quote stands in the middle of a cell; the cell was kept as written.")
                return cells, len(read)
        for candidate in self._without_one_quote(read[0]):
            if len(candidate) == self._width:
                self._note(line, "unterminated_quote", "A quote is opened and never closed; it was left out.")
                return candidate, 1
        self._note(
            line,
            "unterminated_quote",
            "A quote is opened and never closed, so it is unclear where the cells end. Correct the row.",
            Severity.ERROR,
        )
        return next(csv.reader([read[0]], delimiter=self._delimiter, quoting=csv.QUOTE_NONE), []), 1

    def _looks_swallowed(self, lines: list[str]) -> bool:
        """A later line is a whole record by itself: the quote before it was never closed."""
        return any(len(self._lenient([line])) == self._width and self._width != 1 for line in lines[1:200])

    def _lenient(self, lines: list[str]) -> list[str]:
        try:
            return next(csv.reader(lines, delimiter=self._delimiter), [])
        except csv.Error:
            return []

    def _without_one_quote(self, line: str) -> Iterator[list[str]]:
        """The line read without one of the quotes that open a cell, the last first."""
        opening = [i for i, c in enumerate(line[:10_000]) if c == '"' and (i == 0 or line[i - 1] == self._delimiter)]
        for place in reversed(opening[-100:]):
            try:
                reader = csv.reader([line[:place] + line[place + 1 :]], delimiter=self._delimiter, strict=True)
                yield next(reader, [])
            except csv.Error:
                continue

    def _note(self, line: int, code: str, message: str, severity: Severity = Severity.WARNING) -> None:
        self.issues.append(Issue(line, None, code, message, severity))


class _NoClose(io.RawIOBase):
    """Lets a text wrapper go without closing the caller's file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
