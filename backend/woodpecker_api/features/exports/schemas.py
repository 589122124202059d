"""Requests and answers about plans, exports and their items."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Self

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from woodpecker_api.features.campaigns.rules import Collision, Weight
from woodpecker_api.features.exports.models import Export, ExportItem, ExportPlan, ExportPlanItem
from woodpecker_api.features.exports.rules import ExportStatus, ItemStatus, Reason
from woodpecker_api.features.exports.service.fitting import Reading
from woodpecker_api.features.leads.rules.selection import Selection

SHOWN = 100


class OverrideRequest(BaseModel):
    """For one lead: which collisions do not keep it out. What Woodpecker would refuse anyway cannot be overridden."""

    lead_id: str = Field(max_length=32)
    codes: list[Collision] = Field(min_length=1, max_length=10)
    note: str = Field("", max_length=500, description="why, for the record")


class ExportRequest(BaseModel):
    """`campaign_id` is ours or Woodpecker's number. A `plan_id` runs exactly that plan and takes the place of a selection."""

    campaign_id: str = Field(max_length=32)
    selection: Selection | None = None
    plan_id: str | None = Field(None, max_length=32)
    confirm_sending: bool = False
    dry_run: bool = False
    allow_in_other_campaign: list[str] = Field(
        default_factory=list, max_length=1_000, description="leads for whom a manager overrides in_other_campaign"
    )
    overrides: list[OverrideRequest] = Field(
        default_factory=list, max_length=1_000, description="what a manager decided does not matter, lead by lead"
    )
    send_after: AwareDatetime | None = Field(
        None, description="Woodpecker mails these people no earlier; within a year"
    )

    @model_validator(mode="after")
    def _something_to_do(self) -> Self:
        if self.selection is None and (self.plan_id is None or self.dry_run):
            raise ValueError("give a selection, or the plan_id of a dry run to start it")
        return self


class PlanCounts(BaseModel):
    new: int
    excluded: int


class CollisionAnswer(BaseModel):
    """`weight`: keep_out or warn. `overridden`: a person decided that it does not keep this lead out."""

    code: Collision
    weight: Weight
    sentence: str
    can_be_overridden: bool
    overridden: bool


class PlanItemAnswer(BaseModel):
    """`fields` are exactly what is sent; `decision` is new, or why the person is kept out; `collisions` all that was found."""

    lead_id: str
    email: str
    decision: Reason
    detail: str | None
    fields: dict[str, str]
    collisions: list[CollisionAnswer]

    @classmethod
    def of(cls, item: ExportPlanItem) -> Self:
        return cls(
            lead_id=item.lead_id,
            email=item.email,
            decision=Reason(item.decision),
            detail=item.detail,
            fields=item.fields,
            collisions=[CollisionAnswer.model_validate(each) for each in item.collisions or ()],
        )


class FindingAnswer(BaseModel):
    code: str
    message: str
    step: int | None
    snippet: int | None


class PlanFitAnswer(BaseModel):
    """The campaign's steps beside one template whose texts are in the plan. `reading`: read, not_read, unreadable, empty."""

    template_id: str
    template_name: str
    template_version: int
    people: int
    reading: Reading
    as_of: datetime | None
    blocking: list[FindingAnswer]
    warnings: list[FindingAnswer]
    checklist_open: bool


class PlanSenderAnswer(BaseModel):
    """Somebody who signs texts of the plan; `in_campaign` is false when the campaign is sent by others: that blocks."""

    name: str
    email: str
    people: int
    in_campaign: bool


class WhenAnswer(BaseModel):
    """When mail would go, in the campaign's own time zone; days are null where the campaign does not say enough."""

    sentence: str
    first_day: date | None
    last_day: date | None
    ends_on: date | None
    per_day: int | None
    waiting_ahead: int
    hours: str
    time_zone: str
    mailboxes: list[str]


