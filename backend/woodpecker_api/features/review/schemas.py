"""What the routes of review take and give."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules.selection import Selection
from woodpecker_api.features.review.service import Decided
from woodpecker_api.features.sequences.models import Sequence, SequenceVersion
from woodpecker_api.features.sequences.rules import Approval


class FlagShown(BaseModel):
    """`start` and `end` count characters of the text; none when all of it is meant."""

    code: str
    severity: str
    message: str
    start: int | None = None
    end: int | None = None
    excerpt: str | None = None


class SnippetShown(BaseModel):
    number: int
    kind: str
    day: int
    text: str
    original_text: str
    flags: list[FlagShown]


class SequenceShown(BaseModel):
    id: str
    lead_id: str
    template_id: str | None
    template_name: str | None
    template_version: int | None
    status: str
    version: int
    sandbox: bool
    edited: bool
    blocking_flags: int
    warning_flags: int
    sender: dict[str, Any] | None
    approved_by: str | None
    approved_at: datetime | None
    approval: str | None
    rejected_reason: str | None
    created_at: datetime
    updated_at: datetime
    snippets: list[SnippetShown]


class LeadOfRow(BaseModel):
    id: str
    email: str
    first_name: str
    last_name: str
    company: str
    title: str
    owner_id: str | None
    status: str


class QueueRow(BaseModel):
    """One line of the queue; the texts come with the sequence itself."""

    id: str
    lead_id: str
    status: str
    version: int
    sandbox: bool
    edited: bool
    blocking_flags: int
    warning_flags: int
    approval: str | None
    updated_at: datetime
    lead: LeadOfRow


class SnippetChange(BaseModel):
    number: int
    text: str = Field(max_length=50_000)


class SequenceChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int
    snippets: list[SnippetChange] = Field(min_length=1, max_length=50)


class DecisionBody(BaseModel):
    """`selection`: ids of sequences, or a filter of leads."""

    model_config = ConfigDict(extra="forbid")

    selection: Selection


class ApproveBody(DecisionBody):
    kind: Approval | None = None
    versions: dict[str, int] = Field(
        default_factory=dict, description="the versions that were seen; another one is passed over"
    )


class RejectBody(DecisionBody):
    reason: str = Field(min_length=1, max_length=500)


class RegenerateBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    instruction: str | None = Field(None, max_length=2_000)
    numbers: list[int] | None = Field(None, min_length=1, max_length=50)
    model: str | None = None


class RestoreBody(BaseModel):
    """`version` is the present one, `to` the one whose texts are wanted again."""

    version: int
    to: int


class DecidedShown(BaseModel):
    changed: int
    ids: list[str]
    passed_over: dict[str, int]
    approval: str | None


class RegenerationShown(BaseModel):
    """The run that writes the texts; follow it at /api/generations/{id}."""

    id: str
    status: str


class VersionText(BaseModel):
    number: int
    kind: str
    day: int
    text: str


class SequenceVersionShown(BaseModel):
    version: int
    author: str
    author_id: str | None
    instruction: str | None
    sandbox: bool
    created_at: datetime
    snippets: list[VersionText]


class SequenceVersions(BaseModel):
    items: list[SequenceVersionShown]


def shown_row(sequence: Sequence, lead: Lead) -> QueueRow:
    row = {name: getattr(sequence, name) for name in QueueRow.model_fields if name != "lead"}
    return QueueRow(**row, lead=LeadOfRow.model_validate(lead, from_attributes=True))


def shown_version(version: SequenceVersion) -> SequenceVersionShown:
    return SequenceVersionShown.model_validate(version, from_attributes=True)


MOST_IDS_SHOWN = 100


def shown_decided(decided: Decided) -> DecidedShown:
    return DecidedShown(
        changed=len(decided.changed),
        ids=decided.changed[:MOST_IDS_SHOWN],
        passed_over=decided.passed_over,
        approval=decided.approval,
    )
