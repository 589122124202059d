"""Imports, their problems, rejected rows, and remembered mappings."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.inserting import upsert
from woodpecker_api.features.imports.models import Import, ImportIssue, ImportReject, MappingMemory
from woodpecker_api.features.imports.rules.issues import Issue
from woodpecker_api.kit.paging import COUNT_CAP, encode_cursor

_SLICE = 2_000


def one(db: Session, import_id: str) -> Import | None:
    return db.get(Import, import_id)


def one_locked(db: Session, import_id: str) -> Import | None:
    """As it is now, and nobody else changes it until this transaction ends."""
    statement = sa.select(Import).where(Import.id == import_id).with_for_update()
    return db.scalar(statement.execution_options(populate_existing=True))


def page(db: Session, *, after: list[Any] | None, limit: int) -> tuple[list[Import], str | None, int]:
    """Imports, newest first."""
    statement = sa.select(Import).order_by(Import.id.desc()).limit(limit + 1)
    if after is not None:
        statement = statement.where(Import.id < str(after[0]))
    rows = list(db.scalars(statement))
    total = db.scalar(sa.select(sa.func.count()).select_from(Import)) or 0
    return rows[:limit], encode_cursor(rows[limit - 1].id) if len(rows) > limit else None, total


def write_issues(db: Session, import_id: str, issues: Sequence[Issue]) -> None:
    """In the order given."""
    for start in range(0, len(issues), _SLICE):
        db.execute(
            sa.insert(ImportIssue),
            [
                {
                    "import_id": import_id,
                    "row": issue.row,
                    "column": issue.column and issue.column[:300],
                    "code": issue.code,
                    "severity": issue.severity.value,
                    "message": issue.message,
                }
                for issue in issues[start : start + _SLICE]
            ],
        )


def drop_issues(db: Session, import_id: str) -> None:
    db.execute(sa.delete(ImportIssue).where(ImportIssue.import_id == import_id))


def first_issues(db: Session, import_id: str, limit: int) -> list[ImportIssue]:
    """The gravest first, then in the order of the file."""
    gravity = sa.case({"error": 0, "warning": 1}, value=ImportIssue.severity, else_=2)
    statement = sa.select(ImportIssue).where(ImportIssue.import_id == import_id).order_by(gravity, ImportIssue.id)
    return list(db.scalars(statement.limit(limit)))


def issue_page(
    db: Session, import_id: str, wanted: dict[str, str | None], *, after: list[Any] | None, limit: int
) -> tuple[list[ImportIssue], str | None, int]:
    """Problems in the order of the file; `wanted` may name code, severity, column."""
    conditions = [ImportIssue.import_id == import_id]
    conditions += [getattr(ImportIssue, name) == value for name, value in wanted.items() if value is not None]
    some = sa.select(ImportIssue.id).where(*conditions).limit(COUNT_CAP + 1).subquery()
    total = db.scalar(sa.select(sa.func.count()).select_from(some)) or 0
    statement = sa.select(ImportIssue).where(*conditions).order_by(ImportIssue.id).limit(limit + 1)
    if after is not None and isinstance(after[0], int):
        statement = statement.where(ImportIssue.id > after[0])
    rows = list(db.scalars(statement))
    return rows[:limit], encode_cursor(rows[limit - 1].id) if len(rows) > limit else None, total


def every_issue(db: Session, import_id: str) -> Iterator[ImportIssue]:
    statement = sa.select(ImportIssue).where(ImportIssue.import_id == import_id).order_by(ImportIssue.id)
    yield from db.scalars(statement.execution_options(yield_per=1000))


def every_reject(db: Session, import_id: str) -> Iterator[ImportReject]:
    statement = sa.select(ImportReject).where(ImportReject.import_id == import_id).order_by(ImportReject.row)
    yield from db.scalars(statement.execution_options(yield_per=500))


def drop_rejects(db: Session, import_id: str) -> None:
    db.execute(sa.delete(ImportReject).where(ImportReject.import_id == import_id))


def remembered(db: Session, shape: str) -> dict[str, str | None] | None:
    memory = db.get(MappingMemory, shape)
    return dict(memory.mapping) if memory is not None else None


def remember(db: Session, shape: str, mapping: dict[str, str | None], now: datetime) -> None:
    statement = upsert(MappingMemory, db.connection(), key=["header_hash"], change=["mapping", "updated_at"])
    db.execute(statement, {"header_hash": shape, "mapping": mapping, "updated_at": now})


def settled_before(db: Session, import_ids: Sequence[str], moment: datetime, open_statuses: Sequence[str]) -> set[str]:
    """Of these, the imports whose files may go: settled before the moment, begun before it and left lying, or unknown."""
    rows = db.execute(
        sa.select(Import.id, Import.status, Import.finished_at, Import.created_at).where(Import.id.in_(import_ids))
    ).all()
    kept = {row.id for row in rows if row.status in open_statuses or (row.finished_at or row.created_at) >= moment}
    return set(import_ids) - kept
