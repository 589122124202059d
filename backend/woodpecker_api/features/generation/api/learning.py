"""Routes of the learning loop: which version of a template brought what; and what a template may speak of."""

from fastapi import APIRouter

from woodpecker_api.features.generation.schemas.learning import LearningShown, VariablesShown, shown_learning
from woodpecker_api.features.generation.service.learning import learn, variables
from woodpecker_api.features.templates.rules import STANDARD_VARIABLES
from woodpecker_api.http.database import ReadDb
from woodpecker_api.http.services import Ask, VendorMode
from woodpecker_api.http.user import needs
from woodpecker_api.system.auth.permissions import Permission
from woodpecker_api.system.settings.service import Vendor

router = APIRouter(prefix="/api/generations", tags=["generation"], dependencies=[needs(Permission.READ)])


@router.get("/learning")
def compare_template_versions(db: ReadDb, services: Ask, template_id: str | None = None) -> LearningShown:
    """What came of each template version: approved without an edit, size of edits, cost, replies and bounces.

    Sandbox texts count only while Claude is the sandbox, and likewise for Woodpecker's people.
    """
    is_sandbox = {vendor: services.vendor_state(vendor).mode is VendorMode.SANDBOX for vendor in Vendor}
    learned = learn(
        db, template_id, sandbox=is_sandbox[Vendor.ANTHROPIC], sandbox_account=is_sandbox[Vendor.WOODPECKER]
    )
    return shown_learning(learned, sandbox=is_sandbox[Vendor.ANTHROPIC])


@router.get("/variables")
def list_template_variables(db: ReadDb) -> VariablesShown:
    """What {{variables}} a template may name: the fields of a lead, and columns that imported lists had."""
    return VariablesShown(fields=list(STANDARD_VARIABLES), columns=variables(db))
