"""Who is to leave, and who may be asked about now."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns.models import Membership
from woodpecker_api.features.exports.models import ExportItem, Removal
from woodpecker_api.features.exports.rules import IN_FLIGHT, ItemStatus, RemovalCause, RemovalStatus
from woodpecker_api.features.leads.models import DoNotContact
from woodpecker_api.features.leads.rules import SuppressionKind


def waiting(db: Session, account_id: str, limit: int, resting: Collection[str] = ()) -> Sequence[Removal]:
    """Oldest first. Nobody of whom a request may still be on its way: the add could land after the removal."""
    in_flight = sa.exists().where(
        ExportItem.woodpecker_account_id == Removal.woodpecker_account_id,
        ExportItem.address_key == Removal.address_key,
        ExportItem.status.in_(IN_FLIGHT),
    )
    statement = sa.select(Removal).where(
        Removal.woodpecker_account_id == account_id, Removal.status == RemovalStatus.WAITING, ~in_flight
    )
    if resting:
        statement = statement.where(Removal.id.not_in(resting))
    return db.scalars(statement.order_by(Removal.id).limit(limit)).all()


def any_waiting(db: Session, account_id: str) -> bool:
    statement = sa.select(
        sa.exists().where(Removal.woodpecker_account_id == account_id, Removal.status == RemovalStatus.WAITING)
    )
    return bool(db.scalar(statement))


def already_asked(db: Session, account_id: str, cause: RemovalCause, keys: Collection[str]) -> set[str]:
    statement = sa.select(Removal.address_key).where(
        Removal.woodpecker_account_id == account_id,
        Removal.address_key.in_(keys),
        Removal.cause == cause,
        Removal.status == RemovalStatus.WAITING,
    )
    return set(db.scalars(statement))


def items_to_take_back(db: Session, export_id: str, item_ids: Collection[str] | None) -> Sequence[ExportItem]:
    """Only whom this export put into the campaign itself."""
    asked = sa.exists().where(Removal.item_id == ExportItem.id, Removal.status == RemovalStatus.WAITING)
    statement = sa.select(ExportItem).where(
        ExportItem.export_id == export_id, ExportItem.status == ItemStatus.ADDED, ~asked
    )
    if item_ids is not None:
        statement = statement.where(ExportItem.id.in_(item_ids))
    return db.scalars(statement.order_by(ExportItem.position)).all()


def accounts_that_know(db: Session, keys: Collection[str]) -> set[tuple[str, str]]:
    """(account, address key) where our copy has the person in a campaign, or an export of ours tried to put them there."""
    members = sa.select(Membership.woodpecker_account_id, Membership.address_key).where(
        Membership.address_key.in_(keys)
    )
    tried = sa.select(ExportItem.woodpecker_account_id, ExportItem.address_key).where(
        ExportItem.address_key.in_(keys), ExportItem.attempts > 0
    )
    return {(row[0], row[1]) for row in db.execute(members.union(tried))}


def kept_out_for_ever(db: Session, keys: Collection[str]) -> set[str]:
    """Of these, the addresses and the domains (as @acme.com) that are on the list without an end."""
    found: set[str] = set()
    for kind, mark in ((SuppressionKind.EMAIL, ""), (SuppressionKind.DOMAIN, "@")):
        values = [key.removeprefix(mark) for key in keys if key.startswith("@") is bool(mark)]
        chosen = sa.select(DoNotContact.value_key).where(
            DoNotContact.kind == kind, DoNotContact.value_key.in_(values), DoNotContact.until.is_(None)
        )
        found.update(mark + value for value in db.scalars(chosen))
    return found


def removals_page(db: Session, status: RemovalStatus, limit: int) -> Sequence[Removal]:
    return db.scalars(sa.select(Removal).where(Removal.status == status).order_by(Removal.id.desc()).limit(limit)).all()
