"""Calls that are reserved ahead: a place never waits for the writer, and what was not sent is given back."""

import threading
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders as make
from tests.features.generation.conftest import OFFER
from tests.features.generation.fakes import MODEL, ScriptedClaude, Workshop, a_context, an_answer
from woodpecker_api.clients.anthropic import errors
from woodpecker_api.clients.anthropic.port import AnswerProblem, GenerationRequest
from woodpecker_api.features.generation import service
from woodpecker_api.features.generation.jobs.gate import Gate
from woodpecker_api.features.generation.jobs.hands import Hands
from woodpecker_api.features.generation.models import CallStatus, GenerationCall, GenerationItem, ItemStatus
from woodpecker_api.features.generation.rules.failures import Failure
from woodpecker_api.features.generation.rules.pace import MOST_AHEAD, MOST_NEEDED, Pace, ahead, needed_meanwhile
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.system.audit.service import SYSTEM

REQUEST = GenerationRequest(MODEL, (), "", {"properties": {"snippet_1": {}}}, 100)
CLAUDE = ScriptedClaude()


def some_calls(count: int) -> list[service.Asked]:
    return [service.Asked(f"item {number}", f"call {number}", REQUEST) for number in range(count)]


@pytest.fixture
def hired():
    """Makes hands over `at_once` places; their calls are answered by `call`. The threads end with the test."""
    with ExitStack() as ends:

        def hire(call: Callable[..., object], at_once: int = 1, stopping: threading.Event | None = None) -> Hands:
            gate = Gate(Pace(at_once=at_once, most=at_once))
            ends.enter_context(gate.open_for("run"))
            threads = ends.enter_context(ThreadPoolExecutor(at_once))
            return Hands(gate, "run", threads, call, stopping or threading.Event())

        yield hire


def well(asked, _claude):
    return an_answer(asked.request)


def everything(hands: Hands, count: int) -> list[str]:
    found: list[str] = []
    while len(found) < count:
        came = hands.arrivals()
        assert came or hands.under_way, f"only {found} came"
        found += [asked.item_id for asked, _ in came]
    return found


def test_a_place_takes_the_next_reserved_call_without_the_writer(hired):
    """Nobody calls `begin` again, and nobody collects what came: still all are made, in their order."""
    hands = hired(well)
    hands.add(some_calls(5), CLAUDE)
    hands.begin()
    assert everything(hands, 5) == [f"item {number}" for number in range(5)]
    assert (hands.ready, hands.under_way) == (0, 0)


def test_no_more_calls_are_under_way_than_there_are_places(hired):
    inside, most, lock = [], [], threading.Lock()

    def call(asked, _claude):
        with lock:
            inside.append(asked)
            most.append(len(inside))
        answer = an_answer(asked.request)
        with lock:
            inside.remove(asked)
        return answer

    hands = hired(call, at_once=3)
    hands.add(some_calls(60), CLAUDE)
    hands.begin()
    everything(hands, 60)
    assert max(most) <= 3


def test_after_a_failure_a_place_waits_for_the_writer(hired):
    hands = hired(lambda *_: (Failure("claude_key_refused", "No.", permanent=True), None))
    hands.add(some_calls(3), CLAUDE)
    hands.begin()
    assert everything(hands, 1) == ["item 0"]
    assert hands.arrivals() == []
    assert hands.ready == 2
    hands.begin()
    assert everything(hands, 1) == ["item 1"]


def test_closed_hands_begin_nothing_and_give_back_what_was_not_sent(hired):
    begun, go_on = threading.Event(), threading.Event()

    def call(asked, _claude):
        begun.set()
        assert go_on.wait(10)
        return an_answer(asked.request)

    hands = hired(call)
    hands.add(some_calls(4), CLAUDE)
    hands.begin()
    assert begun.wait(10)
    hands.close()
    go_on.set()
    assert everything(hands, 1) == ["item 0"], "what is under way goes on"
    assert [asked.item_id for asked in hands.withdrawn()] == ["item 1", "item 2", "item 3"]
    assert (hands.ready, hands.withdrawn()) == (0, [])
    hands.add(some_calls(1), CLAUDE)
    hands.begin()
    assert hands.arrivals() == []
    hands.open()
    hands.begin()
    assert everything(hands, 1) == ["item 0"]


