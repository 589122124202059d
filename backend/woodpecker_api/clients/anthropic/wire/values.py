"""Picking values out of foreign JSON and headers. Nothing here raises: what is not as expected is None."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from woodpecker_api.clients.anthropic.usage import RateLimits, TokenUsage, Window

LARGEST_COUNT = 2**53


def part(value: Any, *path: str) -> Any:
    """The value at the end of the path of keys, else None."""
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def text_or_none(value: Any) -> str | None:
    """Text that every database can store: NUL and half surrogates become the replacement character."""
    return storable(value) if isinstance(value, str) else None


def storable(text: str) -> str:
    return text.replace("\x00", "\ufffd").encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def count(value: Any) -> int:
    """A number of something: 0 for everything that is not a whole number from 0 up."""
    return count_or_none(value) or 0


def count_or_none(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= LARGEST_COUNT else None


def moment(value: Any) -> datetime | None:
    """An RFC 3339 time in UTC; a time without a zone is taken as UTC."""
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parsed_json(content: bytes | str) -> Any:
    """The JSON value, or None for what is none (HTML, nothing, too deep, numbers beyond reason)."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def usage_from(message: Any) -> TokenUsage | None:
    """The usage of a message; None when it states none."""
    usage = part(message, "usage")
    if not isinstance(usage, Mapping):
        return None
    return TokenUsage(
        input=count(usage.get("input_tokens")),
        output=count(usage.get("output_tokens")),
        cache_write=count(usage.get("cache_creation_input_tokens")),
        cache_write_hour=count(part(usage, "cache_creation", "ephemeral_1h_input_tokens")),
        cache_read=count(usage.get("cache_read_input_tokens")),
        thinking=count(part(usage, "output_tokens_details", "thinking_tokens")),
    )


def limits_from(headers: Mapping[str, str]) -> RateLimits:
    return RateLimits(
        requests=_window(headers, "requests"),
        tokens=_window(headers, "tokens"),
        input_tokens=_window(headers, "input-tokens"),
        output_tokens=_window(headers, "output-tokens"),
    )


def _window(headers: Mapping[str, str], name: str) -> Window | None:
    prefix = f"anthropic-ratelimit-{name}"
    window = Window(
        limit=_header_count(headers.get(f"{prefix}-limit")),
        remaining=_header_count(headers.get(f"{prefix}-remaining")),
        reset_at=moment(headers.get(f"{prefix}-reset")),
    )
    return None if window == Window(None, None, None) else window


def _header_count(value: str | None) -> int | None:
    # int() would also take "1_000", " 7" and digits of other scripts.
    if value is None or not value.isascii() or not value.isdigit() or len(value) > len(str(LARGEST_COUNT)):
        return None
    return count_or_none(int(value))


def retry_after_from(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait; None when not told or not in the future. A date counts from the answer's own `date` header."""
    milliseconds = _seconds(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    told = headers.get("retry-after")
    seconds = _seconds(told)
    return seconds if seconds is not None else _seconds_until(told, headers.get("date"))


def _seconds(value: str | None) -> float | None:
    try:
        seconds = float(value or "")
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds > 0 else None


def _seconds_until(date: str | None, now: str | None) -> float | None:
    try:
        wait = (parsedate_to_datetime(date or "") - parsedate_to_datetime(now or "")).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return wait if wait > 0 else None
