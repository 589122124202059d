"""Sample data for an empty sandbox: a list of invented people, half of them with drafts to review."""

from pathlib import Path

import structlog

from woodpecker_api.cli.failing import CommandFailedError
from woodpecker_api.cli.local import Local
from woodpecker_api.cli.work import run_import
from woodpecker_api.features.imports.service.samples import mark_as_samples
from woodpecker_api.http.services import VendorMode
from woodpecker_api.system.settings.service import Vendor
from woodpecker_api.wiring.program import Program

log = structlog.get_logger()
SAMPLE_LEADS = Path(__file__).parent.parent / "sandbox" / "sample_leads.csv"
NOTE = "Invented people, for trying the program."
DRAFTED = 12


def load_samples(program: Program) -> None:
    """Through the same API as everything else. What goes wrong is logged; the program runs without samples."""
    if any(program.services.vendor_state(vendor).mode is not VendorMode.SANDBOX for vendor in Vendor):
        return  # invented people have no business beside real ones, and texts about them would cost money
    try:
        api = Local.as_user(program, None)
        done = run_import(api, SAMPLE_LEADS, None, "skip", NOTE)
        with program.database.writing() as db:
            mark_as_samples(db, done["id"])
        leads = api.call("GET", "/api/leads", params={"import_id": done["id"], "limit": DRAFTED})["items"]
        ids = [lead["id"] for lead in leads]
        api.call("POST", "/api/generations", json={"selection": {"ids": ids}, "mode": "live"})
        api.call("POST", "/api/campaigns/refresh")
    except CommandFailedError as error:
        log.warning("samples.failed", reason=str(error))
