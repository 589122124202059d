"""How many calls are under way at a time, over all threads of this process."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from math import ceil

from woodpecker_api.clients.anthropic.port import RateLimits, TokenUsage
from woodpecker_api.features.generation.rules.pace import Pace, Quota


class Gate:
    """Lets so many calls through at a time as the pace allows, and none while the vendor asks to wait. Runs that write at the
    same time share the places, so that one lead written anew does not wait behind a thousand."""

    def __init__(self, pace: Pace | None = None, now: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace or Pace()
        self._now = now
        self._inside: dict[str, int] = {}
        self._changed = threading.Lock()

    @contextmanager
    def open_for(self, run_id: str) -> Iterator[None]:
        """While it lasts, the run has its share of the places."""
        with self._changed:
            self._inside[run_id] = 0
        try:
            yield
        finally:
            with self._changed:
                del self._inside[run_id]

    def places(self, run_id: str) -> int:
        """How many more calls this run may begin now."""
        with self._changed:
            return self._places(run_id)

    def take_place(self, run_id: str) -> bool:
        """Whether a call may begin now; it then has a place until `leave`."""
        with self._changed:
            if self._places(run_id) == 0:
                return False
            self._inside[run_id] += 1
            return True

    def _places(self, run_id: str) -> int:
        free = self._pace.most_now(self._now()) - sum(self._inside.values())
        share = ceil(self._pace.at_once / len(self._inside)) - self._inside[run_id]
        return max(0, min(free, share))

    def leave(self, run_id: str) -> None:
        with self._changed:
            self._inside[run_id] -= 1

    def went_well(self, quotas: Sequence[Quota] = ()) -> None:
        """`quotas`: what the answer said of the vendor's limits."""
        with self._changed:
            self._pace = self._pace.faster().told(quotas, self._now())

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
