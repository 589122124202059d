"""The vendor's routes, and nothing that the vendor does not have."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from woodpecker_api.sandbox.claude import batching
from woodpecker_api.sandbox.claude.catalogue import MODELS, Model
from woodpecker_api.sandbox.claude.faults import LOST, UNPAID, Fault
from woodpecker_api.sandbox.claude.replies import failed, fine, unpaid
from woodpecker_api.sandbox.claude.shelf import StoredBatch
from woodpecker_api.sandbox.claude.tokens import input_tokens
from woodpecker_api.sandbox.claude.validation import VERSIONS, model_of, rejection
from woodpecker_api.sandbox.claude.world import World
from woodpecker_api.sandbox.server import break_off

LARGEST_REQUEST = 32 * 1024 * 1024
LARGEST_BATCH = 256 * 1024 * 1024

_Handler = Callable[[World, Request], Awaitable[Response]]


class _RejectedError(Exception):
    """Carries the answer that says why."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def vendor_routes(world: World) -> list[Route]:
    def route(path: str, method: str, handler: _Handler) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                _admit(world, request)
                return await handler(world, request)
            except _RejectedError as rejected:
                world.counters.rejected += 1
                return rejected.response

        return Route(path, endpoint, methods=[method])

    one = "/v1/messages/batches/{batch_id}"
    return [
        route("/v1/messages", "POST", _messages),
        route("/v1/messages/count_tokens", "POST", _count_tokens),
        route("/v1/models", "GET", _models),
        route("/v1/models/{model_id}", "GET", _model),
        route("/v1/messages/batches", "POST", _create_batch),
        route("/v1/messages/batches", "GET", _list_batches),
        route(one, "GET", _show_batch),
        route(one, "DELETE", _delete_batch),
        route(f"{one}/results", "GET", _batch_results),
        route(f"{one}/cancel", "POST", _cancel_batch),
    ]


def _admit(world: World, request: Request) -> None:
    key = request.headers.get("x-api-key") or request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    if not world.takes_key(key):
        raise _RejectedError(failed(401, "invalid x-api-key"))
    version = request.headers.get("anthropic-version")
    if version is None:
        raise _RejectedError(failed(400, "anthropic-version: header is required"))
    if version not in VERSIONS:
        raise _RejectedError(failed(400, f"anthropic-version: {version!r} is not a valid version"))


async def _body(request: Request, largest: int = LARGEST_REQUEST) -> dict[str, Any]:
    content = await request.body()
    if len(content) > largest:
        raise _RejectedError(failed(413, f"Request exceeds the maximum size of {largest} bytes"))
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise _RejectedError(failed(400, "The request body is not valid JSON"))
    return body


def _known_model(body: dict[str, Any]) -> Model:
    model = model_of(body)
    if model is None:
        raise _RejectedError(failed(404, f"model: {body.get('model')}"))
    return model


async def _messages(world: World, request: Request) -> Response:
    world.counters.begin()
    try:
        body = await _body(request)
        fault = world.next_fault(body)
        if fault is not None and fault in UNPAID:
            return await _fail_unpaid(world, request, fault)
        await asyncio.sleep(world.plan.latency_ms / 1000)
        message = _message(world, request, body, fault)
        headers = world.meter.headers(world.clock())
        if fault in LOST:
            return await _lose(request, fine(message, headers), midway=fault is Fault.CUT_MIDWAY)
        return fine(message, headers)
    finally:
        world.counters.end()


async def _fail_unpaid(world: World, request: Request, fault: Fault) -> Response:
    if fault is Fault.CUT_BEFORE:
        return await _cut(request)
    return unpaid(fault, world.plan, world.meter.headers(world.clock()))


def _message(world: World, request: Request, body: dict[str, Any], fault: Fault | None) -> dict[str, Any]:
    model = _known_model(body)
    said = rejection(body, model, request.headers["anthropic-version"])
    if said is not None:
        raise _RejectedError(failed(400, said))
    now = world.clock()
    wait = world.meter.seconds_to_wait(now)
    if wait is not None:
        told = {"retry-after": str(wait), **world.meter.headers(now)}
        raise _RejectedError(failed(429, "This request would exceed your account's rate limit.", headers=told))
    return world.answer(body, model, fault)


