"""A flag: what is wrong with a text, where, and how severe."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """`blocking` cannot be approved, `warning` keeps out of bulk approval, `note` only informs."""

    BLOCKING = "blocking"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Flag:
    """`start` and `end` count characters of the text; None when all of it is meant. `excerpt` is what stands there."""

    code: str
    severity: Severity
    message: str
    start: int | None = None
    end: int | None = None
    excerpt: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "start": self.start,
            "end": self.end,
            "excerpt": self.excerpt,
        }


def counts(flags: Mapping[int, Sequence[Mapping[str, Any]]] | Iterable[Sequence[Mapping[str, Any]]]) -> tuple[int, int]:
    """(blocking, warning) over all snippets of a sequence, from stored flags."""
    lists = flags.values() if isinstance(flags, Mapping) else flags
    severities = [flag["severity"] for some in lists for flag in some]
    return severities.count(Severity.BLOCKING), severities.count(Severity.WARNING)
