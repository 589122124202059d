"""Routes of generation: runs, who signs, what became of the texts."""

from fastapi import APIRouter

from woodpecker_api.features.generation.api.learning import router as learning
from woodpecker_api.features.generation.api.runs import router as runs
from woodpecker_api.features.generation.api.senders import router as senders

router = APIRouter()
# In this order: /api/generations/{run_id} would take what stands beside it for the id of a run.
router.include_router(learning)
router.include_router(runs)
router.include_router(senders)