async def _lose(request: Request, response: Response, *, midway: bool) -> Response:
    """The connection breaks, with nothing or with half of the answer sent."""
    return HalfSent(response.body, dict(response.headers)) if midway else await _cut(request)


async def _cut(request: Request) -> Response:
    await break_off(request.scope)
    return Response()


class HalfSent(Response):
    """Promises a whole body, sends half of it and breaks off."""

    def __init__(self, body: bytes | memoryview, headers: dict[str, str]) -> None:
        super().__init__(bytes(body), headers=headers)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        del receive
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await asyncio.sleep(0.01)  # lets the half leave the machine before the cable is pulled
        await break_off(scope)


async def _count_tokens(world: World, request: Request) -> Response:
    body = await _body(request)
    world.counters.count_requests += 1
    if "max_tokens" in body:
        raise _RejectedError(failed(400, "max_tokens: Extra inputs are not permitted"))
    said = rejection(body, _known_model(body), request.headers["anthropic-version"], counting=True)
    if said is not None:
        raise _RejectedError(failed(400, said))
    return fine({"input_tokens": input_tokens(body)})


async def _models(_world: World, request: Request) -> Response:
    stages = request.query_params.getlist("lifecycle[]") or ["active", "deprecated"]
    return _page(request, [model.as_json() for model in MODELS.values() if model.lifecycle in stages])


async def _model(_world: World, request: Request) -> Response:
    model = MODELS.get(request.path_params["model_id"])
    if model is None:
        raise _RejectedError(failed(404, f"model: {request.path_params['model_id']}"))
    return fine(model.as_json())


async def _create_batch(world: World, request: Request) -> Response:
    body = await _body(request, LARGEST_BATCH)
    said = batching.batch_rejection(body)
    if said is not None:
        raise _RejectedError(failed(400, said))
    batch = batching.create(world, body["requests"], request.headers["anthropic-version"])
    return fine(batching.as_json(batch, _base_url(request)))


async def _list_batches(world: World, request: Request) -> Response:
    newest_first = reversed(list(world.batches))
    return _page(request, [batching.as_json(batch, _base_url(request)) for batch in newest_first])


async def _show_batch(world: World, request: Request) -> Response:
    batch = _batch(world, request)
    batching.look(world, batch)
    return fine(batching.as_json(batch, _base_url(request)))


async def _delete_batch(world: World, request: Request) -> Response:
    batch = _batch(world, request)
    if batch.ended_at is None:
        raise _RejectedError(failed(400, "The batch is still being processed; cancel it first."))
    world.batches.drop(batch)
    return fine({"id": batch.id, "type": "message_batch_deleted"})


async def _cancel_batch(world: World, request: Request) -> Response:
    batch = _batch(world, request)
    batching.cancel(world, batch)
    return fine(batching.as_json(batch, _base_url(request)))


async def _batch_results(world: World, request: Request) -> Response:
    batch = _batch(world, request)
    if batch.ended_at is None or batch.archived_at is not None:
        raise _RejectedError(failed(404, "The results of this batch are not available."))
    lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in batch.lines)
    return Response(lines.encode("utf-8", "surrogatepass"), media_type="application/x-jsonl")


def _batch(world: World, request: Request) -> StoredBatch:
    batch = world.batches.get(request.path_params["batch_id"])
    if batch is None:
        raise _RejectedError(failed(404, f"batch: {request.path_params['batch_id']}"))
    return batch


def _base_url(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _page(request: Request, entries: list[dict[str, Any]]) -> Response:
    """One page of a list: limit 1 to 1000, 20 unless told; after_id goes on, before_id goes back."""
    query = request.query_params
    limit = int(query.get("limit", "20")) if query.get("limit", "20").isdigit() else 0
    if not 1 <= limit <= 1000:
        raise _RejectedError(failed(400, "limit: Input should be from 1 to 1000"))
    ids = [entry["id"] for entry in entries]
    if query.get("after_id") in ids:
        entries = entries[ids.index(query["after_id"]) + 1 :]
    if query.get("before_id") in ids:
        entries = entries[: ids.index(query["before_id"])][-limit:]
    page = entries[:limit]
    return fine(
        {
            "data": page,
            "has_more": len(entries) > len(page),
            "first_id": page[0]["id"] if page else None,
            "last_id": page[-1]["id"] if page else None,
        }
    )
