"""What taking people back would do, and how far it has come."""

from dataclasses import asdict

from fastapi import APIRouter
from pydantic import BaseModel

from woodpecker_api.errors import NotFoundError
from woodpecker_api.features.exports.models import Export
from woodpecker_api.features.exports.queries.taking_back import standing
from woodpecker_api.http.database import ReadDb
from woodpecker_api.http.user import needs
from woodpecker_api.system.auth.permissions import Permission

router = APIRouter(prefix="/api/exports", tags=["exports"])


class TakingBackAnswer(BaseModel):
    """`in_campaign`: whom this export added and who is still there, `leaving` of them asked to go; `gone`: left, and free again.

    `mailed_total` of those in the campaign were mailed already, as Woodpecker's copy says; a mail that went out stays out.
    """

    in_campaign: int
    leaving: int
    gone: int
    mailed_total: int
    mailed: list[str]


@router.get("/{export_id}/taking-back", dependencies=[needs(Permission.READ)])
def taking_back(export_id: str, db: ReadDb) -> TakingBackAnswer:
    if db.get(Export, export_id) is None:
        raise NotFoundError("There is no such export. Go back to the list of exports.")
    return TakingBackAnswer(**asdict(standing(db, export_id)))
