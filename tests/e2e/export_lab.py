"""An export whose worker is killed at random, against a vendor in a process of its own; then what must be true is checked.

Used by test_export_survives_kills.py (small) and benchmarks/soak_export.py (large).
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.builders import a_lead, a_sequence, a_template, a_user, an_actor
from tests.postgres import free_port
from woodpecker_api.config import Environment, Settings
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import AccountRead, Campaign, ReadKind, ReadStatus
from woodpecker_api.features.exports import service as exports
from woodpecker_api.features.exports.models import Attempt, Export, ExportBatch, ExportItem
from woodpecker_api.features.exports.rules import ENDED, UNSETTLED
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.sandbox.woodpecker import WoodpeckerControl
from woodpecker_api.system.audit.service import verify
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.wiring.program import build

COMMAND = Path(sys.executable).parent / "woodpecker-api"
FAULTS = {"rate_limited": 0.05, "server_error": 0.05, "cut_before": 0.05, "cut_after": 0.05}
ADD = "POST /v1/add_prospects_campaign"
# A worker that was just started, or that rests because of a fault, shows nothing for a while: no longer, though.
SHOWS_LIFE_SECONDS = 300.0
STARTS_SECONDS = 240.0
"""How long a process may take to start on a machine that is busy with other things."""


@dataclass(frozen=True)
class Ordeal:
    """One export and what happens to it. Times in seconds."""

    leads: int
    kills: int
    apply_seconds: float
    settle_seconds: float
    deadline_seconds: float
    seed: int = 1
    faults: dict[str, float] = field(default_factory=lambda: dict(FAULTS))
    """By kind, how often."""


@dataclass
class Report:
    """What came of it. `problems` is empty when every promise was kept."""

    problems: list[str] = field(default_factory=list)
    kills: int = 0
    figures: dict[str, Any] = field(default_factory=dict)

    def demand(self, what: str, found: object, wanted: object) -> None:
        if found != wanted:
            self.problems.append(f"{what}: {found!r} instead of {wanted!r}")


class Lab:
    """One installation and its vendor, each as processes. A context manager: nothing outlives it."""

    def __init__(self, home: Path, ordeal: Ordeal, database_url: str | None = None) -> None:
        self.ordeal = ordeal
        self.report = Report()
        self._home = home
        self._chance = random.Random(ordeal.seed)
        self._vendor_port = free_port()
        self._processes = contextlib.ExitStack()
        self._environment = {
            "APP_ENVIRONMENT": Environment.SANDBOX.value,
            "APP_DATA_DIR": str(home / "data"),
            "WOODPECKER_BASE_URL": f"http://127.0.0.1:{self._vendor_port}/rest",
            "APP_WOODPECKER_DEADLINE_SECONDS": str(ordeal.deadline_seconds),
            "APP_PORT": "0",
            "APP_SETTLE_SECONDS": str(ordeal.settle_seconds),
        } | ({"DATABASE_URL": database_url} if database_url else {})
        self.control = WoodpeckerControl(f"http://127.0.0.1:{self._vendor_port}")
        self._program = build(Settings.model_validate(self._environment))
        self.database = self._program.database

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._processes.close()
        self.control.close()
        self._program.close()

    def run(self) -> Report:
        """The whole ordeal. What ends it early is told with what was known then: a machine far away keeps no files for us."""
        export_id, vendor_campaign = self.prepare()
        began = time.monotonic()
        try:
            self._kill_workers(export_id)
            self._finish(export_id)
        except (TimeoutError, RuntimeError) as error:
            error.add_note(self._known(export_id, time.monotonic() - began))
            raise
        self.report.figures["seconds"] = round(time.monotonic() - began, 1)
        self.check(export_id, vendor_campaign)
        return self.report

    # the processes

    def _start_vendor(self) -> None:
        ports = ["--woodpecker-port", str(self._vendor_port), "--claude-port", str(free_port())]
        self._processes.enter_context(self._process("vendor", "sandbox", *ports))
        wait_until(self._vendor_answers, STARTS_SECONDS)

    def _vendor_answers(self) -> bool:
        with contextlib.suppress(Exception):
            return bool(self.control.state())
        return False

    @contextlib.contextmanager
    def worker(self, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        """By chance alone or inside the web process, unless `command` says."""
        by_chance = ["serve", "--no-samples"] if self._chance.random() < 0.3 else ["worker"]
        command = command or tuple(by_chance)
        with self._process("worker", *command) as process:
            yield process

    @contextlib.contextmanager
    def _process(self, name: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """Killed with SIGKILL at the end."""
        with (self._home / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [COMMAND, *arguments],
                env=_clean_environment() | self._environment,
                stdout=log,
                stderr=log,
                cwd=self._home,
            )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()

    # the work

    def prepare(self) -> tuple[str, int]:
        """A vendor, an installation with approved leads, and an export of them that no worker has seen yet."""
        self._start_vendor()
        jobs = self._program.services.jobs
        self.control.reset(sample=False)
        vendor_campaign = self.control.put_campaign(name="Ordeal", status="RUNNING")
        with self.database.writing() as db:
            actor = an_actor(a_user(db, role=Role.MANAGER))
            template = a_template(db)
            approver = a_user(db, role=Role.MANAGER)
            lead_ids = []
            for _ in range(self.ordeal.leads):
                lead = a_lead(db, sandbox=True)
                a_sequence(db, lead=lead, template=template, by=approver, status=SequenceStatus.APPROVED, sandbox=True)
                lead_ids.append(lead.id)
            account = campaigns.ensure_account(db, self._environment["WOODPECKER_BASE_URL"], sandbox=True)
            read_id = campaigns.request_read(db, actor, account.id, ReadKind.CAMPAIGNS).id
            campaigns.wake(db, jobs, account.id)
        with self.worker():
            wait_until(
                lambda: self._one(lambda db: db.get_one(AccountRead, read_id).status) == ReadStatus.DONE, STARTS_SECONDS
            )
        self.control.faults(
            seed=self.ordeal.seed,
            rates=self.ordeal.faults,
            on="any",
            latency_ms=round(self.ordeal.apply_seconds * 1000),
        )
        with self.database.writing() as db:
            campaign = db.scalars(sa.select(Campaign).where(Campaign.vendor_id == vendor_campaign)).one()
            plan = exports.make_plan(db, actor, exports.PlanOrder(campaign.id, lead_ids), system_clock())
            order = exports.StartOrder(plan.id, confirm_sending=True, countdown_seconds=0)
            export = exports.start_export(db, jobs, actor, order, system_clock())
            self.report.demand("leads in the plan", plan.counts["new"], self.ordeal.leads)
        return export.id, vendor_campaign

    def _kill_workers(self, export_id: str) -> None:
        while self.report.kills < self.ordeal.kills and not self._is_ended(export_id):
            with self.worker() as worker:
                if self._chance.random() < 0.1:
                    time.sleep(self._chance.uniform(0.2, 3.0))  # while starting, or before anything happened
                else:
                    # Every other time not before something may have been applied whose answer is under way.
                    kind = self._chance.choice([ADD, None])
                    before = self._calls(kind)
                    self._wait_for_life(
                        lambda kind=kind, before=before: self._calls(kind) > before or self._is_over(worker, export_id)
                    )
                    time.sleep(self._chance.uniform(0.0, 0.3 + 1.2 * self.ordeal.apply_seconds))
            self.report.kills += 1

    def _wait_for_life(self, reached: Callable[[], bool]) -> None:
        """As long as the worker asks anything: on a busy machine it may have a hundred people to ask for before it adds."""
        while True:
            before = self._calls(None)
            try:
                return wait_until(reached, SHOWS_LIFE_SECONDS)
            except TimeoutError:
                if self._calls(None) == before:
                    raise

    def _is_over(self, worker: subprocess.Popen[bytes], export_id: str) -> bool:
        if worker.poll() is not None:
            raise RuntimeError(f"the worker ended by itself; see {self._home / 'worker.log'}")
        return self._is_ended(export_id)

    def _finish(self, export_id: str) -> None:
        """The last worker lives; how long it takes to settle what was left, and to send again."""
        started = system_clock()
        left = self._one(
            lambda db: [batch.id for batch in db.scalars(_batches(export_id)) if batch.status in UNSETTLED]
        )
        longest = 900 + 3 * self.ordeal.leads / 50 * (self.ordeal.apply_seconds + self.ordeal.settle_seconds)
        with self.worker():
            wait_until(lambda: self._is_ended(export_id), longest)
        batches = self._one(lambda db: list(db.scalars(_batches(export_id))))
        settled = [batch.settled_at for batch in batches if batch.id in left and batch.settled_at]
        sent = [batch.intended_at for batch in batches if batch.intended_at > started]
        self.report.figures |= {
            "unsettled at the last restart": len(left),
            "seconds from the last restart until these were settled": _since(started, max(settled, default=None)),
            "seconds from the last restart until the next batch": _since(started, min(sent, default=None)),
        }

    # the promises

    def check(self, export_id: str, vendor_campaign: int) -> None:
        report, ledger, inside = self.report, self.control.ledger(), self.control.enrolled(vendor_campaign)
        with self.database.reading() as db:
            export = db.get_one(Export, export_id)
            items = list(db.scalars(sa.select(ExportItem).where(ExportItem.export_id == export_id)))
            attempts = list(db.scalars(sa.select(Attempt).where(Attempt.export_id == export_id)))
            batches = list(db.scalars(_batches(export_id)))
            *_, verdict = verify(db)
        report.demand("state of the export", export.status, "completed")
        report.demand("states of the leads", dict(Counter(item.status for item in items)), {"added": self.ordeal.leads})
        report.demand("applied twice", ledger["applied_too_often"], [])
        report.demand("people at the vendor", len(inside), self.ordeal.leads)
        report.demand("not applied exactly once", [a for a, seen in inside.items() if seen["applied"] != 1], [])
        report.demand("sent again although applied", [a for a, seen in inside.items() if seen["arrived"] != 1], [])
        report.demand("most requests in flight", ledger["peak_in_flight"], 1)
        report.demand("unknown keys", ledger["unknown_keys"], [])
        report.demand("attempts on record", len(attempts), sum(batch.size for batch in batches))
        report.demand("attempts by item", len(attempts), sum(item.attempts for item in items))
        report.demand("attempts without an outcome", [a.id for a in attempts if a.status in ("sending", "unknown")], [])
        added = Counter(attempt.item_id for attempt in attempts if attempt.status == "added")
        report.demand("items with one attempt that added", [i.id for i in items if added[i.id] != 1], [])
        last = {attempt.item_id: attempt.status for attempt in sorted(attempts, key=lambda each: each.attempt)}
        report.demand("sent again although known to be applied", [i.id for i in items if last[i.id] != "added"], [])
        report.demand("audit chain", (verdict.ok, verdict.first_bad_id), (True, None))
        report.figures |= {
            "batches": dict(Counter(batch.status for batch in batches)),
            "attempts": dict(Counter(attempt.status for attempt in attempts)),
            "audit lines": verdict.checked,
            "faults": ledger["faults"],
            "peak at vendor": ledger["peak_at_vendor"],
        }

    # looking

    def _known(self, export_id: str, seconds: float) -> str:
        with self.database.reading() as db:
            export = db.get_one(Export, export_id)
            items = Counter(db.scalars(sa.select(ExportItem.status).where(ExportItem.export_id == export_id)))
            batches = Counter(batch.status for batch in db.scalars(_batches(export_id)))
        log = (self._home / "worker.log").read_text(errors="replace")[-4000:]
        return (
            f"after {seconds:.0f} s and {self.report.kills} kills: export {export.status} ({export.reason}), leads {dict(items)}, "
            f"batches {dict(batches)}, calls {self.control.ledger()['calls']}\n{log}"
        )

    def added(self, export_id: str) -> int:
        counted = sa.select(sa.func.count()).where(ExportItem.export_id == export_id, ExportItem.status == "added")
        return int(self._one(lambda db: db.scalar(counted)))

    def _is_ended(self, export_id: str) -> bool:
        return self._one(lambda db: db.get_one(Export, export_id).status) in ENDED

    def _calls(self, kind: str | None) -> int:
        """Requests that the vendor saw, of one operation or of all."""
        calls = self.control.ledger()["calls"]
        return int(calls.get(kind, 0) if kind else sum(calls.values()))

    def _one(self, look: Callable[[Session], Any]) -> Any:
        with self.database.reading() as db:
            return look(db)


def wait_until(true: Callable[[], bool], seconds: float) -> None:
    """Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"not true within {seconds:g} s")
        time.sleep(0.05)


def _batches(export_id: str) -> sa.Select[tuple[ExportBatch]]:
    return sa.select(ExportBatch).where(ExportBatch.export_id == export_id).order_by(ExportBatch.intended_at)


def _since(started: datetime, moment: datetime | None) -> float | None:
    return None if moment is None else round((moment - started).total_seconds(), 1)


def _clean_environment() -> dict[str, str]:
    """Without settings of the shell, which could point the product at something real."""
    ours = ("APP_", "ANTHROPIC_", "WOODPECKER_", "DATABASE_URL")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
