"""One job inside the engine: each turn is a step, whose outcome the engine records."""

import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from dbos import DBOS

from woodpecker_api.system.jobs.port import Done, Job, JobContext, JobError, JobGivenUpError, NextStep
from woodpecker_api.system.jobs.turns import Outcome, outcome_of, outcome_of_error, rest_until, run_turns

log = structlog.get_logger(__name__)


class Runner:
    """Runs jobs until told to stop, and knows how many turns are in progress."""

    def __init__(self, still_mine: Callable[[], bool], held_since: float) -> None:
        self._still_mine = still_mine
        self._held_since = held_since
        self._stopping = threading.Event()
        self._in_progress = 0
        self._changed = threading.Condition()

    def run(self, job: Job, record_id: str) -> None:
        """A whole job; must be called inside a workflow. Raises `JobGivenUpError` when it is given up."""
        given_up = self._turns(job, record_id, "turn")
        if given_up is None:
            return
        tell = job.on_failed
        if tell is not None:

            def tell_room(_context: JobContext, record_id: str) -> NextStep:
                tell(record_id, given_up)
                return Done()

            self._turns(Job(job.name, tell_room, retries=job.retries), record_id, "on_failed")
        raise JobGivenUpError(f"{given_up.code}: {given_up.detail}")

    def stop(self, seconds: float) -> bool:
        """No further turn begins; whether those in progress ended within `seconds`."""
        self._stopping.set()
        with self._changed:
            return self._changed.wait_for(lambda: self._in_progress == 0, seconds)

    def _turns(self, job: Job, record_id: str, step_name: str) -> JobError | None:
        key = str(DBOS.workflow_id)

        def take(failures: int, rest: float, until: float) -> Outcome:
            return DBOS.run_step(
                {"name": step_name}, self._rest_and_take_turn, job, key, record_id, failures, rest, until
            )

        return run_turns(take, job.retries)

    def _rest_and_take_turn(
        self, job: Job, key: str, record_id: str, failures: int, rest: float, until: float
    ) -> Outcome:
        rest_until(rest, until, self._stopping)
        context = JobContext(key, failures, self._stopping, self._still_mine, self._held_since)
        with self._one_turn():
            try:
                return outcome_of(job.handler(context, record_id), time.time())
            except Exception as error:  # noqa: BLE001 - whatever a room raises is a failed turn
                _log_failure(error, job, key, failures + 1)
                return outcome_of_error(error, failures, job.retries, time.time())

    @contextmanager
    def _one_turn(self) -> Iterator[None]:
        with self._changed:
            self._in_progress += 1
        try:
            yield
        finally:
            with self._changed:
                self._in_progress -= 1
                self._changed.notify_all()


def _log_failure(error: Exception, job: Job, key: str, failures: int) -> None:
    """Where it happened, not the exception's text: that can hold a lead's data."""
    frames = [f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in traceback.extract_tb(error.__traceback__)]
    log.warning(
        "job_turn_failed", job=job.name, key=key, failures=failures, error=type(error).__name__, frames=frames[-8:]
    )
