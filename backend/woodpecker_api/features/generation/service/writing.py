"""Live runs: reserve (`take`), then the calls outside of any transaction, then store (`answered`, `failed`), some leads at a time.

A crash between call and store leaves the call reserved; the next turn finds it, keeps it charged as uncertain, and asks again.
"""

from collections.abc import Collection
from collections.abc import Sequence as Many
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.clients.anthropic.port import GenerationAnswer, GenerationRequest
from woodpecker_api.features.generation.models import (
    GenerationCall,
    GenerationItem,
    GenerationRun,
    ItemStatus,
    RunMode,
    RunStatus,
)
from woodpecker_api.features.generation.rules.budget import Purse, Verdict, judge
from woodpecker_api.features.generation.rules.failures import Charge, Failure, Next, after_failure
from woodpecker_api.features.generation.service import ledger
from woodpecker_api.features.generation.service.choosing import is_here
from woodpecker_api.features.generation.service.finishing import fail, finish_if_over, give_back
from woodpecker_api.features.generation.service.keeping import keep_texts, keep_unusable
from woodpecker_api.features.generation.service.prompting import Setup, prompt_for, request_for, setup_of, worst_case
from woodpecker_api.features.generation.service.steering import pause_for
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.sequences import service as sequences
from woodpecker_api.kit.money import usd_text
from woodpecker_api.system.changes.service import announce

ACTIVE = (RunStatus.QUEUED, RunStatus.RUNNING)

# Put together once: with each transaction anew, these took longer to write down and to look up than to be answered.
_ANSWERED = (
    sa.select(GenerationCall, GenerationItem, Lead)
    .join(GenerationItem, GenerationItem.id == GenerationCall.item_id)
    .join(Lead, Lead.id == GenerationItem.lead_id)
    .where(GenerationCall.id.in_(sa.bindparam("ids", expanding=True)))
)
_WAITING = (
    sa.select(GenerationItem, Lead)
    .outerjoin(Lead, Lead.id == GenerationItem.lead_id)
    .where(GenerationItem.id.in_(sa.bindparam("ids", expanding=True)), GenerationItem.status == ItemStatus.QUEUED)
    .order_by(GenerationItem.id)
)
_LOCKED_RUN = sa.select(GenerationRun).where(GenerationRun.id == sa.bindparam("id")).with_for_update()


@dataclass(frozen=True)
class Asked:
    """A call that is reserved and must be made now."""

    item_id: str
    call_id: str
    request: GenerationRequest


@dataclass(frozen=True)
class Rest:
    """Come again after so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Spending:
    """What a run's calls amount to in micro-dollars: charged for good, and held back. Only its one job changes it."""

    spent: int = 0
    reserved: int = 0


def take_up(db: Session, run_id: str, now: datetime) -> Spending | None:
    """At the beginning of a turn: what an earlier one left under way is charged as uncertain and waits again. None: not ours
    any more."""
    run = locked_run(db, run_id)
    if not run.batching or run.mode != RunMode.LIVE:
        return None
    _lose_what_was_under_way(db, run, "worker_lost", now)
    sums = ledger.sums_of_run(db, run.id)
    return Spending(sums.settled + sums.uncertain, sums.reserved)


def waiting_items(db: Session, run_id: str, *, after: str | None, most: int) -> list[str]:
    """Ids of items that wait for their call, in the order of the run."""
    wanted = sa.select(GenerationItem.id).where(
        GenerationItem.run_id == run_id, GenerationItem.status == ItemStatus.QUEUED
    )
    if after is not None:
        wanted = wanted.where(GenerationItem.id > after)
    return list(db.scalars(wanted.order_by(GenerationItem.id).limit(most)))


def is_active(db: Session, run_id: str) -> bool:
    return db.get_one(GenerationRun, run_id).status in ACTIVE


def leave(db: Session, run_id: str, now: datetime) -> bool:
    """Ends the run's job when nothing is left to do in it; False when there is."""
    run = locked_run(db, run_id)
    if run.status in ACTIVE and waiting_items(db, run_id, after=None, most=1):
        return False
    run.batching = False
    finish_if_over(db, run, now)
    announce(db, "generation", run.id)
    return True


def given_up(db: Session, run_id: str, code: str, sentence: str, now: datetime) -> None:
    """The engine gave the run's job up: what was under way stays charged, and the run waits for a person, who may resume it."""
    run = locked_run(db, run_id)
    if run.mode == RunMode.LIVE:
        _lose_what_was_under_way(db, run, code, now)
    run.batching = False
    pause_for(db, run, code, sentence)
    announce(db, "generation", run.id)


