"""The mirror of a large account whose worker is killed at random while people come, change and leave; then it is compared.

Used by test_mirror_survives_kills.py (small) and benchmarks/soak_mirror.py (large).
"""

import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.builders import a_lead, a_sequence, a_template, a_user, an_actor
from tests.e2e.export_lab import Lab, Ordeal, Report, wait_until
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import AccountPerson, AccountRead, Campaign, Membership, ReadKind
from woodpecker_api.features.exports import service as exports
from woodpecker_api.features.exports.models import Export
from woodpecker_api.features.exports.rules import ENDED
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.kit.text import address_key
from woodpecker_api.system.audit.service import SYSTEM
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.settings.service import change_settings

ADD = "POST /v1/add_prospects_campaign"
PEOPLE = "GET /v1/prospects"
"""A page of everybody; other questions about people say in the simulator's order what they ask for."""


@dataclass(frozen=True)
class MirrorOrdeal:
    people: int
    kills: int
    leads: int = 300
    seed: int = 1


class MirrorLab(Lab):
    """One installation, its vendor with many people, and a worker that is killed."""

    def __init__(self, home: Path, mirror: MirrorOrdeal) -> None:
        quick = Ordeal(
            mirror.leads, mirror.kills, apply_seconds=0.02, settle_seconds=30, deadline_seconds=20, seed=mirror.seed
        )
        super().__init__(home, quick)
        self._mirror = mirror
        self._campaigns: list[int] = []
        self._deleted: set[str] = set()

    def run(self) -> Report:
        self._start_vendor()
        self._fill()
        began = time.monotonic()
        self._read_under_kills()
        self._compare("after the read under kills and the changes since", strict=False)
        self._read(everybody=True)
        self._compare("after a read of everybody in peace", strict=True)
        self._export_beside()
        self.report.figures["seconds"] = round(time.monotonic() - began, 1)
        self.report.demand("most requests in flight", self.control.ledger()["peak_in_flight"], 1)
        return self.report

    def _fill(self) -> None:
        self.control.reset(sample=False)
        self._campaigns = [
            self.control.put_campaign(name=f"Campaign {number}", status=status)
            for number, status in enumerate(("RUNNING", "PAUSED", "COMPLETED", "DRAFT", "RUNNING"))
        ]
        for start in range(0, self._mirror.people, 20_000):
            count = min(20_000, self._mirror.people - start)
            self.control.generate_prospects(count, prefix=f"p{start}x", campaigns=self._campaigns)
        with self.database.writing() as db:
            account = campaigns.ensure_account(db, self._environment["WOODPECKER_BASE_URL"], sandbox=True)
            # Reads are asked for by the test alone, so that it knows which one it looks at.
            change_settings(db, SYSTEM, {"mirror_minutes": 0}, system_clock())
            self._account_id = account.id
        self._done(ReadKind.CAMPAIGNS)

    def _read_under_kills(self) -> None:
        read_id = self._ask(everybody=True)
        while self.report.kills < self._mirror.kills:
            with self.worker() as worker:
                before = self._state(read_id)
                wait_until(lambda read=read_id, before=before, worker=worker: self._moved(read, before, worker), 180)
                time.sleep(self._chance.uniform(0.0, 0.4))
            self.report.kills += 1
            self._meanwhile()
            if self._state(read_id)[0] != "waiting":
                read_id = self._ask(everybody=True)
        self._finish_read(read_id)
        self._read(everybody=False)

    def _meanwhile(self) -> None:
        """People leave from the front, new ones come, and somebody replies: what moves pages and what makes a copy old."""
        number = self.report.kills
        leavers = [f"p0x{place}@generated{place % 97}.example" for place in range(number * 10, number * 10 + 5)]
        self.control.delete_prospects(*leavers)
        self._deleted |= {address_key(email) for email in leavers}
        self.control.generate_prospects(7, prefix=f"late{number}x", campaigns=self._campaigns)
        place = number * 10 + 7
        self.control.put_prospect(f"p0x{place}@generated{place % 97}.example", status="REPLIED")

    def _moved(self, read_id: str, before: tuple[str, int, bool], worker: Any) -> bool:
        if worker.poll() is not None:
            raise RuntimeError(f"the worker ended by itself; see {self._home / 'worker.log'}")
        return self._state(read_id) != before

    def _state(self, read_id: str) -> tuple[str, int, bool]:
        read: AccountRead = self._one(lambda db: db.get_one(AccountRead, read_id))
        return read.status, read.next_page, read.verifying

    def _ask(self, *, everybody: bool) -> str:
        with self.database.writing() as db:
            read = campaigns.request_mirror(db, SYSTEM, self._account_id, everybody=everybody)
            campaigns.wake(db, self._program.services.jobs, self._account_id)
            return read.id

    def _read(self, *, everybody: bool) -> None:
        self._finish_read(self._ask(everybody=everybody))

    def _finish_read(self, read_id: str) -> None:
        with self.worker():
            wait_until(lambda: self._state(read_id)[0] == "done", 600)

    def _done(self, kind: ReadKind) -> None:
        with self.database.writing() as db:
            read_id = campaigns.request_read(db, SYSTEM, self._account_id, kind).id
            campaigns.wake(db, self._program.services.jobs, self._account_id)
        self._finish_read(read_id)

    def _compare(self, when: str, *, strict: bool) -> None:
        """Everybody there is here as they are. Who left during a read may stay until the next one of everybody."""
        truth = {
            address_key(each["email"]): (
                each["status"],
                bool(each["last_contacted"]),
                tuple(sorted((int(number), place["status"]) for number, place in each["enrolments"].items())),
            )
            for each in self.control.people()
        }
        here = self._copy()
        extra = set(here) - set(truth)
        self.report.demand(f"{when}: missing", sorted(set(truth) - set(here))[:5], [])
        self.report.demand(f"{when}: different", [key for key in truth if here.get(key) != truth[key]][:5], [])
        self.report.demand(
            f"{when}: people who never left, or who left and are still here", extra - self._deleted, set()
        )
        if strict:
            self.report.demand(f"{when}: gone people still here", extra, set())
        self.report.figures[f"people {when}"] = len(here)

    def _copy(self) -> dict[str, tuple[str, bool, tuple[tuple[int, str | None], ...]]]:
        with self.database.reading() as db:
            places: dict[str, list[tuple[int, str | None]]] = {}
            chosen = sa.select(Membership.address_key, Membership.campaign_vendor_id, Membership.status)
            for key, number, status in db.execute(chosen):
                places.setdefault(key, []).append((number, status))
            people = sa.select(AccountPerson.address_key, AccountPerson.status, AccountPerson.last_contacted_at)
            return {
                key: (status, contacted is not None, tuple(sorted(places.get(key, ()))))
                for key, status, contacted in db.execute(people)
            }

    def _export_beside(self) -> None:
        """An export while everybody is read once more: between two of its requests stands one page at most."""
        with self.database.writing() as db:
            actor = an_actor(a_user(db, role=Role.MANAGER))
            template, approver = a_template(db), a_user(db, role=Role.MANAGER)
            leads = [a_lead(db, sandbox=True) for _ in range(self._mirror.leads)]
            for lead in leads:
                a_sequence(db, lead=lead, template=template, by=approver, status=SequenceStatus.APPROVED, sandbox=True)
            campaign = db.scalars(sa.select(Campaign).where(Campaign.vendor_id == self._campaigns[3])).one()
            change_settings(db, actor, {"export_batch_size": 20}, system_clock())
            order = exports.PlanOrder(campaign.id, [lead.id for lead in leads])
            plan = exports.make_plan(db, actor, order, system_clock())
            export = exports.start_export(
                db, self._program.services.jobs, actor, exports.StartOrder(plan.id, True, 0), system_clock()
            )
            export_id = export.id
        self._ask(everybody=True)
        with self.worker():
            wait_until(lambda: self._one(lambda db: db.get_one(Export, export_id).status) in ENDED, 600)
        order_of_calls = self.control.order()
        adds = [place for place, call in enumerate(order_of_calls) if call == ADD]
        between = [order_of_calls[a:b].count(PEOPLE) for a, b in pairwise(adds)]
        self.report.demand("requests of the export", len(adds) >= self._mirror.leads // 20, True)
        self.report.demand("pages between two requests of an export, at most", max(between, default=0) <= 1, True)
        self.report.figures["pages read beside the export"] = sum(between)
