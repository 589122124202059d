"""Routes of leads, the do-not-contact list, saved views."""

from fastapi import APIRouter

from woodpecker_api.features.leads.api.leads import router as leads
from woodpecker_api.features.leads.api.suppression import router as suppression
from woodpecker_api.features.leads.api.views import router as views

router = APIRouter()
for _part in (leads, suppression, views):
    router.include_router(_part)
