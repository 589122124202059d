"""What does not pass by itself, for Home: its cause and the one button that helps."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from woodpecker_api.features.exports.queries import needing as queries
from woodpecker_api.features.exports.rules import ExportStatus
from woodpecker_api.features.exports.rules.needing import LEAVING_AT_MOST, Button, Standing, need_of
from woodpecker_api.http.database import ReadDb
from woodpecker_api.http.services import Ask
from woodpecker_api.http.user import needs
from woodpecker_api.system.auth.permissions import Permission

router = APIRouter(prefix="/api/exports", tags=["exports"])


class ExportInNeed(BaseModel):
    """`cause` is the export's reason, or checking_too_long, not_getting_on, people_failed; `people` have failed."""

    export_id: str
    campaign_name: str
    cause: str
    button: Button
    people: int
    since: datetime


class NeedsHelpAnswer(BaseModel):
    """`leaving_too_long`: people whom Woodpecker has not let go of for an hour, although they must not be contacted or were taken back."""

    exports: list[ExportInNeed]
    leaving_too_long: int


@router.get("/needs-help", dependencies=[needs(Permission.READ)])
def needs_help(db: ReadDb, services: Ask) -> NeedsHelpAnswer:
    now = services.clock()
    found = []
    for export, failed, oldest in queries.exports_to_look_at(db, now):
        moved = max(filter(None, (export.last_unit_at, export.not_before, export.created_at)))
        need = need_of(Standing(ExportStatus(export.status), export.reason, moved, failed, oldest), now)
        if need is not None:
            found.append(
                ExportInNeed(
                    export_id=export.id,
                    campaign_name=export.campaign_name,
                    cause=need.cause,
                    button=need.button,
                    people=failed,
                    since=oldest or moved,
                )
            )
    return NeedsHelpAnswer(exports=found, leaving_too_long=queries.removals_older_than(db, now - LEAVING_AT_MOST))
