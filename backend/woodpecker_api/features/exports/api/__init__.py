"""Routes of the exports, and of reconciling after a restore."""

from fastapi import APIRouter

from woodpecker_api.features.exports.api.exports import router as exports
from woodpecker_api.features.exports.api.reconciliation import router as reconciliation

router = APIRouter()
router.include_router(exports)
router.include_router(reconciliation)

__all__ = ["router"]
