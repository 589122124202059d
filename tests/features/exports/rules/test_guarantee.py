"""The guarantee against a model: whatever the vendor and the workers do within the stated assumption, nobody is applied twice.

The model has one clock, a vendor that may apply a request any time within its queue time after our deadline, or never, and workers that
stall, die and lose their lock. Only `after` and `SettleWatch` decide; the model never looks at what the vendor holds except by asking.
"""

from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from woodpecker_api.features.exports.rules import (
    IN_FLIGHT,
    OPEN,
    AttemptStatus,
    Event,
    ItemStatus,
    SettleTiming,
    SettleWatch,
    after,
)

SEND_BY, DEADLINE, VENDOR_QUEUE, SETTLE = 10.0, 60.0, 15.0, 145.0
ITEMS = ("ann", "bob", "cy")


@dataclass
class Item:
    status: ItemStatus = ItemStatus.QUEUED
    tries: int = 0
    batch: str | None = None


@dataclass
class Worker:
    """`intent` is what it committed and has not sent yet: batch, send_by, people."""

    watch: SettleWatch
    intent: tuple[str, float, list[str]] | None = None


class ExportModel(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.now = 1_000.0
        self.items = {name: Item() for name in ITEMS}
        self.applied: dict[str, int] = dict.fromkeys(ITEMS, 0)
        self.pending: list[tuple[str, float]] = []
        self.attempts: dict[tuple[str, str], AttemptStatus] = {}
        self.batches = 0
        self.zombies: list[Worker] = []
        self.take_lock()
        self.commit_an_intent()

    def take_lock(self) -> None:
        self.worker = Worker(SettleWatch(SettleTiming(SETTLE)))
        self.worker.watch.hold(self.now)

    def happens(self, name: str, event: Event) -> None:
        item = self.items[name]
        step = after(item.status, event, tries=item.tries)
        if step.attempt is not None and item.batch is not None:
            self.attempts[item.batch, name] = step.attempt
        item.status = step.status
        item.tries += step.is_try
        if item.status not in IN_FLIGHT:
            item.batch = None

    def members_of(self, batch: str) -> list[str]:
        return [name for name, item in self.items.items() if item.batch == batch and item.status in IN_FLIGHT]

    def commit_an_intent(self) -> None:
        if self.worker.intent is not None:
            return
        queued = [name for name, item in self.items.items() if item.status is ItemStatus.QUEUED]
        if not queued:
            return
        self.batches += 1
        batch = f"batch {self.batches}"
        for name in queued:
            self.items[name].batch = batch
            self.happens(name, Event.INTENDED)
        self.worker.intent = (batch, self.now + SEND_BY, queued)

    @rule(applied=st.sampled_from(["at once", "later", "never"]), answered=st.booleans())
    @precondition(lambda self: self.worker.intent is not None)
    def send(self, applied: str, answered: bool) -> None:
        assert self.worker.intent is not None
        (batch, send_by, names), self.worker.intent = self.worker.intent, None
        if self.now >= send_by:
            for name in names:
                self.happens(name, Event.TURNED_AWAY)
            return
        self.go_out(names, applied)
        if answered and applied == "at once":
            for name in names:
                self.happens(name, Event.ADDED)
            return
        self.now += DEADLINE
        self.vendor_catches_up()
        for name in names:
            self.happens(name, Event.UNCLEAR)
        self.worker.watch.reopen(batch, self.now)

    def go_out(self, names: list[str], applied: str) -> None:
        if applied == "at once":
            self.apply(names)
        elif applied == "later":
            self.pending += [(name, self.now + DEADLINE + VENDOR_QUEUE) for name in names]

    def apply(self, names: list[str]) -> None:
        for name in names:
            self.applied[name] += 1

    def vendor_catches_up(self) -> None:
        """What is overdue was applied."""
        overdue = [name for name, latest in self.pending if latest <= self.now]
        self.pending = [(name, latest) for name, latest in self.pending if latest > self.now]
        self.apply(overdue)

    @rule(seconds=st.sampled_from([1.0, 9.0, 25.0, 61.0, 146.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.vendor_catches_up()
        self.look_and_settle()
        self.commit_an_intent()

    @rule(applied=st.sampled_from(["at once", "later", "never"]))
    @precondition(lambda self: self.worker.intent is not None)
    def send_and_die(self, applied: str) -> None:
        assert self.worker.intent is not None
        _batch, send_by, names = self.worker.intent
        if self.now < send_by:
            self.go_out(names, applied)
        self.take_lock()

    @rule()
    def the_worker_dies(self) -> None:
        self.take_lock()

    @rule()
    @precondition(lambda self: self.worker.intent is not None)
    def the_worker_stalls_and_loses_its_lock(self) -> None:
        self.zombies.append(self.worker)
        self.take_lock()

    @rule(still_thinks_it_has_the_lock=st.booleans(), applied=st.sampled_from(["at once", "later"]))
    @precondition(lambda self: bool(self.zombies))
    def a_stalled_worker_wakes(self, still_thinks_it_has_the_lock: bool, applied: str) -> None:
        """Its lock may look held for a moment; its own clock stops it in any case."""
        zombie = self.zombies.pop()
        assert zombie.intent is not None
        batch, send_by, names = zombie.intent
        if still_thinks_it_has_the_lock and self.now < send_by:
            self.go_out(names, applied)
            return
        for name in self.members_of(batch):
            self.happens(name, Event.TURNED_AWAY)

    def look_and_settle(self) -> None:
        watch = self.worker.watch
        ours = self.worker.intent[0] if self.worker.intent else None
        batches = sorted({item.batch for item in self.items.values() if item.batch and item.status in IN_FLIGHT})
        for batch in batches:
            if batch == ours:
                continue
            watch.saw(batch, self.now)
            for name in self.members_of(batch):
                if self.items[name].status is ItemStatus.SENDING:
                    self.happens(name, Event.UNCLEAR)
            ready = [name for name in self.members_of(batch) if watch.may_ask(batch, name, self.now)]
            for name in ready:
                if self.applied[name]:
                    self.happens(name, Event.FOUND_EQUAL)
                elif watch.absent(batch, name, self.now):
                    self.happens(name, Event.ABSENT)

    @invariant()
    def nobody_is_applied_twice(self) -> None:
        assert max(self.applied.values(), default=0) <= 1

    @invariant()
    def who_counts_as_added_was_applied_and_the_other_way_round_in_the_end(self) -> None:
        for name, item in self.items.items():
            if item.status is ItemStatus.ADDED:
                assert self.applied[name] == 1

    def teardown(self) -> None:
        """Left alone with a vendor that works, everybody ends in a known state, and so does every attempt."""
        self.zombies.clear()
        self.take_lock()
        for _ in range(40):
            self.time_passes(80.0)
            if self.worker.intent is not None:
                self.send("at once", answered=True)
            self.nobody_is_applied_twice()
        assert not [name for name, item in self.items.items() if item.status in OPEN]
        assert not [key for key, status in self.attempts.items() if status in {"sending", "unknown"}]


ExportModel.TestCase.settings = settings(max_examples=300, stateful_step_count=25, deadline=None)
TestGuarantee = ExportModel.TestCase
