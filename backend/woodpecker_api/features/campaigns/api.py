"""Our copy of the account's campaigns, and asking for a fresh one. No route talks to Woodpecker: the worker does."""

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from woodpecker_api.errors import FieldProblem, NotFoundError, ValidationFailedError, VendorKeyMissingError
from woodpecker_api.features.campaigns import queries, service
from woodpecker_api.features.campaigns.models import AccountRead, ReadKind
from woodpecker_api.features.campaigns.rules.addresses import check_own_address
from woodpecker_api.features.campaigns.schemas import (
    CampaignAnswer,
    CampaignsAnswer,
    MirrorAnswer,
    QuestionsRequest,
    ReadAnswer,
    RefreshRequest,
    VendorAnswerAnswer,
)
from woodpecker_api.http.database import ReadDb, WriteDb
from woodpecker_api.http.once import OnlyOnce
from woodpecker_api.http.services import Ask, Services, VendorMode
from woodpecker_api.http.user import By, needs
from woodpecker_api.system.auth.permissions import Permission
from woodpecker_api.system.settings.service import Vendor

_OF_A_CAMPAIGN = (ReadKind.MEMBERS, ReadKind.STEPS)

router = APIRouter(prefix="/api/campaigns", tags=["campaigns"])


@router.get("", dependencies=[needs(Permission.READ)])
def list_campaigns(db: ReadDb, services: Ask) -> CampaignsAnswer:
    account = service.find_account(db, sandbox=_is_sandbox(services))
    if account is None:
        return CampaignsAnswer(items=[], fetched_at=None)
    found = queries.campaigns_of(db, account.id)
    items = [CampaignAnswer.of(campaign, members) for campaign, members in found]
    return CampaignsAnswer(items=items, fetched_at=account.campaigns_as_of, people_as_of=account.people_as_of)


@router.post("/refresh", status_code=202, response_model=ReadAnswer, dependencies=[needs(Permission.WORK)])
def refresh(
    db: WriteDb, by: By, services: Ask, once: OnlyOnce, body: Annotated[RefreshRequest | None, Body()] = None
) -> JSONResponse:
    """Asks the worker; the read's id is in the answer, its end is announced as `account_read`."""
    wanted = body or RefreshRequest()
    if services.vendor_state(Vendor.WOODPECKER).mode is VendorMode.OFF:
        raise VendorKeyMissingError("There is no key for Woodpecker. An admin can enter one in Settings.")
    if (wanted.kind in _OF_A_CAMPAIGN) != (wanted.campaign_id is not None):
        sentence = "A campaign belongs to a read of its members or steps, and only to those."
        raise ValidationFailedError(sentence, errors=(FieldProblem("campaign_id", "does_not_fit", sentence),))

    def work() -> ReadAnswer:
        base_url = services.settings.woodpecker_base_url
        account = service.ensure_account(db, base_url, sandbox=_is_sandbox(services))
        campaign_id = None
        if wanted.campaign_id is not None:
            campaign_id = service.find_campaign(db, account.id, wanted.campaign_id).id
        if wanted.kind is ReadKind.PEOPLE:
            read = service.request_mirror(db, by, account.id, everybody=wanted.everybody)
        else:
            read = service.request_read(db, by, account.id, wanted.kind, campaign_id=campaign_id)
        service.wake(db, services.jobs, account.id)
        return ReadAnswer.of(read)

    return once.answer(db, wanted, 202, work)


@router.get("/mirror", dependencies=[needs(Permission.READ)])
def get_mirror(db: ReadDb, services: Ask) -> MirrorAnswer:
    """How old our copy of the people is, and what is being read now."""
    account = service.find_account(db, sandbox=_is_sandbox(services))
    if account is None:
        return MirrorAnswer(people=0, as_of=None, full_as_of=None, reading=None)
    state = service.mirror_state(db, account)
    return MirrorAnswer(
        people=state.people,
        as_of=account.people_as_of,
        full_as_of=account.people_full_as_of,
        blacklist_as_of=account.blacklist_as_of,
        reading=ReadAnswer.of(state.reading) if state.reading is not None else None,
    )


@router.post("/questions", status_code=202, dependencies=[needs(Permission.ADMINISTER)])
def ask_questions(body: QuestionsRequest, db: WriteDb, by: By, services: Ask) -> ReadAnswer:
    """What nobody knows of the vendor, tried on a DRAFT campaign with an address of your own; nothing is mailed."""
    account = service.the_account(db, sandbox=_is_sandbox(services))
    campaign = service.find_campaign(db, account.id, body.campaign_id)
    problem = check_own_address(body.address)
    if campaign.status != "DRAFT":
        sentence = "Choose a DRAFT campaign: only a draft certainly mails nobody."
        raise ValidationFailedError(sentence, errors=(FieldProblem("campaign_id", "not_a_draft", sentence),))
    if problem is not None:
        raise ValidationFailedError(problem, errors=(FieldProblem("address", "invalid", problem),))
    read = service.request_questions(db, by, account.id, campaign.id, body.address.strip())
    service.wake(db, services.jobs, account.id)
    return ReadAnswer.of(read)


@router.get("/reads/{read_id}/answers", dependencies=[needs(Permission.ADMINISTER)])
def list_answers(read_id: str, db: ReadDb) -> list[VendorAnswerAnswer]:
    """Of a probe or of questions: what each call was answered with, as a sketch without personal data."""
    return [VendorAnswerAnswer.of(each) for each in service.answers_of_read(db, read_id)]


@router.get("/answers", dependencies=[needs(Permission.ADMINISTER)])
def list_newest_answers(db: ReadDb, services: Ask) -> list[VendorAnswerAnswer]:
    """The newest hundred that were kept: unreadable ones, probes, questions."""
    account = service.find_account(db, sandbox=_is_sandbox(services))
    found = service.newest_answers(db, account.id, 100) if account is not None else []
    return [VendorAnswerAnswer.of(each) for each in found]


@router.get("/reads/{read_id}", dependencies=[needs(Permission.READ)])
def get_read(read_id: str, db: ReadDb) -> ReadAnswer:
    read = db.get(AccountRead, read_id)
    if read is None:
        raise NotFoundError("There is no such read. Ask for a new one.")
    return ReadAnswer.of(read)


def _is_sandbox(services: Services) -> bool:
    return services.vendor_state(Vendor.WOODPECKER).mode is VendorMode.SANDBOX
