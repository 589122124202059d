"""Which leads are meant: ids, or all that match a filter. Other rooms take these in their requests as they are."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from woodpecker_api.features.leads.rules.states import LeadStatus

MOST_IDS = 100_000


class LeadFilter(BaseModel):
    """The list's filters. Texts match anywhere in the field, without case and accents."""

    model_config = ConfigDict(extra="forbid")

    q: str | None = Field(None, max_length=200)
    status: list[LeadStatus] | None = None
    owner: str | None = Field(None, max_length=32, description="me, none, or a user's id")
    import_id: str | None = Field(None, max_length=32)
    company: str | None = Field(None, max_length=200)
    title: str | None = Field(None, max_length=200)
    campaign_id: str | None = Field(None, max_length=32)
    tag: str | None = Field(None, max_length=60)
    custom: dict[str, str] | None = Field(None, description="custom field → value; an empty value means: filled")
    deleted: bool = False

    @field_validator("status", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        """`drafted,approved` as in the list's address, or a JSON list."""
        return value.split(",") if isinstance(value, str) else value


class Selection(BaseModel):
    """Exactly one of `ids` and `filter`; `except_ids` and `expected_count` go with a filter."""

    model_config = ConfigDict(extra="forbid")

    ids: list[str] | None = Field(None, min_length=1, max_length=MOST_IDS)
    filter: LeadFilter | None = None
    except_ids: list[str] = Field(default_factory=list, max_length=MOST_IDS)
    expected_count: int | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.ids is None) == (self.filter is None):
            raise ValueError("give either ids or filter")
        return self
