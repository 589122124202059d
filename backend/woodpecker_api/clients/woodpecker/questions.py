"""What nobody knows of the vendor yet, as single requests, and what an answer to each settles in docs/unverified.md.

Asked with a real key, on a DRAFT campaign (which mails nobody), for an address of one's own. Findings name nobody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from woodpecker_api.clients.woodpecker.errors import NOT_JSON, Answer
from woodpecker_api.clients.woodpecker.port import Look
from woodpecker_api.clients.woodpecker.sketch import sketch

NOBODY = "nobody@woodpecker-api.invalid"
_FIRST, _SECOND = "line one<br />line two", "another text"
_LONG = {"snippet2": "x" * 2_000, "snippet3": "y" * 10_000}
_NO_CAMPAIGN = 999_999_999


@dataclass(frozen=True)
class Ask:
    """One request."""

    method: str
    path: str
    query: Mapping[str, str] | None = None
    body: Mapping[str, object] | None = None


@dataclass(frozen=True)
class OpenQuestion:
    ask: Callable[[int, str], Ask]
    """Of a campaign's number and one's own address."""
    conclude: Callable[[Answer], tuple[str, str]]
    """What was found, and what to change in docs/unverified.md."""


def look_of(question: OpenQuestion, answer: Answer) -> Look:
    found, change = question.conclude(answer)
    return Look(answer.status, found, change, _sketch(answer))


def _search(address: str) -> Ask:
    return Ask("GET", "/v1/prospects", {"search": f"email={address}", "campaigns_details": "true"})


def _add(campaign_id: int, address: str, snippets: Mapping[str, str]) -> Ask:
    body = {
        "campaign": {"campaign_id": campaign_id},
        "update": True,
        "prospects": [{"email": address, "first_name": "Test", **snippets}],
    }
    return Ask("POST", "/v1/add_prospects_campaign", None, body)


def _sketch(answer: Answer) -> str:
    return sketch(None if answer.payload is NOT_JSON else answer.payload, answer.text)


def _nothing_found(answer: Answer) -> tuple[str, str]:
    form = "204 without a body" if answer.status == 204 else f"{answer.status} {_sketch(answer)}"
    return f"nothing found is answered with {form}", f"“Nothing found”: settled, {form}; keep accepting the others"


def _whole_failure(answer: Answer) -> tuple[str, str]:
    found = f"an import in which nobody is accepted: {answer.status} {_sketch(answer)}"
    return found, f"all-failed import: settled, HTTP {answer.status}"


def _unknown_campaign(answer: Answer) -> tuple[str, str]:
    return f"an unknown campaign: {answer.status} {_sketch(answer)}", f"unknown campaign: settled, HTTP {answer.status}"


def _accepted(answer: Answer) -> tuple[str, str]:
    return f"adding one's own address: {answer.status} {_sketch(answer)}", "row of a success: settled, as above"


def _stored(answer: Answer) -> tuple[str, str]:
    row = _only_row(answer)
    kept = "<br" in str(row.get("snippet1", ""))
    lengths = {name: len(str(row.get(name, ""))) for name in _LONG}
    cut = [f"{name} kept {size} of {len(_LONG[name])}" for name, size in lengths.items()]
    says = f"a <br /> {'is stored as it was sent' if kept else 'is not stored as it was sent'}; {', '.join(cut)} characters"
    return (
        says,
        "“A line break inside a snippet survives”: storing is settled, send a test mail for the rest; “Snippet size limits”: as above",
    )


def _member_updated(answer: Answer) -> tuple[str, str]:
    found = f"update of somebody who is in the campaign: {answer.status} {_sketch(answer)}"
    return found, "“update: true for somebody already in the campaign”: settled, the row is as above"


def _changed(answer: Answer) -> tuple[str, str]:
    changed = _only_row(answer).get("snippet1") == _SECOND
    says = f"the stored text of a member {'changed' if changed else 'did not change'} with update: true"
    return says, f"“update: true”: settled, the next unsent step uses the {'new' if changed else 'old'} text"


def _campaign_rows(answer: Answer) -> tuple[str, str]:
    keys = ", ".join(sorted(name for name in _only_row(answer) if name.isidentifier()))
    counted = "with" if answer.total is not None else "without"
    return (
        f"a row with campaigns_id has {keys or 'no keys'}; {counted} X-Total-Count",
        "keys of a row with campaigns_id: settled, as above",
    )


def _webhooks(answer: Answer) -> tuple[str, str]:
    return (
        f"the list of webhooks: {answer.status} {_sketch(answer)}",
        "webhooks: the form of the list is settled, its limit is not",
    )


def _only_row(answer: Answer) -> Mapping[str, Any]:
    rows = answer.payload if isinstance(answer.payload, list) else []
    row = rows[0] if rows and isinstance(rows[0], dict) else {}
    inner = row.get("prospect")
    return {**row, **inner} if isinstance(inner, dict) else row


OPEN_QUESTIONS: Mapping[str, OpenQuestion] = {
    "nothing_found": OpenQuestion(lambda _campaign, _address: _search(NOBODY), _nothing_found),
    "nobody_accepted": OpenQuestion(lambda campaign, _address: _add(campaign, "not-an-address", {}), _whole_failure),
    "unknown_campaign": OpenQuestion(lambda _campaign, address: _add(_NO_CAMPAIGN, address, {}), _unknown_campaign),
    "one_accepted": OpenQuestion(
        lambda campaign, address: _add(campaign, address, {"snippet1": _FIRST, **_LONG}), _accepted
    ),
    "what_is_stored": OpenQuestion(lambda _campaign, address: _search(address), _stored),
    "member_updated": OpenQuestion(
        lambda campaign, address: _add(campaign, address, {"snippet1": _SECOND}), _member_updated
    ),
    "what_changed": OpenQuestion(lambda _campaign, address: _search(address), _changed),
    "campaign_rows": OpenQuestion(
        lambda campaign, _address: Ask("GET", "/v1/prospects", {"campaigns_id": str(campaign), "per_page": "1"}),
        _campaign_rows,
    ),
    "webhooks": OpenQuestion(lambda _campaign, _address: Ask("GET", "/v2/webhooks"), _webhooks),
}
