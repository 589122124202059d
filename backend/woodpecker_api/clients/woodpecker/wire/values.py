"""Single values out of the vendor's JSON, where types drift and dates carry offsets without a colon."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d+))?)?\s*(Z|[+-]\d{2}:?\d{2})?",
    re.ASCII | re.IGNORECASE,
)


def text_of(value: Any) -> str:
    """Text as it is, numbers as digits, everything else as nothing."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def number_of(value: Any) -> int | None:
    """A whole number, also when it comes as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
        return int(value)
    return None


def identifier_of(value: Any) -> int | None:
    """A whole number above 0."""
    number = number_of(value)
    return number if number is not None and number > 0 else None


def texts_of(value: Any) -> tuple[str, ...]:
    """The non-empty texts of a list."""
    return tuple(item for item in value if isinstance(item, str) and item) if isinstance(value, list) else ()


def word_of(value: Any) -> str:
    """A status word in upper case; empty when there is none."""
    return value.strip().upper() if isinstance(value, str) else ""


def object_of(value: Any) -> Mapping[str, Any]:
    """The object itself, or an empty one in the place of anything else."""
    return value if isinstance(value, dict) else {}


def moment_of(value: Any) -> datetime | None:
    """A moment in UTC; one without an offset is read as UTC. None for nothing *and* for what cannot be read."""
    found = _MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    day, time, fraction, offset = found.groups()
    offset = "+00:00" if offset in (None, "Z", "z") else offset
    if len(offset) == 5:
        offset = f"{offset[:3]}:{offset[3:]}"
    try:
        moment = datetime.fromisoformat(f"{day}T{time or '00:00'}{offset}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment.replace(microsecond=int((fraction or "0")[:6].ljust(6, "0")))


def is_unreadable_moment(value: Any) -> bool:
    """Something stands there that is meant as a moment, and we cannot read it."""
    return value not in (None, "") and moment_of(value) is None


def vendor_moment(moment: datetime) -> str:
    """2026-12-01T07:00:00+0000, the form Woodpecker reads. The moment must be aware."""
    if moment.tzinfo is None:
        raise ValueError("a moment for Woodpecker must be aware")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
