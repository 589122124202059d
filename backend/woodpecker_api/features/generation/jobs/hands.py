"""The calls of one turn: those that are reserved and not begun, those under way, and what came of them."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

import structlog

from woodpecker_api.clients.anthropic.port import ClaudeApi, GenerationAnswer
from woodpecker_api.features.generation import service
from woodpecker_api.features.generation.jobs.gate import Gate
from woodpecker_api.features.generation.rules.failures import Failure
from woodpecker_api.features.generation.rules.pace import MOST_NEEDED

log = structlog.get_logger(__name__)

LONGEST_LOOK_AWAY = 0.25
"""Seconds in which a pause, a free place or the end of the process may go unnoticed."""
GATHERING = 0.1
"""Seconds that an answer waits for others to be stored with it, as long as no place stays empty meanwhile."""

Outcome = GenerationAnswer | tuple[Failure, str | None] | BaseException
"""An answer, a failure with the vendor's request id, or what our own program stumbled over."""
Come = tuple[service.Asked, Outcome]
Ready = tuple[service.Asked, ClaudeApi]
"""A reserved call and the Claude that it was reserved for: a key that is entered meanwhile does not turn it into another's."""


@dataclass
class Hands:
    """A place never waits for the writer: whoever has brought an answer takes the next reserved call at once."""

    gate: Gate
    run_id: str
    executor: Executor
    call: Callable[[service.Asked, ClaudeApi], Outcome]
    stopping: threading.Event
    under_way: int = 0
    """Calls that were begun and whose outcome `arrivals` has not given out."""
    _ready: deque[Ready] = field(default_factory=deque)
    _is_closed: bool = False
    _taking: threading.Lock = field(default_factory=threading.Lock)
    _arrived: "SimpleQueue[Come]" = field(default_factory=SimpleQueue)

    @property
    def ready(self) -> int:
        return len(self._ready)

    def add(self, asked: Iterable[service.Asked], claude: ClaudeApi) -> None:
        """Calls that are reserved, in the order in which they shall be made."""
        self._ready.extend((one, claude) for one in asked)

    def begin(self) -> None:
        """As many calls as there are places and reservations."""
        # Counted beforehand: a place that a failure frees meanwhile waits until the failure is written.
        for _ in range(self.gate.places(self.run_id)):
            if (following := self._next()) is None:
                return
            self.executor.submit(self._work, following)

    def close(self) -> None:
        """No further call begins; those under way go on."""
        with self._taking:
            self._is_closed = True

    def open(self) -> None:
        with self._taking:
            self._is_closed = False

    def withdrawn(self) -> list[service.Asked]:
        """What was reserved and is not going to be sent, once the hands are closed: it has cost nothing."""
        with self._taking:
            unsent = [asked for asked, _ in self._ready]
            self._ready.clear()
        return unsent

    def arrivals(self, needed_meanwhile: int = MOST_NEEDED) -> list[Come]:
        """What came in, some of it together; waits a moment for the first when calls are under way.

        `needed_meanwhile`: with no more reserved calls than these, nobody is waited for; below 0, others always are.
        """
        found: list[Come] = []
        patience = LONGEST_LOOK_AWAY
        until = time.monotonic() + patience
        try:
            while self.under_way > len(found):
                found.append(self._arrived.get(timeout=max(0.0, until - time.monotonic())))
                if len(found) == 1:
                    until = time.monotonic() + GATHERING
                if self.ready <= needed_meanwhile:
                    until = 0.0  # what is there already comes along, but no place shall wait
        except Empty:
            pass
        with self._taking:
            self.under_way -= len(found)
        return found

    def _next(self) -> Ready | None:
        with self._taking:
            is_over = self._is_closed or self.stopping.is_set()
            if is_over or not self._ready or not self.gate.take_place(self.run_id):
                return None
            self.under_way += 1
            return self._ready.popleft()

    def _work(self, following: Ready | None) -> None:
        """In a thread of its own."""
        while following is not None:
            asked, claude = following
            outcome = self._ask(asked, claude)
            # After a failure nobody goes on by himself: whether the others may is decided when it is written.
            following = self._next() if isinstance(outcome, GenerationAnswer) else None
            self._arrived.put((asked, outcome))

    def _ask(self, asked: service.Asked, claude: ClaudeApi) -> Outcome:
        try:
            return self.call(asked, claude)
        except Exception as error:
            log.exception("generation.call_failed", item_id=asked.item_id)
            return error
        finally:
            self.gate.leave(self.run_id)
