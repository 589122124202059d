"""The worker: takes its place, runs the jobs, gives the place back. It may live in the web process or in one of its own."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psycopg
import structlog

from woodpecker_api.db.session import Database
from woodpecker_api.system.jobs.housekeeping import forget_finished
from woodpecker_api.system.jobs.port import Job, Schedule
from woodpecker_api.system.jobs.running import Running
from woodpecker_api.system.jobs.slots import Slot, take_slot

log = structlog.get_logger(__name__)

# How often a waiting worker tries again for a place, and a working one looks whether it still has it.
LOOK_SECONDS = 1.0
DRAIN_SECONDS = 4.0


class Worker:
    """Runs jobs in background threads from `start` to `stop`. One per process."""

    def __init__(
        self,
        database: Database,
        data_dir: Path,
        jobs: Sequence[Job],
        schedules: Sequence[Schedule] = (),
        *,
        generation_at_once: int = 8,
        may_work: Callable[[], bool] = lambda: True,
    ) -> None:
        """`may_work` is asked every second: while it says no, jobs rest where they are and the place is free."""
        self._may_work = may_work
        self._database = database
        self._data_dir = data_dir
        self._jobs = jobs
        self._schedules = (*schedules, forget_finished(database))
        self._generation_at_once = generation_at_once
        self._end = threading.Event()
        self._working = threading.Event()
        self._drained = True
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Returns at once; when another worker has the place, this one waits for it and takes over within about 2 s."""
        self._end.clear()
        self._thread = threading.Thread(target=self._live, name="worker", daemon=True)
        self._thread.start()

    @property
    def is_working(self) -> bool:
        """Whether this process has the place and runs jobs."""
        return self._working.is_set()

    def wait_until_working(self, timeout: float) -> bool:
        return self._working.wait(timeout)

    def stop(self) -> bool:
        """Lets turns in progress end (at most 4 s) and gives the place back.

        False when a turn is still in progress: its thread would hold up the process, which should then end itself by
        `os._exit`; the turn is done again by the next worker.
        """
        self._end.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        return self._drained

    def _live(self) -> None:
        waiting = False
        while not self._end.is_set():
            slot = self._try_for_slot() if self._may_work() else None
            if slot is None:
                if not waiting:
                    log.info("worker_waits_for_its_place")
                waiting = True
                self._end.wait(LOOK_SECONDS)
                continue
            waiting = False
            try:
                self._work(slot)
            except Exception:
                log.exception("worker_failed", slot=slot.name)
                self._end.wait(LOOK_SECONDS)
            finally:
                slot.release()

    def _try_for_slot(self) -> Slot | None:
        try:
            return take_slot(self._database.engine, self._data_dir)
        except (OSError, psycopg.Error) as error:
            log.warning("worker_cannot_ask_for_its_place", error=type(error).__name__)
            return None

    def _work(self, slot: Slot) -> None:
        running = Running(self._database, slot, time.monotonic())
        try:
            running.launch(self._jobs, self._schedules, generation_at_once=self._generation_at_once)
            running.take_over_from_the_dead()
            self._working.set()
            log.info("worker_started", slot=slot.name)
            while not self._end.wait(LOOK_SECONDS):
                if not slot.holds():
                    log.error("worker_lost_its_place", slot=slot.name)
                    return
                if not self._may_work():
                    log.info("worker_rests", slot=slot.name)
                    return
                if slot.shared:
                    running.take_over_from_the_dead()
        finally:
            self._working.clear()
            self._drained = running.shut_down(DRAIN_SECONDS)
            log.info("worker_stopped", slot=slot.name, drained=self._drained)
