"""Counts for the charts, in one pass over the index that covers them."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.dialect import day_of
from woodpecker_api.features.campaigns.models import Campaign
from woodpecker_api.features.exports.models import Attempt
from woodpecker_api.features.history.queries.conditions import conditions
from woodpecker_api.features.history.queries.searching import narrowed
from woodpecker_api.features.history.rules import Wanted


def by_day(db: Session, wanted: Wanted) -> list[tuple[str, str, int]]:
    """(day as 2026-03-31 in UTC, status, count), in order."""
    return [(row[0], row[1], row[2]) for row in db.execute(by_day_statement(db, narrowed(db, wanted)))]


def by_day_statement(db: Session, wanted: Wanted) -> sa.Select[str, str, int]:
    day = day_of(Attempt.started_at, db.get_bind()).label("day")
    statement = sa.select(day, Attempt.status, sa.func.count()).where(*conditions(wanted))
    return statement.group_by(day, Attempt.status).order_by(day, Attempt.status)


def by_campaign(db: Session, wanted: Wanted) -> list[tuple[str, str, int]]:
    """(campaign id, status, count)."""
    return [(row[0], row[1], row[2]) for row in db.execute(by_campaign_statement(narrowed(db, wanted)))]


def by_campaign_statement(wanted: Wanted) -> sa.Select[str, str, int]:
    statement = sa.select(Attempt.campaign_id, Attempt.status, sa.func.count()).where(*conditions(wanted))
    return statement.group_by(Attempt.campaign_id, Attempt.status)


def campaign_names(db: Session, ids: set[str]) -> dict[str, str]:
    rows = db.execute(sa.select(Campaign.id, Campaign.name).where(Campaign.id.in_(ids)))
    return {row.id: row.name for row in rows}
