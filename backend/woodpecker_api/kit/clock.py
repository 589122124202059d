"""Time is handed in, so that tests can set it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present moment, aware and in UTC."""


def system_clock() -> datetime:
    return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """2026-11-22T09:30:00.123456Z: UTC with a Z, as the API promises."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
