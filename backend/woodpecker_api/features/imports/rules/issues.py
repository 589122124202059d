"""What can be said about a file, a row or a cell: stable codes, one sentence each."""

from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """`error`: the row is not imported. `warning`: imported, but look. `note`: nothing to do."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Issue(NamedTuple):
    """`row` is the line of the file on which the row begins (in a workbook its row number); None speaks of the file."""

    row: int | None
    column: str | None
    code: str
    message: str
    severity: Severity = Severity.WARNING


class UnreadableFileError(Exception):
    """The file as a whole cannot be read as a table; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
