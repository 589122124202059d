"""A database, a fake Woodpecker and the account's loop on clocks that a test turns."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.builders import NOON, a_campaign, a_lead, a_sequence, a_template, a_user, an_account, an_actor
from tests.features.exports.fake_woodpecker import FakeWoodpecker
from woodpecker_api.db.session import Database
from woodpecker_api.features.campaigns.models import Campaign
from woodpecker_api.features.exports import service
from woodpecker_api.features.exports.jobs import AccountLoop, Connection, Tools
from woodpecker_api.features.exports.models import Attempt, Export, ExportBatch, ExportItem
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.system.auth.models import User
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.jobs import Again, Done, JobContext

SETTLE = 145.0


class NoJobs:
    """Remembers who was woken; the test turns the loop itself."""

    def __init__(self) -> None:
        self.woken: list[str] = []

    def enqueue(self, db: Session, name: str, record_id: str, **options: Any) -> str:
        self.woken.append(str(options["key"]))
        return self.woken[-1]


@dataclass
class Time:
    """Both clocks; the wall's can be set apart from the monotonic one."""

    seconds: float = 1_000.0
    wall_offset: timedelta = timedelta()

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds - 1_000.0) + self.wall_offset

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds


class RealTime(Time):
    """For tests over HTTP, whose settle time is short: waiting is real."""

    def monotonic(self) -> float:
        return time.monotonic()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.wall_offset

    def pass_by(self, seconds: float) -> None:
        time.sleep(min(seconds, 0.2))


@dataclass
class World:
    """`vendor` has one DRAFT campaign that `campaign_id` names; nobody is in it."""

    database: Database
    data_dir: Path
    vendor: FakeWoodpecker = field(default_factory=FakeWoodpecker)
    time: Time = field(default_factory=Time)
    jobs: NoJobs = field(default_factory=NoJobs)
    held: bool = True
    held_since: float = 0.0
    connect: Callable[[], Connection] | None = None
    settle: float = SETTLE
    look_again: float = 30.0
    deadline: float = 60.0

    def __post_init__(self) -> None:
        with self.database.writing() as db:
            account = an_account(db)
            campaign = a_campaign(db, account=account, status="DRAFT", members_as_of=None)
            self.user = an_actor(a_user(db, role=Role.MANAGER))
            self.account_id, self.campaign_id, self.vendor_id = account.id, campaign.id, campaign.vendor_id
        self.vendor.campaigns[self.vendor_id] = "DRAFT"
        self.restart()

    def restart(self, epoch: service.EpochFile | None = None) -> None:
        """A new worker: it remembers nothing."""
        self.held_since = self.time.monotonic()
        self.loop = AccountLoop(
            Tools(
                database=self.database,
                clock=self.time.now,
                monotonic=self.time.monotonic,
                connect=lambda: self.connect() if self.connect else Connection(self.vendor, sandbox=True),
                epoch=epoch or service.EpochFile(self.data_dir),
                deadline_seconds=self.deadline,
                settle_seconds=self.settle,
                look_again_seconds=self.look_again,
            )
        )

    def use_campaign(self, vendor_id: int, status: str) -> None:
        """The campaign is this one of the vendor's."""
        with self.database.writing() as db:
            campaign = db.get_one(Campaign, self.campaign_id)
            campaign.vendor_id, campaign.status = vendor_id, status
        self.vendor_id = vendor_id

    def approved_leads(self, count: int, **values: Any) -> list[str]:
        """Their ids; each has seven approved texts."""
        with self.database.writing() as db:
            leads, template, approver = [], a_template(db), db.get_one(User, self.user.id)
            for _ in range(count):
                lead = a_lead(db, **values)
                a_sequence(db, lead=lead, status=SequenceStatus.APPROVED, template=template, by=approver)
                leads.append(lead.id)
            return leads

    def plan(self, lead_ids: list[str], **values: Any) -> str:
        with self.database.writing() as db:
            order = service.PlanOrder(values.pop("campaign_id", self.campaign_id), lead_ids, **values)
            return service.make_plan(db, self.user, order, self.time.now()).id

    def start(self, lead_ids: list[str], **values: Any) -> str:
        """An export of these leads, started; its id."""
        plan_id = self.plan(lead_ids, **{k: values.pop(k) for k in ("campaign_id", "allowed_in_other") if k in values})
        with self.database.writing() as db:
            order = service.StartOrder(plan_id, values.get("confirm_sending", True), values.get("countdown_seconds", 0))
            return service.start_export(db, self.jobs, self.user, order, self.time.now()).id

    def turn(self) -> Again | Done:
        context = JobContext("account", 0, threading.Event(), lambda: self.held, self.held_since)
        return self.loop.turn(context, self.account_id)

    def run(self, turns: int = 2_000) -> None:
        """Until the loop has nothing left; time passes as it asks for."""
        for _ in range(turns):
            step = self.turn()
            if isinstance(step, Done):
                return
            if step.after_seconds:
                self.time.pass_by(step.after_seconds)
        raise AssertionError("the loop does not end")

    def run_until(self, reached: Callable[[], bool], turns: int = 500) -> None:
        for _ in range(turns):
            if reached():
                return
            step = self.turn()
            if isinstance(step, Again):
                self.time.pass_by(step.after_seconds)
        raise AssertionError("never reached")

    def export(self, export_id: str) -> Export:
        with self.database.reading() as db:
            return db.get_one(Export, export_id)

    def items(self, export_id: str) -> list[ExportItem]:
        with self.database.reading() as db:
            found = sa.select(ExportItem).where(ExportItem.export_id == export_id).order_by(ExportItem.position)
            return list(db.scalars(found))

    def statuses(self, export_id: str) -> dict[str, int]:
        counts: dict[str, int] = {}
        for item in self.items(export_id):
            counts[item.status] = counts.get(item.status, 0) + 1
        return counts

    def attempts(self) -> list[Attempt]:
        with self.database.reading() as db:
            return list(db.scalars(sa.select(Attempt).order_by(Attempt.id)))

    def batches(self) -> list[ExportBatch]:
        with self.database.reading() as db:
            return list(db.scalars(sa.select(ExportBatch).order_by(ExportBatch.id)))

    @contextmanager
    def ask(self, export_id: str) -> Iterator[tuple[Session, service.Ask]]:
        with self.database.writing() as db:
            yield db, service.Ask(self.user, export_id, self.time.now())
