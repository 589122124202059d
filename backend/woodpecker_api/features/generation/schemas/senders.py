"""Who signs, as the routes take and give it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from woodpecker_api.features.generation.models import Sender


class SenderChange(BaseModel):
    """`version` goes back with a change; without one it is the first."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=200)
    title: str = Field("", max_length=200)
    email: str = Field("", max_length=320)
    voice: str = Field("", max_length=2_000)
    version: int | None = None


class SenderShown(BaseModel):
    user_id: str
    name: str
    title: str
    email: str
    voice: str
    version: int
    updated_at: datetime


def shown_sender(sender: Sender) -> SenderShown:
    return SenderShown.model_validate(sender, from_attributes=True)
