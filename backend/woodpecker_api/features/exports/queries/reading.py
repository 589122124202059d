"""What the pages ask."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.exports.models import Export, ExportItem, ExportPlan, ExportPlanItem
from woodpecker_api.features.exports.rules import ExportStatus, ItemStatus, Reason
from woodpecker_api.kit.paging import COUNT_CAP

_STREAM_SLICE = 500


def exports_page(
    db: Session, statuses: Collection[ExportStatus] | None, after: Sequence[Any] | None, limit: int
) -> Sequence[Export]:
    """Newest first; `after` is the id of the last one seen."""
    statement = sa.select(Export)
    if statuses:
        statement = statement.where(Export.status.in_(statuses))
    if after is not None:
        statement = statement.where(Export.id < after[0])
    return db.scalars(statement.order_by(Export.id.desc()).limit(limit)).all()


def exports_count(db: Session, statuses: Collection[ExportStatus] | None) -> int:
    """Up to one more than the cap."""
    inner = sa.select(Export.id)
    if statuses:
        inner = inner.where(Export.status.in_(statuses))
    return _capped_count(db, inner)


def counts_of(db: Session, export_ids: Collection[str]) -> dict[str, dict[str, int]]:
    """By export: items by status, every status named."""
    counts = {export_id: dict.fromkeys((status.value for status in ItemStatus), 0) for export_id in export_ids}
    statement = (
        sa.select(ExportItem.export_id, ExportItem.status, sa.func.count())
        .where(ExportItem.export_id.in_(export_ids))
        .group_by(ExportItem.export_id, ExportItem.status)
    )
    for export_id, status, count in db.execute(statement):
        counts[export_id][status] = count
    return counts


def items_page(
    db: Session, export_id: str, statuses: Collection[ItemStatus] | None, after: Sequence[Any] | None, limit: int
) -> Sequence[ExportItem]:
    """By position; `after` is the last position seen."""
    statement = _items(export_id, statuses)
    if after is not None:
        statement = statement.where(ExportItem.position > after[0])
    return db.scalars(statement.order_by(ExportItem.position).limit(limit)).all()


def items_count(db: Session, export_id: str, statuses: Collection[ItemStatus] | None) -> int:
    return _capped_count(db, _items(export_id, statuses).with_only_columns(ExportItem.id))


def plan_items_page(
    db: Session,
    plan_id: str,
    decision: Reason | None,
    after: Sequence[Any] | None,
    limit: int,
    *,
    with_collisions: bool = False,
) -> Sequence[ExportPlanItem]:
    """`with_collisions`: only those of whom something is to be said."""
    statement = sa.select(ExportPlanItem).where(ExportPlanItem.plan_id == plan_id)
    if decision is not None:
        statement = statement.where(ExportPlanItem.decision == decision)
    if with_collisions:
        statement = statement.where(ExportPlanItem.collisions.is_not(None))
    if after is not None:
        statement = statement.where(ExportPlanItem.position > after[0])
    return db.scalars(statement.order_by(ExportPlanItem.position).limit(limit)).all()


def plan_items_count(db: Session, plan_id: str, decision: Reason | None) -> int:
    """Of those of whom something is to be said."""
    statement = sa.select(sa.func.count()).where(
        ExportPlanItem.plan_id == plan_id, ExportPlanItem.collisions.is_not(None)
    )
    return db.scalar(statement.where(ExportPlanItem.decision == decision) if decision is not None else statement) or 0


def plan(db: Session, plan_id: str) -> ExportPlan | None:
    return db.get(ExportPlan, plan_id)


def fields_of_items(db: Session, export_id: str, statuses: Collection[ItemStatus] | None) -> Iterator[dict[str, str]]:
    """Slice by slice, so that a long export needs no more memory than a short one."""
    position = -1
    while part := items_page(db, export_id, statuses, [position], _STREAM_SLICE):
        position = part[-1].position
        yield from (item.fields for item in part)
        db.expunge_all()


def fields_of_plan(db: Session, plan_id: str) -> Iterator[dict[str, str]]:
    position = -1
    while part := plan_items_page(db, plan_id, Reason.NEW, [position], _STREAM_SLICE):
        position = part[-1].position
        yield from (item.fields for item in part)
        db.expunge_all()


def _items(export_id: str, statuses: Collection[ItemStatus] | None) -> sa.Select[ExportItem]:
    statement = sa.select(ExportItem).where(ExportItem.export_id == export_id)
    return statement.where(ExportItem.status.in_(statuses)) if statuses else statement


def _capped_count(db: Session, statement: sa.Select[Any]) -> int:
    return db.scalar(sa.select(sa.func.count()).select_from(statement.limit(COUNT_CAP + 1).subquery())) or 0
