"""How far taking people back has come, and for whom it comes too late to stop the first mail."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.exports.models import Attempt, ExportItem, Removal
from woodpecker_api.features.exports.rules import ItemStatus, RemovalStatus

SHOWN = 100
TAKEN_BACK = "taken_back"


@dataclass(frozen=True)
class TakingBack:
    """Counts of people of one export. `mailed`: addresses of those in the campaign whom Woodpecker has mailed, 100 at most."""

    in_campaign: int
    leaving: int
    gone: int
    mailed_total: int
    mailed: list[str]


def standing(db: Session, export_id: str) -> TakingBack:
    of_export = ExportItem.export_id == export_id
    added = sa.and_(of_export, ExportItem.status == ItemStatus.ADDED)
    gone = sa.and_(of_export, ExportItem.status == ItemStatus.CANCELLED, ExportItem.error_code == TAKEN_BACK)
    leaving = (
        sa.select(sa.func.count())
        .select_from(Removal)
        .join(ExportItem, ExportItem.id == Removal.item_id)
        .where(added, Removal.status == RemovalStatus.WAITING)
    )
    was_mailed = sa.exists().where(Attempt.item_id == ExportItem.id, Attempt.first_mailed_at.is_not(None))
    mailed = sa.select(ExportItem.email).where(added, was_mailed)
    return TakingBack(
        in_campaign=_count(db, sa.select(sa.func.count()).select_from(ExportItem).where(added)),
        leaving=_count(db, leaving),
        gone=_count(db, sa.select(sa.func.count()).select_from(ExportItem).where(gone)),
        mailed_total=_count(db, sa.select(sa.func.count()).select_from(mailed.subquery())),
        mailed=list(db.scalars(mailed.order_by(ExportItem.position).limit(SHOWN))),
    )


def _count(db: Session, statement: sa.Select[int]) -> int:
    return db.scalar(statement) or 0
