"""One job inside the engine: each turn is a step, whose outcome the engine records."""

import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypedDict

import structlog
from dbos import DBOS, EnqueueOptions

from woodpecker_api.system.jobs.port import Done, Job, JobContext, JobError, JobGivenUpError, NextStep, Queue
from woodpecker_api.system.jobs.turns import GoesOn, Outcome, outcome_of, outcome_of_error, rest_until, run_turns

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Part:
    """Which part of a long job this is: the job's key, a number from 0, and the rest before its first turn."""

    key: str
    number: int = 0
    rest: float = 0.0
    until: float = 0.0


class _Place(TypedDict):
    queue: str
    partition: str | None


class Runner:
    """Runs jobs until told to stop, and knows how many turns are in progress."""

    def __init__(self, still_mine: Callable[[], bool], held_since: float) -> None:
        self._still_mine = still_mine
        self._held_since = held_since
        self._stopping = threading.Event()
        self._in_progress = 0
        self._changed = threading.Condition()

    def run(self, job: Job, record_id: str, part: Part) -> None:
        """A job, or a later part of a long one; must be called inside a workflow. Raises `JobGivenUpError`."""
        ending = self._turns(job, record_id, "turn", part)
        if ending is None:
            return
        if isinstance(ending, GoesOn):
            self._go_on(job, record_id, part, ending)
            return
        tell = job.on_failed
        if tell is not None:

            def tell_room(_context: JobContext, record_id: str) -> NextStep:
                tell(record_id, ending)
                return Done()

            self._turns(Job(job.name, tell_room, retries=job.retries), record_id, "on_failed", Part(part.key))
        raise JobGivenUpError(f"{ending.code}: {ending.detail}")

    def stop(self, seconds: float) -> bool:
        """No further turn begins; whether those in progress ended within `seconds`."""
        self._stopping.set()
        with self._changed:
            return self._changed.wait_for(lambda: self._in_progress == 0, seconds)

    def _turns(self, job: Job, record_id: str, step_name: str, part: Part) -> JobError | GoesOn | None:
        def take(failures: int, rest: float, until: float) -> Outcome:
            return DBOS.run_step(
                {"name": step_name}, self._rest_and_take_turn, job, part.key, record_id, failures, rest, until
            )

        return run_turns(take, job.retries, part.rest, part.until)

    def _go_on(self, job: Job, record_id: str, part: Part, ending: GoesOn) -> None:
        """The next part waits in the same place; its own key follows from ours, so it begins once."""
        place = DBOS.run_step({"name": "place"}, _place_of, str(DBOS.workflow_id))
        options: EnqueueOptions = {
            "workflow_name": job.name,
            "queue_name": place["queue"],
            "workflow_id": f"{part.key}~{part.number + 1}",
        }
        if place["partition"] is not None:
            options["queue_partition_key"] = place["partition"]
        DBOS.enqueue_workflow_with_options(options, record_id, part.key, part.number + 1, ending.rest, ending.until)

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


def _place_of(workflow_id: str) -> _Place:
    status = DBOS.get_workflow_status(workflow_id)
    assert status is not None, "a workflow that runs is known"
    return {"queue": status.queue_name or Queue.DEFAULT.value, "partition": status.queue_partition_key}


def _log_failure(error: Exception, job: Job, key: str, failures: int) -> None:
    """Where it happened, not the exception's text: that can hold a lead's data."""
    frames = [f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in traceback.extract_tb(error.__traceback__)]
    log.warning(
        "job_turn_failed", job=job.name, key=key, failures=failures, error=type(error).__name__, frames=frames[-8:]
    )
