"""The control surface: look at the account and its ledger, order faults, seed people and campaigns, let time pass.

GET /_control/state, /_control/ledger, /_control/enrolled?campaign_id=, /_control/requests?after=, /_control/people?after=,
    /_control/order
POST /_control/faults, /_control/behaviour, /_control/reset, /_control/prospects, /_control/campaigns, /_control/process
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from woodpecker_api.sandbox.woodpecker.account import (
    FIRST_CAMPAIGN_ID,
    Campaign,
    Enrolment,
    Prospect,
)
from woodpecker_api.sandbox.woodpecker.faults import FaultPlan
from woodpecker_api.sandbox.woodpecker.processing import process
from woodpecker_api.sandbox.woodpecker.simulation import Behaviour, Simulation

Body = dict[str, Any]
_PAGE = 1000


def control_routes(simulation: Simulation) -> list[Route]:
    def read(path: str, show: Callable[[Simulation, Request], Any]) -> Route:
        async def endpoint(request: Request) -> Response:
            return JSONResponse(show(simulation, request))

        return Route(f"/_control/{path}", endpoint, methods=["GET"])

    def change(path: str, act: Callable[[Simulation, Body], Any]) -> Route:
        async def endpoint(request: Request) -> Response:
            body = await request.json() if await request.body() else {}
            try:
                answer = act(simulation, body)
            except (TypeError, ValueError, KeyError) as error:
                return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
            simulation.save()
            return JSONResponse(answer)

        return Route(f"/_control/{path}", endpoint, methods=["POST"])

    return [
        read("state", _state),
        read("ledger", lambda simulation, _request: simulation.ledger.summary()),
        read("enrolled", _enrolled),
        read("requests", _requests),
        read("people", _people),
        read("order", lambda simulation, _request: list(simulation.ledger.order)),
        change("faults", _set_faults),
        change("behaviour", _set_behaviour),
        change("reset", _reset),
        change("prospects", _set_prospects),
        change("campaigns", _set_campaigns),
        change("process", lambda simulation, _body: _process(simulation)),
    ]


def _process(simulation: Simulation) -> Body:
    return process(simulation.account, simulation.now(), quiet=simulation.behaviour.quiet_changes)


def _state(simulation: Simulation, _request: Request) -> Body:
    account = simulation.account
    return {
        "prospects": len(account.prospects),
        "campaigns": [
            {"id": each.id, "name": each.name, "status": each.status, "members": account.count_members(each.id)}
            for each in account.campaigns.values()
        ],
        "blacklist": {name: len(values) for name, values in account.blacklist.items()},
        "faults": simulation.plan.to_json(),
        "behaviour": {**asdict(simulation.behaviour), "api_key": "***"},
    }


def _enrolled(simulation: Simulation, request: Request) -> Body:
    """For each address of a campaign: how often its rows arrived, were applied, were removed, and where it is now."""
    campaign_id, ledger = int(request.query_params["campaign_id"]), simulation.ledger
    inside = {
        prospect.email.lower(): prospect.enrolments[campaign_id].status
        for prospect in simulation.account.members([campaign_id])
    }
    seen = {address for number, address in ledger.arrived if number == campaign_id}
    return {
        address: {
            "arrived": ledger.arrived[campaign_id, address],
            "applied": ledger.applied[campaign_id, address],
            "removed": ledger.removed[campaign_id, address],
            "status": inside.get(address),
        }
        for address in sorted(seen | inside.keys())
    }


def _requests(simulation: Simulation, request: Request) -> list[Body]:
    """Applied changes after a number, at most 1000."""
    after = int(request.query_params.get("after", "0"))
    return simulation.ledger.requests[after : after + _PAGE]


def _people(simulation: Simulation, request: Request) -> list[Body]:
    """Everybody as they are, by id after a number, at most 5000: the truth against which a copy is compared."""
    after = int(request.query_params.get("after", "0"))
    numbers = sorted(number for number in simulation.account.prospects if number > after)[:5000]
    return [simulation.account.prospects[number].to_json() for number in numbers]


def _set_faults(simulation: Simulation, body: Body) -> Body:
    """The whole plan anew; an empty body means no faults."""
    simulation.plan = FaultPlan.from_json(body)
    return simulation.plan.to_json()


def _set_behaviour(simulation: Simulation, body: Body) -> Body:
    """Only the habits that are named."""
    simulation.behaviour = Behaviour(**{**asdict(simulation.behaviour), **body})
    return {name: getattr(simulation.behaviour, name) for name in body if name != "api_key"}


def _reset(simulation: Simulation, body: Body) -> Body:
    simulation.reset(with_sample=body.get("sample", True))
    return {"prospects": len(simulation.account.prospects)}


def _set_prospects(simulation: Simulation, body: Body) -> Body:
    """`prospects`: create or change by address; `generate` {count, campaign_id?, campaigns?, prefix?}: many at once;
    `remove`: addresses whose people leave the account.
    """
    now = simulation.now()
    for email in body.get("remove", ()):
        if (leaver := simulation.account.find(email)) is not None:
            simulation.account.delete(leaver)
    rows = [*body.get("prospects", ()), *_generated(body.get("generate"))]
    ids = []
    for row in rows:
        prospect = simulation.account.find(row["email"]) or simulation.account.create(row["email"], now)
        _change(prospect, row)
        prospect.updated = row.get("updated", now)
        simulation.account.keep(prospect)
        ids.append(prospect.id)
    return {"ids": ids[:_PAGE], "count": len(ids)}


def _change(prospect: Prospect, row: Body) -> None:
    prospect.status = row.get("status", prospect.status)
    prospect.values.update(row.get("values", {}))
    prospect.last_contacted = row.get("last_contacted", prospect.last_contacted)
    prospect.last_replied = row.get("last_replied", prospect.last_replied)
    for number, status in row.get("campaigns", {}).items():
        prospect.enrolments.setdefault(int(number), Enrolment()).status = status


def _generated(order: Body | None) -> list[Body]:
    """With `campaigns` each has a past of its own, told by their number: statuses, campaigns, when last contacted."""
    if order is None:
        return []
    prefix, campaign_id, campaigns = order.get("prefix", "person"), order.get("campaign_id"), order.get("campaigns")
    inside = {campaign_id: "ACTIVE"} if campaign_id else {}
    rows: list[Body] = [
        {"email": f"{prefix}{place}@generated{place % 97}.example", "campaigns": inside}
        for place in range(order["count"])
    ]
    return [{**row, **_past(place, campaigns)} for place, row in enumerate(rows)] if campaigns else rows


def _past(place: int, campaigns: list[int]) -> Body:
    status = ("ACTIVE",) * 6 + ("REPLIED", "BOUNCED", "BLACKLIST", "INVALID")
    word = status[place % 10]
    chosen = campaigns[place % len(campaigns) :][: place % 3]
    contacted = f"2026-{1 + place % 12:02d}-{1 + place % 28:02d}T09:{place % 60:02d}:00+0100" if chosen else ""
    return {
        "status": word,
        "campaigns": dict.fromkeys(chosen, "PAUSED" if place % 7 == 0 and word == "ACTIVE" else word),
        "last_contacted": contacted,
        "last_replied": contacted if word == "REPLIED" else "",
    }


def _set_campaigns(simulation: Simulation, body: Body) -> Body:
    """`campaigns`: with a known id change the fields that are named, else create; `remove`: ids that are gone."""
    campaigns = simulation.account.campaigns
    ids = []
    for row in body.get("campaigns", ()):
        number = int(row.get("id") or max([*campaigns, FIRST_CAMPAIGN_ID]) + 1)
        present = campaigns[number].to_json() if number in campaigns else {"name": f"Campaign {number}"}
        campaigns[number] = Campaign.from_json({**present, **row, "id": number})
        ids.append(number)
    for number in body.get("remove", ()):
        del campaigns[number]
    return {"ids": ids}