@dataclass
class Book:
    """One transaction's work on a run: answers are entered, then the next calls are reserved. `spending` is exact throughout."""

    db: Session
    run: GenerationRun
    spending: Spending
    sandbox: bool | None
    now: datetime
    is_broke: bool = False
    """The next call does not fit while others are under way."""
    _told: list[str] = field(default_factory=list)
    _written: list[str] = field(default_factory=list)
    _found: dict[str, tuple[GenerationItem, GenerationCall, Lead]] = field(default_factory=dict)
    """By call. The session itself forgets what nobody holds."""
    _together: sequences.Together = field(default_factory=sequences.Together)

    @property
    def is_active(self) -> bool:
        return self.run.status in ACTIVE

    def read(self, call_ids: Collection[str]) -> None:
        """Brings all that the answers are about into the session with two statements."""
        if not call_ids:
            return
        for call, item, lead in self.db.execute(_ANSWERED, {"ids": list(call_ids)}):
            self._found[call.id] = (item, call, lead)
        self._together = sequences.Together.of(self.db, [lead.id for _, _, lead in self._found.values()])

    def answered(self, asked: Asked, answer: GenerationAnswer) -> Rest | None:
        """Charges the answer and stores its texts in the same transaction: it is never paid for again."""
        item, call = self._of(asked)
        ledger.settle(call, answer.usage, answer.request_id, self.now)
        self._charged(call)
        if answer.data is not None:
            written = keep_texts(self.db, (self.run, item), answer, self.now, self._together)
            self._written += [written] if written else []
            self._told.append(item.lead_id)
            return None
        call.error_code = answer.problem
        self.db.flush()  # the answers paid so far are counted
        if keep_unusable(self.db, item, answer, self.now) is Next.AGAIN:
            return self._again(item, 0.0)
        self._told.append(item.lead_id)
        return None

    def failed(self, asked: Asked, failure: Failure, request_id: str | None) -> Rest | None:
        """Releases or keeps the reservation, and decides whether to try again, to give up, or to pause the run."""
        item, call = self._of(asked)
        decision = after_failure(failure, item.attempts, ledger.waits(self.db, item))
        close = ledger.keep_uncertain if decision.charge is Charge.KEEP else ledger.release
        close(call, failure.code, request_id, self.now)
        self._charged(call)
        item.error_code, item.error = failure.code, failure.sentence
        if decision.next is Next.AGAIN:
            return self._again(item, decision.after_seconds)
        if decision.next is Next.PAUSE:
            pause_for(self.db, self.run, failure.code, failure.sentence)
            self._again(item, 0.0)
        else:
            fail(self.db, item, failure.code, failure.sentence, self.now)
        self._told.append(item.lead_id)
        return None

    def stumbled(self, item_id: str, code: str, sentence: str) -> None:
        """Our own program could not go on with this item: it fails, and what was reserved for it stays charged."""
        item = self.db.get_one(GenerationItem, item_id)
        for call in ledger.open_calls(self.db, item_id):
            ledger.keep_uncertain(call, code, None, self.now)
            self._charged(call)
        fail(self.db, item, code, sentence, self.now)
        self._told.append(item.lead_id)

    def put_back(self, unsent: Many[Asked]) -> None:
        """Reserved ahead and not sent: it has cost nothing, and its lead waits as before."""
        for asked in unsent:
            item, call = self._of(asked)
            ledger.release(call, "not_sent", None, self.now)
            self._charged(call)
            item.attempts -= 1
            if self._again(item, 0.0) is None:
                self._told.append(item.lead_id)

    def take(self, item_ids: Many[str]) -> list[Asked]:
        """Reserves the worst case of one call for each that may be made now, in this order."""
        if self.is_active and self.sandbox is not self.run.sandbox:
            pause_for(self.db, self.run, "vendor_changed", other_vendor(sandbox=self.sandbox))
        if not self.is_active or not item_ids:
            return []
        setup, month = setup_of(self.db, self.run), ledger.month_purses(self.db, self.run, self.now)
        with self.db.no_autoflush:  # nothing above concerns these items: all is written at once, at the end
            waiting = self.db.execute(_WAITING, {"ids": list(item_ids)}).all()
        asked: list[Asked] = []
        for item, lead in waiting:
            if not is_here(lead):
                fail(self.db, item, "lead_deleted", "The lead was deleted meanwhile.", self.now)
                continue
            one = self._reserve(setup, month, item, lead)
            if one is None:
                break
            asked.append(one[0])
            month = tuple(replace(purse, reserved=purse.reserved + one[1]) for purse in month)
        return asked

    def close(self) -> None:
        """Writes what is left to write, and tells the pages, of several leads in one word."""
        self._together.write(self.db)
        announce(self.db, "generation", self.run.id)
        if self._written:
            announce(self.db, "sequence", *self._written)
        if self._told:
            announce(self.db, "lead", self._told[0] if len(self._told) == 1 else None)

    def _reserve(
        self, setup: Setup, month: tuple[Purse, ...], item: GenerationItem, lead: Lead
    ) -> tuple[Asked, int] | None:
        prompt = prompt_for(self.db, setup, lead, item.previous_status)
        worst = worst_case(setup, prompt, self.now)
        verdict, purse = judge(worst, (*month, *self._own_purse()))
        if verdict is not Verdict.GO:
            self.is_broke = True
            if verdict is Verdict.STOP and purse is not None:
                pause_for(self.db, self.run, "budget_reached", budget_sentence(purse, worst))
            return None
        item.status, item.attempts, item.parked = ItemStatus.RUNNING, item.attempts + 1, False
        item.started_at = item.started_at or self.now
        if self.run.status == RunStatus.QUEUED:
            self.run.status = RunStatus.RUNNING
        call = ledger.reserve(self.db, self.run, item, worst, self.now)
        self.spending = replace(self.spending, reserved=self.spending.reserved + worst)
        return Asked(item.id, call.id, request_for(setup, prompt, setup.max_tokens)), worst

    def _own_purse(self) -> tuple[Purse, ...]:
        limit = self.run.budget_micros
        return () if limit is None else (Purse("run", limit, self.spending.spent, self.spending.reserved),)

    def _of(self, asked: Asked) -> tuple[GenerationItem, GenerationCall]:
        if (found := self._found.get(asked.call_id)) is not None:
            return found[0], found[1]
        return self.db.get_one(GenerationItem, asked.item_id), self.db.get_one(GenerationCall, asked.call_id)

    def _charged(self, call: GenerationCall) -> None:
        held = self.spending.reserved - call.reserved_micros
        self.spending = Spending(self.spending.spent + call.charged_micros, held)

    def _again(self, item: GenerationItem, seconds: float) -> Rest | None:
        """Waits for another call; a run that was cancelled has none."""
        if self.run.status == RunStatus.CANCELLED:
            give_back(self.db, item, self.now)
            return None
        item.status, item.parked = ItemStatus.QUEUED, True
        return Rest(seconds)


