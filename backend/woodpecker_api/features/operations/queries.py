"""Every SELECT of the room."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.kit.paging import COUNT_CAP
from woodpecker_api.system.audit.models import AuditLine, AuditPayload


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
