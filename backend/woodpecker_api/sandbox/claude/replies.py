"""HTTP answers as the vendor gives them."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response

from woodpecker_api.sandbox.claude.faults import Fault, FaultPlan
from woodpecker_api.sandbox.claude.world import new_request_id

KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    529: "overloaded_error",
}
SPEND_LIMIT = "enforced_spend_limit_reached"
ERRORS: dict[Fault, tuple[int, str, str | None]] = {
    Fault.RATE_LIMIT: (429, "This request would exceed your account's rate limit.", None),
    Fault.SPEND_LIMIT: (429, "You have reached your specified API usage limits.", SPEND_LIMIT),
    Fault.OVERLOADED: (529, "Overloaded", None),
    Fault.SERVER_ERROR: (500, "Internal server error", None),
}
PAGES = {Fault.GATEWAY: (502, "502 Bad Gateway"), Fault.HTML: (200, "Please sign in to the network")}
PAGE = "<html><body><h1>{title}</h1><p>Something between you and the service answered.</p></body></html>"


def fine(body: Any, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(body, headers={"request-id": new_request_id(), **(headers or {})})


def error_body(status: int, message: str, *, code: str | None = None, request_id: str | None = None) -> dict[str, Any]:
    error: dict[str, Any] = {"type": KINDS[status], "message": message}
    if code is not None:
        error["details"] = {"error_code": code}
    return {"type": "error", "error": error, "request_id": request_id}


def failed(status: int, message: str, *, code: str | None = None, headers: Mapping[str, str] | None = None) -> Response:
    name = new_request_id()
    body = error_body(status, message, code=code, request_id=name)
    return JSONResponse(body, status, headers={"request-id": name, **(headers or {})})


def unpaid(fault: Fault, plan: FaultPlan, headers: Mapping[str, str]) -> Response:
    """The answer for a fault that strikes before any work; CUT_BEFORE has none and is not for here."""
    page = PAGES.get(fault)
    if page is not None:
        return HTMLResponse(PAGE.format(title=page[1]), page[0])
    if fault is Fault.EMPTY:
        return Response(b"", media_type="application/json")
    status, message, code = ERRORS[fault]
    waits = fault is Fault.RATE_LIMIT and plan.retry_after is not None
    wait = {"retry-after": f"{plan.retry_after:g}"} if waits else {}
    return failed(status, message, code=code, headers={**headers, **wait})
