"""The job of a live run: many calls at a time, one writer. Answers that arrive together are stored in one transaction, and the
next calls are reserved in the same one: a lead costs about one transaction, however many there are."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from heapq import heappop, heappush
from queue import Empty, SimpleQueue

import structlog

from woodpecker_api.clients.anthropic.errors import ClaudeError
from woodpecker_api.clients.anthropic.port import ClaudeApi, GenerationAnswer
from woodpecker_api.db.session import Database
from woodpecker_api.errors import VendorKeyMissingError
from woodpecker_api.features.generation import service
from woodpecker_api.features.generation.jobs.batches import failure_of
from woodpecker_api.features.generation.jobs.gate import Gate, Usual
from woodpecker_api.features.generation.rules.failures import WAITS_ONLY, Failure
from woodpecker_api.features.generation.rules.pace import MOST_AT_ONCE
from woodpecker_api.kit.clock import Clock
from woodpecker_api.system.jobs import Again, Done, JobContext, JobError, NextStep

log = structlog.get_logger(__name__)

LONGEST_LOOK_AWAY = 0.25
"""Seconds in which a pause, a free place or the end of the process may go unnoticed."""
READ_AHEAD = 500
STUMBLED = ("internal_error", "The program could not go on with this lead; the log has the details. Try again.")

Outcome = GenerationAnswer | tuple[Failure, str | None] | BaseException
"""An answer, a failure with the vendor's request id, or what our own program stumbled over."""


@dataclass
class Crew:
    """All live runs of this process; they share the pace that the vendor allows."""

    database: Database
    claude: Callable[[], ClaudeApi]
    sandbox: Callable[[], bool | None]
    clock: Clock
    gate: Gate = field(default_factory=Gate)
    usual: Usual = field(default_factory=Usual)
    hands: Callable[[], Executor] = lambda: ThreadPoolExecutor(MOST_AT_ONCE, "write")
    monotonic: Callable[[], float] = time.monotonic
    rest: Callable[[threading.Event, float], object] = lambda stopping, seconds: stopping.wait(seconds)

    def turn(self, context: JobContext, run_id: str) -> NextStep:
        """Lasts as long as there is something to do, and ends soon after the process wants to: calls under way are waited for."""
        with self.database.writing() as db:
            spending = service.take_up(db, run_id, self.clock())
        if spending is None:
            return Done()
        with self.gate.open_for(run_id), self.hands() as hands:
            return _Shift(self, context, run_id, hands, spending).work()

    def give_up(self, run_id: str, error: JobError) -> None:
        with self.database.writing() as db:
            service.given_up(db, run_id, error.code, error.detail, self.clock())

    def call(self, asked: service.Asked) -> Outcome:
        try:
            answer = self.claude().generate(asked.request)
        except ClaudeError as error:
            quotas = self.usual.quotas(error.limits, self.clock())
            self.gate.slow_down(error.retry_after, busy=error.code in WAITS_ONLY, quotas=quotas)
            return failure_of(error), error.request_id
        except VendorKeyMissingError as error:
            return failure_of(error), None
        self.usual.learn(answer.usage)
        self.gate.went_well(self.usual.quotas(answer.limits, self.clock()))
        return answer


