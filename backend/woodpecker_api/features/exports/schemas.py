"""Requests and answers about plans, exports and their items."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field, model_validator

from woodpecker_api.features.exports.models import Export, ExportItem, ExportPlan, ExportPlanItem
from woodpecker_api.features.exports.rules import ExportStatus, ItemStatus, Reason
from woodpecker_api.features.leads.rules.selection import Selection

SHOWN = 100


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

    @model_validator(mode="after")
    def _something_to_do(self) -> Self:
        if self.selection is None and (self.plan_id is None or self.dry_run):
            raise ValueError("give a selection, or the plan_id of a dry run to start it")
        return self


class PlanCounts(BaseModel):
    new: int
    excluded: int


class PlanItemAnswer(BaseModel):
    """`fields` are exactly what is sent; `decision` is new, or why the person is kept out."""

    lead_id: str
    email: str
    decision: Reason
    detail: str | None
    fields: dict[str, str]

    @classmethod
    def of(cls, item: ExportPlanItem) -> Self:
        return cls(
            lead_id=item.lead_id,
            email=item.email,
            decision=Reason(item.decision),
            detail=item.detail,
            fields=item.fields,
        )


class PlanAnswer(BaseModel):
    plan_id: str
    campaign_id: str
    campaign_status: str
    counts: PlanCounts
    excluded: dict[str, int]
    membership_as_of: datetime | None
    items: list[PlanItemAnswer]
    items_total: int

    @classmethod
    def of(cls, plan: ExportPlan, items: Sequence[ExportPlanItem]) -> Self:
        counts = plan.counts
        return cls(
            plan_id=plan.id,
            campaign_id=plan.campaign_id,
            campaign_status=plan.campaign_status,
            counts=PlanCounts(new=counts["new"], excluded=counts["excluded"]),
            excluded=counts["reasons"],
            membership_as_of=plan.membership_as_of,
            items=[PlanItemAnswer.of(item) for item in items],
            items_total=counts["new"] + counts["excluded"],
        )


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
