"""People who are in every place that a person can be in; each of their values carries a token that nobody else has."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests import builders as make
from tests.features.exports.world import NoJobs
from woodpecker_api.config import Settings
from woodpecker_api.db.session import Database
from woodpecker_api.features.campaigns.models import Campaign
from woodpecker_api.features.exports.models import ExportPlanItem, Removal
from woodpecker_api.features.exports.rules import ItemStatus, RemovalStatus
from woodpecker_api.features.exports.service import removing
from woodpecker_api.features.generation.models import GenerationItem
from woodpecker_api.features.imports.models import Import, ImportChange, ImportIssue, ImportReject, ImportStatus
from woodpecker_api.features.imports.service.uploads import Uploads
from woodpecker_api.features.leads.models import Lead, SavedView
from woodpecker_api.features.leads.service.erasing import SUPPRESSION_KEY
from woodpecker_api.features.privacy.jobs import ErasureWork
from woodpecker_api.features.privacy.models import Erasure
from woodpecker_api.features.privacy.service import erasing
from woodpecker_api.features.privacy.service.ledger import ErasureLedger
from woodpecker_api.features.sequences.models import SequenceVersion
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.kit.text import address_key
from woodpecker_api.system.audit.service import record
from woodpecker_api.system.auth.models import IdempotentRequest, User
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.jobs import Again, JobContext

# Nobody has a number above 20,000: with all six digits free, a random id among megabytes was taken for a person now and then.
_TOKEN = re.compile(rb"zq(0[01]\d{4})")


def token(number: int) -> str:
    return f"Zq{number:06d}"


def email_of(number: int) -> str:
    return f"{token(number)}.Mail@firm{token(number).lower()}.example"


@dataclass
class Privacy:
    """An installation with people in it; `now` may be moved."""

    database: Database
    settings: Settings
    now: datetime = make.NOON
    sandbox: bool | None = True
    campaign_id: str = ""
    admin_id: str = ""
    turns: int = field(default=0)

    def __post_init__(self) -> None:
        self.jobs: Any = NoJobs()
        self.database.info[SUPPRESSION_KEY] = b"k" * 32
        self.uploads = Uploads(self.settings.data_dir)
        self.ledger = ErasureLedger(self.settings.data_dir)
        self.work = ErasureWork(self, self.uploads, self.ledger)
        with self.database.writing() as db:
            self.admin_id = make.a_user(db, role=Role.ADMIN).id
            self.campaign_id = make.a_campaign(db).id

    @property
    def clock(self):
        return lambda: self.now

    def fill(self, first: int, count: int) -> None:
        """One list of people, each of them everywhere."""
        with self.database.writing() as db:
            _Filling(db, self, range(first, first + count)).everything()

    def ask(self, number: int) -> str:
        with self.database.writing() as db:
            asked = erasing.Asked(make.an_actor(db.get_one(User, self.admin_id)), self.sandbox)
            return erasing.ask(db, self.jobs, asked, email_of(number), self.now).id

    def erase(self, *numbers: int) -> list[str]:
        """Asked for, and worked off turn by turn as the job does."""
        ids = [self.ask(number) for number in numbers]
        for erasure_id in ids:
            self.run(erasure_id)
        return ids

    def run(self, erasure_id: str, most_turns: int = 5) -> None:
        for _ in range(most_turns):
            self.turns += 1
            if not isinstance(self.work.erase(a_context(), erasure_id), Again):
                return
        raise AssertionError("the erasure finds something again and again")

    def woodpecker_confirms(self) -> None:
        """Everybody whom it was to delete is gone there."""
        with self.database.writing() as db:
            waiting = db.scalars(sa.select(Removal.id).where(Removal.status == RemovalStatus.WAITING)).all()
            removing.finish(db, waiting, self.now)
        self.work.watch(a_context(), "")

    def erasure(self, erasure_id: str) -> Erasure:
        with self.database.reading() as db:
            return db.get_one(Erasure, erasure_id)

    def legible(self) -> set[int]:
        """Numbers of everybody of whom any value is legible in a file of the installation, deleted bytes included."""
        return {number for path in self.files() for number in numbers_in(path.read_bytes())}

    def files(self) -> Iterator[Path]:
        return (path for path in self.settings.data_dir.rglob("*") if path.is_file())


def numbers_in(data: bytes) -> set[int]:
    return {int(found) for found in _TOKEN.findall(data.lower())}


def a_context() -> JobContext:
    from threading import Event

    return JobContext("key", 0, Event(), lambda: True, 0.0)


class _Filling:
    def __init__(self, db: Session, world: Privacy, numbers: range) -> None:
        self.db, self.world, self.numbers = db, world, numbers
        self.campaign = db.get_one(Campaign, world.campaign_id)
        self.admin = db.get_one(User, world.admin_id)
        self.actor = make.an_actor(self.admin)
        self.template = make.a_template(db)

    def everything(self) -> None:
        self.imported = self._import()
        self.export = make.an_export(self.db, campaign=self.campaign, by=self.admin)
        self.plan = make.a_plan(self.db, campaign=self.campaign)
        self.run = make.a_run(self.db, template=self.template)
        for line, number in enumerate(self.numbers, start=2):
            lead = self._lead(number)
            self._list(lead, number, line)
            self._texts_and_export(lead, number)
            self._elsewhere(lead, number)
        self.db.flush()

    def _import(self) -> Import:
        """A list that was imported, with its file, which is still there."""
        first = self.numbers[0]
        columns = [
            {"name": "Email", "sample": [email_of(first)], "field": "email"},
            {"name": "Name", "sample": [token(first)], "field": "first_name"},
        ]
        imported = make.an_import(
            self.db,
            by=self.admin,
            columns=columns,
            mapping={"Email": "email", "First name": "first_name"},
            status=ImportStatus.COMMITTED,
            finished_at=make.NOON,
        )
        lines = [f"{email_of(number)},{token(number)}" for number in self.numbers]
        path = self.world.uploads.path(imported.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Email,First name\n" + "\n".join(lines), encoding="utf-8")
        return imported

    def _lead(self, number: int) -> Lead:
        t = token(number)
        return make.a_lead(
            self.db, email=email_of(number), first_name=f"{t}first", last_name=f"{t}last", company=f"{t}company", title=f"{t}title",
            phone=f"+49 {t}", website=f"https://{t}.example", linkedin_url=f"https://linkedin.example/in/{t}", address=f"{t}street",
            city=f"{t}city", tags=[f"{t}tag"], custom={"note": f"{t}note"}, import_id=self.imported.id,
        )  # fmt: skip

    def _list(self, lead: Lead, number: int, line: int) -> None:
        t, import_id = token(number), self.imported.id
        self.db.add(
            ImportChange(import_id=import_id, lead_id=lead.id, before={"before": {"title": f"{t}old"}, "after": {}})
        )
        self.db.add(
            ImportReject(
                import_id=import_id,
                row=line + 500_000,
                code="email_invalid",
                reason="no address",
                cells=["nobody", f"{t}first", f"{t}last"],
            )
        )
        self.db.add(
            ImportIssue(
                import_id=import_id,
                row=line,
                column="Name",
                code="name_case_changed",
                severity="warning",
                message=f"written in one case: '{t}FIRST {t}LAST'",
            )
        )
        self.db.add(
            ImportIssue(
                import_id=import_id,
                row=line + 500_000,
                column=None,
                code="email_invalid",
                severity="error",
                message=f"{t} is no address",
            )
        )

    def _texts_and_export(self, lead: Lead, number: int) -> None:
        t = token(number)
        texts = {part: f"Hi {t}, text {part}" for part in range(1, 8)}
        sequence = make.a_sequence(
            self.db,
            lead=lead,
            template=self.template,
            status=SequenceStatus.EXPORTED,
            texts=texts,
            by=self.admin,
            rejected_reason=f"{t} left",
        )
        sequence_version = self.db.get_one(SequenceVersion, (sequence.id, sequence.version))
        sequence_version.instruction = f"mention {t}"
        make.a_decision(self.db, sequence, reason=f"{t} is nice")
        self.db.add(
            GenerationItem(
                run_id=self.run.id, lead_id=lead.id, previous_status="imported", raw_answer=f"Dear {t}", error=f"{t}?"
            )
        )
        item = make.an_item(
            self.db, export=self.export, sequence=sequence, status=ItemStatus.ADDED, error=f"{t} exists"
        )
        self.db.add(
            ExportPlanItem(
                plan_id=self.plan.id,
                position=number,
                lead_id=lead.id,
                email=lead.email,
                address_key=lead.address_key,
                decision="new",
                fields=item.fields,
                detail=f"{t}!",
            )
        )
        make.an_attempt(self.db, item=item, by=self.admin, error=f"{t}: exists")

    def _elsewhere(self, lead: Lead, number: int) -> None:
        t = token(number)
        account = self.campaign.woodpecker_account_id
        from woodpecker_api.features.campaigns.models import WoodpeckerAccount

        make.an_account_person(self.db, self.db.get_one(WoodpeckerAccount, account), lead.email)
        make.a_membership(self.db, self.campaign, lead.email)
        make.a_suppression(self.db, lead.email, reason=f"{t} asked")
        self.db.add(
            SavedView(user_id=self.admin.id, page="leads", name=f"view {number}", query={"q": address_key(lead.email)})
        )
        self.db.add(
            IdempotentRequest(
                user_id=self.admin.id,
                key=f"key-{number}",
                request_hash="0",
                status=200,
                answer={"email": lead.email, "name": f"{t}first"},
                created_at=make.NOON,
            )
        )
        record(
            self.db,
            self.actor,
            "lead.edited",
            ("lead", lead.id),
            before={"title": f"{t}old"},
            after={"title": f"{t}title"},
        )
        record(self.db, self.actor, "do_not_contact.added", ("do_not_contact", None), after={"value": lead.email})
