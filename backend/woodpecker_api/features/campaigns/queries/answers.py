"""Kept answers of the vendor."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns.models import VendorAnswer


def newest_answers(db: Session, account_id: str, limit: int) -> Sequence[VendorAnswer]:
    statement = sa.select(VendorAnswer).where(VendorAnswer.woodpecker_account_id == account_id)
    return db.scalars(statement.order_by(VendorAnswer.at.desc(), VendorAnswer.id.desc()).limit(limit)).all()


def answers_of_read(db: Session, read_id: str) -> Sequence[VendorAnswer]:
    statement = sa.select(VendorAnswer).where(VendorAnswer.read_id == read_id)
    return db.scalars(statement.order_by(VendorAnswer.at, VendorAnswer.id)).all()


def drop_older_answers(db: Session, account_id: str, kept: int) -> None:
    newest = (
        sa.select(VendorAnswer.id)
        .where(VendorAnswer.woodpecker_account_id == account_id)
        .order_by(VendorAnswer.at.desc(), VendorAnswer.id.desc())
        .limit(kept)
    )
    db.execute(
        sa.delete(VendorAnswer).where(
            VendorAnswer.woodpecker_account_id == account_id, VendorAnswer.id.not_in(newest.scalar_subquery())
        )
    )
