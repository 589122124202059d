"""One answer for all pages that ask the same because of the same news.

A page that hears of a change asks for its list again, and so do all other pages with that list, in the same moment. A page says
up to which change it knows (`X-At-Least`); an answer that was begun when this process knew of that change, or of a later one,
serves every such page. Promise: a page is never shown less than it was told of. Who asks is looked up again after three seconds at
most, as the stream of events itself does after five; every request that is not shared looks at once.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from woodpecker_api.errors import AppError
from woodpecker_api.http.services import get_services
from woodpecker_api.http.user import identify
from woodpecker_api.system.auth.permissions import Permission, may
from woodpecker_api.web.middleware import App, Message, Receive, Scope, Send

AT_LEAST = b"x-at-least"
SHARED_PATHS = frozenset(
    {"/api/home", "/api/leads", "/api/sequences", "/api/exports", "/api/exports/needs-help", "/api/history"}
)
"""What needs no more than `read` and answers everybody alike, unless they ask for what is theirs."""
# "Mine" is another list for each person, and a draw is a new one each time.
_OF_ONE_ANSWER = {"me", "random"}
KEPT_SECONDS = 2.0
KNOWN_SECONDS = 3.0
MOST_KEPT = 200
_MOST_KNOWN = 1000


@dataclass
class _Kept:
    """The newest answer to one question; the lock makes those who ask meanwhile wait for it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    as_of: int = -1
    """The newest change this process knew of before the answer was begun."""
    made_at: float = 0.0
    scope: Scope | None = None
    messages: list[Message] = field(default_factory=list)


class SharedAnswers:
    """Pure ASGI; belongs to one event loop. `seen_id` is the newest change this process knows of, 0 when it does not look."""

    def __init__(self, app: App, seen_id: Callable[[], int], clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._seen_id = seen_id
        self._clock = clock
        self._kept: dict[tuple[str, bytes], _Kept] = {}
        self._readers: dict[bytes, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        at_least = _at_least(scope)
        if at_least is None or not await self._is_reader(scope):
            # Also whoever may not: the route itself says why.
            await self._app(scope, receive, send)
            return
        kept = self._place((scope["path"], scope["query_string"]))
        async with kept.lock:
            if kept.as_of < at_least or self._clock() - kept.made_at > KEPT_SECONDS:
                await self._make(kept, scope, receive)
            elif kept.scope is not None and "route" in kept.scope:
                scope["route"] = kept.scope["route"]  # for the log line and the metrics
            messages = kept.messages
        for message in messages:
            # A copy: who sends it further adds headers of its own request.
            await send(dict(message))

    async def _is_reader(self, scope: Scope) -> bool:
        who = b"\0".join(value for name, value in scope["headers"] if name in (b"cookie", b"authorization"))
        now = self._clock()
        if now - self._readers.get(who, -KNOWN_SECONDS) < KNOWN_SECONDS:
            return True
        if not await run_in_threadpool(_may_read, scope):
            self._readers.pop(who, None)
            return False
        if len(self._readers) >= _MOST_KNOWN:
            self._readers.clear()
        self._readers[who] = now
        return True

    def _place(self, question: tuple[str, bytes]) -> _Kept:
        if question not in self._kept and len(self._kept) >= MOST_KEPT:
            old = [each for each, kept in self._kept.items() if self._clock() - kept.made_at > KEPT_SECONDS]
            for each in old or list(self._kept):
                del self._kept[each]
        return self._kept.setdefault(question, _Kept())

    async def _make(self, kept: _Kept, scope: Scope, receive: Receive) -> None:
        as_of, messages = self._seen_id(), []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, keep)
        kept.messages, kept.scope = messages, scope
        # A failure is told to those who wait for it, and to nobody after them.
        kept.as_of = as_of if messages[0]["status"] == 200 else -1
        kept.made_at = self._clock()


def _at_least(scope: Scope) -> int | None:
    """Up to which change the page knows; None for every request that is answered by itself."""
    if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] not in SHARED_PATHS:
        return None
    if any(value in _OF_ONE_ANSWER for _name, value in parse_qsl(scope["query_string"].decode("latin-1"))):
        return None
    given = next((value for name, value in scope["headers"] if name == AT_LEAST), b"")
    # 0 would be satisfied by an answer of a process that knows nothing.
    return int(given) if given.isdigit() and len(given) < 19 and int(given) > 0 else None


def _may_read(scope: Scope) -> bool:
    request = Request(scope)
    try:
        principal = identify(request, get_services(request))
    except AppError:
        return False
    return principal is not None and may(principal.role, Permission.READ)
