"""Exports that may need somebody, and people who should have left Woodpecker by now."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.exports.models import Export, ExportItem, Removal
from woodpecker_api.features.exports.rules import ACTIVE, IN_FLIGHT, ExportStatus, ItemStatus, RemovalStatus

_LOOKED_AT = 200
_FAILED_SHOWN_FOR = timedelta(days=30)


def exports_to_look_at(db: Session, now: datetime) -> Sequence[tuple[Export, int, datetime | None]]:
    """Newest first, at most 200: (export, failed items, since when its oldest item is in flight)."""
    failed = sa.func.sum(sa.case((ExportItem.status == ItemStatus.FAILED, 1), else_=0))
    oldest = sa.func.min(sa.case((ExportItem.status.in_(IN_FLIGHT), ExportItem.updated_at)))
    troubled = (
        sa.select(
            ExportItem.export_id,
            failed.label("failed"),
            sa.type_coerce(oldest, ExportItem.updated_at.type).label("oldest"),
        )
        .where(ExportItem.status.in_([ItemStatus.FAILED, *IN_FLIGHT]))
        .group_by(ExportItem.export_id)
        .subquery()
    )
    open_now = Export.status.in_([*ACTIVE, ExportStatus.PAUSED])
    recent = sa.and_(troubled.c.export_id.is_not(None), Export.created_at > now - _FAILED_SHOWN_FOR)
    statement = (
        sa.select(Export, sa.func.coalesce(troubled.c.failed, 0), troubled.c.oldest)
        .outerjoin(troubled, troubled.c.export_id == Export.id)
        .where(sa.or_(open_now, recent))
        .order_by(Export.id.desc())
        .limit(_LOOKED_AT)
    )
    return [(row[0], row[1], row[2]) for row in db.execute(statement)]


def removals_older_than(db: Session, moment: datetime) -> int:
    statement = sa.select(sa.func.count()).where(Removal.status == RemovalStatus.WAITING, Removal.created_at < moment)
    return db.scalar(statement) or 0
