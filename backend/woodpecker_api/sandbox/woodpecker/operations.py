"""Each call of the vendor's API as a function from a question to a reply; nothing here waits or fails at random."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from woodpecker_api.sandbox.woodpecker import answers, campaigning, enrolling, listing
from woodpecker_api.sandbox.woodpecker.answers import Reply
from woodpecker_api.sandbox.woodpecker.faults import Fault, FaultKind
from woodpecker_api.sandbox.woodpecker.simulation import Simulation

_NOBODY = "There are no prospects matching the given criteria."
_MAX_BLACKLIST_WRITE = 500


@dataclass(frozen=True)
class Question:
    query: Mapping[str, str]
    path: Mapping[str, Any]
    body: bytes
    fault: Fault | None = None


class BadRequestError(ValueError):
    """The vendor answers 400; the first argument is its code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def users(simulation: Simulation, _question: Question) -> Reply:
    people = {
        email: name
        for campaign in simulation.account.campaigns.values()
        for email, name in zip(campaign.from_emails, campaign.from_names, strict=False)
    }
    content = [
        {"id": 4711 + place, "name": people[email], "email": email, "role": "admin" if place == 0 else "member"}
        for place, email in enumerate(sorted(people))
    ]
    pages = {"total_elements": len(content), "total_pages": 1, "current_page_number": 0, "page_size": 100}
    return answers.ok({"content": content, "pagination_data": pages})


def campaign_list(simulation: Simulation, question: Question) -> Reply:
    ids = listing.numbers(question.query.get("id", ""))
    statuses = {word for word in question.query.get("status", "").split(",") if word}
    rows = []
    for campaign in simulation.account.campaigns.values():
        if (ids and campaign.id not in ids) or (statuses and campaign.status not in statuses):
            continue
        row = campaigning.list_row(campaign)
        if len(ids) == 1:
            row["stats"] = campaigning.statistics(simulation.account, campaign)
        rows.append(row)
    return answers.ok(rows) if rows else _nothing(simulation, "There are no campaigns")


def campaign_detail(simulation: Simulation, question: Question) -> Reply:
    campaign = simulation.account.campaigns.get(int(question.path["campaign_id"]))
    if campaign is None or campaign.status == "DELETED":
        return answers.v2_error(404, "CAMPAIGN_NOT_EXIST", "Campaign not found")
    if not campaign.supported:
        return answers.v2_error(
            409, "API_UNSUPPORTED_CAMPAIGN_FEATURES", "Campaign has features that the API does not support"
        )
    return answers.ok(campaigning.detail(campaign))


def prospects(simulation: Simulation, question: Question) -> Reply:
    page, size = listing.page_of(question.query)
    found = listing.select(simulation.account, question.query)
    total = {"X-Total-Count": str(len(found))} if simulation.behaviour.send_total else {}
    shown = found[(page - 1) * size : page * size]
    if not shown:
        return _nothing(simulation, _NOBODY)
    rows = [listing.row(simulation.account, prospect, question.query) for prospect in shown]
    return answers.ok([{"prospect": row} for row in rows] if simulation.behaviour.wrap_rows else rows, **total)


def add_to_campaign(simulation: Simulation, question: Question) -> Reply:
    body = _json(question.body)
    target = body.get("campaign")
    campaign_id = target.get("campaign_id") if isinstance(target, dict) else None
    if not isinstance(campaign_id, int) or not isinstance(target, dict):
        raise BadRequestError("E_REQUIRED_ELEMENT", "campaign.campaign_id is required")
    simulation.ledger.unknown_keys.update(f"campaign.{key}" for key in target.keys() - {"campaign_id", "send_after"})
    campaign = simulation.account.campaigns.get(campaign_id)
    if campaign is None or campaign.status == "DELETED":
        return answers.v1_error(404, "E_RECORD_NOT_FOUND", "Campaign not found")
    return _add(simulation, question, body, campaign_id, str(target.get("send_after") or ""))


def add_to_account(simulation: Simulation, question: Question) -> Reply:
    return _add(simulation, question, _json(question.body), None, "")


