"""Keyset paging: a cursor is the sort key of the last row seen, opaque to the caller."""

import base64
import json
import math
from typing import Any

DEFAULT_LIMIT = 50
MAX_LIMIT = 500
COUNT_CAP = 10_000
"""Totals are exact up to here; beyond, counting costs more than anybody gains."""


class BadCursorError(ValueError):
    """The text is not a cursor that this program made."""


def encode_cursor(*key: Any) -> str:
    raw = json.dumps(key, separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode_cursor(cursor: str, length: int) -> list[Any]:
    """The `length` parts of the key. Raises `BadCursorError`."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, RecursionError) as error:
        raise BadCursorError(cursor) from error
    if not isinstance(key, list) or len(key) != length or not all(map(_can_be_compared, key)):
        raise BadCursorError(cursor)
    return key


def _can_be_compared(part: Any) -> bool:
    """Whether a database would take it: a forged cursor must not become an error of the database."""
    match part:
        case bool() | list() | dict():
            return False
        case int():
            return -(2**63) <= part < 2**63
        case float():
            return math.isfinite(part)
        case str():
            return "\x00" not in part and not any("\ud800" <= c <= "\udfff" for c in part)
    return part is None


def capped(count: int) -> tuple[int, bool]:
    """`total` and `total_capped` for a count that was taken with a limit of COUNT_CAP + 1."""
    return min(count, COUNT_CAP + 1), count > COUNT_CAP
