"""Every route names a permission or says why it needs none, and has a name of its own for the generated client."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute

from woodpecker_api.http.user import required_permissions
from woodpecker_api.system.auth.permissions import Permission
from woodpecker_api.web.app import ROUTERS

OPEN_TO_ALL = {"/api/session", "/api/mode", "/healthz", "/readyz", "/metrics"}


def routes(routers: Any = ROUTERS) -> Iterator[APIRoute]:
    """Also those of routers within routers."""
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute):
                yield route
            elif (inner := getattr(route, "original_router", None)) is not None:
                yield from routes([inner])


ROUTES = sorted(routes(), key=lambda route: (route.path, sorted(route.methods or ())))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{'/'.join(sorted(route.methods or ()))} {route.path}")
def test_a_route_names_its_permission_or_why_it_needs_none(route: APIRoute) -> None:
    found = required_permissions(route.dependant)
    assert found, "add dependencies=[needs(Permission.…)]"
    if not any(isinstance(name, Permission) for name in found):
        assert route.path in OPEN_TO_ALL


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{'/'.join(sorted(route.methods or ()))} {route.path}")
def test_whoever_only_reads_can_change_nothing_but_their_own_session_and_tokens(route: APIRoute) -> None:
    names = {name for name in required_permissions(route.dependant) if isinstance(name, Permission)}
    if (route.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"} and names <= {Permission.READ}:
        assert route.path.startswith(READERS_OWN), f"{route.path} changes something and asks for no more than reading"


READERS_OWN = (
    "/api/session",
    "/api/tokens",
    "/api/views",
    "/api/notices",
    "/api/leads/count",
    "/api/templates/check",
)
"""One's own things, and questions that are too long for an address."""


def test_the_routes_are_all_there() -> None:
    assert len(ROUTES) > 50


def test_every_operation_has_a_name_of_its_own() -> None:
    assert [name for name, count in Counter(route.name for route in ROUTES).items() if count > 1] == []


def test_programs_find_everything_under_api() -> None:
    assert {route.path for route in ROUTES if not route.path.startswith("/api/")} == {"/healthz", "/readyz", "/metrics"}
