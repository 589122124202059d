"""Routes of operations."""

from fastapi import APIRouter

from woodpecker_api.features.operations.api import audit, backups, events, home, mode, notices, settings, status

router = APIRouter(tags=["operations"])
for part in (home, audit, settings, status, backups, mode, notices, events):
    router.include_router(part.router)
