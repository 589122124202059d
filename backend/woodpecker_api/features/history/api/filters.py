"""The filters that the list, its file and its charts share."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query

from woodpecker_api.errors import FieldProblem, ValidationFailedError
from woodpecker_api.features.exports.rules import AttemptStatus
from woodpecker_api.features.history.rules import Search, Wanted, first_moment, moment_after, read_search
from woodpecker_api.http.services import Ask, Services, VendorMode
from woodpecker_api.http.user import Who
from woodpecker_api.kit.text import address_key
from woodpecker_api.system.settings.service import Vendor

_MOMENT = "A day (2026-03-31, UTC) or a moment (2026-03-31T12:00:00Z)."


def shows_sandbox(services: Services) -> bool:
    """Attempts at the simulator are hidden as soon as Woodpecker is real."""
    return services.vendor_state(Vendor.WOODPECKER).mode is VendorMode.SANDBOX


def get_wanted(
    services: Ask,
    who: Who,
    email: Annotated[str | None, Query(max_length=320, description="One address, compared as a person.")] = None,
    q: Annotated[str, Query(max_length=200, description="Address, @domain, or words of name and company.")] = "",
    campaign_id: Annotated[str | None, Query(max_length=32)] = None,
    export_id: Annotated[str | None, Query(max_length=32)] = None,
    lead_id: Annotated[str | None, Query(max_length=32)] = None,
    status: Annotated[list[AttemptStatus] | None, Query()] = None,
    user: Annotated[str | None, Query(max_length=32, description="A user's id, or `me`.")] = None,
    since: Annotated[str | None, Query(alias="from", max_length=40, description=_MOMENT)] = None,
    to: Annotated[str | None, Query(max_length=40, description=f"{_MOMENT} The day is included.")] = None,
) -> Wanted:
    return Wanted(
        search=read_search(q) if q.strip() else Search(),
        address=address_key(email) if email else None,
        campaign_id=campaign_id,
        export_id=export_id,
        lead_id=lead_id,
        user_id=who.user_id if user == "me" else user,
        statuses=tuple(dict.fromkeys(status or ())),
        since=_read("from", since, first_moment),
        until=_read("to", to, moment_after),
        with_sandbox=shows_sandbox(services),
    )


Filters = Annotated[Wanted, Depends(get_wanted)]


def _read(name: str, text: str | None, read: Callable[[str], datetime]) -> datetime | None:
    if not text:
        return None
    try:
        return read(text)
    except ValueError:
        sentence = f"{text!r} is no day and no moment. Write 2026-03-31 or 2026-03-31T12:00:00Z."
        raise ValidationFailedError(sentence, errors=(FieldProblem(name, "bad_moment", sentence),)) from None
