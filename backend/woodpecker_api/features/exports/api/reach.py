"""Before somebody comes onto the do-not-contact list, and after: which campaigns they are in, and whether they have left."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.exports.queries import reach as queries
from woodpecker_api.features.leads.rules import SuppressionKind
from woodpecker_api.features.leads.service.suppression import kind_and_key
from woodpecker_api.http.database import ReadDb
from woodpecker_api.http.services import Ask, VendorMode
from woodpecker_api.http.user import needs
from woodpecker_api.system.auth.permissions import Permission
from woodpecker_api.system.settings.service import Vendor

router = APIRouter(prefix="/api/do-not-contact", tags=["do-not-contact"])
_SHOWN = 100


class ReachedCampaign(BaseModel):
    """`name` is empty for a campaign that our copy does not list."""

    campaign_id: str | None
    woodpecker_id: int
    name: str
    status: str
    people: int


class ReachAnswer(BaseModel):
    """`people_total` of the entry are in the Woodpecker account, the first 100 in `people`; `as_of`: Woodpecker as of then.

    Once it is on the list: `leaving` wait to be taken out of every campaign, `left` are out; `blacklisted_at` when Woodpecker
    took the address or domain onto its own blacklist; `error` is what Woodpecker last said against it.
    """

    kind: SuppressionKind
    value: str
    as_of: datetime | None
    people: list[str]
    people_total: int
    campaigns: list[ReachedCampaign]
    leaving: int
    left: int
    blacklisted_at: datetime | None
    error: str | None


@router.get("/reach", dependencies=[needs(Permission.READ)])
def reach(
    db: ReadDb,
    services: Ask,
    value: Annotated[str, Query(min_length=1, max_length=320, description="address or domain")],
) -> ReachAnswer:
    """From our copy of the account, so it asks nobody: see `as_of`."""
    kind, key = kind_and_key(value)
    sandbox = services.vendor_state(Vendor.WOODPECKER).mode is VendorMode.SANDBOX
    account = campaigns.find_account(db, sandbox=sandbox)
    if account is None:
        return ReachAnswer(
            kind=kind,
            value=key,
            as_of=None,
            people=[],
            people_total=0,
            campaigns=[],
            leaving=0,
            left=0,
            blacklisted_at=None,
            error=None,
        )
    people, total = queries.people_of(db, account.id, kind, key, _SHOWN)
    leaving = queries.leaving_of(db, account.id, kind, key)
    return ReachAnswer(
        kind=kind,
        value=key,
        as_of=account.people_as_of,
        people=[person.email for person in people],
        people_total=total,
        campaigns=[
            ReachedCampaign(
                campaign_id=place.campaign_id,
                woodpecker_id=place.vendor_id,
                name=place.name,
                status=place.status,
                people=place.people,
            )
            for place in queries.places_of(db, account.id, kind, key)
        ],
        leaving=leaving.waiting,
        left=leaving.gone,
        blacklisted_at=leaving.blacklisted_at,
        error=leaving.error,
    )
