"""Reading and writing leads by the thousand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.dialect import is_sqlite
from woodpecker_api.db.inserting import insert_ignore, insert_texts_ignore
from woodpecker_api.features.imports.models import Import, ImportChange, ImportReject
from woodpecker_api.features.imports.rules.prepared import PREPARED
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import FIELD_NAMES, LeadStatus
from woodpecker_api.kit.ids import new_id

CHUNK = 500
_COMPARED = [Lead.id, Lead.address_key, Lead.custom, Lead.tags, *(getattr(Lead, name) for name in FIELD_NAMES)]


def stored_leads(db: Session, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Live leads by address key, those of unfinished imports included, with what a merge compares."""
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(keys), CHUNK):
        wanted = sa.select(*_COMPARED).where(
            Lead.address_key.in_(keys[start : start + CHUNK]), Lead.deleted_at.is_(None)
        )
        found.update((row["address_key"], dict(row)) for row in db.execute(wanted).mappings())
    return found


def leads_by_key(db: Session, keys: Sequence[str]) -> dict[str, Lead]:
    """The same as records that can be changed."""
    return {
        lead.address_key: lead
        for start in range(0, len(keys), CHUNK)
        for lead in db.scalars(
            sa.select(Lead).where(Lead.address_key.in_(keys[start : start + CHUNK]), Lead.deleted_at.is_(None))
        )
    }


def insert_prepared(
    db: Session, imported: Import, rows: Sequence[tuple[str, tuple[str, ...]]], now: datetime
) -> set[str]:
    """(key, texts of `PREPARED`) of new leads. The unique index on live addresses is the arbiter: the keys it refused."""
    if not rows:
        return set()
    connection = db.connection()
    stem = new_id()[:16]  # one id a slice, and the place in the slice behind it: ids stay in the order of the file
    constants = {
        "owner_id": imported.created_by,
        "import_id": imported.id,
        "pending_import_id": imported.id,
        "sandbox": imported.sandbox,
        "status": LeadStatus.IMPORTED.value,
        "version": 1,
        "created_at": now,
        "updated_at": now,
    }
    names = ("id", "address_key", "domain", *PREPARED)
    values: list[tuple[str | int, ...]] = [
        (f"{stem}{place:010d}", key, key.rpartition("@")[2], *columns) for place, (key, columns) in enumerate(rows)
    ]
    if is_sqlite(connection):  # where the database gives each row its number by itself, it writes each row twice
        names, values = _numbered(db, names, values)
    inserted = insert_texts_ignore(connection, Lead.__table__, names, values, constants)
    if inserted == len(values):
        return set()
    present = _present(db, [str(row[0]) for row in values])
    return {str(row[1]) for row in values if row[0] not in present}


def _numbered(
    db: Session, names: tuple[str, ...], values: list[tuple[str | int, ...]]
) -> tuple[tuple[str, ...], list[tuple[str | int, ...]]]:
    first = (db.scalar(sa.select(sa.func.max(Lead.number))) or 0) + 1
    return (*names, "number"), [(*row, number) for number, row in enumerate(values, first)]


def _present(db: Session, ids: Sequence[str]) -> set[str]:
    return {
        lead_id
        for start in range(0, len(ids), CHUNK)
        for lead_id in db.scalars(sa.select(Lead.id).where(Lead.id.in_(ids[start : start + CHUNK])))
    }


def insert_rejects(db: Session, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.execute(insert_ignore(ImportReject.__table__, db.connection()), rows)


def insert_changes(db: Session, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.execute(insert_ignore(ImportChange.__table__, db.connection()), rows)


def reveal(db: Session, import_id: str) -> None:
    """All rows of the import become visible at once."""
    _change(db, Lead.pending_import_id == import_id, {"pending_import_id": None})


def discard_pending(db: Session, import_id: str, now: datetime) -> None:
    """Rows that never became visible; they stay hidden for ever, and their addresses are free again."""
    waiting = sa.and_(Lead.pending_import_id == import_id, Lead.deleted_at.is_(None))
    _change(db, waiting, {"deleted_at": now, "updated_at": now})


def put_away(db: Session, import_id: str, now: datetime) -> None:
    live = sa.and_(Lead.import_id == import_id, Lead.deleted_at.is_(None))
    _change(db, live, {"deleted_at": now, "updated_at": now, "version": Lead.version + 1})


def _change(db: Session, where: sa.ColumnElement[bool], values: Mapping[str, Any]) -> None:
    db.execute(sa.update(Lead).where(where).values(**values).execution_options(synchronize_session=False))


def ids_of_import(db: Session, import_id: str) -> list[str]:
    """Live leads that the import made, and those that it changed."""
    made = sa.select(Lead.id).where(Lead.import_id == import_id, Lead.deleted_at.is_(None))
    changed = sa.select(ImportChange.lead_id).where(ImportChange.import_id == import_id)
    return list(db.scalars(sa.union(made, changed)))


def changes_of(db: Session, import_id: str) -> list[tuple[ImportChange, Lead]]:
    statement = (
        sa.select(ImportChange, Lead)
        .join(Lead, Lead.id == ImportChange.lead_id)
        .where(ImportChange.import_id == import_id)
    )
    return [(row.ImportChange, row.Lead) for row in db.execute(statement)]


def has_status(db: Session, import_id: str, statuses: Sequence[str]) -> bool:
    """Whether a live lead of the import, or one that it changed, is in one of these states."""
    changed = sa.select(ImportChange.lead_id).where(ImportChange.import_id == import_id)
    wanted = sa.select(Lead.id).where(
        sa.or_(Lead.import_id == import_id, Lead.id.in_(changed)),
        Lead.status.in_(statuses),
        Lead.deleted_at.is_(None),
    )
    return db.scalar(wanted.limit(1)) is not None
