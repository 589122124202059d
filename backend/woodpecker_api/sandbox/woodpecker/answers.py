"""Bodies and codes of the vendor, in both of its dialects."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HTML_502 = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
HTML_500 = b"<!doctype html><title>Error</title><p>Something went wrong. Please try again later.</p>"


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def ok(body: Any, **headers: str) -> Reply:
    return Reply(200, json.dumps(body).encode(), {"content-type": "application/json", **headers})


def html(status: int, body: bytes) -> Reply:
    return Reply(status, body, {"content-type": "text/html"})


def v1_error(status: int, code: str, message: str) -> Reply:
    return _json(status, {"status": {"status": "ERROR", "code": code, "msg": message}})


def v2_error(status: int, code: str, message: str) -> Reply:
    return _json(status, {"code": code, "message": message, "details": None})


def unauthorized(detail: str, now: str) -> Reply:
    """The newer dialect, which live probes saw on both versions."""
    return _json(401, {"title": "Unauthorized", "status": 401, "detail": detail, "timestamp": now[:19]})


def nothing_found(variant: str, message: str) -> Reply:
    """One of the three forms that sources report."""
    if variant == "204":
        return Reply(204)
    if variant == "status_message":
        return ok({"status": {"status": "OK"}, "message": message})
    return ok({"message": message})


def _json(status: int, body: Any) -> Reply:
    return Reply(status, json.dumps(body).encode(), {"content-type": "application/json"})
