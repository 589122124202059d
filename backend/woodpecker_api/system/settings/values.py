"""What an admin can change while the program runs: names, types, defaults, and why the default is what it is."""

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_serializer

from woodpecker_api.kit.money import usd_micros, usd_text

KeepOut = Literal["keep_out", "warn"]
Collides = Literal["keep_out", "warn", "ignore"]
"""What an export does with a person in whom something collides: a warning is shown and the person goes out."""

MAX_BUDGET_USD = 1_000_000
"""Beyond it a typing error is likelier than a budget."""


class AppSettings(BaseModel):
    """Read as a whole, changed by name. Documented in docs/reference/settings.md (a test compares)."""

    model_config = ConfigDict(extra="forbid")

    month_budget_usd: Decimal | None = Field(
        None, ge=0, le=MAX_BUDGET_USD, description="Spending on Claude per calendar month; empty means no limit."
    )
    run_budget_usd: Decimal | None = Field(
        None, ge=0, le=MAX_BUDGET_USD, description="Default budget of a run; empty means no limit."
    )
    default_model: str | None = Field(None, description="Claude model for new runs; empty means the program's choice.")
    export_batch_size: int = Field(50, ge=1, le=100, description="People in one request to Woodpecker.")
    countdown_seconds: int = Field(
        60, ge=0, le=600, description="Time for Undo before an export that makes mail go out."
    )
    contacted_recently_days: int = Field(
        30, ge=0, le=365, description="Who was contacted within so many days counts as contacted recently; 0 never."
    )
    collision_replied: KeepOut = Field(
        "keep_out", description="Who replied in another campaign (whom Woodpecker calls replied is always kept out)."
    )
    collision_bounced: KeepOut = Field("keep_out", description="Whose mail bounced in another campaign.")
    collision_in_other_campaign: Collides = Field(
        "keep_out", description="Who may still be mailed from another campaign: new texts would replace those there."
    )
    collision_was_in_campaign: Collides = Field("warn", description="Who was in another campaign that is over.")
    collision_contacted_recently: Collides = Field("keep_out", description="Who was contacted recently.")
    collision_same_company: Collides = Field(
        "warn",
        description="Several people of one company: in the list, or written to lately. Free mail does not count.",
    )
    same_company_days: int = Field(
        7, ge=0, le=365, description="A colleague who was contacted within so many days counts as written to lately."
    )
    mirror_minutes: int = Field(
        15, ge=0, le=1440, description="How old our copy of the people in Woodpecker may grow; 0 reads only when asked."
    )
    keep_exported_content_days: int | None = Field(
        180, ge=0, description="Exported texts are removed so many days after the last planned day; empty means never."
    )
    keep_history_people_days: int | None = Field(
        1095, ge=30, description="Names and addresses in history are removed after so many days; empty means never."
    )
    retention_confirmed: bool = Field(
        False, description="Somebody looked at how long things are kept; until then the pages ask."
    )
    keep_uploads_days: int = Field(7, ge=0, le=365, description="How long an uploaded file is kept after its import.")

    @field_serializer("month_budget_usd", "run_budget_usd", when_used="json-unless-none")
    def _money(self, amount: Decimal) -> str:
        return usd_text(usd_micros(amount))
