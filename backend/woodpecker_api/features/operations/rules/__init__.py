"""Pure decisions of operations: what a vendor key may look like, whether the worker keeps up."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

# It travels in an HTTP header: one line of visible ASCII.
_KEY = re.compile(r"[\x21-\x7e]{8,500}\Z")
STALLED_AFTER_SECONDS = 60.0


class WorkerState(StrEnum):
    """stalled: work waits, and for a minute nobody has taken any of it."""

    OK = "ok"
    STALLED = "stalled"


def is_plausible_key(key: str) -> bool:
    return _KEY.match(key) is not None


class QueueCounts(Protocol):
    @property
    def queue(self) -> str: ...
    @property
    def waiting(self) -> int: ...
    @property
    def running(self) -> int: ...
    @property
    def oldest_waiting_seconds(self) -> float | None: ...


def worker_state(queues: Iterable[QueueCounts]) -> WorkerState:
    """Judged by its work: the worker may be another process, on another machine."""
    stalled = any(waits > STALLED_AFTER_SECONDS for waits in worker_lags(queues).values())
    return WorkerState.STALLED if stalled else WorkerState.OK


def worker_lags(queues: Iterable[QueueCounts]) -> dict[str, float]:
    """Seconds that the oldest job of a queue waits on which nobody works; queues that get on are left out."""
    return {row.queue: row.oldest_waiting_seconds or 0.0 for row in queues if row.waiting > 0 and row.running == 0}
