"""Every SELECT and bulk write of the copy."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.inserting import upsert
from woodpecker_api.features.campaigns.models import (
    AccountPerson,
    AccountRead,
    Campaign,
    Membership,
    ReadKind,
    ReadStatus,
    WoodpeckerAccount,
)

_SLICE = 500


def account_at(db: Session, base_url: str, *, sandbox: bool) -> WoodpeckerAccount | None:
    found = sa.select(WoodpeckerAccount).where(
        WoodpeckerAccount.base_url == base_url, WoodpeckerAccount.sandbox.is_(sandbox)
    )
    return db.scalar(found.order_by(WoodpeckerAccount.id).limit(1))


def locked_account(db: Session, account_id: str) -> WoodpeckerAccount | None:
    """Its row, locked: ending the account's job and waking it must not pass each other."""
    return db.scalar(sa.select(WoodpeckerAccount).where(WoodpeckerAccount.id == account_id).with_for_update())


def campaigns_of(db: Session, account_id: str) -> Sequence[tuple[Campaign, int]]:
    """Those that the vendor still lists, running ones first, with how many people our copy has in each."""
    members = (
        sa.select(Membership.campaign_vendor_id, sa.func.count().label("members"))
        .where(Membership.woodpecker_account_id == account_id)
        .group_by(Membership.campaign_vendor_id)
        .subquery()
    )
    statement = (
        sa.select(Campaign, sa.func.coalesce(members.c.members, 0))
        .outerjoin(members, members.c.campaign_vendor_id == Campaign.vendor_id)
        .where(Campaign.woodpecker_account_id == account_id, Campaign.gone_at.is_(None))
        .order_by(Campaign.name, Campaign.vendor_id)
    )
    return [(row[0], row[1]) for row in db.execute(statement)]


def all_campaigns(db: Session, account_id: str) -> dict[int, Campaign]:
    """By the vendor's number, those that are gone included."""
    found = db.scalars(sa.select(Campaign).where(Campaign.woodpecker_account_id == account_id))
    return {campaign.vendor_id: campaign for campaign in found}


def waiting_reads(db: Session, account_id: str) -> Sequence[AccountRead]:
    statement = sa.select(AccountRead).where(
        AccountRead.woodpecker_account_id == account_id, AccountRead.status == ReadStatus.WAITING
    )
    return db.scalars(statement.order_by(AccountRead.created_at, AccountRead.id)).all()


def same_read(db: Session, account_id: str, kind: ReadKind, campaign_id: str | None) -> AccountRead | None:
    """A waiting read of the same thing that has not begun: asking again would only repeat it."""
    statement = sa.select(AccountRead).where(
        AccountRead.woodpecker_account_id == account_id,
        AccountRead.status == ReadStatus.WAITING,
        AccountRead.kind == kind,
        AccountRead.started_at.is_(None),
        # A read of changes brings less than one of everybody.
        AccountRead.since.is_(None),
        AccountRead.campaign_id == campaign_id if campaign_id else AccountRead.campaign_id.is_(None),
    )
    return db.scalar(statement.limit(1))


def store_people(db: Session, rows: list[dict[str, Any]]) -> None:
    """Adds or renews people by address."""
    change = [
        "vendor_id",
        "email",
        "status",
        "interest",
        "last_contacted_at",
        "last_replied_at",
        "vendor_updated_at",
        "fetched_at",
        "read_id",
    ]
    key = ["woodpecker_account_id", "address_key"]
    if rows:
        db.execute(upsert(AccountPerson.__table__, db.get_bind(), key=key, change=change), rows)


def known_keys(db: Session, account_id: str, keys: Collection[str]) -> set[str]:
    found: set[str] = set()
    for part in slices(keys):
        statement = sa.select(AccountPerson.address_key).where(
            AccountPerson.woodpecker_account_id == account_id, AccountPerson.address_key.in_(part)
        )
        found.update(db.scalars(statement))
    return found


def store_memberships(db: Session, rows: list[dict[str, Any]]) -> None:
    key = ["woodpecker_account_id", "address_key", "campaign_vendor_id"]
    change = ["vendor_prospect_id", "status", "interest", "sender", "fetched_at", "read_id"]
    if rows:
        db.execute(upsert(Membership.__table__, db.get_bind(), key=key, change=change), rows)


def forget_memberships(db: Session, account_id: str, keys: Collection[str]) -> None:
    """Before the memberships of these people are stored anew, all of them."""
    for part in slices(keys):
        db.execute(
            sa.delete(Membership).where(
                Membership.woodpecker_account_id == account_id, Membership.address_key.in_(part)
            )
        )


def forget_one(db: Session, account_id: str, key: str, campaign_vendor_id: int | None) -> None:
    statement = sa.delete(Membership).where(
        Membership.woodpecker_account_id == account_id, Membership.address_key == key
    )
    if campaign_vendor_id is not None:
        statement = statement.where(Membership.campaign_vendor_id == campaign_vendor_id)
    db.execute(statement)


def sweep_members(db: Session, read: AccountRead, campaign_vendor_id: int, started_at: datetime) -> None:
    """After a complete read of one campaign: who was not in it and is not newer than it, has left."""
    db.execute(
        sa.delete(Membership).where(
            Membership.woodpecker_account_id == read.woodpecker_account_id,
            Membership.campaign_vendor_id == campaign_vendor_id,
            sa.or_(Membership.read_id.is_(None), Membership.read_id != read.id),
            Membership.fetched_at < started_at,
        )
    )


def people_by_key(db: Session, account_id: str, keys: Collection[str]) -> dict[str, AccountPerson]:
    found: dict[str, AccountPerson] = {}
    for part in slices(keys):
        statement = sa.select(AccountPerson).where(
            AccountPerson.woodpecker_account_id == account_id, AccountPerson.address_key.in_(part)
        )
        found.update({person.address_key: person for person in db.scalars(statement)})
    return found


def campaigns_by_key(db: Session, account_id: str, keys: Collection[str]) -> dict[str, dict[int, str]]:
    """Of each address: the campaigns that our copy has it in, the vendor's number to the name (empty when not known)."""
    found: dict[str, dict[int, str]] = {}
    same_campaign = sa.and_(
        Campaign.woodpecker_account_id == Membership.woodpecker_account_id,
        Campaign.vendor_id == Membership.campaign_vendor_id,
    )
    for part in slices(keys):
        statement = (
            sa.select(Membership.address_key, Membership.campaign_vendor_id, Campaign.name)
            .outerjoin(Campaign, same_campaign)
            .where(Membership.woodpecker_account_id == account_id, Membership.address_key.in_(part))
        )
        for key, number, name in db.execute(statement):
            found.setdefault(key, {})[number] = name or f"campaign {number}"
    return found


def slices(keys: Iterable[str]) -> Iterable[list[str]]:
    """Sorted and without repetition, in parts that fit one statement."""
    listed = sorted(set(keys))
    return (listed[start : start + _SLICE] for start in range(0, len(listed), _SLICE))
