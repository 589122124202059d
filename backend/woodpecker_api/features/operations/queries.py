"""Every SELECT of the room."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.exports.models import Export, ExportItem
from woodpecker_api.features.exports.rules import ACTIVE, IN_FLIGHT, ExportStatus
from woodpecker_api.features.generation.models import GenerationRun
from woodpecker_api.features.imports.models import Import, ImportStatus
from woodpecker_api.features.leads.models import VISIBLE, Lead
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.operations.models import NoticeChoice
from woodpecker_api.features.sequences.models import Sequence
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.kit.paging import COUNT_CAP
from woodpecker_api.system.audit.models import AuditLine, AuditPayload
from woodpecker_api.system.auth.models import User

# A person paused it, or it waits for the release of sending, which has an alert of its own.
_NO_TROUBLE = ("by_user", "sending_held")


@dataclass(frozen=True)
class AuditFilter:
    """None means any. `actor` is a user's id, or a kind of actor (system, token, user)."""

    actor: str | None = None
    action: str | None = None
    subject_kind: str | None = None
    subject_id: str | None = None


ACTOR_KINDS = frozenset({"system", "token", "user"})


def audit_page(
    db: Session, wanted: AuditFilter, *, before_id: int | None, limit: int
) -> list[tuple[AuditLine, AuditPayload | None]]:
    """Newest first, each line with its payload; None where it was erased."""
    return [(row[0], row[1]) for row in db.execute(audit_page_statement(wanted, before_id=before_id, limit=limit))]


def audit_page_statement(
    wanted: AuditFilter, *, before_id: int | None, limit: int
) -> sa.Select[AuditLine, AuditPayload]:
    statement = sa.select(AuditLine, AuditPayload).outerjoin(AuditPayload, AuditPayload.line_id == AuditLine.id)
    if before_id is not None:
        statement = statement.where(AuditLine.id < before_id)
    return statement.where(*_conditions(wanted)).order_by(AuditLine.id.desc()).limit(limit)


def count_audit_up_to_cap(db: Session, wanted: AuditFilter) -> int:
    """Exact up to COUNT_CAP; COUNT_CAP + 1 means more."""
    some = sa.select(sa.literal(1)).select_from(AuditLine).where(*_conditions(wanted)).limit(COUNT_CAP + 1)
    return db.scalar(sa.select(sa.func.count()).select_from(some.subquery())) or 0


def _conditions(wanted: AuditFilter) -> Iterator[sa.ColumnElement[bool]]:
    if wanted.actor in ACTOR_KINDS:
        yield AuditLine.actor_kind == wanted.actor
    elif wanted.actor is not None:
        yield AuditLine.actor_id == wanted.actor
    if wanted.action is not None:
        yield AuditLine.action == wanted.action
    if wanted.subject_id is not None:
        yield AuditLine.subject_kind == wanted.subject_kind
        yield AuditLine.subject_id == wanted.subject_id
    elif wanted.subject_kind is not None:
        # The index goes on with the subject's id: it would have to be sorted. A kind is frequent enough for walking backwards.
        yield sa.func.coalesce(AuditLine.subject_kind, "") == wanted.subject_kind


def oldest_unknown(db: Session) -> datetime | None:
    """Since when the oldest item rests whose request may have gone out and whose outcome nobody knows."""
    statement = sa.select(sa.func.min(ExportItem.updated_at)).where(ExportItem.status.in_(IN_FLIGHT))
    return db.scalar(statement)


def troubled_exports(db: Session) -> dict[str, str]:
    """Campaign → code, for exports that something else than a person keeps from getting on."""
    open_now = Export.status.in_([*ACTIVE, ExportStatus.PAUSED])
    statement = (
        sa.select(Export.campaign_name, Export.reason)
        .where(open_now, Export.reason.is_not(None), Export.reason.not_in(_NO_TROUBLE))
        .order_by(Export.id)
        .limit(20)
    )
    return {row.campaign_name: row.reason for row in db.execute(statement)}


def first_line_at(db: Session) -> datetime | None:
    """When this installation began."""
    return db.scalar(sa.select(AuditLine.at).order_by(AuditLine.id).limit(1))


