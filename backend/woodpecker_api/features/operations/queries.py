"""Every SELECT of the room."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.exports.models import Export, ExportItem
from woodpecker_api.features.exports.rules import ACTIVE, IN_FLIGHT, ExportStatus
from woodpecker_api.features.generation.models import GenerationRun
from woodpecker_api.kit.paging import COUNT_CAP
from woodpecker_api.system.audit.models import AuditLine, AuditPayload

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
    """Work that came to its end: what to say of it."""

    kind: str
    name: str
    status: str
    total: int
    at: datetime


def finished_since(db: Session, after: datetime) -> list[Finished]:
    """Exports and runs that ended later than that, the oldest first; what people took over by hand apart."""
    exports = sa.select(Export.campaign_name, Export.status, Export.total, Export.finished_at).where(
        Export.finished_at > after, sa.func.coalesce(Export.reason, "") != "adopted"
    )
    runs = sa.select(GenerationRun.status, GenerationRun.total, GenerationRun.finished_at).where(
        GenerationRun.finished_at > after
    )
    found = [Finished("export", name, status, total, at) for name, status, total, at in db.execute(exports) if at]
    found += [Finished("generation", "", status, total, at) for status, total, at in db.execute(runs) if at]
    return sorted(found, key=lambda each: each.at)
