"""The vendor's queue: one request at a time for the whole account, six more wait at most 15 s, the rest is dropped."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from woodpecker_api.sandbox.woodpecker.ledger import Ledger

QUEUE_LENGTH = 6
QUEUE_SECONDS = 15.0


class BusyError(Exception):
    """Dropped: 429."""


class Gate:
    def __init__(self) -> None:
        self._busy = False
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._present = 0
        self._at_vendor = 0

    @asynccontextmanager
    async def turn(self, ledger: Ledger, *, length: int, seconds: float) -> AsyncIterator[None]:
        """Wait for the turn of this request, first come first served. Raises BusyError when it is dropped."""
        await self._enter(ledger, length, seconds)
        try:
            yield
        finally:
            self._leave()

    @asynccontextmanager
    async def presence(self, ledger: Ledger, gone: asyncio.Task[None]) -> AsyncIterator[None]:
        """Count a request from its arrival; `gone` ends when its sender hangs up."""
        self._present += 1
        self._at_vendor += 1
        ledger.peak_in_flight = max(ledger.peak_in_flight, self._present)
        ledger.peak_at_vendor = max(ledger.peak_at_vendor, self._at_vendor)
        gone.add_done_callback(self._hung_up)
        try:
            yield
        finally:
            self._at_vendor -= 1
            if gone.remove_done_callback(self._hung_up):
                self._present -= 1
            gone.cancel()

    def _hung_up(self, _gone: asyncio.Task[None]) -> None:
        self._present -= 1

    async def _enter(self, ledger: Ledger, length: int, seconds: float) -> None:
        if not self._busy:
            self._busy = True
            return
        if len(self._waiting) >= length:
            ledger.refused_busy += 1
            raise BusyError
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await asyncio.wait_for(turn, seconds)
        except TimeoutError:
            if turn in self._waiting:
                self._waiting.remove(turn)
            ledger.refused_busy += 1
            raise BusyError from None

    def _leave(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._busy = False
