"""The simulator of the Messages API as an ASGI app. Serve it with `sandbox.server.SimulatorServer`."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from woodpecker_api.sandbox.claude.control import control_routes
from woodpecker_api.sandbox.claude.replies import failed
from woodpecker_api.sandbox.claude.routes import vendor_routes
from woodpecker_api.sandbox.claude.world import World


def make_app(world: World | None = None) -> Starlette:
    """A simulated account. Hand in a `World` to look into it, to set its clock or the keys it accepts."""
    world = world or World()

    async def not_found(request: Request, _error: Exception) -> Response:
        return failed(404, f"Not found: {request.method} {request.url.path}")

    return Starlette(
        routes=[*vendor_routes(world), *control_routes(world)],
        exception_handlers={404: not_found, 405: not_found},
    )
