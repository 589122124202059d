"""Bulk writes on leads."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.leads.models import RESTORABLE, Lead
from woodpecker_api.features.leads.queries.selecting import chunks
from woodpecker_api.features.leads.rules import LeadStatus


def change_many(db: Session, ids: Sequence[str], values: Mapping[str, Any], now: datetime) -> None:
    """The same values for all; each gets a new version."""
    for chunk in chunks(ids):
        db.execute(
            sa.update(Lead)
            .where(Lead.id.in_(chunk))
            .values(**values, version=Lead.version + 1, updated_at=now)
            .execution_options(synchronize_session=False)
        )


def move_many(db: Session, ids: Sequence[str], status: LeadStatus, now: datetime) -> None:
    """To another state, without a new version: a form that somebody has open must not conflict with the program's own work."""
    for chunk in chunks(ids):
        moved = sa.update(Lead).where(Lead.id.in_(chunk)).values(status=status, updated_at=now)
        db.execute(moved.execution_options(synchronize_session=False))


def restorable(db: Session, ids: Sequence[str]) -> list[str]:
    """Of these, the deleted ones whose address no live lead has; of several with one address, the one deleted last."""
    gone: dict[str, tuple[datetime, str]] = {}
    for chunk in chunks(ids):
        statement = sa.select(Lead.id, Lead.address_key, Lead.deleted_at).where(Lead.id.in_(chunk), *RESTORABLE)
        for row in db.execute(statement):
            gone[row.address_key] = max(gone.get(row.address_key, (row.deleted_at, row.id)), (row.deleted_at, row.id))
    taken: set[str] = set()
    for chunk in chunks(list(gone)):
        live = sa.select(Lead.address_key).where(Lead.address_key.in_(chunk), Lead.deleted_at.is_(None))
        taken.update(db.scalars(live))
    return sorted(lead_id for key, (_, lead_id) in gone.items() if key not in taken)


def keys_of(db: Session, ids: Sequence[str]) -> list[tuple[str, str]]:
    """(address key, address) of these leads."""
    found: list[tuple[str, str]] = []
    for chunk in chunks(ids):
        rows = db.execute(sa.select(Lead.address_key, Lead.email).where(Lead.id.in_(chunk)).order_by(Lead.id))
        found += [(row.address_key, row.email) for row in rows]
    return found


def tags_of(db: Session, ids: Sequence[str]) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for chunk in chunks(ids):
        rows = db.execute(sa.select(Lead.id, Lead.tags).where(Lead.id.in_(chunk)))
        found += [(row.id, list(row.tags or [])) for row in rows]
    return found


def write_tags(db: Session, rows: Sequence[tuple[str, list[str]]], now: datetime) -> None:
    table: Any = Lead.__table__
    statement = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("lead_id"))
        .values(tags=sa.bindparam("new_tags"), version=table.c.version + 1, updated_at=now)
    )
    if rows:
        db.execute(statement, [{"lead_id": lead_id, "new_tags": tags} for lead_id, tags in rows])