def remove_prospects(simulation: Simulation, question: Question) -> Reply:
    ids = listing.numbers(question.query.get("id", ""))
    if not ids:
        raise BadRequestError("E_REQUIRED_ELEMENT", "id is required")
    campaigns = listing.numbers(question.query.get("campaigns_id", ""))
    enrolling.remove(simulation.account, simulation.ledger, ids, campaigns, simulation.now())
    return Reply(200)


def blacklist_read(simulation: Simulation, question: Question) -> Reply:
    name = question.path["name"]
    size = min(int(question.query.get("per_page", "100")), _MAX_BLACKLIST_WRITE)
    page = int(question.query.get("page", "1"))
    wanted = question.query.get(f"{name[:-1]}_filter", "").rstrip("*").lower()
    values = sorted(value for value in simulation.account.blacklist[name] if value.startswith(wanted))
    return answers.ok({name: values[(page - 1) * size : page * size], "total": len(values)})


def blacklist_add(simulation: Simulation, question: Question) -> Reply:
    values = _blacklist_values(question)
    name = question.path["name"]
    simulation.account.blacklist[name].update(value.strip().lower() for value in values)
    simulation.ledger.saw_request({"kind": "blacklist", "at": simulation.now(), name: values})
    return answers.ok({name: values})


def blacklist_remove(simulation: Simulation, question: Question) -> Reply:
    values = _blacklist_values(question)
    name = question.path["name"]
    simulation.account.blacklist[name].difference_update(value.strip().lower() for value in values)
    simulation.ledger.saw_request({"kind": "unblacklist", "at": simulation.now(), name: values})
    return answers.ok({name: values})


def _add(
    simulation: Simulation, question: Question, body: dict[str, Any], campaign_id: int | None, send_after: str
) -> Reply:
    rows = body.get("prospects")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise BadRequestError("E_REQUIRED_ELEMENT", "prospects is required")
    if len(rows) > enrolling.MAX_ROWS:
        raise BadRequestError("E_WRONG_PARAM", f"At most {enrolling.MAX_ROWS} prospects")
    known = {"campaign", "update", "force", "file_name", "prospects"}
    simulation.ledger.unknown_keys.update(key for key in body if key not in known)
    fault = question.fault
    hidden = _hidden_places(fault, len(rows))
    applied = [row for place, row in enumerate(rows) if fault is None or fault.applied or place not in hidden]
    adding = enrolling.Adding(
        campaign_id=campaign_id,
        update=body.get("update") is True,
        force=body.get("force") is True,
        send_after=send_after,
        rows=tuple(applied),
    )
    every = fault.every if fault is not None and fault.kind is FaultKind.PARTIAL_FAILURE else 0
    answer = enrolling.add(simulation.account, simulation.ledger, adding, simulation.now(), every)
    if hidden:
        gone = {rows[place].get("email") for place in hidden}
        answer["prospects"] = [row for row in answer["prospects"] if row["email"] not in gone]
    if simulation.behaviour.short_rows:
        answer["prospects"] = [_short(row) for row in answer["prospects"]]
    return answers.ok(answer)


def _hidden_places(fault: Fault | None, count: int) -> set[int]:
    if fault is None or fault.kind is not FaultKind.MISSING_ROWS:
        return set()
    return set(range(fault.every - 1, count, fault.every))


def _short(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None}


def _nothing(simulation: Simulation, message: str) -> Reply:
    variant = simulation.behaviour.nothing_found
    if variant == "rotate":
        variant = ("message", "204", "status_message")[sum(simulation.ledger.calls.values()) % 3]
    return answers.nothing_found(variant, message)


def _blacklist_values(question: Question) -> list[str]:
    values = _json(question.body).get(question.path["name"])
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        raise BadRequestError("E_REQUIRED_ELEMENT", f"{question.path['name']} is required")
    if len(values) > _MAX_BLACKLIST_WRITE:
        raise BadRequestError("E_WRONG_PARAM", f"At most {_MAX_BLACKLIST_WRITE} entries")
    return values


def _json(body: bytes) -> dict[str, Any]:
    def no_number(text: str) -> float:
        raise ValueError(text)

    try:
        data = json.loads(body, parse_constant=no_number)
    except (ValueError, RecursionError):
        raise BadRequestError("E_WRONG_PARAM", "The body is not JSON") from None
    if not isinstance(data, dict):
        raise BadRequestError("E_REQUIRED_ELEMENT", "The body is not an object")
    return data
