"""Who writes next: SQLite takes one writer at a time, and its own waiting is a lottery that the longest waiter loses.

Each waiter asks again after a while of its own, up to 100 ms, so whoever comes new is ahead of who has waited long: of
20 threads that wrote all the time, some got nothing in ten seconds. Here the threads of a process stand in a queue, and
only its first asks SQLite, often enough to have its share beside other processes.
"""

import threading
import time
from collections import deque
from typing import Any

# The pause between two looks of the first in the queue.
LOOK_SECONDS = 0.002
# After so many turns in a row a process with a queue leaves a gap that another process meets for certain.
TURNS_IN_A_ROW = 8


class Turns:
    """A queue of threads, first come first served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.waiting: deque[threading.Lock] = deque()
        self._taken = False
        self._in_a_row = 0

    def take(self, seconds: float) -> bool:
        """Waits for this thread's turn; False when it did not come within that time."""
        with self._lock:
            if not self._taken:
                self._taken, self._in_a_row = True, 0
                return True
            bell = threading.Lock()
            bell.acquire()
            self.waiting.append(bell)
        if bell.acquire(timeout=seconds):
            return True
        with self._lock:
            # It may have rung just now: then the turn is this thread's after all.
            if bell not in self.waiting:
                return True
            self.waiting.remove(bell)
        return False

    def give_back(self) -> None:
        """To the next in the queue. By any thread: a request's transaction ends in another one than it began in."""
        with self._lock:
            if self.waiting:
                self._in_a_row += 1
                self.waiting.popleft().release()
            else:
                self._taken = False

    @property
    def others_are_due(self) -> bool:
        """Whether another process should find a gap now."""
        return self._in_a_row > 0 and self._in_a_row % TURNS_IN_A_ROW == 0


class WaitsForItsTurn:
    """The driver's connection, whose writing transactions queue. Everything else is the driver's."""

    turns: Turns
    busy_timeout_ms: int
    _has_turn = False

    def begin_writing(self) -> bool:
        """False when the database stayed locked for the whole time."""
        end = time.monotonic() + self.busy_timeout_ms / 1000
        self._has_turn = self.turns.take(self.busy_timeout_ms / 1000)
        begun = False
        try:
            begun = self._begin_until(end)
        finally:
            if not begun:
                self._give_back()
        return begun

    def commit(self) -> None:
        try:
            super().commit()  # type: ignore[misc]  # of the driver's class, which stands behind this one
        finally:
            self._give_back()

    def rollback(self) -> None:
        try:
            super().rollback()  # type: ignore[misc]
        finally:
            self._give_back()

    def close(self) -> None:
        try:
            super().close()  # type: ignore[misc]
        finally:
            self._give_back()

    def _begin_until(self, end: float) -> bool:
        driver: Any = self
        if self.turns.others_are_due:
            time.sleep(2 * LOOK_SECONDS)
        # Asked again by us, not by SQLite: its pauses grow to 100 ms, and the gaps between writers are shorter.
        driver.execute("PRAGMA busy_timeout=0")
        try:
            while not _begins(driver):
                if time.monotonic() >= end:
                    return False
                time.sleep(LOOK_SECONDS)
        finally:
            driver.execute(f"PRAGMA busy_timeout={self.busy_timeout_ms}")
        return True

    def _give_back(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self.turns.give_back()


def _begins(driver: Any) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except Exception as error:
        # By its name: which driver it is, is chosen at run time.
        if not str(getattr(error, "sqlite_errorname", "")).startswith("SQLITE_BUSY"):
            raise
        return False
    return True


def connection_class(module: Any, busy_timeout_ms: int) -> type[Any]:
    """A class of connections that share one queue: one for each engine."""
    members = {"turns": Turns(), "busy_timeout_ms": busy_timeout_ms}
    return type("QueuedConnection", (WaitsForItsTurn, module.Connection), members)
