"""A run whose worker is killed at random, against a simulated vendor with faults; then what must be true is checked."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests import builders as make
from tests.claude import SimulatedClaude
from tests.features.generation.conftest import OFFER
from woodpecker_api.config import Environment, Settings
from woodpecker_api.db.session import Database
from woodpecker_api.features.generation import service
from woodpecker_api.features.generation.models import CallStatus, GenerationCall, GenerationItem, ItemStatus, RunMode
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.sequences.models import Sequence, SequenceVersion
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.sandbox.claude.shelf import BatchShelf, StoredBatch
from woodpecker_api.system.audit.service import SYSTEM
from woodpecker_api.system.jobs.jobs import Jobs
from woodpecker_api.wiring.installation import open_database, prepare, upgrade_database

COMMAND = Path(sys.executable).parent / "woodpecker-api"
FAULTS = {
    "rate_limit": 0.10,
    "overloaded": 0.05,
    "server_error": 0.03,
    "cut_midway": 0.03,
    "truncated": 0.03,
    "refusal": 0.02,
    "not_json": 0.02,
}
ENDED = ("completed", "failed", "cancelled")


class DeadlyShelf(BatchShelf):
    """Whoever brings a new batch dies before it is answered."""

    def __init__(self, kill: Callable[[], None]) -> None:
        super().__init__()
        self._kill = kill

    def keep(self, batch: StoredBatch) -> None:
        is_new = self.get(batch.id) is None
        super().keep(batch)
        if is_new:
            self._kill()


@dataclass
class Lab:
    """One installation in `home`; `vendor` outlives the workers, as the real one does."""

    home: Path
    vendor: SimulatedClaude
    leads: int
    seed: int = 1
    budget_micros: int | None = None
    mode: RunMode = RunMode.LIVE
    patience: float = 300.0
    """Seconds until the last worker must have finished."""
    problems: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def run(self, kills: int, *, faults: bool = True, latency_ms: int = 50) -> None:
        with self._installation() as database:
            plan = {"seed": self.seed, "latency_ms": latency_ms, "retry_after": 1}
            self.vendor.control("PUT", "faults", plan | ({"probabilities": FAULTS} if faults else {}))
            run_id = self._begin(database)
            began = time.monotonic()
            self._kill_workers(database, run_id, kills)
            self._finish(database, run_id)
            self.figures["seconds"] = round(time.monotonic() - began, 1)
            self._check(database, run_id)

    def run_killed_by_the_vendor(self, *, faults: bool = True) -> None:
        """Batches only: the worker dies when the vendor has taken its batch and before it hears so, each time it is a new one."""
        with self._installation() as database:
            self.vendor.control("PUT", "faults", {"seed": self.seed} | ({"probabilities": FAULTS} if faults else {}))
            self.vendor.world.batches = DeadlyShelf(self._kill_present)
            run_id = self._begin(database)
            for _ in range(20):
                self._present = self._worker()
                try:
                    self._wait(lambda: self._over(database, run_id) or self._present.poll() is not None)
                finally:
                    self._present.terminate()
                    self._present.wait(60)
                if self._over(database, run_id):
                    break
            self._check(database, run_id)

    def _kill_present(self) -> None:
        self.figures["kills"] = self.figures.get("kills", 0) + 1
        self._present.kill()

    @contextmanager
    def _installation(self) -> Iterator[Database]:
        settings = Settings(data_dir=self.home / "data", environment=Environment.SANDBOX)
        database = open_database(settings)
        try:
            upgrade_database(settings, database)
            prepare(settings, database)
            yield database
        finally:
            database.engine.dispose()

    def _begin(self, database: Database) -> str:
        with database.writing() as db:
            ids = [make.a_lead(db, first_name="Ann", industry="Logistics").id for _ in range(self.leads)]
            order = service.Order(ids, OFFER, "low", sandbox=True, budget_micros=self.budget_micros, mode=self.mode)
            return service.start(db, Jobs(database), SYSTEM, order, system_clock()).run.id

    def _kill_workers(self, database: Database, run_id: str, kills: int) -> None:
        """Each worker dies somewhere in its share of the run, a moment after an answer was stored: calls are under way then."""
        chance = random.Random(self.seed)
        share = self.leads / (kills + 1)
        done = 0
        for _ in range(kills * 3):
            if done == kills or self._over(database, run_id):
                break
            until = self._stored(database) + max(1, round(share * chance.uniform(0.2, 0.8)))
            worker = self._worker()
            try:
                self._wait(
                    lambda until=until: self._stored(database) >= until or self._over(database, run_id), self.patience
                )
                time.sleep(chance.uniform(0.0, 0.2))
                if not self._over(database, run_id):
                    done += 1
            finally:
                worker.send_signal(signal.SIGKILL)
                worker.wait(10)
        self.figures["kills"] = done

    def _finish(self, database: Database, run_id: str) -> None:
        worker = self._worker()
        try:
            self._wait(lambda: self._status(database, run_id) in (*ENDED, "paused"), self.patience)
        finally:
            worker.terminate()
            worker.wait(60)

    def _worker(self) -> "subprocess.Popen[bytes]":
        environment = {
            "APP_ENVIRONMENT": "sandbox",
            "APP_DATA_DIR": str(self.home / "data"),
            "ANTHROPIC_BASE_URL": self.vendor.url,
        }
        log = (self.home / "worker.log").open("ab")
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        return subprocess.Popen([COMMAND, "worker"], env=kept | environment, stdout=log, stderr=log)

    def _wait(self, until: Any, seconds: float = 120.0) -> None:
        deadline = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < deadline, (self.home / "worker.log").read_text()[-3_000:]
            time.sleep(0.05)

    def _status(self, database: Database, run_id: str) -> str:
        with database.reading() as db:
            return service.get_run(db, run_id).status

    def _over(self, database: Database, run_id: str) -> bool:
        return self._status(database, run_id) in (*ENDED, "paused")

    def _stored(self, database: Database) -> int:
        """Answers that were paid and stored so far."""
        settled = sa.select(sa.func.count()).select_from(GenerationCall)
        with database.reading() as db:
            return db.scalar(settled.where(GenerationCall.status == CallStatus.SETTLED)) or 0

    def _check(self, database: Database, run_id: str) -> None:
        with database.reading() as db:
            run = service.shown(db, service.get_run(db, run_id))
            items = list(db.scalars(sa.select(GenerationItem)))
            calls = list(db.scalars(sa.select(GenerationCall)))
            leads = {lead.id: lead.status for lead in db.scalars(sa.select(Lead))}
            texts = {sequence.lead_id for sequence in db.scalars(sa.select(Sequence))}
            versions = Counter(db.scalars(sa.select(SequenceVersion.sequence_id)))
        self.figures |= {"counts": run["counts"], "cost": run["cost"], "calls": len(calls), "status": run["status"]}
        self.figures["lost"] = sum(call.error_code == "worker_lost" for call in calls)
        if run["status"] in ENDED:
            self._check_items(items, leads, texts)
        stored_twice = [
            item.id for item in items if item.status == ItemStatus.DONE and _stored_answers(calls, item.id) != 1
        ]
        self._demand("leads whose answer was stored other than once", stored_twice, [])
        self._demand("sequences with more than one version", [s for s, n in versions.items() if n != 1], [])
        self._check_money(run, calls)

    def _check_items(self, items: list[GenerationItem], leads: dict[str, str], texts: set[str]) -> None:
        for item in items:
            if item.status == ItemStatus.DONE:
                right = leads[item.lead_id] == LeadStatus.DRAFTED and item.lead_id in texts
            else:
                right = (
                    item.status == ItemStatus.FAILED and leads[item.lead_id] == LeadStatus.FAILED and bool(item.error)
                )
            if not right:
                self.problems.append(f"item {item.id} is {item.status}, its lead {leads[item.lead_id]}: {item.error}")

    def _check_money(self, run: dict[str, Any], calls: list[GenerationCall]) -> None:
        settled = sum(call.charged_micros for call in calls if call.status == CallStatus.SETTLED)
        uncertain = sum(call.charged_micros for call in calls if call.status == CallStatus.UNCERTAIN)
        self._demand("spent", round(float(run["cost"]["usd"]) * 1e6), settled)
        self._demand("uncertain", round(float(run["cost"]["uncertain_usd"]) * 1e6), uncertain)
        self._demand("open reservations", [c.id for c in calls if c.status == CallStatus.RESERVED], [])
        over = [c.id for c in calls if c.charged_micros > c.reserved_micros]
        self._demand("calls dearer than their reservation", over, [])
        if self.budget_micros is not None and settled + uncertain > self.budget_micros:
            self.problems.append(f"budget passed: {settled} + {uncertain} of {self.budget_micros}")

    def _demand(self, what: str, found: object, wanted: object) -> None:
        if found != wanted:
            self.problems.append(f"{what}: {found!r} instead of {wanted!r}")


def _stored_answers(calls: list[GenerationCall], item_id: str) -> int:
    """Settled calls without an error: answers whose texts were stored."""
    mine = [call for call in calls if call.item_id == item_id and call.status == CallStatus.SETTLED]
    return sum(1 for call in mine if call.error_code is None)
