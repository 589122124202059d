"""The entry point of a bad release: the program with one fault, named by FAULT. Lies in an image of its own, never in ours."""

import os
import sys
import threading
import time
from pathlib import Path

FAULT = os.environ["FAULT"]
# Longer than the switch and the worker's start: the fault shows when the release is live, not at the gate.
HEALTHY_SECONDS = 10.0
taken_at: list[float] = []


def live() -> bool:
    """Whether it has served people for that long: the deploy takes the file away when the slot is to take traffic."""
    if Path(os.environ["APP_DRAIN_FILE"]).exists():
        return False
    if not taken_at:
        taken_at.append(time.monotonic())
    return time.monotonic() - taken_at[0] > HEALTHY_SECONDS


def bad_answers() -> None:
    from woodpecker_api.web import middleware

    real = middleware.RequestContext.__init__

    def wrapped(self, app, metrics):  # type: ignore[no-untyped-def]
        async def faulty(scope, receive, send):  # type: ignore[no-untyped-def]
            if scope["type"] == "http" and scope["path"].startswith("/api/") and live():
                if FAULT == "errors":
                    await send({"type": "http.response.start", "status": 500, "headers": []})
                    await send({"type": "http.response.body", "body": b"broken"})
                    return
                import asyncio

                await asyncio.sleep(3)
            await app(scope, receive, send)

        real(self, faulty, metrics)

    middleware.RequestContext.__init__ = wrapped  # type: ignore[method-assign]


def never_ready() -> None:
    from woodpecker_api.web import health

    health.LEAST_FREE_BYTES = 10**18


def leak() -> None:
    kept = []

    def fill() -> None:
        while True:
            time.sleep(0.2)
            if live():
                kept.append(os.urandom(20_000_000))

    threading.Thread(target=fill, daemon=True).start()


def stalled_worker() -> None:
    from woodpecker_api.system.jobs import worker

    def hold(self, slot):  # type: ignore[no-untyped-def]
        self._working.set()
        self._end.wait()

    worker.Worker._work = hold  # type: ignore[method-assign]


serving, working = "serve" in sys.argv, "worker" in sys.argv
if FAULT == "crash" and serving:
    sys.exit("made to crash")
if FAULT in ("errors", "slow") and serving:
    bad_answers()
if FAULT == "never-ready" and serving:
    never_ready()
if FAULT == "leak" and serving:
    leak()
if FAULT == "stalled-worker" and working:
    stalled_worker()

from woodpecker_api.cli import main  # noqa: E402

main()
