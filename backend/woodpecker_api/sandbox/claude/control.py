"""The handles of the sandbox, under /_control: not part of the vendor, no key needed, loopback only.

GET state · PUT faults {seed, probabilities{fault: 0..1}, script[fault|null], latency_ms, retry_after} · PUT settings
{batch_polls, limits{requests, input-tokens, output-tokens}, enforce_limits} · POST reset (everything) ·
POST reset-counters · POST archive-batches (results are gone, as after their time).
"""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from woodpecker_api.kit.clock import rfc3339
from woodpecker_api.sandbox.claude.counters import Counters
from woodpecker_api.sandbox.claude.faults import plan_from
from woodpecker_api.sandbox.claude.meter import USUAL, Meter
from woodpecker_api.sandbox.claude.world import World


def control_routes(world: World) -> list[Route]:
    async def state(_request: Request) -> Response:
        return JSONResponse(_state(world))

    async def faults(request: Request) -> Response:
        try:
            world.plan = plan_from(_object(await request.json()))
        except ValueError as error:
            return JSONResponse({"problem": str(error)}, 422)
        return JSONResponse(_state(world))

    async def settings(request: Request) -> Response:
        try:
            _apply(world, _object(await request.json()))
        except (ValueError, TypeError) as error:
            return JSONResponse({"problem": str(error)}, 422)
        return JSONResponse(_state(world))

    async def reset(_request: Request) -> Response:
        world.forget()
        return JSONResponse(_state(world))

    async def reset_counters(_request: Request) -> Response:
        world.counters = Counters(in_flight=world.counters.in_flight)
        return JSONResponse(_state(world))

    async def archive_batches(_request: Request) -> Response:
        for batch in world.batches:
            batch.archived_at = rfc3339(world.clock())
            world.batches.keep(batch)
        return JSONResponse(_state(world))

    return [
        Route("/_control/state", state, methods=["GET"]),
        Route("/_control/faults", faults, methods=["PUT"]),
        Route("/_control/settings", settings, methods=["PUT"]),
        Route("/_control/reset", reset, methods=["POST"]),
        Route("/_control/reset-counters", reset_counters, methods=["POST"]),
        Route("/_control/archive-batches", archive_batches, methods=["POST"]),
    ]


def _state(world: World) -> dict[str, Any]:
    return {
        "faults": world.plan.as_json(),
        "settings": {
            "batch_polls": world.batch_polls,
            "limits": world.meter.limits,
            "enforce_limits": world.meter.enforced,
        },
        "counters": world.counters.as_json(),
        "batches": len(world.batches),
    }


def _apply(world: World, wanted: Mapping[str, Any]) -> None:
    unknown = wanted.keys() - {"batch_polls", "limits", "enforce_limits"}
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    limits = dict(wanted.get("limits", {}))
    if limits.keys() - USUAL.keys():
        raise ValueError(f"limits: only {', '.join(USUAL)}")
    world.batch_polls = int(wanted.get("batch_polls", world.batch_polls))
    if "limits" in wanted or "enforce_limits" in wanted:
        world.meter = Meter({**USUAL, **{name: int(limit) for name, limit in limits.items()}})
        world.meter.enforced = bool(wanted.get("enforce_limits", False))


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError("a JSON object is expected")  # noqa: TRY004 - one kind of error for one kind of answer
    return value
