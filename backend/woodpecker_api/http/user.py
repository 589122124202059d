"""Who asks, and may they? Every route names one permission with `needs`, or says `public` and why."""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlsplit

import structlog
from fastapi import Depends, Request

from woodpecker_api.http.services import Services, get_services
from woodpecker_api.system.audit.service import Actor
from woodpecker_api.system.auth.errors import NotSignedInError, PermissionDeniedError, WrongOriginError
from woodpecker_api.system.auth.permissions import Permission, may
from woodpecker_api.system.auth.sessions import Principal, principal_by_session, principal_by_token

COOKIE = "woodpecker_session"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def get_principal(request: Request) -> Principal:
    """Raises `NotSignedInError`, or `WrongOriginError` when a cookie came from another website."""
    # Not by `Ask`: each nested dependency costs its analysis for every route at start, and a thread for every request.
    principal = identify(request, get_services(request))
    if principal is None:
        raise NotSignedInError("You are not signed in, or your session has ended. Sign in and try again.")
    structlog.contextvars.bind_contextvars(user_id=principal.user_id)
    return principal


def identify(request: Request, services: Services) -> Principal | None:
    now = services.clock()
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    with services.database.reading() as db:
        if scheme.lower() == "bearer" and bearer:
            return principal_by_token(db, bearer.strip(), now)
        cookie = request.cookies.get(COOKIE)
        if not cookie:
            return None
        if request.method not in _SAFE_METHODS:
            check_origin(request, services)
        return principal_by_session(db, cookie, now)


def check_origin(request: Request, services: Services) -> None:
    """A browser says which site a change comes from; ours, or none (not a browser), is allowed."""
    origin = request.headers.get("origin")
    if origin is None:
        if request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none"):
            return
    elif _is_ours(origin, request, services.settings.public_url):
        return
    raise WrongOriginError(
        "This change was asked for by another website and was refused. Open the program's own page and try again."
    )


def _is_ours(origin: str, request: Request, public_url: str) -> bool:
    if origin == _origin_of(public_url):
        return True
    try:
        return _is_loopback(origin, request, public_url)
    except ValueError:  # an origin or a host that is no address at all
        return False


def _is_loopback(origin: str, request: Request, public_url: str) -> bool:
    # On one's own machine the page may be open under another loopback name or behind the development server.
    ours = urlsplit(public_url).hostname
    return ours in _LOOPBACK and urlsplit(origin).hostname in _LOOPBACK and request.url.hostname in _LOOPBACK


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


Who = Annotated[Principal, Depends(get_principal)]


def get_actor(request: Request, principal: Who) -> Actor:
    return principal.actor(request.state.request_id)


By = Annotated[Actor, Depends(get_actor)]
"""The actor for audit lines."""


class _Needs:
    """Callable for `Depends`; its `permission` is what the guard test looks for."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(self, principal: Who) -> None:
        if not may(principal.role, self.permission):
            raise PermissionDeniedError(
                f"Your role ({principal.role}) may not do this. Ask an admin or a manager of your team."
            )


def needs(permission: Permission) -> Any:
    """For `dependencies=[needs(Permission.WORK)]` of a route or router."""
    return Depends(_Needs(permission))


def public(reason: str) -> Any:
    """Marks a route that needs no sign-in, with the reason; for `dependencies=[public("…")]`."""

    def open_to_all() -> None:
        return None

    open_to_all.public_reason = reason  # type: ignore[attr-defined]
    return Depends(open_to_all)


def required_permissions(dependant: Any) -> list[Permission | str]:
    """What the guard test reads: the permissions, or the reasons for none, of a route's dependency tree."""
    found: list[Permission | str] = []
    call: Callable[..., Any] | None = dependant.call
    if isinstance(call, _Needs):
        found.append(call.permission)
    elif call is not None and hasattr(call, "public_reason"):
        found.append(f"public: {call.public_reason}")
    for child in dependant.dependencies:
        found += required_permissions(child)
    return found
