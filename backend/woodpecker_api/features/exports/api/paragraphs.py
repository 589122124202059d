"""How paragraphs travel: what is set, a test on one's own account, and what somebody saw arrive."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from woodpecker_api.errors import NotFoundError
from woodpecker_api.features.campaigns.models import ParagraphEncoding, WoodpeckerAccount
from woodpecker_api.features.campaigns.service import find_account
from woodpecker_api.features.exports.service import paragraphs
from woodpecker_api.http.database import ReadDb, WriteDb
from woodpecker_api.http.services import Ask, Services, VendorMode, require_vendor
from woodpecker_api.http.user import By, needs
from woodpecker_api.system.auth.permissions import Permission
from woodpecker_api.system.settings.service import Vendor

router = APIRouter(prefix="/api/paragraphs", tags=["exports"])


class ParagraphsAnswer(BaseModel):
    """untested: nobody knows, so exports to a real account begin with five people. plain: as they are. break_tag: as HTML."""

    encoding: ParagraphEncoding


class ParagraphsChoice(BaseModel):
    encoding: ParagraphEncoding


class TrialRequest(BaseModel):
    """A campaign in draft, and an address of somebody in the team."""

    campaign_id: str = Field(max_length=32)
    email: str = Field(min_length=3, max_length=320)


class TrialAnswer(BaseModel):
    """The read that does it; its end is announced as `account_read`."""

    read_id: str


@router.get("", dependencies=[needs(Permission.READ)])
def get_paragraphs(db: ReadDb, services: Ask) -> ParagraphsAnswer:
    return ParagraphsAnswer(encoding=ParagraphEncoding(_account(db, services).paragraph_encoding))


@router.put("", dependencies=[needs(Permission.ADMINISTER)])
def choose_paragraphs(body: ParagraphsChoice, db: WriteDb, by: By, services: Ask) -> ParagraphsAnswer:
    paragraphs.choose(db, by, _account(db, services), body.encoding)
    return ParagraphsAnswer(encoding=body.encoding)


@router.post("/test", status_code=202, dependencies=[needs(Permission.ADMINISTER)])
def test_paragraphs(body: TrialRequest, db: WriteDb, by: By, services: Ask) -> TrialAnswer:
    """Puts the address into the draft with the same text in {{SNIPPET_1}} (plain) and {{SNIPPET_2}} (HTML)."""
    require_vendor(services, Vendor.WOODPECKER)
    trial = paragraphs.Trial(body.campaign_id, body.email)
    return TrialAnswer(read_id=paragraphs.ask_trial(db, services.jobs, by, _account(db, services), trial).id)


def _account(db: WriteDb, services: Services) -> WoodpeckerAccount:
    sandbox = services.vendor_state(Vendor.WOODPECKER).mode is VendorMode.SANDBOX
    account = find_account(db, sandbox=sandbox)
    if account is None:
        raise NotFoundError("There is no Woodpecker account yet. An admin enters its key in Settings.")
    return account
