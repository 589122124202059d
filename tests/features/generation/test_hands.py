"""Calls that are reserved ahead: a place never waits for the writer, and what was not sent is given back."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from tests import builders as make
from tests.features.generation.conftest import OFFER
from tests.features.generation.fakes import MODEL, ScriptedClaude, Workshop, a_context, an_answer
from woodpecker_api.clients.anthropic import errors
from woodpecker_api.clients.anthropic.port import GenerationRequest
from woodpecker_api.features.generation import service
from woodpecker_api.features.generation.jobs.gate import Gate
from woodpecker_api.features.generation.jobs.hands import Hands
from woodpecker_api.features.generation.models import CallStatus, GenerationCall, GenerationItem, ItemStatus
from woodpecker_api.features.generation.rules.failures import Failure
from woodpecker_api.features.generation.rules.pace import MOST_AHEAD, Pace, ahead
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


# The same through a whole turn, on a real database.


class HeldClaude(ScriptedClaude):
    """Answers in threads; from the third call on `meanwhile` is done once, while that call is under way."""

    meanwhile: Callable[[], None] = staticmethod(lambda: None)

    def generate(self, request: GenerationRequest):
        answer = super().generate(request)
        if len(self.asked) == 3:
            self.meanwhile()
        return answer


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
