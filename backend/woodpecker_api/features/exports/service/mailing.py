"""*Added* and *mailed* are two facts: the second is learnt from the copy of the account, attempt by attempt."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns.models import AccountPerson, Campaign, Membership
from woodpecker_api.features.exports.models import Attempt
from woodpecker_api.features.exports.rules import AttemptStatus

SLICE = 500
LOOKED_BACK = timedelta(days=90)
HOLDING = frozenset({"TO-CHECK", "TO-REVIEW", "PAUSED", "INVALID", "BOUNCED", "BLACKLIST"})
"""The vendor's words for people whom a running campaign passes over."""

Learnt = list[tuple[str, datetime | None, str | None]]
"""(attempt, first mailed, held)."""


def to_learn(db: Session, now: datetime, after: str) -> tuple[Learnt, str | None]:
    """What the copy says of the next attempts that are not known to be mailed, where it is news; and where to go on."""
    person = sa.and_(
        AccountPerson.woodpecker_account_id == Attempt.woodpecker_account_id,
        AccountPerson.address_key == Attempt.address_key,
    )
    membership = sa.and_(
        Membership.woodpecker_account_id == Attempt.woodpecker_account_id,
        Membership.address_key == Attempt.address_key,
        Membership.campaign_vendor_id == Campaign.vendor_id,
    )
    statement = (
        sa.select(Attempt.id, Attempt.started_at, Attempt.held, AccountPerson.last_contacted_at, Membership.status)
        .join(Campaign, Campaign.id == Attempt.campaign_id)
        .outerjoin(AccountPerson, person)
        .outerjoin(Membership, membership)
        .where(
            Attempt.status.in_([AttemptStatus.ADDED, AttemptStatus.ALREADY_IN_CAMPAIGN]),
            Attempt.first_mailed_at.is_(None),
            Attempt.started_at > now - LOOKED_BACK,
            Attempt.id > after,
        )
    )
    rows = db.execute(statement.order_by(Attempt.id).limit(SLICE)).all()
    learnt: Learnt = []
    for attempt_id, started_at, held_before, contacted_at, status in rows:
        # An earlier mail was an earlier campaign's.
        mailed_at = contacted_at if contacted_at is not None and contacted_at >= started_at else None
        held = status if mailed_at is None and status in HOLDING else None
        if mailed_at is not None or held != held_before:
            learnt.append((attempt_id, mailed_at, held))
    return learnt, rows[-1].id if len(rows) == SLICE else None


def learn(db: Session, learnt: Learnt) -> None:
    """The first time that a mail is known stays: the copy only knows the last one."""
    for attempt_id, mailed_at, held in learnt:
        unknown = sa.and_(Attempt.id == attempt_id, Attempt.first_mailed_at.is_(None))
        db.execute(sa.update(Attempt).where(unknown).values(first_mailed_at=mailed_at, held=held))
