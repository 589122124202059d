"""How many calls are under way at a time, over all threads of this process."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from math import ceil

from woodpecker_api.clients.anthropic.port import RateLimits, TokenUsage
from woodpecker_api.features.generation.rules.pace import Pace, Quota


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

    def went_well(self, quotas: Sequence[Quota] = ()) -> None:
        """`quotas`: what the answer said of the vendor's limits."""
        with self._changed:
            self._pace = self._pace.faster().told(quotas, self._now())
            self._changed.notify()

    def slow_down(self, retry_after: float | None, *, busy: bool, quotas: Sequence[Quota] = ()) -> None:
        """`busy`: the vendor refused because of the amount; another failure says nothing about the pace."""
        with self._changed:
            if busy:
                self._pace = self._pace.slower(self._now(), retry_after)
            self._pace = self._pace.told(quotas, self._now())


class Usual:
    """What one call takes of each limit, learned from the answers: the vendor tells what is left, not how many calls that is."""

    def __init__(self) -> None:
        self._input = self._output = 0.0

    def learn(self, usage: TokenUsage) -> None:
        # What is read from the cache does not count against the limit of input tokens.
        self._input = _smooth(self._input, usage.input + usage.cache_write)
        self._output = _smooth(self._output, usage.output)

    def quotas(self, limits: RateLimits, now: datetime) -> list[Quota]:
        """The limits that were told and that we know our share of."""
        of_each = (
            (limits.requests, 1.0),
            (limits.input_tokens, self._input),
            (limits.output_tokens, self._output),
            (limits.tokens, self._input + self._output),
        )
        return [
            Quota(window.remaining, ceil(one), (window.reset_at - now).total_seconds())
            for window, one in of_each
            if window is not None and window.remaining is not None and window.reset_at is not None and one > 0
        ]


def _smooth(known: float, seen: int) -> float:
    return float(seen) if known == 0 else known * 0.8 + seen * 0.2
