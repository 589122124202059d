"""People who are in the campaign by other ways must be found before anything is sent."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import Campaign, ReadKind
from woodpecker_api.features.exports.models import Export
from woodpecker_api.system.audit.service import Actor

MEMBERS_KEPT = timedelta(minutes=10)
"""A list of the campaign's members that is older is read again before the next batch."""


def read_members_first(db: Session, actor: Actor, export: Export, campaign: Campaign, now: datetime) -> None:
    """Asks for the read that the export then waits for, unless our copy is young."""
    if campaign.members_as_of is not None and now - MEMBERS_KEPT < campaign.members_as_of <= now:
        export.members_read_id = None
        return
    account_id = export.woodpecker_account_id
    read = campaigns.request_read(db, actor, account_id, ReadKind.MEMBERS, campaign_id=campaign.id)
    export.members_read_id = read.id
