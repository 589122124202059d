"""Woodpecker's memberships beside our claims."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns.models import Campaign, Membership
from woodpecker_api.features.exports.models import Export, ExportItem
from woodpecker_api.features.exports.rules import CLAIMING, ExportStatus, ItemStatus
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.sequences.models import Sequence as TextSequence


class Stranger(NamedTuple):
    """A lead of ours who is in a campaign there, and nothing here says that we put them in."""

    lead: Lead
    campaign: Campaign
    sequence: TextSequence | None


def strangers(db: Session, account_id: str, after: tuple[str, int] | None, limit: int) -> Sequence[Stranger]:
    """By address and campaign number; `after` is the last pair seen."""
    statement = (
        _strangers(account_id).add_columns(TextSequence).outerjoin(TextSequence, TextSequence.lead_id == Lead.id)
    )
    if after is not None:
        pair = sa.tuple_(Membership.address_key, Membership.campaign_vendor_id)
        statement = statement.where(pair > sa.tuple_(sa.literal(after[0]), sa.literal(after[1])))
    ordered = statement.order_by(Membership.address_key, Membership.campaign_vendor_id).limit(limit)
    return [Stranger(row[0], row[1], row[2]) for row in db.execute(ordered)]


def strangers_count(db: Session, account_id: str) -> int:
    inner = _strangers(account_id).with_only_columns(Lead.id).subquery()
    return db.scalar(sa.select(sa.func.count()).select_from(inner)) or 0


def missing_there_count(db: Session, account_id: str) -> int:
    """People whom we added, and whom our fresh copy of the campaign does not have (removed there, perhaps)."""
    there = sa.exists().where(
        Membership.woodpecker_account_id == ExportItem.woodpecker_account_id,
        Membership.address_key == ExportItem.address_key,
        Membership.campaign_vendor_id == ExportItem.campaign_vendor_id,
    )
    statement = sa.select(sa.func.count()).where(
        ExportItem.woodpecker_account_id == account_id, ExportItem.status == ItemStatus.ADDED, ~there
    )
    return db.scalar(statement) or 0


def exports_paused_for(db: Session, reason: str) -> Sequence[Export]:
    statement = sa.select(Export).where(Export.status == ExportStatus.PAUSED, Export.reason == reason)
    return db.scalars(statement.order_by(Export.id).with_for_update()).all()


def _strangers(account_id: str) -> sa.Select[Lead, Campaign]:
    claimed = sa.exists().where(
        ExportItem.woodpecker_account_id == Membership.woodpecker_account_id,
        ExportItem.address_key == Membership.address_key,
        ExportItem.campaign_vendor_id == Membership.campaign_vendor_id,
        ExportItem.status.in_(CLAIMING),
    )
    same_campaign = sa.and_(
        Campaign.woodpecker_account_id == Membership.woodpecker_account_id,
        Campaign.vendor_id == Membership.campaign_vendor_id,
    )
    return (
        sa.select(Lead, Campaign)
        .select_from(Membership)
        .join(Lead, sa.and_(Lead.address_key == Membership.address_key, Lead.deleted_at.is_(None)))
        .join(Campaign, same_campaign)
        .where(Membership.woodpecker_account_id == account_id, ~claimed)
    )
