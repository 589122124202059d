"""Answers of history."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel

from woodpecker_api.features.exports.rules import AttemptStatus
from woodpecker_api.features.history.rules import Contacted


class AttemptAnswer(BaseModel):
    """One try for one person. `user` and `approved_by` are names; the ids stand beside them."""

    id: str
    export_id: str
    lead_id: str
    email: str
    person_name: str
    company: str
    campaign_id: str
    campaign_name: str
    status: AttemptStatus
    error_code: str | None
    error: str | None
    attempt: int
    user: str
    user_id: str | None
    sequence_id: str
    sequence_version: int
    template_name: str | None
    template_version: int | None
    approved_by: str | None
    approved_by_id: str | None
    approved_at: datetime | None
    approval: str | None
    first_mailed_at: datetime | None
    held: str | None
    sandbox: bool
    started_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, row: Any, **more: Any) -> Self:
        """`row` is a row of attempts, by column name."""
        values = {name: getattr(row, name) for name in AttemptAnswer.model_fields if name not in _RENAMED}
        renamed = {"user": row.user_name, "approved_by": row.approved_by_name, "approved_by_id": row.approved_by}
        return cls(**values, **renamed, **more)


_RENAMED = ("user", "approved_by", "approved_by_id")


class DayCount(BaseModel):
    day: str
    status: AttemptStatus
    count: int


class CampaignCount(BaseModel):
    campaign_id: str
    campaign_name: str
    counts: dict[AttemptStatus, int]
    total: int


class SummaryAnswer(BaseModel):
    """Counts by status and day (UTC) and by campaign, the largest first. `to` is not included."""

    since: datetime
    to: datetime
    totals: dict[AttemptStatus, int]
    days: list[DayCount]
    campaigns: list[CampaignCount]
    campaigns_total: int


class ToldAttempt(AttemptAnswer):
    """An attempt with the texts that were sent, by field name; empty where they were removed, and then with when."""

    texts: dict[str, str]
    texts_removed_at: datetime | None


class AccountSays(BaseModel):
    """What Woodpecker last said of the person, and when it was asked."""

    status: str
    interest: str | None
    last_contacted_at: datetime | None
    last_replied_at: datetime | None
    as_of: datetime

    @classmethod
    def of(cls, person: Any) -> Self:
        """A person of the account copy, or such a row."""
        return cls(
            status=person.status,
            interest=person.interest,
            last_contacted_at=person.last_contacted_at,
            last_replied_at=person.last_replied_at,
            as_of=person.fetched_at,
        )


class MembershipAnswer(BaseModel):
    """`campaign_id` is missing when our copy does not have the campaign; the vendor's number is always there."""

    campaign_id: str | None
    vendor_id: int
    campaign_name: str | None
    campaign_status: str | None
    status: str | None
    as_of: datetime

    @classmethod
    def of(cls, row: Any) -> Self:
        """`row` of `queries.card`, by column name."""
        return cls(
            campaign_id=row.campaign_id,
            vendor_id=row.campaign_vendor_id,
            campaign_name=row.campaign_name,
            campaign_status=row.campaign_status,
            status=row.status,
            as_of=row.fetched_at,
        )


class SuppressionAnswer(BaseModel):
    value: str
    kind: str
    reason: str
    until: datetime | None

    @classmethod
    def of(cls, entry: Any) -> Self:
        """A do-not-contact entry, or such a row."""
        return cls(value=entry.value, kind=entry.kind, reason=entry.reason, until=entry.until)


class ContactAnswer(BaseModel):
    """Have we ever contacted this address? `as_of`: when the account's people were last read to the end; None: never.

    `paragraph`: the same in sentences, to be copied into a mail or a ticket.
    """

    email: str
    contacted: Contacted
    lead_id: str | None
    attempts: list[ToldAttempt]
    attempts_total: int
    attempts_capped: bool
    account: AccountSays | None
    memberships: list[MembershipAnswer]
    do_not_contact: list[SuppressionAnswer]
    as_of: datetime | None
    paragraph: str


class HeldPerson(BaseModel):
    """Added, and not mailed since. `held`: the vendor's word for why (TO-CHECK, PAUSED, …), or that its campaign does not run;
    None: nobody says why."""

    email: str
    person_name: str
    lead_id: str
    campaign_name: str
    added_at: datetime
    held: str | None


class HeldAnswer(BaseModel):
    """Those who were added longest ago first, at most 50; `total` up to 1,000, then 1,001."""

    people: list[HeldPerson]
    total: int
    as_of: datetime | None


class DomainPerson(BaseModel):
    email: str
    person_name: str
    contacted: Contacted
    attempts: int
    last_attempt_at: datetime | None
    account: AccountSays | None


class DomainAnswer(BaseModel):
    """Have we ever contacted anybody there? The 100 latest of our record and the first 100 of the account copy, merged."""

    domain: str
    contacted: Contacted
    people: list[DomainPerson]
    attempted_total: int
    do_not_contact: list[SuppressionAnswer]
    as_of: datetime | None
