"""Is the process alive, may it take traffic, and what does it count? Not reachable through the public proxy."""

import shutil

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from woodpecker_api.http.services import Ask
from woodpecker_api.http.user import public

router = APIRouter(tags=["health"])
# Room for the log of a few writes: below it, the next change may fail half-way through a request.
LEAST_FREE_BYTES = 20_000_000


@router.get("/healthz", dependencies=[public("a probe, hidden by the proxy")])
def alive() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", dependencies=[public("a probe, hidden by the proxy")])
def ready(request: Request, services: Ask) -> JSONResponse:
    """503 with the reasons while this process should get no requests."""
    drain_file = services.settings.drain_file
    told_to_drain = request.app.state.draining or (drain_file is not None and drain_file.exists())
    reasons = ["draining"] if told_to_drain else []
    try:
        with services.database.reading() as db:
            db.execute(sa.text("SELECT 1 FROM users LIMIT 1"))
    except sa.exc.SQLAlchemyError:
        reasons.append("database")
    if shutil.disk_usage(services.settings.data_dir).free < LEAST_FREE_BYTES:
        reasons.append("disk_full")
    return JSONResponse({"status": "unavailable" if reasons else "ok", "reasons": reasons}, 503 if reasons else 200)


@router.get("/metrics", dependencies=[public("scraped from inside, hidden by the proxy")])
def metrics(request: Request) -> PlainTextResponse:
    return PlainTextResponse(generate_latest(request.app.state.metrics).decode(), media_type=CONTENT_TYPE_LATEST)
