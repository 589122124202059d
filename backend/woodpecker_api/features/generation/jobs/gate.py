"""How many calls are under way at a time, over all threads of this process."""

import threading
import time
from collections.abc import Callable

from woodpecker_api.features.generation.rules.pace import Pace


class Gate:
    """Lets so many calls through at a time as the pace allows, and none while the vendor asks to wait."""

    def __init__(self, pace: Pace | None = None, now: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace or Pace()
        self._now = now
        self._inside = 0
        self._changed = threading.Condition()

    def enter(self, seconds: float, stopping: threading.Event) -> bool:
        """Waits for a place. False when there was none in time, or when the process ends."""
        deadline = self._now() + seconds
        with self._changed:
            while not self._pace.allows(self._inside, self._now()):
                left = deadline - self._now()
                if left <= 0 or stopping.is_set():
                    return False
                self._changed.wait(min(left, 0.25))
            self._inside += 1
            return True

    def leave(self) -> None:
        with self._changed:
            self._inside -= 1
            self._changed.notify()

    def went_well(self) -> None:
        with self._changed:
            self._pace = self._pace.faster()
            self._changed.notify()

    def slow_down(self, retry_after: float | None, *, busy: bool) -> None:
        if busy:
            with self._changed:
                self._pace = self._pace.slower(self._now(), retry_after)
