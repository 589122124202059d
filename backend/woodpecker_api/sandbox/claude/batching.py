"""Message batches: kept, worked off after a number of looks, given back in no order."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from woodpecker_api.kit.clock import rfc3339
from woodpecker_api.kit.ids import new_id
from woodpecker_api.sandbox.claude.faults import Fault
from woodpecker_api.sandbox.claude.replies import error_body
from woodpecker_api.sandbox.claude.shelf import StoredBatch
from woodpecker_api.sandbox.claude.validation import model_of, rejection
from woodpecker_api.sandbox.claude.world import World

MOST_REQUESTS = 100_000
CUSTOM_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
LIFETIME = timedelta(hours=24)


def batch_rejection(body: Any) -> str | None:
    """What is wrong with the list of requests. What is in them is only looked at when they are worked off."""
    requests = body.get("requests") if isinstance(body, Mapping) else None
    if not isinstance(requests, list) or not requests:
        return "requests: at least one request is required"
    if len(requests) > MOST_REQUESTS:
        return f"requests: at most {MOST_REQUESTS} requests are allowed"
    seen: set[str] = set()
    for place, request in enumerate(requests):
        name = request.get("custom_id") if isinstance(request, Mapping) else None
        if not isinstance(name, str) or not CUSTOM_ID.fullmatch(name):
            return f"requests.{place}.custom_id: String should match pattern '^[a-zA-Z0-9_-]{{1,64}}$'"
        if name in seen:
            return f"requests.{place}.custom_id: must be unique"
        if not isinstance(request.get("params"), Mapping):
            return f"requests.{place}.params: Field required"
        seen.add(name)
    return None


def create(world: World, requests: list[dict[str, Any]], version: str) -> StoredBatch:
    now = world.clock()
    batch = StoredBatch(
        id=f"msgbatch_sandbox_{new_id()}",
        created_at=rfc3339(now),
        expires_at=rfc3339(now + LIFETIME),
        requests=requests,
        version=version,
        polls_left=world.batch_polls,
    )
    world.batches.keep(batch)
    return batch


def look(world: World, batch: StoredBatch) -> None:
    """One poll: brings the batch nearer to its end, and ends it after the last one or when its day is over."""
    if batch.ended_at is not None:
        return
    batch.polls_left -= 1
    now = world.clock()
    if now >= datetime.fromisoformat(batch.expires_at):
        _end(world, batch, "expired")
    elif batch.cancel_initiated_at is not None:
        _end(world, batch, "canceled")
    elif batch.polls_left < 0:
        _end(world, batch, None)


def cancel(world: World, batch: StoredBatch) -> None:
    if batch.ended_at is None and batch.cancel_initiated_at is None:
        batch.cancel_initiated_at = rfc3339(world.clock())
        world.batches.keep(batch)


def _end(world: World, batch: StoredBatch, stopped: str | None) -> None:
    """`stopped`: what happened to the half that was not worked off, None when all was."""
    order = sorted(batch.requests, key=lambda request: world.plan.chance("order", request["custom_id"]))
    batch.lines = [
        {"custom_id": request["custom_id"], "result": _result(world, batch, request, stopped)} for request in order
    ]
    batch.requests = []  # all that is in them is in the lines now
    batch.ended_at = rfc3339(world.clock())
    world.batches.keep(batch)


def _result(world: World, batch: StoredBatch, request: Mapping[str, Any], stopped: str | None) -> dict[str, Any]:
    if stopped is not None and world.plan.chance("done", request["custom_id"]) < 0.5:
        return {"type": stopped}
    params = request["params"]
    model = model_of(params)
    said = f"model: {params.get('model')}" if model is None else rejection(params, model, batch.version)
    if model is None or said is not None:
        return {"type": "errored", "error": error_body(404 if model is None else 400, str(said))}
    fault = world.next_fault(params)
    if fault is Fault.EXPIRED:
        return {"type": "expired"}
    if fault in (Fault.SERVER_ERROR, Fault.OVERLOADED):
        return {"type": "errored", "error": error_body(500, "Internal server error")}
    spoils = fault in (Fault.TRUNCATED, Fault.REFUSAL, Fault.NOT_JSON, Fault.WRONG_SHAPE)
    message = world.answer(params, model, fault if spoils else None)
    message["usage"]["service_tier"] = "batch"
    return {"type": "succeeded", "message": message}


def as_json(batch: StoredBatch, base_url: str) -> dict[str, Any]:
    counts = dict.fromkeys(("processing", "succeeded", "errored", "canceled", "expired"), 0)
    if batch.ended_at is None:
        counts["processing"] = len(batch.requests)
    for line in batch.lines:
        counts[line["result"]["type"]] += 1
    state = "ended" if batch.ended_at else "canceling" if batch.cancel_initiated_at else "in_progress"
    return {
        "id": batch.id,
        "type": "message_batch",
        "processing_status": state,
        "request_counts": counts,
        "created_at": batch.created_at,
        "expires_at": batch.expires_at,
        "ended_at": batch.ended_at,
        "cancel_initiated_at": batch.cancel_initiated_at,
        "archived_at": batch.archived_at,
        "results_url": f"{base_url}/v1/messages/batches/{batch.id}/results" if batch.ended_at else None,
    }
