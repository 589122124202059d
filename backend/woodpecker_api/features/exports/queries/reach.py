"""Where Woodpecker has the people whom an entry of the do-not-contact list concerns, and how far their leaving has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns.models import AccountPerson, Campaign, Membership
from woodpecker_api.features.exports.models import Removal
from woodpecker_api.features.exports.rules import RemovalCause, RemovalStatus
from woodpecker_api.features.leads.rules import SuppressionKind


@dataclass(frozen=True)
class Place:
    """A campaign with people of the entry in it; `name` is empty for one that our list of campaigns does not have."""

    campaign_id: str | None
    vendor_id: int
    name: str
    status: str
    people: int


@dataclass(frozen=True)
class Leaving:
    """How many were asked to go: still waiting, gone; and since when Woodpecker has the entry itself on its blacklist, if it does."""

    waiting: int
    gone: int
    blacklisted_at: datetime | None
    error: str | None


def places_of(db: Session, account_id: str, kind: SuppressionKind, key: str) -> Sequence[Place]:
    """The campaigns they are in now, as our copy has it, the one with most of them first."""
    people = sa.func.count()
    statement = (
        sa.select(Campaign.id, Membership.campaign_vendor_id, Campaign.name, Campaign.status, people)
        .select_from(Membership)
        .outerjoin(
            Campaign,
            sa.and_(
                Campaign.woodpecker_account_id == Membership.woodpecker_account_id,
                Campaign.vendor_id == Membership.campaign_vendor_id,
            ),
        )
        .where(Membership.woodpecker_account_id == account_id, Membership.address_key.in_(_keys(account_id, kind, key)))
        .group_by(Campaign.id, Membership.campaign_vendor_id, Campaign.name, Campaign.status)
        .order_by(people.desc(), Membership.campaign_vendor_id)
    )
    return [Place(row[0], row[1], row[2] or "", row[3] or "", row[4]) for row in db.execute(statement)]


def people_of(
    db: Session, account_id: str, kind: SuppressionKind, key: str, limit: int
) -> tuple[Sequence[AccountPerson], int]:
    """The first of them by address whom the account has, and how many there are."""
    chosen = sa.select(AccountPerson).where(
        AccountPerson.woodpecker_account_id == account_id, AccountPerson.address_key.in_(_keys(account_id, kind, key))
    )
    total = db.scalar(sa.select(sa.func.count()).select_from(chosen.subquery())) or 0
    return db.scalars(chosen.order_by(AccountPerson.address_key).limit(limit)).all(), total


def leaving_of(db: Session, account_id: str, kind: SuppressionKind, key: str) -> Leaving:
    """Because of the list; who was taken back out of an export is not counted."""
    concerned = Removal.address_key == key if kind is SuppressionKind.EMAIL else _below(Removal.address_key, key)
    own = sa.and_(Removal.woodpecker_account_id == account_id, Removal.cause == RemovalCause.DO_NOT_CONTACT, concerned)
    waiting = sa.func.sum(sa.case((Removal.status == RemovalStatus.WAITING, 1), else_=0))
    people = sa.and_(own, Removal.address_key != f"@{key}")
    counted = db.execute(sa.select(sa.func.count(), waiting).where(people)).one()
    still, total = int(counted[1] or 0), int(counted[0])
    entry = key if kind is SuppressionKind.EMAIL else f"@{key}"
    last = db.scalar(sa.select(Removal).where(own, Removal.address_key == entry).order_by(Removal.id.desc()).limit(1))
    trouble = db.scalar(sa.select(Removal.error).where(own, Removal.error.is_not(None)).order_by(Removal.id).limit(1))
    return Leaving(still, total - still, last.blacklisted_at if last else None, trouble)


def _keys(account_id: str, kind: SuppressionKind, key: str) -> sa.Select[str]:
    if kind is SuppressionKind.EMAIL:
        return sa.select(sa.literal(key))
    # By the domain of the people: memberships know only whole addresses.
    mine = AccountPerson.woodpecker_account_id == account_id
    return sa.select(AccountPerson.address_key).where(mine, AccountPerson.is_at(key))


def _below(column: sa.orm.InstrumentedAttribute[str], domain: str) -> sa.ColumnElement[bool]:
    """Addresses at the domain and below it, and the domain itself as @acme.com."""
    return sa.or_(column.endswith("@" + domain, autoescape=True), column.endswith("." + domain, autoescape=True))