def test_a_process_that_ends_begins_nothing(hired):
    stopping = threading.Event()
    hands = hired(well, stopping=stopping)
    stopping.set()
    hands.add(some_calls(2), CLAUDE)
    hands.begin()
    assert hands.arrivals() == []
    assert len(hands.withdrawn()) == 2


def test_a_stumble_of_our_own_frees_the_place_and_is_told(hired):
    def call(asked, _claude):
        raise RuntimeError("a bug of ours")

    hands = hired(call)
    hands.add(some_calls(2), CLAUDE)
    for _ in range(2):
        hands.begin()
        while not (came := hands.arrivals()):
            assert hands.under_way
        assert [type(outcome) for _, outcome in came] == [RuntimeError]


def test_a_call_is_made_by_the_claude_it_was_reserved_for(hired):
    """A key that is entered meanwhile must not send a sandbox run's texts to the real vendor."""
    asked_of: list[object] = []

    def call(asked, claude):
        asked_of.append(claude)
        return an_answer(asked.request)

    first, second = ScriptedClaude(), ScriptedClaude()
    hands = hired(call)
    hands.add(some_calls(2), first)
    hands.add(some_calls(1), second)
    hands.begin()
    everything(hands, 3)
    assert [one is first for one in asked_of] == [True, True, False]


def test_few_calls_are_reserved_ahead_with_a_slow_vendor_and_never_many():
    assert [ahead(came) for came in (0, 1, 2, 100)] == [0, 2, 4, MOST_AHEAD]


def test_answers_that_came_one_by_one_soon_come_together():
    """As many are waited for as may be used up meanwhile: that must be more than came last time, or it never becomes more."""
    came = [1]
    for _ in range(7):
        came.append(ahead(came[-1]) - needed_meanwhile(came[-1]))
    assert came == sorted(came)
    assert came[-1] >= MOST_AHEAD - MOST_NEEDED


@given(st.integers(0, 100))
def test_calls_remain_for_the_time_in_which_answers_are_stored(came):
    assert 2 * needed_meanwhile(came) <= ahead(came)
    assert came < 2 or needed_meanwhile(came) > 0


def test_answers_are_stored_at_once_when_hardly_a_reserved_call_is_left(hired):
    held = threading.Event()

    def call(asked, claude):
        assert asked.item_id == "item 0" or held.wait(10)
        return well(asked, claude)

    hands = hired(call)
    hands.add(some_calls(3), CLAUDE)
    hands.begin()
    came = hands.arrivals(needed_meanwhile=1)
    held.set()
    assert [asked.item_id for asked, _ in came] == ["item 0"]
    everything(hands, 2)


def test_the_last_answers_are_stored_together(hired):
    """No place waits for them: nothing is left that it could take."""
    hands = hired(well)
    hands.add(some_calls(4), CLAUDE)
    hands.begin()
    assert len(hands.arrivals(needed_meanwhile=-1)) == 4


# The same through a whole turn, on a real database.


class HeldClaude(ScriptedClaude):
    """Answers in threads; `meanwhile` is done once, while the call with the number `at` is under way."""

    meanwhile: Callable[[], None] = staticmethod(lambda: None)
    at = 3

    def generate(self, request: GenerationRequest):
        try:
            return super().generate(request)
        finally:
            if len(self.asked) == self.at:
                self.meanwhile()


@pytest.fixture
def busy(database):
    workshop = Workshop(database, HeldClaude())
    crew = workshop.crew
    crew.gate, crew.threads = Gate(Pace(at_once=1, most=1)), lambda: ThreadPoolExecutor(1)
    return workshop


@pytest.fixture
def many(database):
    with database.writing() as db:
        return [make.a_lead(db).id for _ in range(30)]


