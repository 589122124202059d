"""What the routes of generation take and give."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from woodpecker_api.features.generation.models import GenerationItem, RunMode
from woodpecker_api.features.generation.rules.models_offered import Offer
from woodpecker_api.features.generation.service import Estimate, Preview
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules.selection import Selection
from woodpecker_api.features.templates.rules.bodies import ContentBody
from woodpecker_api.kit.money import usd_text


class SenderBody(BaseModel):
    """Who signs. Without a name, texts end without one and Woodpecker's own signature is added."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=200)
    title: str = Field("", max_length=200)
    email: str = Field("", max_length=320)
    voice: str = Field("", max_length=2_000)
    user_id: str | None = Field(None, max_length=32)


class GenerationBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    selection: Selection
    template_id: str | None = None
    content: ContentBody | None = Field(None, description="changes to the template for this run only")
    model: str | None = Field(None, description="empty means the setting, else the program's choice")
    effort: str | None = None
    budget_usd: Decimal | None = Field(None, ge=0, le=100_000)
    mode: RunMode = RunMode.LIVE
    dry_run: bool = False
    first: int | None = Field(None, ge=1, le=1_000, description="only so many who can be written to: try on three")
    instruction: str | None = Field(None, max_length=2_000)
    sender: SenderBody | None = None
    sender_user_id: str | None = Field(None, max_length=32, description="this user signs, as they wrote it down")


class ResumeBody(BaseModel):
    """A new budget for the whole run, for one that its budget has stopped."""

    model_config = ConfigDict(extra="forbid")

    budget_usd: Decimal | None = Field(None, ge=0, le=100_000)


class PreviewBody(BaseModel):
    """A template as stored, or a content that is not saved yet."""

    model_config = ConfigDict(extra="forbid")

    lead_id: str
    template_id: str | None = None
    content: ContentBody | None = None
    instruction: str | None = Field(None, max_length=2_000)
    sender: SenderBody | None = None
    sender_user_id: str | None = Field(None, max_length=32)


class PreviewProblem(BaseModel):
    severity: str
    field: str
    code: str
    message: str


class PreviewShown(BaseModel):
    """What would be asked. `sent` is all that leaves this program about the lead; `empty` has no value for this one."""

    system: str
    user_text: str
    answer_schema: dict[str, Any]
    sent: dict[str, str]
    empty: list[str]
    tokens: int
    problems: list[PreviewProblem]


class CountsShown(BaseModel):
    """`flagged` counts among `done`."""

    total: int
    queued: int
    running: int
    done: int
    flagged: int
    failed: int
    cancelled: int


class CostShown(BaseModel):
    """`usd` is what usage says; `uncertain_usd` may have been charged for answers that never came; `reserved_usd` is under way."""

    input_tokens: int
    output_tokens: int
    usd: str
    uncertain_usd: str
    reserved_usd: str


class SentBatchShown(BaseModel):
    """A batch at the vendor. Status: submitting (sent, perhaps), submitted, collected, refused, lost (never received)."""

    id: str
    status: str
    vendor_batch_id: str | None
    requests: int
    created_at: datetime
    expires_at: datetime | None
    finished_at: datetime | None
    error: str | None


class RunShown(BaseModel):
    id: str
    status: str
    reason_code: str | None
    reason: str | None
    mode: str
    template_id: str
    template_name: str
    template_version: int
    model: str
    effort: str | None
    instruction: str | None
    numbers: list[int] | None
    sender: dict[str, Any] | None
    sandbox: bool
    budget_usd: str | None
    version: int
    created_by: str | None
    created_at: datetime
    finished_at: datetime | None
    counts: CountsShown
    cost: CostShown
    estimated: dict[str, Any] | None
    batches: list[SentBatchShown] = []
    excluded: dict[str, int] = {}


class EstimatedShown(BaseModel):
    input_tokens: int
    output_tokens: int
    usd: str | None
    seconds: int


class BatchShown(BaseModel):
    usd: str | None
    hours: float


class EstimateShown(BaseModel):
    """`source`: counted (by Claude, from samples) or estimated (by us). `worst_usd` is what a budget must hold to be safe."""

    leads: int
    excluded: dict[str, int]
    model: str
    effort: str | None
    source: str
    estimated: EstimatedShown
    worst_usd: str | None
    batch: BatchShown
    prices_of: str


class ItemShown(BaseModel):
    id: str
    lead_id: str
    email: str
    name: str
    company: str
    status: str
    flagged: bool
    attempts: int
    error_code: str | None
    error: str | None
    raw_answer: str | None
    started_at: datetime | None
    finished_at: datetime | None


class ModelShown(BaseModel):
    id: str
    name: str
    is_default: bool
    deprecated: bool
    batch: bool
    efforts: list[str]
    has_price: bool


class ModelsShown(BaseModel):
    items: list[ModelShown]


class RetriedShown(BaseModel):
    retried: int
    run: RunShown


def shown_estimate(estimate: Estimate) -> EstimateShown:
    return EstimateShown(
        leads=estimate.leads,
        excluded=estimate.excluded,
        model=estimate.model,
        effort=estimate.effort,
        source=estimate.source,
        estimated=EstimatedShown(
            input_tokens=estimate.input_tokens,
            output_tokens=estimate.output_tokens,
            usd=_usd(estimate.micros),
            seconds=estimate.seconds,
        ),
        worst_usd=_usd(estimate.worst_micros),
        batch=BatchShown(usd=_usd(estimate.batch_micros), hours=estimate.batch_hours),
        prices_of=estimate.prices_of,
    )


def shown_preview(preview: Preview) -> PreviewShown:
    return PreviewShown(
        system=preview.prompt.stable,
        user_text=preview.prompt.user_text,
        answer_schema=dict(preview.prompt.schema),
        sent=preview.sent,
        empty=list(preview.empty),
        tokens=preview.tokens,
        problems=[PreviewProblem.model_validate(problem, from_attributes=True) for problem in preview.problems],
    )


def shown_item(item: GenerationItem, lead: Lead) -> ItemShown:
    return ItemShown(
        id=item.id,
        lead_id=item.lead_id,
        email=lead.email,
        name=f"{lead.first_name} {lead.last_name}".strip(),
        company=lead.company,
        status=item.status,
        flagged=item.flagged,
        attempts=item.attempts,
        error_code=item.error_code,
        error=item.error,
        raw_answer=item.raw_answer,
        started_at=item.started_at,
        finished_at=item.finished_at,
    )


def shown_model(offer: Offer, default: str | None) -> ModelShown:
    return ModelShown(
        id=offer.id,
        name=offer.name,
        is_default=offer.id == default,
        deprecated=offer.deprecated,
        batch=offer.batch,
        efforts=list(offer.efforts),
        has_price=offer.has_price,
    )


def _usd(micros: int | None) -> str | None:
    return None if micros is None else usd_text(micros)
