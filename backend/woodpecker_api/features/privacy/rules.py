"""Pure decisions: the states of an erasure, and when something has been kept long enough."""

from datetime import datetime, timedelta
from enum import StrEnum


class ErasureStatus(StrEnum):
    WAITING = "waiting"
    ERASED = "erased"
    DONE = "done"


def content_is_due(last_added_at: datetime, last_day: int, keep_days: int, now: datetime) -> bool:
    """Whether the texts of a sequence may go: its last planned day (1 is the day of adding) and `keep_days` more are over."""
    return last_added_at + timedelta(days=max(last_day - 1, 0) + keep_days) <= now


def moment_before(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)
