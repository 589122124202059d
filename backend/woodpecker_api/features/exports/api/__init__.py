"""Routes of the exports, of a campaign's fit, and of reconciling after a restore."""

from fastapi import APIRouter

from woodpecker_api.features.exports.api.exports import router as exports
from woodpecker_api.features.exports.api.fit import router as fit
from woodpecker_api.features.exports.api.needs_help import router as needs_help
from woodpecker_api.features.exports.api.paragraphs import router as paragraphs
from woodpecker_api.features.exports.api.reach import router as reach
from woodpecker_api.features.exports.api.reconciliation import router as reconciliation
from woodpecker_api.features.exports.api.taking_back import router as taking_back

router = APIRouter()
# Before the exports: `needs-help` is no export's id.
router.include_router(needs_help)
router.include_router(exports)
router.include_router(taking_back)
router.include_router(fit)
router.include_router(paragraphs)
router.include_router(reconciliation)
router.include_router(reach)

__all__ = ["router"]
