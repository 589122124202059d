"""The job of a live run: many calls at a time, one writer. Answers that arrive together are stored in one transaction, and the
next calls are reserved in the same one, some of them ahead: a lead costs a fraction of a transaction, and no place waits for one."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from heapq import heappop, heappush

import structlog

from woodpecker_api.clients.anthropic.errors import ClaudeError
from woodpecker_api.clients.anthropic.port import ClaudeApi, GenerationAnswer
from woodpecker_api.db.session import Database
from woodpecker_api.errors import VendorKeyMissingError
from woodpecker_api.features.generation import service
from woodpecker_api.features.generation.jobs.batches import failure_of
from woodpecker_api.features.generation.jobs.gate import Gate, Usual
from woodpecker_api.features.generation.jobs.hands import LONGEST_LOOK_AWAY, Come, Hands, Outcome
from woodpecker_api.features.generation.rules.failures import WAITS_ONLY
from woodpecker_api.features.generation.rules.pace import MOST_AT_ONCE, ahead, needed_meanwhile
from woodpecker_api.kit.clock import Clock
from woodpecker_api.system.jobs import Again, Done, JobContext, JobError, NextStep

log = structlog.get_logger(__name__)

READ_AHEAD = 500
STUMBLED = ("internal_error", "The program could not go on with this lead; the log has the details. Try again.")


@dataclass
class Crew:
    """All live runs of this process; they share the pace that the vendor allows."""

    database: Database
    claude: Callable[[], ClaudeApi]
    sandbox: Callable[[], bool | None]
    clock: Clock
    gate: Gate = field(default_factory=Gate)
    usual: Usual = field(default_factory=Usual)
    threads: Callable[[], Executor] = lambda: ThreadPoolExecutor(MOST_AT_ONCE, "write")
    monotonic: Callable[[], float] = time.monotonic
    rest: Callable[[threading.Event, float], object] = lambda stopping, seconds: stopping.wait(seconds)

    def turn(self, context: JobContext, run_id: str) -> NextStep:
        """Lasts as long as there is something to do, and ends soon after the process wants to: calls under way are waited for."""
        with self.database.writing() as db:
            spending = service.take_up(db, run_id, self.clock())
        if spending is None:
            return Done()
        with self.gate.open_for(run_id), self.threads() as threads:
            hands = Hands(self.gate, run_id, threads, self.call, context.stopping)
            try:
                return _Shift(self, context, run_id, hands, spending).work()
            finally:
                hands.close()

    def give_up(self, run_id: str, error: JobError) -> None:
        with self.database.writing() as db:
            service.given_up(db, run_id, error.code, error.detail, self.clock())

    def present_claude(self) -> tuple[ClaudeApi | None, bool | None]:
        """Who would answer now, and whether that is the sandbox. The client is looked up first: when a key is entered or removed
        between the two, the answer to the second no longer fits the run, and nothing is sent."""
        try:
            claude = self.claude()
        except VendorKeyMissingError:
            return None, None
        return claude, self.sandbox()

    def call(self, asked: service.Asked, claude: ClaudeApi) -> Outcome:
        try:
            answer = claude.generate(asked.request)
        except ClaudeError as error:
            quotas = self.usual.quotas(error.limits, self.clock())
            self.gate.slow_down(error.retry_after, busy=error.code in WAITS_ONLY, quotas=quotas)
            return failure_of(error), error.request_id
        self.usual.learn(answer.usage)
        self.gate.went_well(self.usual.quotas(answer.limits, self.clock()))
        return answer


@dataclass
class _Shift:
    """One turn: what is waiting is reserved, what arrived is stored."""

    crew: Crew
    context: JobContext
    run_id: str
    hands: Hands
    spending: service.Spending
    is_over: bool = False
    """The run is paused, cancelled or done: no further call begins."""
    is_broke: bool = False
    """The budget takes no further call until one of those under way is settled."""
    came_together: int = 0
    waiting: deque[str] = field(default_factory=deque)
    resting: list[tuple[float, str]] = field(default_factory=list)
    read_to: str | None = None
    is_read: bool = False

    def work(self) -> NextStep:
        while True:
            outcomes = self.hands.arrivals(self._needed_meanwhile)
            item_ids, unsent = self._next_items(len(outcomes)), self._unsent()
            if outcomes or item_ids or unsent:
                self._write(outcomes, item_ids, unsent)
            self.hands.begin()
            if not (outcomes or item_ids or unsent or self.hands.under_way):
                step = self._pause_for_breath()
                if step is not None:
                    return step

    @property
    def _needed_meanwhile(self) -> int:
        # The last calls are under way: no place waits for another, whenever these are stored.
        is_all_begun = self.is_read and not self.waiting and not self.hands.ready
        return -1 if is_all_begun else needed_meanwhile(self.came_together)

    @property
    def _is_closing(self) -> bool:
        return self.is_over or self.context.stopping.is_set()

    def _unsent(self) -> list[service.Asked]:
        """Reservations that nobody needs any more."""
        if not self._is_closing:
            return []
        self.hands.close()
        return self.hands.withdrawn()

    def _next_items(self, came: int) -> list[str]:
        self.came_together = came or self.came_together
        wanted = 0
        if not (self._is_closing or self.is_broke):
            wanted = self.crew.gate.places(self.run_id) + ahead(self.came_together) - self.hands.ready
        found: list[str] = []
        while self.resting and len(found) < wanted and self.resting[0][0] <= self.crew.monotonic():
            found.append(heappop(self.resting)[1])
        while len(found) < wanted and self._has_waiting():
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

    def _write(self, outcomes: Sequence[Come], item_ids: Sequence[str], unsent: Sequence[service.Asked]) -> None:
        try:
            self._enter(outcomes, item_ids, unsent)
        except Exception:
            if len(outcomes) + len(item_ids) + len(unsent) == 1:
                raise
            log.exception("generation.write_together_failed", run_id=self.run_id)
            self._write_one_by_one(outcomes, item_ids, unsent)

    def _write_one_by_one(
        self, outcomes: Sequence[Come], item_ids: Sequence[str], unsent: Sequence[service.Asked]
    ) -> None:
        """One lead that cannot be written must not take the answers of the others with it: they are paid."""
        for asked, outcome in outcomes:
            try:
                self._enter([(asked, outcome)], [], [])
            except Exception as error:
                log.exception("generation.lead_failed", item_id=asked.item_id)
                self._enter([(asked, error)], [], [])
        for item_id in item_ids:
            self._enter_or_give_up(item_id, [item_id], [])
        for asked in unsent:
            self._enter_or_give_up(asked.item_id, [], [asked])

    def _enter_or_give_up(self, item_id: str, item_ids: Sequence[str], unsent: Sequence[service.Asked]) -> None:
        try:
            self._enter([], item_ids, unsent)
        except Exception:
            log.exception("generation.lead_failed", item_id=item_id)
            self._give_up_item(item_id)

    def _enter(self, outcomes: Sequence[Come], item_ids: Sequence[str], unsent: Sequence[service.Asked]) -> None:
        """One transaction; what it decided counts only once it is committed."""
        crew, rests = self.crew, []
        # Asked only for new calls: what has come is stored whoever would answer now.
        claude, sandbox = crew.present_claude() if item_ids else (None, None)
        with crew.database.writing() as db:
            book = service.open_book(db, self.run_id, self.spending, sandbox=sandbox, now=crew.clock())
            book.read([asked.call_id for asked, _ in outcomes])
            for asked, outcome in outcomes:
                rest = _entered(book, asked, outcome)
                if rest is not None:
                    rests.append((crew.monotonic() + rest.seconds, asked.item_id))
            book.put_back(unsent)
            taken = book.take(item_ids) if item_ids else []
            book.close()
        self.spending, self.is_broke, self.is_over = book.spending, book.is_broke, not book.is_active
        if self.is_over:
            self.hands.close()
        else:
            self.hands.open()
        for rest_until in rests:
            heappush(self.resting, rest_until)
        self.waiting.extendleft(asked.item_id for asked in reversed(unsent))
        begun = {asked.item_id for asked in taken}
        if book.is_broke:  # they did not fit: they are the next ones again
            self.waiting.extendleft(reversed([item_id for item_id in item_ids if item_id not in begun]))
        if claude is not None:
            self.hands.add(taken, claude)

    def _give_up_item(self, item_id: str) -> None:
        crew = self.crew
        with crew.database.writing() as db:
            book = service.open_book(db, self.run_id, self.spending, sandbox=None, now=crew.clock())
            book.stumbled(item_id, *STUMBLED)
            book.close()
        self.spending = book.spending

    def _pause_for_breath(self) -> NextStep | None:
        """Nothing is under way and nothing can begin: the turn ends, or waits a moment for what rests."""
        crew = self.crew
        if self.hands.ready:  # the vendor asks to wait, or the turn is about to end: then they are given back first
            if not self._is_closing:
                crew.rest(self.context.stopping, LONGEST_LOOK_AWAY)
                self._look_whether_it_goes_on()
            return None
        if self.context.stopping.is_set():
            return Again()
        if self.is_over or not (self.resting or self.waiting):
            with crew.database.writing() as db:
                is_left = service.leave(db, self.run_id, crew.clock())
            if is_left:
                return Done()
            # Something waits after all: it was tried again meanwhile, or the run goes on.
            self.is_over, self.is_read, self.read_to = False, False, None
            self.hands.open()
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
