"""What steering an export reads and writes in bulk."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.exports.models import Export, ExportBatch, ExportItem
from woodpecker_api.features.exports.queries.claims import claims_of
from woodpecker_api.features.exports.rules import IN_FLIGHT, ItemStatus

_NO_SYNC = {"synchronize_session": False}


def locked_export(db: Session, export_id: str) -> Export | None:
    """Its row, locked and fresh: the loop and a person must not pass each other."""
    statement = sa.select(Export).where(Export.id == export_id).with_for_update()
    return db.scalar(statement, execution_options={"populate_existing": True})


def anything_begun(db: Session, export_id: str) -> bool:
    """Whether an intent was ever written for it."""
    return bool(db.scalar(sa.select(sa.exists().where(ExportBatch.export_id == export_id))))


def in_flight_count(db: Session, export_id: str) -> int:
    statement = sa.select(sa.func.count()).where(ExportItem.export_id == export_id, ExportItem.status.in_(IN_FLIGHT))
    return db.scalar(statement) or 0


def waiting_items(db: Session, export_id: str, limit: int) -> Sequence[ExportItem]:
    statement = sa.select(ExportItem).where(ExportItem.export_id == export_id, ExportItem.status == ItemStatus.QUEUED)
    return db.scalars(statement.order_by(ExportItem.position).limit(limit)).all()


def end_items(db: Session, ids: Collection[str], status: ItemStatus, code: str | None, now: datetime) -> None:
    """Queued ones only: what is in flight is never ended by a word of ours."""
    statement = sa.update(ExportItem).where(ExportItem.id.in_(ids), ExportItem.status == ItemStatus.QUEUED)
    db.execute(statement.values(status=status, error_code=code, updated_at=now), execution_options=_NO_SYNC)


def requeue(
    db: Session, export: Export, statuses: Collection[ItemStatus], ids: Sequence[str] | None, now: datetime
) -> list[str]:
    """Queues items again whose claims are free; their leads' ids."""
    statement = sa.select(ExportItem).where(ExportItem.export_id == export.id, ExportItem.status.in_(statuses))
    if ids is not None:
        statement = statement.where(ExportItem.id.in_(ids))
    items = free_items(db, export, db.scalars(statement.order_by(ExportItem.address_key)).all())
    for item in items:
        item.status, item.error_code, item.error = ItemStatus.QUEUED, None, None
        item.tries, item.updated_at = 0, now
    db.flush()
    return [item.lead_id for item in items]


def free_items(db: Session, export: Export, items: Sequence[ExportItem]) -> list[ExportItem]:
    """Those of these items whose person and campaign nobody else has claimed."""
    keys = [item.address_key for item in items]
    account_id = export.woodpecker_account_id
    taken: set[str] = set()
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        claims = claims_of(db, account_id, export.campaign_vendor_id, part)
        taken |= claims.open | claims.taken
    return [item for item in items if item.address_key not in taken]


def closable_by_hand(
    db: Session, export_id: str, statuses: Collection[ItemStatus], keys: Collection[str] | None
) -> Sequence[ExportItem]:
    statement = sa.select(ExportItem).where(ExportItem.export_id == export_id, ExportItem.status.in_(statuses))
    if keys is not None:
        statement = statement.where(ExportItem.address_key.in_(keys))
    return db.scalars(statement.order_by(ExportItem.address_key)).all()


def store(db: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.execute(sa.insert(table), rows)
