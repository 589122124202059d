"""Routes of history."""

from fastapi import APIRouter

from woodpecker_api.features.history.api import contacts, listing

router = APIRouter(tags=["history"])
router.include_router(listing.router)
router.include_router(contacts.router)
