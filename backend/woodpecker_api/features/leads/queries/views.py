"""Saved views: mine, and what others share."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.leads.models import SavedView


def views_for(db: Session, user_id: str, page: str | None) -> list[SavedView]:
    """Mine and the shared ones, by name."""
    statement = sa.select(SavedView).where(sa.or_(SavedView.user_id == user_id, SavedView.shared.is_(True)))
    if page is not None:
        statement = statement.where(SavedView.page == page)
    return list(db.scalars(statement.order_by(SavedView.name, SavedView.id)))


def named(db: Session, user_id: str, page: str, name: str) -> SavedView | None:
    wanted = (SavedView.user_id == user_id, SavedView.page == page, SavedView.name == name)
    return db.scalar(sa.select(SavedView).where(*wanted))
