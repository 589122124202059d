"""Pure decisions: the states of an erasure, and when something has been kept long enough."""

from datetime import datetime, timedelta
from enum import StrEnum


class ErasureStatus(StrEnum):
    WAITING = "waiting"
    ERASED = "erased"
    DONE = "done"


class Phase(StrEnum):
    """What one run of retention goes through, in this order."""

    CONTENT = "content"
    PLANS = "plans"
    PEOPLE = "people"
    DONE = "done"


def content_is_due(last_added_at: datetime | None, last_day: int, keep_days: int, now: datetime) -> bool:
    """Whether the texts of a sequence may go: its last planned day (1 is the day of adding) and `keep_days` more are over.

    0 days: as soon as no export has it open, without waiting for the planned days. None as moment: an export has it open.
    """
    if last_added_at is None:
        return False
    if keep_days == 0:
        return True
    return last_added_at + timedelta(days=max(last_day - 1, 0) + keep_days) <= now


def moment_before(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)
