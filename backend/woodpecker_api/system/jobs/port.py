"""The words in which rooms speak of background work.

A room's `jobs.py` makes a `Job` from a handler. Wiring hands all jobs to the `Worker`; services enqueue by name.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Queue(StrEnum):
    """Where a job waits. The numbers (how many at a time) are in `engine.py`."""

    DEFAULT = "default"
    IMPORTS = "imports"  # one at a time: slices of two imports would only wait for each other's transactions
    GENERATION = "generation"  # as many as the worker is told (one lead each)
    ACCOUNTS = "accounts"  # one at a time for each partition, which is the Woodpecker account


@dataclass(frozen=True)
class Done:
    """The job is finished."""


@dataclass(frozen=True)
class Again:
    """Call the handler again, after a rest that survives restarts (0 = at once). The job keeps its place meanwhile."""

    after_seconds: float = 0.0


NextStep = Done | Again


@dataclass(frozen=True)
class JobContext:
    """What a handler may know about its turn."""

    key: str
    """The job's own name, the `key` it was enqueued with."""
    failures: int
    """How many turns in a row have raised just before this one."""
    stopping: threading.Event
    """Set when the process wants to end: store what you have and return `Again()`; the next process goes on."""
    still_mine: Callable[[], bool]
    """Whether this worker still holds its lock. Ask immediately before an irreversible call; takes up to 5 s when the
    database is unreachable, so look at the clock after it, not before."""
    held_since: float
    """`time.monotonic()` when this worker took its lock: waits that must not overlap a dead worker count from here."""


Handler = Callable[[JobContext, str], NextStep]
"""One turn of a job: (context, record id) → what next.

Promises it must keep: it is called **at least once** per turn, so a turn cut short is done again from stored facts; it opens
its own transactions (load → call → store); it returns within about a minute. An exception is one failed turn.
"""


@dataclass(frozen=True)
class JobError:
    """Why a job was given up: a stable code and a sentence that may be shown. Never the text of a foreign exception."""

    code: str
    detail: str


class JobGivenUpError(Exception):
    """What the engine records of a job that failed; the room has been told by `on_failed`."""


@dataclass(frozen=True)
class Retries:
    """How often a turn that raised is tried again before the job is given up; the waits grow and survive restarts."""

    attempts: int = 8
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 300.0

    def wait_before(self, failures: int) -> float:
        """Seconds to rest after `failures` failed turns in a row (1 or more)."""
        return min(self.first_wait_seconds * 2.0 ** min(failures - 1, 60), self.longest_wait_seconds)


@dataclass(frozen=True)
class Job:
    """A kind of work: `on_failed(record id, error)` is called, at least once, when it is given up."""

    name: str
    handler: Handler
    on_failed: Callable[[str, JobError], None] | None = None
    retries: Retries = field(default_factory=Retries)


@dataclass(frozen=True)
class Schedule:
    """A job at set times (cron, UTC). The handler's record id is the planned time in RFC 3339.

    `catch_up` also runs what was missed while no worker was alive; leave it off for what runs often.
    """

    name: str
    cron: str
    handler: Handler
    catch_up: bool = False


@dataclass(frozen=True)
class JobRow:
    """One queue as the operations page shows it."""

    queue: str
    waiting: int
    running: int
    oldest_waiting_seconds: float | None
