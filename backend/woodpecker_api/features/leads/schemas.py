"""What the routes take and give."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from woodpecker_api.features.leads.models import DoNotContact, SavedView
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.leads.rules.selection import LeadFilter, Selection
from woodpecker_api.kit.clock import rfc3339

Moment = Annotated[datetime, PlainSerializer(rfc3339, return_type=str)]


class LeadAnswer(BaseModel):
    id: str
    email: str
    first_name: str
    last_name: str
    company: str
    title: str
    phone: str
    website: str
    linkedin_url: str
    industry: str
    address: str
    city: str
    state: str
    country: str
    time_zone: str
    tags: list[str]
    custom: dict[str, Any]
    owner_id: str | None
    import_id: str | None
    sandbox: bool
    status: LeadStatus
    version: int
    created_at: Moment
    updated_at: Moment
    deleted_at: Moment | None = None


class _LeadValues(BaseModel):
    model_config = ConfigDict(extra="forbid")

    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    title: str | None = None
    phone: str | None = None
    website: str | None = None
    linkedin_url: str | None = None
    industry: str | None = None
    address: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    time_zone: str | None = None
    tags: list[str] | None = None
    custom: dict[str, str] | None = None
    owner_id: str | None = None

    def given(self) -> dict[str, Any]:
        """The fields that were sent; null empties a text, and takes the owner away."""
        sent = self.model_dump(exclude_unset=True)
        empty: dict[str, Any] = {"tags": [], "custom": {}, "owner_id": None}
        return {
            name: empty.get(name, "") if value is None else value for name, value in sent.items() if name != "version"
        }


class NewLeadBody(_LeadValues):
    email: str


class LeadChange(_LeadValues):
    version: int
    email: str | None = None


class CountBody(BaseModel):
    filter: LeadFilter = Field(default_factory=LeadFilter)


class CountAnswer(BaseModel):
    count: int


class AssignBody(BaseModel):
    action: Literal["assign"]
    selection: Selection
    owner_id: str | None


class TagBody(BaseModel):
    action: Literal["tag"]
    selection: Selection
    add: list[str] = Field(default_factory=list, max_length=20)
    remove: list[str] = Field(default_factory=list, max_length=20)


class DeleteBody(BaseModel):
    action: Literal["delete"]
    selection: Selection


class RestoreBody(BaseModel):
    """Deleted leads come back. `deleted_at` of the answer to `delete` means those that went with that call, and no others."""

    action: Literal["restore"]
    selection: Selection
    deleted_at: AwareDatetime | None = None


class SuppressBody(BaseModel):
    action: Literal["do_not_contact"]
    selection: Selection
    reason: str = Field("", max_length=500)
    until: AwareDatetime | None = None


BulkBody = Annotated[AssignBody | TagBody | DeleteBody | RestoreBody | SuppressBody, Field(discriminator="action")]


class BulkAnswer(BaseModel):
    """`deleted_at` only after `delete`: what `restore` takes to undo it."""

    changed: int
    deleted_at: Moment | None = None


class TimelineEntry(BaseModel):
    """One line of the record: `kind` is the action's name, `text` a sentence, `detail` what was kept of before and after."""

    at: Moment
    kind: str
    text: str
    user: str | None
    detail: dict[str, Any] = {}


class TimelineAnswer(BaseModel):
    items: list[TimelineEntry]


class DoNotContactBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    value: str = Field(min_length=1, max_length=320)
    reason: str = Field("", max_length=500)
    until: AwareDatetime | None = None


class DoNotContactChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: str = Field("", max_length=500)
    until: AwareDatetime | None = None


class DoNotContactAnswer(BaseModel):
    id: str
    kind: str
    value: str
    reason: str
    list_name: str | None
    until: Moment | None
    created_by: str | None
    created_at: Moment

    @classmethod
    def of(cls, entry: DoNotContact) -> "DoNotContactAnswer":
        return cls.model_validate(entry, from_attributes=True)


class RefusedLine(BaseModel):
    row: int
    message: str


class DoNotContactListAnswer(BaseModel):
    """`refused` names the first hundred lines that are neither an address nor a domain."""

    added: int
    removed: int
    refused_total: int
    refused: list[RefusedLine]


class ViewBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    page: str = Field("leads", min_length=1, max_length=32)
    name: str = Field(min_length=1, max_length=100)
    query: dict[str, Any]
    shared: bool = False


class ViewChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int
    name: str | None = Field(None, min_length=1, max_length=100)
    query: dict[str, Any] | None = None
    shared: bool | None = None


class ViewAnswer(BaseModel):
    id: str
    user_id: str
    page: str
    name: str
    query: dict[str, Any]
    shared: bool
    version: int
    created_at: Moment

    @classmethod
    def of(cls, view: SavedView) -> "ViewAnswer":
        return cls.model_validate(view, from_attributes=True)