@dataclass
class _Shift:
    """One turn."""

    crew: Crew
    context: JobContext
    run_id: str
    hands: Executor
    spending: service.Spending
    under_way: int = 0
    is_over: bool = False
    """The run is paused, cancelled or done: no further call begins."""
    is_broke: bool = False
    """The budget takes no further call until one of those under way is settled."""
    waiting: deque[str] = field(default_factory=deque)
    resting: list[tuple[float, str]] = field(default_factory=list)
    read_to: str | None = None
    is_read: bool = False
    arrived: "SimpleQueue[tuple[service.Asked, Outcome]]" = field(default_factory=SimpleQueue)

    def work(self) -> NextStep:
        while True:
            outcomes = self._arrivals()
            item_ids = self._next_items()
            if outcomes or item_ids:
                self._write(outcomes, item_ids)
            elif not self.under_way:
                step = self._pause_for_breath()
                if step is not None:
                    return step

    @property
    def _is_closing(self) -> bool:
        return self.is_over or self.context.stopping.is_set()

    def _arrivals(self) -> list[tuple[service.Asked, Outcome]]:
        """All that came in; waits a moment for the first when calls are under way."""
        found: list[tuple[service.Asked, Outcome]] = []
        try:
            while self.under_way > len(found):
                found.append(self.arrived.get(timeout=0 if found else LONGEST_LOOK_AWAY))
        except Empty:
            pass
        self.under_way -= len(found)
        return found

    def _next_items(self) -> list[str]:
        places = 0 if self._is_closing or self.is_broke else self.crew.gate.places(self.run_id)
        found: list[str] = []
        while self.resting and len(found) < places and self.resting[0][0] <= self.crew.monotonic():
            found.append(heappop(self.resting)[1])
        while len(found) < places and self._has_waiting():
            found.append(self.waiting.popleft())
        return found

    def _has_waiting(self) -> bool:
        if not self.waiting and not self.is_read:
            with self.crew.database.reading() as db:
                ids = service.waiting_items(db, self.run_id, after=self.read_to, most=READ_AHEAD)
            self.is_read = len(ids) < READ_AHEAD
            self.read_to = ids[-1] if ids else self.read_to
            rests = {item_id for _, item_id in self.resting}
            self.waiting.extend(item_id for item_id in ids if item_id not in rests)
        return bool(self.waiting)

    def _write(self, outcomes: Sequence[tuple[service.Asked, Outcome]], item_ids: Sequence[str]) -> None:
        try:
            self._enter(outcomes, item_ids)
        except Exception:
            if len(outcomes) + len(item_ids) == 1:
                raise
            log.exception("generation.write_together_failed", run_id=self.run_id)
            self._write_one_by_one(outcomes, item_ids)

    def _write_one_by_one(self, outcomes: Sequence[tuple[service.Asked, Outcome]], item_ids: Sequence[str]) -> None:
        """One lead that cannot be written must not take the answers of the others with it: they are paid."""
        for asked, outcome in outcomes:
            try:
                self._enter([(asked, outcome)], [])
            except Exception as error:
                log.exception("generation.lead_failed", item_id=asked.item_id)
                self._enter([(asked, error)], [])
        for item_id in item_ids:
            try:
                self._enter([], [item_id])
            except Exception:
                log.exception("generation.lead_failed", item_id=item_id)
                self._give_up_item(item_id)

    def _enter(self, outcomes: Sequence[tuple[service.Asked, Outcome]], item_ids: Sequence[str]) -> None:
        """One transaction; what it decided counts only once it is committed."""
        crew, rests = self.crew, []
        with crew.database.writing() as db:
            book = service.open_book(db, self.run_id, self.spending, sandbox=crew.sandbox(), now=crew.clock())
            book.read([asked.call_id for asked, _ in outcomes])
            for asked, outcome in outcomes:
                rest = _entered(book, asked, outcome)
                if rest is not None:
                    rests.append((crew.monotonic() + rest.seconds, asked.item_id))
            taken = book.take(item_ids)
            book.close()
        self.spending, self.is_broke, self.is_over = book.spending, book.is_broke, not book.is_active
        for rest_until in rests:
            heappush(self.resting, rest_until)
        begun = {asked.item_id for asked in taken}
        if book.is_broke:  # they did not fit: they are the next ones again
            self.waiting.extendleft(reversed([item_id for item_id in item_ids if item_id not in begun]))
        for asked in taken:
            self._begin(asked)

    def _begin(self, asked: service.Asked) -> None:
        self.under_way += 1
        self.crew.gate.enter(self.run_id)
        self.hands.submit(self._ask, asked)

    def _ask(self, asked: service.Asked) -> None:
        """In a thread of its own."""
        outcome: Outcome
        try:
            outcome = self.crew.call(asked)
        except Exception as error:
            log.exception("generation.call_failed", item_id=asked.item_id)
            outcome = error
        finally:
            self.crew.gate.leave(self.run_id)
        self.arrived.put((asked, outcome))

    def _give_up_item(self, item_id: str) -> None:
        crew = self.crew
        with crew.database.writing() as db:
            book = service.open_book(db, self.run_id, self.spending, sandbox=crew.sandbox(), now=crew.clock())
            book.stumbled(item_id, *STUMBLED)
            book.close()
        self.spending = book.spending

    def _pause_for_breath(self) -> NextStep | None:
        """Nothing is under way and nothing can begin: the turn ends, or waits a moment for what rests."""
        crew = self.crew
        if self.context.stopping.is_set():
            return Again()
        if self.is_over or not (self.resting or self.waiting):
            with crew.database.writing() as db:
                is_left = service.leave(db, self.run_id, crew.clock())
            if is_left:
                return Done()
            # Something waits after all: it was tried again meanwhile, or the run goes on.
            self.is_over, self.is_read, self.read_to = False, False, None
            self.resting.clear()
            self.waiting.clear()
            return None
        due = self.resting[0][0] - crew.monotonic() if self.resting else LONGEST_LOOK_AWAY
        crew.rest(self.context.stopping, min(max(due, 0.01), LONGEST_LOOK_AWAY))
        self.is_broke = False  # other runs may have left something of the month
        self._look_whether_it_goes_on()
        return None

    def _look_whether_it_goes_on(self) -> None:
        """A pause while everything rests would otherwise be noticed only with the next call."""
        with self.crew.database.reading() as db:
            self.is_over = not service.is_active(db, self.run_id)


def _entered(book: service.Book, asked: service.Asked, outcome: Outcome) -> service.Rest | None:
    match outcome:
        case GenerationAnswer():
            return book.answered(asked, outcome)
        case BaseException():
            book.stumbled(asked.item_id, *STUMBLED)
            return None
        case failure, request_id:
            return book.failed(asked, failure, request_id)
