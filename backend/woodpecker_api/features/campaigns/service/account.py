"""The vendor's account, and the one job that speaks for it."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.errors import NotFoundError
from woodpecker_api.features.campaigns import queries
from woodpecker_api.features.campaigns.errors import AccountMissingError
from woodpecker_api.features.campaigns.models import Campaign, WoodpeckerAccount
from woodpecker_api.system.audit.service import SYSTEM, record
from woodpecker_api.system.jobs.jobs import Jobs
from woodpecker_api.system.jobs.port import Queue

JOB = "woodpecker.account"


def ensure_account(db: Session, base_url: str, *, sandbox: bool) -> WoodpeckerAccount:
    """The account that this installation speaks to, made when it is new. Sandbox and real are never the same record."""
    address = base_url.rstrip("/")
    # The simulator's port changes with each start; it is one account all the same.
    account = _sandbox_account(db) if sandbox else queries.account_at(db, address, sandbox=False)
    if account is not None:
        account.base_url = address
        return account
    account = WoodpeckerAccount(
        name="Woodpecker sandbox" if sandbox else "Woodpecker", base_url=address, sandbox=sandbox
    )
    db.add(account)
    db.flush()
    record(db, SYSTEM, "woodpecker_account.created", ("woodpecker_account", account.id), after={"sandbox": sandbox})
    return account


def find_account(db: Session, *, sandbox: bool) -> WoodpeckerAccount | None:
    """The one account of this kind, if it was ever set up."""
    newest = sa.select(WoodpeckerAccount).where(WoodpeckerAccount.sandbox.is_(sandbox))
    return db.scalar(newest.order_by(WoodpeckerAccount.created_at.desc(), WoodpeckerAccount.id.desc()).limit(1))


def the_account(db: Session, *, sandbox: bool) -> WoodpeckerAccount:
    """As `find_account`. Raises `AccountMissingError`."""
    account = find_account(db, sandbox=sandbox)
    if account is None:
        raise AccountMissingError("Woodpecker is not connected yet. Refresh the list of campaigns first.")
    return account


def account_ids(db: Session) -> list[str]:
    return list(db.scalars(sa.select(WoodpeckerAccount.id).order_by(WoodpeckerAccount.id)))


def spoken_to(db: Session) -> list[str]:
    """Accounts that are told of what concerns everybody: the real ones, and the simulator while there is no real one."""
    known = db.execute(sa.select(WoodpeckerAccount.id, WoodpeckerAccount.sandbox).order_by(WoodpeckerAccount.id)).all()
    real = [account_id for account_id, sandbox in known if not sandbox]
    return real or [account_id for account_id, _ in known]


def find_campaign(db: Session, account_id: str, campaign_id: str) -> Campaign:
    """By our id or by Woodpecker's number. Raises `NotFoundError`."""
    campaign = db.get(Campaign, campaign_id)
    if campaign is None and campaign_id.isdecimal() and len(campaign_id) < 18:
        campaign = queries.all_campaigns(db, account_id).get(int(campaign_id))
    if campaign is None or campaign.woodpecker_account_id != account_id:
        raise NotFoundError("There is no such campaign here. Refresh the list of campaigns.")
    return campaign


def any_campaign(db: Session, account_id: str) -> Campaign | None:
    """One that Woodpecker lists, the newest: something to ask about."""
    listed = sa.select(Campaign).where(Campaign.woodpecker_account_id == account_id, Campaign.gone_at.is_(None))
    return db.scalar(listed.order_by(Campaign.vendor_id.desc()).limit(1))


def lock_account(db: Session, account_id: str) -> None:
    """Whoever takes claims or steers an export comes one after the other: always first the account, then the export."""
    queries.locked_account(db, account_id)


def wake(db: Session, jobs: Jobs, account_id: str) -> None:
    """Makes sure that the account's job runs once this transaction is committed."""
    account = queries.locked_account(db, account_id)
    if account is not None:
        key = f"account-{account_id}-{account.worker_generation}"
        jobs.enqueue(db, JOB, account_id, key=key, queue=Queue.ACCOUNTS, partition=account_id)


def end_job(db: Session, account_id: str, is_needed: Callable[[Session], bool]) -> bool:
    """Ends the account's job unless it is still needed; the next wake then starts another one. True when it ended.

    The account's row is locked before the look: whoever asks for work meanwhile either is seen or wakes the next job.
    """
    account = queries.locked_account(db, account_id)
    if account is None:
        return True
    if is_needed(db):
        return False
    account.worker_generation += 1
    db.flush()
    return True


def _sandbox_account(db: Session) -> WoodpeckerAccount | None:
    statement = sa.select(WoodpeckerAccount).where(WoodpeckerAccount.sandbox.is_(True))
    return db.scalar(statement.order_by(WoodpeckerAccount.id).limit(1))
