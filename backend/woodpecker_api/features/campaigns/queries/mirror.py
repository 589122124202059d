"""What a read of everybody asks of our copy: who was seen, who was not, where everybody stands."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns.models import (
    AccountPerson,
    AccountRead,
    Campaign,
    Membership,
    ReadKind,
    ReadStatus,
)


def unseen_by(db: Session, read: AccountRead, started_at: datetime, limit: int) -> Sequence[AccountPerson]:
    """People of our copy whom a complete read did not bring, and who are not newer than it."""
    return db.scalars(
        sa.select(AccountPerson)
        .where(
            AccountPerson.woodpecker_account_id == read.woodpecker_account_id,
            sa.or_(AccountPerson.read_id.is_(None), AccountPerson.read_id != read.id),
            AccountPerson.fetched_at < started_at,
        )
        .order_by(AccountPerson.id)
        .limit(limit)
    ).all()


def forget_people(db: Session, ids: Collection[str]) -> None:
    db.execute(sa.delete(AccountPerson).where(AccountPerson.id.in_(ids)))


def sweep_memberships(db: Session, read: AccountRead, started_at: datetime) -> None:
    """Memberships of nobody: what no page of a complete read named, and what is older than it."""
    db.execute(
        sa.delete(Membership).where(
            Membership.woodpecker_account_id == read.woodpecker_account_id,
            sa.or_(Membership.read_id.is_(None), Membership.read_id != read.id),
            Membership.fetched_at < started_at,
        )
    )


def waiting_of_kind(db: Session, account_id: str, kind: ReadKind) -> AccountRead | None:
    """The read of this kind that waits or is under way."""
    statement = sa.select(AccountRead).where(
        AccountRead.woodpecker_account_id == account_id,
        AccountRead.status == ReadStatus.WAITING,
        AccountRead.kind == kind,
    )
    return db.scalar(statement.order_by(AccountRead.created_at, AccountRead.id).limit(1))


def newest_of_kind(db: Session, account_id: str, kind: ReadKind) -> AccountRead | None:
    """Of the whole account, not of one campaign."""
    statement = sa.select(AccountRead).where(
        AccountRead.woodpecker_account_id == account_id,
        AccountRead.kind == kind,
        AccountRead.campaign_id.is_(None),
    )
    return db.scalar(statement.order_by(AccountRead.created_at.desc(), AccountRead.id.desc()).limit(1))


def people_count(db: Session, account_id: str) -> int:
    statement = sa.select(sa.func.count()).select_from(AccountPerson)
    return db.scalar(statement.where(AccountPerson.woodpecker_account_id == account_id)) or 0


def steps_older_than(db: Session, account_id: str, moment: datetime, limit: int) -> Sequence[Campaign]:
    """Campaigns that Woodpecker lists and whose steps were last asked for before this moment, or never."""
    asked_since = sa.exists().where(
        AccountRead.campaign_id == Campaign.id,
        AccountRead.status == ReadStatus.WAITING,
    )
    return db.scalars(
        sa.select(Campaign)
        .where(
            Campaign.woodpecker_account_id == account_id,
            Campaign.gone_at.is_(None),
            Campaign.status.not_in(("STOPPED", "DELETED")),
            sa.or_(Campaign.steps_asked_at.is_(None), Campaign.steps_asked_at < moment),
            ~asked_since,
        )
        .order_by(Campaign.steps_asked_at.is_not(None), Campaign.steps_asked_at, Campaign.id)
        .limit(limit)
    ).all()
