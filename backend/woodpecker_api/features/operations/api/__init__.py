"""Routes of operations."""

from fastapi import APIRouter

from woodpecker_api.features.operations.api import audit, backups, events, mode, settings, status

router = APIRouter(tags=["operations"])
for part in (audit, settings, status, backups, mode, events):
    router.include_router(part.router)
