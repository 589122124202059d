"""What our copy says of people and of companies."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns.models import AccountPerson, Campaign, Membership
from woodpecker_api.features.campaigns.queries import slices

_PEERS = 5
"""So many of a company are named; a rep needs no more to know that somebody else writes there."""


def people_of(db: Session, account_id: str, keys: Collection[str]) -> list[AccountPerson]:
    found: list[AccountPerson] = []
    for part in slices(keys):
        statement = sa.select(AccountPerson).where(
            AccountPerson.woodpecker_account_id == account_id, AccountPerson.address_key.in_(part)
        )
        found += db.scalars(statement)
    return found


def places_of(db: Session, account_id: str, keys: Collection[str]) -> list[tuple[Membership, Campaign | None]]:
    """Each membership beside our copy of its campaign, which may be newer than the membership's page."""
    found: list[tuple[Membership, Campaign | None]] = []
    for part in slices(keys):
        statement = (
            sa.select(Membership, Campaign)
            .outerjoin(Campaign, _same_campaign())
            .where(Membership.woodpecker_account_id == account_id, Membership.address_key.in_(part))
            .order_by(Membership.address_key, Membership.campaign_vendor_id)
        )
        found += [(row[0], row[1]) for row in db.execute(statement)]
    return found


def busy_people(db: Session, account_id: str, domains: Collection[str], contacted_after: datetime) -> Sequence[Any]:
    """(domain, address_key, email, last_contacted_at, campaign name) of who is mailed in a running campaign or was contacted
    after this moment, at most a few of each domain, the latest first.
    """
    found: list[Any] = []
    running = (
        sa.select(Membership.address_key, sa.func.min(Campaign.name).label("name"))
        .join(Campaign, _same_campaign())
        .where(
            Membership.woodpecker_account_id == account_id,
            Membership.status == "ACTIVE",
            Campaign.status == "RUNNING",
            Campaign.gone_at.is_(None),
        )
    )
    for part in slices(domains):
        here = sa.and_(AccountPerson.woodpecker_account_id == account_id, AccountPerson.domain.in_(part))
        mailed = (
            running.join(
                AccountPerson,
                sa.and_(
                    AccountPerson.woodpecker_account_id == Membership.woodpecker_account_id,
                    AccountPerson.address_key == Membership.address_key,
                ),
            )
            .where(here)
            .group_by(Membership.address_key)
            .subquery()
        )
        place = sa.func.row_number().over(
            partition_by=AccountPerson.domain,
            order_by=(AccountPerson.last_contacted_at.desc().nulls_last(), AccountPerson.address_key),
        )
        ranked = (
            sa.select(
                AccountPerson.domain,
                AccountPerson.address_key,
                AccountPerson.email,
                AccountPerson.last_contacted_at,
                mailed.c.name,
                place.label("place"),
            )
            .outerjoin(mailed, mailed.c.address_key == AccountPerson.address_key)
            .where(here, sa.or_(AccountPerson.last_contacted_at > contacted_after, mailed.c.name.is_not(None)))
            .subquery()
        )
        # One more than is shown: the person whom it is about may be among them.
        found += db.execute(
            sa.select(ranked).where(ranked.c.place <= _PEERS + 1).order_by(ranked.c.domain, ranked.c.place)
        )
    return found


def waiting_ahead(db: Session, account_id: str, campaign_vendor_id: int) -> int:
    """Members of a campaign who may be mailed and never were, as our copy has them."""
    statement = (
        sa.select(sa.func.count())
        .select_from(Membership)
        .join(
            AccountPerson,
            sa.and_(
                AccountPerson.woodpecker_account_id == Membership.woodpecker_account_id,
                AccountPerson.address_key == Membership.address_key,
            ),
        )
        .where(
            Membership.woodpecker_account_id == account_id,
            Membership.campaign_vendor_id == campaign_vendor_id,
            sa.or_(Membership.status.is_(None), Membership.status == "ACTIVE"),
            AccountPerson.last_contacted_at.is_(None),
        )
    )
    return db.scalar(statement) or 0


def _same_campaign() -> sa.ColumnElement[bool]:
    return sa.and_(
        Campaign.woodpecker_account_id == Membership.woodpecker_account_id,
        Campaign.vendor_id == Membership.campaign_vendor_id,
    )
