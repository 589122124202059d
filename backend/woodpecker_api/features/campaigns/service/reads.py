"""Reads that people ask for and the worker does."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns import queries
from woodpecker_api.features.campaigns.models import AccountRead, ReadKind
from woodpecker_api.system.audit.service import Actor, record


def request_read(
    db: Session, actor: Actor, account_id: str, kind: ReadKind, *, campaign_id: str | None = None
) -> AccountRead:
    """A waiting read; the one that already waits when it would bring the same. Wake the account afterwards."""
    waiting = queries.same_read(db, account_id, kind, campaign_id)
    if waiting is not None:
        return waiting
    read = AccountRead(woodpecker_account_id=account_id, kind=kind, campaign_id=campaign_id, requested_by=actor.id)
    db.add(read)
    db.flush()
    record(
        db, actor, "account_read.requested", ("account_read", read.id), after={"kind": kind, "campaign_id": campaign_id}
    )
    return read


def request_questions(db: Session, actor: Actor, account_id: str, campaign_id: str, address: str) -> AccountRead:
    """A probe of one draft: the open questions about the vendor, on this campaign for this address; the address is not on the record."""
    read = AccountRead(
        woodpecker_account_id=account_id,
        kind=ReadKind.PROBE,
        campaign_id=campaign_id,
        subject=address,
        requested_by=actor.id,
    )
    db.add(read)
    db.flush()
    after = {"kind": ReadKind.PROBE, "campaign_id": campaign_id}
    record(db, actor, "account_read.requested", ("account_read", read.id), after=after)
    return read


def reads_waiting(db: Session, account_id: str) -> Sequence[AccountRead]:
    """In the order in which they were asked for."""
    return queries.waiting_reads(db, account_id)


def turn_to_next(db: Session, read: AccountRead, now: datetime) -> None:
    """The read goes on with its next page."""
    read.started_at = read.started_at or now
    read.next_page += 1
    db.flush()
