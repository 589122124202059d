"""Who was added and is not mailed: two facts that people take for one."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns.models import Campaign, Membership
from woodpecker_api.features.exports.models import Attempt, Export
from woodpecker_api.features.exports.rules import AttemptStatus
from woodpecker_api.features.history.rules import NOT_MAILED_AFTER

SHOWN = 50
COUNTED = 1_000
LOOKED_BACK = timedelta(days=60)
"""Whoever was added longer ago and never mailed is a fact of the past, not something to do."""
_RUNNING = ("RUNNING", "COMPLETED")


def not_mailed(db: Session, now: datetime, *, with_sandbox: bool) -> list[Any]:
    """Rows as `HeldPerson` has them, who was added longest ago first; at most COUNTED + 1.

    Only who is still in the campaign, as Woodpecker last said: whoever was taken out is not waiting.
    """
    membership = sa.and_(
        Membership.woodpecker_account_id == Attempt.woodpecker_account_id,
        Membership.address_key == Attempt.address_key,
        Membership.campaign_vendor_id == Campaign.vendor_id,
    )
    not_running = sa.func.coalesce("campaign " + sa.func.lower(Campaign.status), "")
    held = sa.case((Attempt.held.is_not(None), Attempt.held), (Campaign.status.not_in(_RUNNING), not_running))
    statement = (
        sa.select(
            Attempt.email,
            Attempt.person_name,
            Attempt.lead_id,
            Attempt.campaign_name,
            Attempt.started_at.label("added_at"),
            held.label("held"),
        )
        .join(Campaign, Campaign.id == Attempt.campaign_id)
        .join(Export, Export.id == Attempt.export_id)
        .join(Membership, membership)
        .where(
            Attempt.status == AttemptStatus.ADDED,
            Attempt.started_at > now - LOOKED_BACK,
            Attempt.started_at <= now - NOT_MAILED_AFTER,
            Attempt.first_mailed_at.is_(None),
            # Whom nobody was to mail before a day is late only after that day.
            sa.or_(Export.send_after.is_(None), Export.send_after <= now - NOT_MAILED_AFTER),
            Attempt.email != "",
        )
    )
    if not with_sandbox:
        statement = statement.where(Attempt.sandbox.is_(False))
    return list(db.execute(statement.order_by(Attempt.started_at, Attempt.id).limit(COUNTED + 1)))
