"""The life of one job: turn after turn, rests and retries, until it is done or given up. It knows no engine.

Each turn's outcome is recorded before the next begins. After a crash the same loop runs again over the recorded outcomes,
so everything here must follow from them alone; a rest belongs to the turn after it, which is not recorded yet.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NotRequired, TypedDict

from woodpecker_api.errors import AppError
from woodpecker_api.system.jobs.port import Again, Done, JobError, NextStep, Retries


class Outcome(TypedDict):
    """What is recorded of a turn: plain JSON without personal data."""

    then: Literal["done", "again", "failed"]
    rest: float  # seconds before the next turn
    until: float  # Unix time at which that rest ends
    code: NotRequired[str]
    detail: NotRequired[str]


class LeftForSuccessorError(BaseException):
    """This process stops: the job stays as it is for the next worker. No `Exception`, so nobody records it as an outcome."""


Take = Callable[[int, float, float], Outcome]
"""(failures in a row, rest in seconds, Unix time of its end) → the turn's outcome, taken now or recorded before."""


# A restart goes through a job's recorded turns one by one, about a millisecond each: longer jobs go on under a new record.
TURNS_A_RECORD = 500


@dataclass(frozen=True)
class GoesOn:
    """The job is not finished, but its record is long enough: its next turn belongs to a new one, after this rest."""

    rest: float
    until: float


def run_turns(take: Take, retries: Retries, rest: float = 0.0, until: float = 0.0) -> JobError | GoesOn | None:
    """None when the job is done, else why it was given up, or where it goes on. `rest` comes before the first turn."""
    failures, taken = 0, 0
    while True:
        outcome = take(failures, rest, until)
        taken += 1
        rest, until = outcome["rest"], outcome["until"]
        if outcome["then"] == "done":
            return None
        if outcome["then"] == "again":
            failures = 0
            if taken >= TURNS_A_RECORD:
                return GoesOn(rest, until)
            continue
        failures += 1
        if failures >= retries.attempts:
            return JobError(outcome.get("code", ""), outcome.get("detail", ""))


def rest_until(seconds: float, until: float, stopping: threading.Event) -> None:
    """Rests `seconds`, less when a part of it lies before a restart; a clock that was set back cannot make it longer.

    Raises `LeftForSuccessorError` as soon as the process stops.
    """
    left = min(seconds, until - time.time())
    if stopping.wait(left) if left > 0 else stopping.is_set():
        raise LeftForSuccessorError


def outcome_of(step: NextStep, now: float) -> Outcome:
    """How a turn that returned is recorded; `now` in Unix time."""
    match step:
        case Done():
            return {"then": "done", "rest": 0.0, "until": now}
        case Again(after_seconds=seconds):
            return {"then": "again", "rest": seconds, "until": now + seconds}


def outcome_of_error(error: Exception, failures: int, retries: Retries, now: float) -> Outcome:
    """How a turn that raised is recorded: our own sentences may be kept, foreign ones may hold personal data."""
    rest = retries.wait_before(failures + 1)
    code, detail = "internal_error", f"{type(error).__name__}; the log has the details."
    if isinstance(error, AppError):
        code, detail = error.code, error.detail
    return {"then": "failed", "rest": rest, "until": now + rest, "code": code, "detail": detail}