def started(workshop, lead_ids):
    order = service.Order(lead_ids, OFFER, None, sandbox=True)
    with workshop.database.writing() as db:
        return service.start(db, workshop.jobs, SYSTEM, order, workshop.clock()).run.id


def ledger(database, run_id):
    with database.reading() as db:
        calls = list(db.scalars(sa.select(GenerationCall).where(GenerationCall.run_id == run_id)))
        items = list(db.scalars(sa.select(GenerationItem).where(GenerationItem.run_id == run_id)))
    return calls, items


def in_order(calls, items, asked):
    """Whatever happened: nothing is open, only what was sent is charged, and an item tried as often as it was sent."""
    assert [call.id for call in calls if call.status == CallStatus.RESERVED] == []
    sent = [call for call in calls if call.error_code != "not_sent"]
    assert len(sent) == len(asked)
    assert all(call.charged_micros == 0 for call in calls if call.error_code == "not_sent")
    assert [item.id for item in items if item.status == ItemStatus.RUNNING] == []
    assert sum(item.attempts for item in items) == len(sent)


@pytest.mark.parametrize("steer", ["pause", "cancel"])
def test_what_was_reserved_ahead_is_given_back(busy, many, steer):
    run_id = started(busy, many)

    def meanwhile():
        with busy.database.writing() as db:
            run = service.get_run(db, run_id)
            if steer == "pause":
                service.pause(db, SYSTEM, run)
            else:
                service.cancel(db, busy.jobs, SYSTEM, run, busy.clock())

    busy.claude.meanwhile = meanwhile
    busy.work()
    calls, items = ledger(busy.database, run_id)
    in_order(calls, items, busy.claude.asked)
    assert len(busy.claude.asked) < len(many)
    rest = ItemStatus.QUEUED if steer == "pause" else ItemStatus.CANCELLED
    assert {item.status for item in items} == {ItemStatus.DONE, rest}
    if steer == "cancel":
        with busy.database.reading() as db:
            statuses = set(db.scalars(sa.select(Lead.status)))
        assert statuses == {LeadStatus.DRAFTED, LeadStatus.IMPORTED}
        return
    with busy.database.writing() as db:
        service.resume(db, busy.jobs, SYSTEM, service.get_run(db, run_id))
    busy.work()
    calls, items = ledger(busy.database, run_id)
    in_order(calls, items, busy.claude.asked)
    assert {item.status for item in items} == {ItemStatus.DONE}
    assert len(busy.claude.asked) == len(many)


def test_a_process_that_ends_charges_nothing_for_what_it_had_reserved_ahead(busy, many):
    run_id = started(busy, many)
    (key,) = busy.jobs.waiting
    context = a_context(key)
    busy.claude.meanwhile = context.stopping.set
    busy.crew.turn(context, run_id)
    calls, items = ledger(busy.database, run_id)
    in_order(calls, items, busy.claude.asked)
    assert len(busy.claude.asked) < len(many)
    assert {call.status for call in calls} <= {CallStatus.SETTLED, CallStatus.RELEASED}
    busy.work()
    calls, items = ledger(busy.database, run_id)
    assert {item.status for item in items} == {ItemStatus.DONE}
    assert sum(call.status == CallStatus.SETTLED for call in calls) == len(many)


def test_an_end_of_the_money_gives_back_what_was_reserved_ahead(busy, many):
    """The vendor's own limit: everybody after the one who met it waits, unpaid."""
    run_id = started(busy, many)
    busy.claude.script = deque([None] * 6 + [errors.ClaudeSpendLimitError()])
    busy.work()
    calls, items = ledger(busy.database, run_id)
    in_order(calls, items, busy.claude.asked)
    assert len(busy.claude.asked) == 7
    assert {item.status for item in items} == {ItemStatus.DONE, ItemStatus.QUEUED}


