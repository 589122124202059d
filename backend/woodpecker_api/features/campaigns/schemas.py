"""Answers about campaigns and reads."""

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, Field

from woodpecker_api.clients.woodpecker.port import PAGE_SIZE
from woodpecker_api.features.campaigns.models import AccountRead, Campaign, ReadKind, ReadStatus, VendorAnswer
from woodpecker_api.features.campaigns.rules import MailsOnEnrol, mails_on_enrol


class CampaignAnswer(BaseModel):
    """`prospects` counts who our copy has in it; null until its members were read once."""

    id: str
    woodpecker_id: int
    name: str
    status: str
    mails_on_enrol: MailsOnEnrol
    prospects: int | None
    from_emails: list[str]
    per_day: int | None
    time_zone: str | None
    last_error: str | None
    fetched_at: datetime
    members_as_of: datetime | None

    @classmethod
    def of(cls, campaign: Campaign, members: int) -> Self:
        return cls(
            id=campaign.id,
            woodpecker_id=campaign.vendor_id,
            name=campaign.name,
            status=campaign.status,
            mails_on_enrol=mails_on_enrol(campaign.status),
            prospects=members if campaign.members_as_of else None,
            from_emails=campaign.from_emails,
            per_day=campaign.per_day,
            time_zone=campaign.time_zone,
            last_error=campaign.last_error,
            fetched_at=campaign.fetched_at,
            members_as_of=campaign.members_as_of,
        )


class CampaignsAnswer(BaseModel):
    """`fetched_at`: Woodpecker as of then; null before the first read."""

    items: list[CampaignAnswer]
    fetched_at: datetime | None
    people_as_of: datetime | None = None


class RefreshRequest(BaseModel):
    """What to read: the list of campaigns, one campaign's members or steps, the people of the account, its blacklist and
    opt-outs, or whether the key is good.

    Of people only who changed, unless `everybody` is set or they were never read.
    """

    kind: Literal[
        ReadKind.CAMPAIGNS,
        ReadKind.MEMBERS,
        ReadKind.PEOPLE,
        ReadKind.STEPS,
        ReadKind.CHECK,
        ReadKind.PROBE,
        ReadKind.BLACKLIST,
    ] = ReadKind.CAMPAIGNS
    campaign_id: str | None = None
    everybody: bool = False


class QuestionsRequest(BaseModel):
    """`campaign_id` is ours or Woodpecker's number, of a DRAFT; `address` is your own and stays in that draft."""

    campaign_id: str = Field(max_length=32)
    address: str = Field(max_length=320)


class VendorAnswerAnswer(BaseModel):
    """`outcome` is ok or the kind of the failure; `sketch` shows the answer's shape and names nobody."""

    call: str
    outcome: str
    status: int | None
    sketch: str
    at: datetime

    @classmethod
    def of(cls, answer: VendorAnswer) -> Self:
        return cls(call=answer.call, outcome=answer.outcome, status=answer.status, sketch=answer.sketch, at=answer.at)


class AccountUser(BaseModel):
    name: str
    email: str
    role: str


class ReadAnswer(BaseModel):
    id: str
    kind: ReadKind
    campaign_id: str | None
    status: ReadStatus
    pages_read: int
    total: int | None = None
    """How many people there are to read, once Woodpecker has said so."""
    users: list[AccountUser] = []
    """Of a check: who the key sees in the account."""
    error_code: str | None
    error: str | None
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, read: AccountRead) -> Self:
        return cls(
            id=read.id,
            kind=ReadKind(read.kind),
            campaign_id=read.campaign_id,
            status=ReadStatus(read.status),
            pages_read=_pages_read(read),
            total=read.total,
            users=[AccountUser(**each) for each in read.found or ()],
            error_code=read.error_code,
            error=read.error,
            created_at=read.created_at,
            finished_at=read.finished_at,
        )


def _pages_read(read: AccountRead) -> int:
    """Read from the last page to the first, the number of the next page says how many are left."""
    if read.kind == ReadKind.PEOPLE and read.rounds and read.total:
        pages = -(-read.total // PAGE_SIZE)
        return pages if read.status == ReadStatus.DONE or read.verifying else max(0, pages - read.next_page)
    return read.next_page - (read.status != ReadStatus.DONE)


class MirrorAnswer(BaseModel):
    """`as_of`: Woodpecker as of then; null before the first read has ended. `full_as_of`: when everybody was last read.
    `blacklist_as_of`: when its blacklist and opt-outs last came into our do-not-contact list.
    """

    people: int
    as_of: datetime | None
    full_as_of: datetime | None
    blacklist_as_of: datetime | None = None
    reading: ReadAnswer | None