@dataclass(frozen=True)
class Finished:
    """Work that came to its end: what to say of it, and who started it."""

    kind: str
    name: str
    status: str
    total: int
    at: datetime
    by: str | None = None

    @property
    def sentence(self) -> str:
        if self.kind == "export":
            return f"Export to {self.name} {self.status}: {self.total} people."
        if self.kind == "import":
            return f"Import of {self.name} {self.status}: {self.total} rows."
        return f"Generation {self.status}: {self.total} leads."


def finished_since(db: Session, after: datetime) -> list[Finished]:
    """Exports, runs and imports that ended later than that, the oldest first; the samples and what people took over by hand apart."""
    exports = sa.select(Export).where(Export.finished_at > after, sa.func.coalesce(Export.reason, "") != "adopted")
    runs = sa.select(GenerationRun).where(GenerationRun.finished_at > after)
    imports = sa.select(Import).where(
        Import.finished_at > after,
        Import.sandbox.is_(False),
        Import.status.in_([ImportStatus.COMMITTED, ImportStatus.FAILED]),
    )
    found = [
        Finished("export", each.campaign_name, each.status, each.total, each.finished_at, each.created_by)
        for each in db.scalars(exports)
        if each.finished_at
    ]
    found += [
        Finished("generation", "", each.status, each.total, each.finished_at, each.created_by)
        for each in db.scalars(runs)
        if each.finished_at
    ]
    found += [
        Finished("import", each.filename, each.status, each.row_count or 0, each.finished_at, each.created_by)
        for each in db.scalars(imports)
        if each.finished_at
    ]
    return sorted(found, key=lambda each: each.at)


@dataclass(frozen=True)
class StandingStill:
    """An export that waits for a person, and who started it."""

    export_id: str
    name: str
    reason: str
    by: str | None

    @property
    def key(self) -> str:
        return f"{self.export_id} {self.reason}"


def standing_still(db: Session) -> list[StandingStill]:
    """Exports that something else than a person keeps from getting on, the oldest first; at most 100."""
    statement = (
        sa.select(Export)
        .where(Export.status == ExportStatus.PAUSED, Export.reason.is_not(None), Export.reason.not_in(_NO_TROUBLE))
        .order_by(Export.id)
        .limit(100)
    )
    return [
        StandingStill(each.id, each.campaign_name, each.reason or "", each.created_by) for each in db.scalars(statement)
    ]


def notice_choice(db: Session, user_id: str) -> NoticeChoice | None:
    return db.get(NoticeChoice, user_id)


def people_with_channels(db: Session) -> list[NoticeChoice]:
    """Who can sign in and wants to be told outside."""
    statement = (
        sa.select(NoticeChoice)
        .join(User, User.id == NoticeChoice.user_id)
        .where(NoticeChoice.channel.is_not(None), User.disabled_at.is_(None))
    )
    return list(db.scalars(statement))


def leads_by_status(db: Session) -> dict[str, int]:
    """Of the leads that lists show; each exact up to COUNT_CAP, COUNT_CAP + 1 means more."""
    found = {}
    for status in LeadStatus:
        # One short walk along the index for each: a single GROUP BY would go through all leads there are.
        some = sa.select(sa.literal(1)).where(Lead.status == status, *VISIBLE).limit(COUNT_CAP + 1)
        found[status.value] = db.scalar(sa.select(sa.func.count()).select_from(some.subquery())) or 0
    return found


def drafts_by_owner(db: Session) -> dict[str, int]:
    """Drafts that wait for review, by the owner of their lead ("" for nobody); of the first COUNT_CAP + 1."""
    some = (
        sa.select(sa.func.coalesce(Lead.owner_id, "").label("owner"))
        .join_from(Sequence, Lead, Lead.id == Sequence.lead_id)
        .where(Sequence.status == SequenceStatus.DRAFT, *VISIBLE)
        .limit(COUNT_CAP + 1)
        .subquery()
    )
    statement = sa.select(some.c.owner, sa.func.count()).group_by(some.c.owner)
    return {row.owner: row[1] for row in db.execute(statement)}


def has_own_list(db: Session) -> bool:
    statement = sa.select(Import.id).where(Import.status == ImportStatus.COMMITTED, Import.sandbox.is_(False))
    return db.scalar(statement.limit(1)) is not None