def test_a_crash_leaves_what_was_reserved_ahead_charged_at_its_worst_case(database, many):
    """Nobody can tell then whether it was sent. The next turn asks again, and stores each lead once."""
    workshop = Workshop(database, ScriptedClaude())
    run_id = started(workshop, many)
    workshop.claude.script = deque([None] * 4 + [KeyboardInterrupt("the process was killed")])
    with pytest.raises(KeyboardInterrupt):
        workshop.work()
    calls, _ = ledger(database, run_id)
    open_ones = {call.id for call in calls if call.status == CallStatus.RESERVED}
    assert len(open_ones) > 1, "some were reserved ahead"
    workshop.work()
    calls, items = ledger(database, run_id)
    lost = {call.id for call in calls if call.status == CallStatus.UNCERTAIN}
    assert lost == open_ones
    assert all(call.charged_micros == call.reserved_micros for call in calls if call.id in lost)
    assert {item.status for item in items} == {ItemStatus.DONE}
    assert sum(call.status == CallStatus.SETTLED for call in calls) == len(many)


FATES = st.sampled_from(
    [
        None,
        None,
        None,
        errors.ClaudeRateLimitError(retry_after=1),
        errors.ClaudeServerError(),
        errors.ClaudeConnectionLostError(may_have_been_charged=True),
        errors.ClaudeRequestError("too large"),
        AnswerProblem.TRUNCATED,
        AnswerProblem.REFUSED,
    ]
)


@given(
    fates=st.lists(FATES, max_size=12),
    at_once=st.integers(1, 4),
    at=st.integers(1, 12),
    steer=st.sampled_from(["nothing", "pause", "cancel", "stop"]),
    calls_in_budget=st.none() | st.integers(1, 10),
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_nothing_stays_open_and_nothing_is_paid_twice(
    database, fates, at_once, at, steer, calls_in_budget
):
    workshop = Workshop(database, HeldClaude(script=deque(fates)))
    crew, claude = workshop.crew, workshop.claude
    crew.gate = Gate(Pace(at_once=at_once, most=at_once), now=lambda: workshop.clock().timestamp())
    crew.threads = lambda: ThreadPoolExecutor(at_once)
    with database.writing() as db:
        leads = [make.a_lead(db).id for _ in range(10)]
        worst = 100_000  # more than one call can cost
        budget = None if calls_in_budget is None else calls_in_budget * worst
        order = service.Order(leads, OFFER, "low", sandbox=True, budget_micros=budget)
        run_id = service.start(db, workshop.jobs, SYSTEM, order, workshop.clock()).run.id
    (key,) = workshop.jobs.waiting
    context = a_context(key)

    def meanwhile():
        if steer == "stop":
            context.stopping.set()
        with database.writing() as db:
            run = service.get_run(db, run_id)
            if steer == "pause" and run.status in ("queued", "running"):
                service.pause(db, SYSTEM, run)
            elif steer == "cancel" and run.status in ("queued", "running", "paused"):
                service.cancel(db, workshop.jobs, SYSTEM, run, workshop.clock())

    claude.at, claude.meanwhile = at, meanwhile
    crew.turn(context, run_id)
    calls, items = ledger(database, run_id)
    in_order(calls, items, claude.asked)
    assert budget is None or sum(call.charged_micros for call in calls) <= budget
    claude.meanwhile = lambda: None  # from here on it goes to its end
    workshop.jobs.waiting.clear()
    with database.writing() as db:
        run = service.get_run(db, run_id)
        run.budget_micros = None
        if run.status == "paused":
            service.resume(db, workshop.jobs, SYSTEM, run)
        elif run.batching:
            workshop.jobs.waiting[key] = ("generation.write", run_id)
    workshop.work()
    calls, items = ledger(database, run_id)
    in_order(calls, items, claude.asked)
    done = {item.id for item in items if item.status == ItemStatus.DONE}
    stored = Counter(call.item_id for call in calls if call.status == CallStatus.SETTLED and call.error_code is None)
    assert stored == dict.fromkeys(done, 1)
    ended = {ItemStatus.DONE, ItemStatus.FAILED} | ({ItemStatus.CANCELLED} if steer == "cancel" else set())
    assert {item.status for item in items} <= ended
