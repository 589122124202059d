"""Live updates: server-sent events that say which records changed. The pages then ask for what they show."""

import asyncio
import functools
import json
import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, FastAPI, Header, Request
from fastapi.responses import StreamingResponse

from woodpecker_api.http.services import Ask, Services
from woodpecker_api.http.user import identify, needs
from woodpecker_api.system.auth.permissions import Permission
from woodpecker_api.system.changes.feed import Change, Feed, Gap

router = APIRouter()

HEARTBEAT_SECONDS = 15.0
"""Shorter than the idle time-outs of proxies."""
SESSION_CHECK_SECONDS = 5.0
_LOOK_SECONDS = 1.0
# How long a browser waits before it connects again, in milliseconds.
_RETRY_MS = 2000


@router.get(
    "/api/events",
    dependencies=[needs(Permission.READ)],
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "`{kind, record_id}`; `reset` after a gap."}},
)
async def listen_to_events(
    request: Request, services: Ask, last_event_id: Annotated[str | None, Header(max_length=32)] = None
) -> StreamingResponse:
    """Goes on after `Last-Event-ID`. Ends with the session, and when this process is about to stop."""
    seen = int(last_event_id) if last_event_id and last_event_id.isascii() and last_event_id.isdigit() else None
    return StreamingResponse(
        events(request, services, seen),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


def feed_of(app: FastAPI, services: Services) -> Feed:
    """The one feed of this process, made when the first page listens."""
    if not hasattr(app.state, "changes_feed"):
        app.state.changes_feed = Feed(services.database)
    feed: Feed = app.state.changes_feed
    return feed


def newest_known(app: FastAPI) -> int:
    """The newest change that the pages of this process were told, or are about to be; 0 while none listens."""
    feed: Feed | None = getattr(app.state, "changes_feed", None)
    return feed.seen_id if feed is not None else 0


def listeners(app: FastAPI) -> int:
    feed: Feed | None = getattr(app.state, "changes_feed", None)
    return feed.listeners if feed is not None else 0


async def events(request: Request, services: Services, seen: int | None) -> AsyncIterator[str]:
    """The body: lines of the event stream."""
    yield f"retry: {_RETRY_MS}\n\n"
    checked = spoken = time.monotonic()
    async with feed_of(request.app, services).listen(seen) as listener:
        while not getattr(request.app.state, "draining", False):
            found = await listener.next_ones(_LOOK_SECONDS)
            now = time.monotonic()
            if now - checked >= SESSION_CHECK_SECONDS:
                checked = now
                if await asyncio.to_thread(identify, request, services) is None:
                    return
            if found:
                # One write for all of them: a busy second costs each page one piece, not twenty.
                first = event_text(found[0], is_first=seen is None)
                yield first + "".join(map(event_text, found[1:]))
                seen, spoken = found[-1].id, now
            elif now - spoken >= HEARTBEAT_SECONDS:
                spoken = now
                yield ": still here\n\n"


# Every page is told the same.
@functools.lru_cache(maxsize=256)
def event_text(found: Change | Gap, *, is_first: bool = False) -> str:
    """A new listener is told where it stands with `ready`; one that may have missed something, with `reset`."""
    if isinstance(found, Gap):
        return f"id: {found.id}\nevent: {'ready' if is_first else 'reset'}\ndata: {{}}\n\n"
    body = json.dumps({"kind": found.kind, "record_id": found.record_id})
    return f"id: {found.id}\ndata: {body}\n\n"
