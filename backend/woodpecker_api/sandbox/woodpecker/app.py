"""The simulator as an ASGI app: key, queue, faults, then the operation; and the control surface beside it."""

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from woodpecker_api.sandbox.woodpecker import answers, operations
from woodpecker_api.sandbox.woodpecker.answers import Reply
from woodpecker_api.sandbox.woodpecker.control import control_routes
from woodpecker_api.sandbox.woodpecker.faults import Fault, Operation
from woodpecker_api.sandbox.woodpecker.gate import BusyError, Gate
from woodpecker_api.sandbox.woodpecker.listing import WrongParameterError
from woodpecker_api.sandbox.woodpecker.simulation import Simulation
from woodpecker_api.sandbox.woodpecker.spoiling import failing, hung_up, response_of, spoiled

Act = Callable[[Simulation, operations.Question], Reply]
_ROUTES: tuple[tuple[str, str, Operation, Act], ...] = (
    ("GET", "/v2/users", "read", operations.users),
    ("GET", "/v1/campaign_list", "read", operations.campaign_list),
    ("GET", "/v2/campaigns/{campaign_id:int}", "read", operations.campaign_detail),
    ("GET", "/v1/prospects", "read", operations.prospects),
    ("DELETE", "/v1/prospects", "remove", operations.remove_prospects),
    ("POST", "/v1/add_prospects_campaign", "add", operations.add_to_campaign),
    ("POST", "/v1/add_prospects_list", "add", operations.add_to_account),
    ("GET", "/v2/blacklist/{name:str}", "read", operations.blacklist_read),
    ("POST", "/v2/blacklist/{name:str}", "blacklist", operations.blacklist_add),
    ("DELETE", "/v2/blacklist/{name:str}", "blacklist", operations.blacklist_remove),
)


def woodpecker_simulator(simulation: Simulation) -> Starlette:
    """The vendor under /rest, the control surface under /_control. Serve it with `SimulatorServer`: cuts need it."""
    vendor = _Vendor(simulation)
    routes = [
        Route(f"/rest{path}", vendor.endpoint(operation, act), methods=[method])
        for method, path, operation, act in _ROUTES
    ]
    unknown = Route("/rest/{rest:path}", _unknown_path, methods=["GET", "POST", "PUT", "DELETE"])
    return Starlette(routes=[*routes, unknown, *control_routes(simulation)])


async def _unknown_path(_request: Request) -> Response:
    return response_of(answers.v1_error(404, "E_URL_NOT_FOUND", "Requested resource does not exist"))


class _Vendor:
    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._gates = (simulation.generation, Gate())

    def endpoint(self, operation: Operation, act: Act) -> Any:
        async def answer(request: Request) -> Response:
            body = await request.body()
            gone = asyncio.create_task(hung_up(request.receive))
            gate = self._gate()
            async with gate.presence(self._simulation.ledger, gone):
                return await self._answer(gate, request, body, (operation, act))

        return answer

    def _gate(self) -> Gate:
        """The present account's queue: nobody waits for a request from before a reset."""
        if self._gates[0] != self._simulation.generation:
            self._gates = (self._simulation.generation, Gate())
        return self._gates[1]

    async def _answer(self, gate: Gate, request: Request, body: bytes, asked: tuple[Operation, Act]) -> Response:
        simulation = self._simulation
        refusal = self._refusal(request)
        if refusal is not None:
            return response_of(refusal)
        habits = simulation.behaviour
        try:
            async with gate.turn(simulation.ledger, length=habits.queue_length, seconds=habits.queue_seconds):
                return await self._process(request, body, *asked)
        except BusyError:
            return response_of(Reply(429))

    def _refusal(self, request: Request) -> Reply | None:
        """What is answered before the request is even queued."""
        simulation, habits = self._simulation, self._simulation.behaviour
        simulation.ledger.calls[f"{request.method} {request.url.path.removeprefix('/rest')}"] += 1
        key = request.headers.get("x-api-key", "")
        if not habits.key_valid or not key or (habits.api_key and key != habits.api_key):
            return answers.unauthorized("Invalid api key", simulation.now())
        if not habits.plan_active:
            return answers.unauthorized("No API addon", simulation.now())
        if request.method == "POST" and not request.headers.get("content-type", "").startswith("application/json"):
            return answers.v1_error(400, "E_WRONG_PARAM", "Content-Type must be application/json")
        return None

    async def _process(self, request: Request, body: bytes, operation: Operation, act: Act) -> Response:
        simulation, generation = self._simulation, self._simulation.generation
        simulation.ledger.order.append(_told(request))
        fault = simulation.plan.draw(operation)
        if fault is not None:
            simulation.ledger.faults[fault.kind] += 1
        latency = _latency(simulation, fault)
        if fault is not None and not fault.kind.applies:
            simulation.save()
            await asyncio.sleep(latency)
            return failing(fault, simulation.now(), is_new=request.url.path.startswith("/rest/v2/"))
        at_end = simulation.plan.apply_at == "end"
        await asyncio.sleep(latency if at_end else 0)
        if simulation.generation != generation:
            return response_of(Reply(503))
        reply = _apply(act, simulation, operations.Question(request.query_params, request.path_params, body, fault))
        if operation != "read" or fault is not None:
            simulation.save()
        await asyncio.sleep(0 if at_end else latency)
        return spoiled(fault, reply)


def _told(request: Request) -> str:
    """One line of the order of things: which call, and by which kind of question. No address, no name."""
    path = request.url.path.removeprefix("/rest")
    kinds = [name for name in ("search", "campaigns_id", "id", "diff") if name in request.query_params]
    return f"{request.method} {path}{'?' + ','.join(kinds) if kinds else ''}"


def _latency(simulation: Simulation, fault: Fault | None) -> float:
    milliseconds = simulation.plan.latency_ms
    if fault is not None and fault.latency_ms is not None:
        milliseconds = fault.latency_ms
    return milliseconds / 1000


def _apply(act: Act, simulation: Simulation, question: operations.Question) -> Reply:
    try:
        return act(simulation, question)
    except operations.BadRequestError as error:
        return answers.v1_error(400, error.code, str(error))
    except WrongParameterError as error:
        return answers.v1_error(400, "E_WRONG_PARAM", str(error))
    except (KeyError, ValueError):
        return answers.v1_error(404, "E_URL_NOT_FOUND", "Requested resource does not exist")
