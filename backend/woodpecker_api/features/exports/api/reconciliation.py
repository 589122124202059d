"""After a restore: look, take over, release."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import WoodpeckerAccount
from woodpecker_api.features.exports.queries import reconciling as queries
from woodpecker_api.features.exports.schemas import SHOWN
from woodpecker_api.features.exports.service import holding, reconciling
from woodpecker_api.http.database import ReadDb, WriteDb
from woodpecker_api.http.services import Ask, Services, VendorMode
from woodpecker_api.http.user import By, needs
from woodpecker_api.system.auth.permissions import Permission
from woodpecker_api.system.settings.service import Vendor

router = APIRouter(prefix="/api/reconciliation", tags=["reconciliation"])


class UnknownHere(BaseModel):
    """A lead of ours in a campaign at Woodpecker, of which this database has no record."""

    lead_id: str
    email: str
    campaign_id: str
    campaign_name: str
    adoptable: bool


class ReconciliationAnswer(BaseModel):
    """`status`: none, reading, failed or ready. `missing_there`: added by us, not in the campaign any more."""

    sending: str
    reason: str | None
    status: str
    error: str | None
    as_of: datetime | None
    unknown_here: int
    missing_there: int
    items: list[UnknownHere]
    adopted: int | None = None
    resumed: int | None = None


@router.get("", dependencies=[needs(Permission.AUDIT)])
def get_reconciliation(db: ReadDb, services: Ask) -> ReconciliationAnswer:
    return _answer(db, _account(db, services))


@router.post("/run", status_code=202, dependencies=[needs(Permission.ADMINISTER)])
def run(db: WriteDb, by: By, services: Ask) -> ReconciliationAnswer:
    account = _account(db, services)
    reconciling.run(db, services.jobs, by, account)
    return _answer(db, account)


@router.post("/adopt", dependencies=[needs(Permission.ADMINISTER)])
def adopt(db: WriteDb, by: By, services: Ask) -> ReconciliationAnswer:
    account = _account(db, services)
    adopted = reconciling.adopt(db, by, account, services.clock())
    return _answer(db, account).model_copy(update={"adopted": adopted})


@router.post("/release", dependencies=[needs(Permission.ADMINISTER)])
def release(db: WriteDb, by: By, services: Ask) -> ReconciliationAnswer:
    account = _account(db, services)
    resumed = reconciling.release(db, services.jobs, by, account, services.clock())
    return _answer(db, account).model_copy(update={"resumed": resumed})


def _account(db: Session, services: Services) -> WoodpeckerAccount:
    sandbox = services.vendor_state(Vendor.WOODPECKER).mode is VendorMode.SANDBOX
    return campaigns.the_account(db, sandbox=sandbox)


def _answer(db: Session, account: WoodpeckerAccount) -> ReconciliationAnswer:
    state, standing = holding.sending(db), reconciling.standing(db, account)
    found = queries.strangers(db, account.id, None, SHOWN) if standing.status == "ready" else []
    return ReconciliationAnswer(
        sending="held" if state.held else "ok",
        reason=state.reason,
        status=standing.status,
        error=standing.error,
        as_of=standing.as_of,
        unknown_here=standing.unknown_here,
        missing_there=standing.missing_there,
        items=[
            UnknownHere(
                lead_id=each.lead.id,
                email=each.lead.email,
                campaign_id=each.campaign.id,
                campaign_name=each.campaign.name,
                adoptable=each.sequence is not None,
            )
            for each in found
        ],
    )