class PlanAnswer(BaseModel):
    """`account_as_of`: the people of the account as of then. `warnings` counts those who go out with a warning, by its code.
    `blocked` names what stops the export as it is; null when nothing does.
    """

    plan_id: str
    campaign_id: str
    campaign_status: str
    counts: PlanCounts
    excluded: dict[str, int]
    membership_as_of: datetime | None
    account_as_of: datetime | None = None
    warnings: dict[str, int]
    overridden: int
    fits: list[PlanFitAnswer]
    senders: list[PlanSenderAnswer]
    when: WhenAnswer | None
    send_after: datetime | None
    blocked: str | None
    items: list[PlanItemAnswer]
    items_total: int

    @classmethod
    def of(cls, plan: ExportPlan, items: Sequence[ExportPlanItem], *, account_as_of: datetime | None = None) -> Self:
        counts, checks = plan.counts, plan.checks or {}
        return cls(
            plan_id=plan.id,
            campaign_id=plan.campaign_id,
            campaign_status=plan.campaign_status,
            counts=PlanCounts(new=counts["new"], excluded=counts["excluded"]),
            excluded=counts["reasons"],
            membership_as_of=plan.membership_as_of,
            account_as_of=account_as_of,
            warnings=counts.get("warnings", {}),
            overridden=counts.get("overridden", 0),
            fits=[PlanFitAnswer.model_validate(each) for each in checks.get("fits", ())],
            senders=[PlanSenderAnswer.model_validate(each) for each in checks.get("senders", ())],
            when=WhenAnswer.model_validate(checks["when"]) if checks.get("when") else None,
            send_after=plan.send_after,
            blocked=_blocked(checks),
            items=[PlanItemAnswer.of(item) for item in items],
            items_total=counts["new"] + counts["excluded"],
        )


def _blocked(checks: Mapping[str, Any]) -> str | None:
    """The first of what would be refused when the export starts."""
    for each in checks.get("fits", ()):
        if each["blocking"]:
            return str(each["blocking"][0]["message"])
        if each["checklist_open"]:
            return "Woodpecker cannot show this campaign's steps. Compare them there and tick the list."
    for each in checks.get("senders", ()):
        if not each["in_campaign"]:
            return f"The texts are signed by {each['name']}, who is not among the campaign's senders."
    return None


class ExportCounts(BaseModel):
    total: int
    queued: int
    sending: int
    unknown: int
    added: int
    already_in_campaign: int
    rejected: int
    failed: int
    cancelled: int
    skipped: int


class ExportAnswer(BaseModel):
    """`reason` tells why it is paused or failed, or what it waits for; until `not_before` it can be undone."""

    id: str
    campaign_id: str
    campaign_name: str
    status: ExportStatus
    reason: str | None
    counts: ExportCounts
    confirm_sending: bool
    not_before: datetime | None
    send_after: datetime | None
    sandbox: bool
    plan_id: str | None
    version: int
    created_by: str | None
    created_at: datetime
    last_unit_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, export: Export, counts: Mapping[str, int]) -> Self:
        return cls(
            id=export.id,
            campaign_id=export.campaign_id,
            campaign_name=export.campaign_name,
            status=ExportStatus(export.status),
            reason=export.reason,
            counts=ExportCounts(total=export.total, **counts),
            confirm_sending=export.confirm_sending,
            not_before=export.not_before,
            send_after=export.send_after,
            sandbox=export.sandbox,
            plan_id=export.plan_id,
            version=export.version,
            created_by=export.created_by,
            created_at=export.created_at,
            last_unit_at=export.last_unit_at,
            finished_at=export.finished_at,
        )


class ItemAnswer(BaseModel):
    id: str
    lead_id: str
    email: str
    name: str
    company: str
    status: ItemStatus
    error_code: str | None
    error: str | None
    attempts: int
    content_differs: bool
    updated_at: datetime

    @classmethod
    def of(cls, item: ExportItem) -> Self:
        name = f"{item.fields.get('first_name', '')} {item.fields.get('last_name', '')}".strip()
        return cls(
            id=item.id,
            lead_id=item.lead_id,
            email=item.email,
            name=name,
            company=item.fields.get("company", ""),
            status=ItemStatus(item.status),
            error_code=item.error_code,
            error=item.error,
            attempts=item.attempts,
            content_differs=item.content_differs,
            updated_at=item.updated_at,
        )


class ResumeRequest(BaseModel):
    confirm_sending: bool = False


class RetryRequest(BaseModel):
    """To retry: without ids all failed ones, with ids those, the refused included. To take back: all added ones, or those."""

    item_ids: list[str] | None = Field(None, max_length=10_000)


class ByHandRequest(BaseModel):
    """Without addresses everybody who waits or has failed; with addresses only those."""

    emails: list[str] | None = Field(None, max_length=100_000)
