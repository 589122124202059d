"""Maintenance and read-only at the door: before any route, and without the database."""

import html
import json
from collections.abc import MutableMapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from woodpecker_api.errors import AppError
from woodpecker_api.http.problem import MEDIA_TYPE
from woodpecker_api.system.modes.errors import MaintenanceError, ReadOnlyError
from woodpecker_api.system.modes.service import Mode, ModeFile, State
from woodpecker_api.web.middleware import App, Receive, Scope, Send

RETRY_SECONDS = 30
_SAFE = {"GET", "HEAD", "OPTIONS"}
_ALWAYS = {"/healthz", "/readyz", "/metrics", "/api/mode"}
# Questions that are too long for an address, and signing in to look.
_READS = {"/api/session", "/api/leads/count", "/api/templates/check", "/api/audit/verify"}
_PAGE = (Path(__file__).parent / "maintenance.html").read_text(encoding="utf-8")


class Modes:
    """Pure ASGI, inside `RequestContext`: what is refused has its id, its log line and its headers all the same."""

    def __init__(self, app: App, file: ModeFile) -> None:
        self._app = app
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _ALWAYS:
            await self._app(scope, receive, send)
            return
        state = self._file.read()
        if state.mode is Mode.MAINTENANCE:
            await self._maintenance(scope, send, state)
        elif state.mode is Mode.READ_ONLY and _changes(scope):
            sentence = f"{state.message} Nothing was changed. Try again in a few minutes."
            await _problem(scope, send, ReadOnlyError(sentence))
        else:
            await self._app(scope, receive, send)

    async def _maintenance(self, scope: Scope, send: Send, state: State) -> None:
        if scope["path"].startswith("/api/"):
            await _problem(scope, send, MaintenanceError(f"{state.message} Try again in a few minutes."))
            return
        page = _PAGE.replace("{message}", html.escape(state.message or "")).encode()
        await _answer(send, b"text/html; charset=utf-8", page if scope["method"] != "HEAD" else b"")


def _changes(scope: Scope) -> bool:
    return scope["method"] not in _SAFE and scope["path"] not in _READS


async def _problem(scope: Scope, send: Send, error: AppError) -> None:
    body: MutableMapping[str, Any] = {
        "type": "about:blank",
        "title": error.code.replace("_", " ").capitalize(),
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
        "errors": [],
        "request_id": scope.get("state", {}).get("request_id", "unknown"),
    }
    await _answer(send, MEDIA_TYPE.encode(), json.dumps(body, ensure_ascii=False).encode())


async def _answer(send: Send, media_type: bytes, body: bytes) -> None:
    headers = [
        (b"content-type", media_type),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(RETRY_SECONDS).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": HTTPStatus.SERVICE_UNAVAILABLE.value, "headers": headers})
    await send({"type": "http.response.body", "body": body})
