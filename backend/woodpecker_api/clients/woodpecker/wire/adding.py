"""Adding people to a campaign: what goes out, and what each row of the answer means."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from woodpecker_api.clients.woodpecker.errors import UnreadableAnswerError, without_addresses
from woodpecker_api.clients.woodpecker.port import (
    CONTACT_FIELDS,
    SNIPPET_NUMBERS,
    AddOutcome,
    NewProspect,
    RowOutcome,
    RowResult,
)
from woodpecker_api.clients.woodpecker.wire.values import identifier_of, object_of, text_of, vendor_moment, word_of
from woodpecker_api.kit.text import address_key

_DUPLICATE = "DUPLICATE"
_ERROR = "ERROR"


def add_body(
    campaign_id: int, prospects: Sequence[NewProspect], send_after: datetime | None = None
) -> dict[str, object]:
    """The request. `update` makes the snippets we send count for people the account knows; `force` is never sent."""
    campaign: dict[str, object] = {"campaign_id": campaign_id}
    if send_after is not None:
        campaign["send_after"] = vendor_moment(send_after)
    return {"campaign": campaign, "update": True, "prospects": [row_of(prospect) for prospect in prospects]}


def row_of(prospect: NewProspect) -> dict[str, str]:
    """Exactly what goes out for one person. Raises ValueError for a field or snippet Woodpecker does not have."""
    unknown = [name for name in prospect.fields if name not in CONTACT_FIELDS]
    unknown += [f"snippet{number}" for number in prospect.snippets if number not in SNIPPET_NUMBERS]
    if unknown:
        raise ValueError(f"Woodpecker has no {', '.join(unknown)}")
    row = {"email": prospect.email}
    row.update((name, prospect.fields[name]) for name in CONTACT_FIELDS if name in prospect.fields)
    row.update((f"snippet{number}", prospect.snippets[number]) for number in sorted(prospect.snippets))
    return row


def read_add(payload: Any, emails: Sequence[str]) -> AddOutcome:
    """One result for each address, matched by `address_key`, never by position.

    Raises UnreadableAnswerError (outcome unknown) when there are no rows to read at all.
    """
    answer = object_of(payload)
    rows = answer.get("prospects")
    if not isinstance(rows, list) or (emails and not rows):
        raise UnreadableAnswerError("The answer to adding people holds no rows.", outcome_unknown=True)
    above = answer.get("status")
    all_failed = word_of(above.get("status") if isinstance(above, dict) else above) == _ERROR
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in map(_unwrapped, rows):
        found[address_key(text_of(row.get("email")))].append(row)
    asked = {address_key(email) for email in emails}
    return AddOutcome(
        rows=tuple(_result(email, found.get(address_key(email), []), all_failed=all_failed) for email in emails),
        unasked_rows=sum(len(group) for key, group in found.items() if key not in asked),
    )


def _unwrapped(row: Any) -> Mapping[str, Any]:
    inner = object_of(row).get("prospect")
    return {**row, **inner, "prospect": None} if isinstance(inner, dict) else object_of(row)


def _result(email: str, rows: Sequence[Mapping[str, Any]], *, all_failed: bool) -> RowResult:
    if not rows:
        return RowResult(email, RowOutcome.MISSING)
    row = rows[0]
    outcomes = {_outcome(each, all_failed=all_failed) for each in rows}
    return RowResult(
        email=email,
        outcome=outcomes.pop() if len(outcomes) == 1 else RowOutcome.UNCLEAR,
        prospect_id=identifier_of(row.get("id")),
        known_before=word_of(row.get("prospect")) == _DUPLICATE,
        error_code=text_of(row.get("code")) if _is_error(row) else "",
        error=without_addresses(text_of(row.get("msg"))) if _is_error(row) else "",
    )


def _outcome(row: Mapping[str, Any], *, all_failed: bool) -> RowOutcome:
    """Only marks that several sources agree on decide; `code` and `msg` of a row that worked are never looked at."""
    if word_of(row.get("prospect_campaign")) == _DUPLICATE:
        return RowOutcome.ALREADY_IN_CAMPAIGN
    if _is_error(row):
        return RowOutcome.REJECTED
    status = row.get("status")
    if all_failed or row.get("prospect_campaign") or (status not in (None, "") and word_of(status) != "OK"):
        return RowOutcome.UNCLEAR
    return RowOutcome.ADDED if identifier_of(row.get("id")) else RowOutcome.UNCLEAR


def _is_error(row: Mapping[str, Any]) -> bool:
    return word_of(row.get("status")) == _ERROR or (
        word_of(row.get("status")) == "" and text_of(row.get("code")).startswith("E_")
    )