def open_book(db: Session, run_id: str, spending: Spending, *, sandbox: bool | None, now: datetime) -> Book:
    """`sandbox` says which Claude would answer now; None when there is none."""
    return Book(db, locked_run(db, run_id), spending, sandbox, now)


def locked_run(db: Session, run_id: str) -> GenerationRun:
    """One turn of a run at a time: what two of them decide from the same sums would pass the budget."""
    return db.scalars(_LOCKED_RUN, {"id": run_id}).one()


def _lose_what_was_under_way(db: Session, run: GenerationRun, code: str, now: datetime) -> None:
    wanted = sa.select(GenerationItem).where(
        GenerationItem.run_id == run.id, GenerationItem.status == ItemStatus.RUNNING
    )
    for item in db.scalars(wanted).all():
        for call in ledger.open_calls(db, item.id):
            ledger.keep_uncertain(call, code, None, now)
        if run.status == RunStatus.CANCELLED:
            give_back(db, item, now)
        else:
            item.status, item.parked = ItemStatus.QUEUED, True
    db.flush()


def budget_sentence(purse: Purse, worst: int) -> str:
    which = "this run" if purse.name == "run" else "this month"
    return (
        f"The budget of {which} (${usd_text(purse.limit or 0)[:-4]}) leaves less than the next call can cost "
        f"(${usd_text(worst)[:-2]}). Raise it and resume, or cancel."
    )


def other_vendor(*, sandbox: bool | None) -> str:
    if sandbox is None:
        return "There is no key for Claude any more. Enter one in Settings, then resume."
    return "Claude was switched between sandbox and real since this run began. Cancel it and start a new one."
