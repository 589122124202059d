"""Changes as they come, for any number of listeners in one process: one poller asks the database for all of them.

Promise: a listener misses nothing between its first and its last change, or is told so (`Gap`). It holds no connection and no thread.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import sqlalchemy as sa
import structlog

from woodpecker_api.db.session import Database
from woodpecker_api.system.changes.service import changes_after, latest_id, oldest_id

log = structlog.get_logger()

POLL_SECONDS = 0.25
# After news the poller rests so many polls: all pages hear the next news in one moment, ask the same in one moment, and the
# answer is made once for all of them. What comes after a quiet while is told at once.
_RESTS = 5
REST_AFTER_FAILURE_SECONDS = 2.0
_BATCH = 500
# A listener that is so far behind loads everything anew faster than it reads what it missed.
_QUEUE = 1000


@dataclass(frozen=True)
class Change:
    id: int
    kind: str
    record_id: str | None


@dataclass(frozen=True)
class Gap:
    """Something may have been missed; `id` is where to go on from."""

    id: int


class Feed:
    """Belongs to one event loop. Polls only while somebody listens."""

    def __init__(self, database: Database, poll_seconds: float = POLL_SECONDS) -> None:
        self._database = database
        self._poll_seconds = poll_seconds
        self._listeners: set[asyncio.Queue[Change | Gap]] = set()
        self._poller: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._seen = 0

    @contextlib.asynccontextmanager
    async def listen(self, after_id: int | None) -> AsyncIterator["Listener"]:
        """`after_id` is the last change seen before, or None to begin now."""
        queue: asyncio.Queue[Change | Gap] = asyncio.Queue(_QUEUE)
        async with self._starting:
            if self._poller is None or self._poller.done():
                self._seen = await asyncio.to_thread(self._latest)
                self._poller = asyncio.create_task(self._poll())
            self._listeners.add(queue)
        try:
            # The look back comes after the listening has begun: what comes between is in both, and told once.
            missed = await asyncio.to_thread(self._since, after_id)
            yield Listener(queue, missed, after_id or 0)
        finally:
            self._listeners.discard(queue)
            if not self._listeners and self._poller is not None:
                self._poller.cancel()
                self._poller = None

    @property
    def listeners(self) -> int:
        return len(self._listeners)

    @property
    def seen_id(self) -> int:
        """The newest change that this process knows of; 0 while nobody listens. What is read from now on contains it."""
        return self._seen if self._poller is not None and not self._poller.done() else 0

    async def _poll(self) -> None:
        while True:
            try:
                found = await asyncio.to_thread(self._after, self._seen)
            except sa.exc.SQLAlchemyError as error:
                log.warning("changes.poll_failed", error=type(error).__name__)
                await asyncio.sleep(REST_AFTER_FAILURE_SECONDS)
                continue
            for change in found:
                self._seen = change.id
                for queue in self._listeners:
                    _put(queue, change)
            if len(found) < _BATCH:
                await asyncio.sleep(self._poll_seconds * (_RESTS if found else 1))

    def _latest(self) -> int:
        with self._database.reading() as db:
            return latest_id(db)

    def _after(self, seen_id: int) -> list[Change]:
        with self._database.reading() as db:
            return [Change(*row) for row in changes_after(db, seen_id, _BATCH)]

    def _since(self, after_id: int | None) -> list[Change | Gap]:
        """What a listener must hear first: what it missed, or that it cannot be known, or (beginning) where it stands."""
        with self._database.reading() as db:
            latest = latest_id(db)
            if after_id is None:
                return [Gap(latest)]
            # Above the latest: another database, such as a restored one.
            if after_id > latest or after_id < oldest_id(db) - 1:
                return [Gap(latest)]
            missed: list[Change | Gap] = [Change(*row) for row in changes_after(db, after_id, _BATCH)]
        return missed if len(missed) < _BATCH else [Gap(latest)]


class Listener:
    def __init__(self, queue: asyncio.Queue[Change | Gap], missed: list[Change | Gap], seen_id: int) -> None:
        self._queue = queue
        self._missed = missed
        self._told = seen_id

    async def next(self, seconds: float) -> Change | Gap | None:
        """The next change; None when none came in time."""
        if self._missed:
            return self._tell(self._missed.pop(0))
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            rest = deadline - asyncio.get_running_loop().time()
            try:
                found = await asyncio.wait_for(self._queue.get(), max(rest, 0))
            except TimeoutError:
                return None
            if found.id > self._told:
                return self._tell(found)

    async def next_ones(self, seconds: float) -> list[Change | Gap]:
        """All that is there, as soon as there is something; empty when nothing came in time."""
        found = await self.next(seconds)
        together = [] if found is None else [found]
        together += [self._tell(change) for change in self._missed]
        self._missed.clear()
        while not self._queue.empty():
            change = self._queue.get_nowait()
            if change.id > self._told:
                together.append(self._tell(change))
        return together

    def _tell(self, found: Change | Gap) -> Change | Gap:
        self._told = found.id
        return found


def _put(queue: asyncio.Queue[Change | Gap], change: Change) -> None:
    if not queue.full():
        queue.put_nowait(change)
        return
    while not queue.empty():
        queue.get_nowait()
    queue.put_nowait(Gap(change.id))
