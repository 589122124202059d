"""Three tables: the chained lines, their erasable payloads, and the head of the chain."""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from woodpecker_api.db.base import Base, Id, UtcDateTime
from woodpecker_api.db.dialect import refuse_changes_ddl
from woodpecker_api.kit.hashing import canonical


class AuditLine(Base):
    """One thing that was done. Holds no personal data: `digest` vouches for the payload, `subject_id` refers to it."""

    __tablename__ = "audit_lines"
    __table_args__ = (
        sa.Index("ix_audit_lines_subject", "subject_kind", "subject_id", "id"),
        sa.Index("ix_audit_lines_actor", "actor_id", "id"),
        sa.Index("ix_audit_lines_action", "action", "id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_kind: Mapped[str] = mapped_column(sa.String(16))
    actor_id: Mapped[str | None] = mapped_column(Id)
    action: Mapped[str] = mapped_column(sa.String(64))
    subject_kind: Mapped[str] = mapped_column(sa.String(32))
    subject_id: Mapped[str | None] = mapped_column(Id)
    request_id: Mapped[str | None] = mapped_column(sa.String(64))
    count: Mapped[int] = mapped_column(default=1)
    digest: Mapped[str] = mapped_column(sa.String(64))
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))


class CanonicalJson(TypeDecorator[Any]):
    """JSON in the one form that digests are taken over: verifying a million lines need not parse them."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        del dialect
        return None if value is None else canonical(value).decode()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        del dialect
        return None if value is None else json.loads(value)


class AuditPayload(Base):
    """Before and after of a line, with the salt of its digest. A row may be erased; the line then stands without it."""

    __tablename__ = "audit_payloads"

    line_id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.ForeignKey("audit_lines.id"), primary_key=True
    )
    salt: Mapped[str] = mapped_column(sa.String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(CanonicalJson)


class AuditHead(Base):
    """The last line of the chain; exactly one row."""

    __tablename__ = "audit_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line_id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"))
    hash: Mapped[str] = mapped_column(sa.String(64))


# Wherever the table is made from the models, it is append-only from its first moment; the migration makes the same triggers.
for _dialect, _sql in refuse_changes_ddl(AuditLine.__tablename__):
    event.listen(AuditLine.__table__, "after_create", sa.DDL(_sql).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
