"""How many stand at each step of the work: the numbers of Home, in one question that is the same for everybody."""

from fastapi import APIRouter
from pydantic import BaseModel

from woodpecker_api.features.operations import queries
from woodpecker_api.http.database import ReadDb
from woodpecker_api.http.user import needs
from woodpecker_api.system.auth.permissions import Permission

router = APIRouter()


class HomeAnswer(BaseModel):
    """Numbers up to 10,000; 10,001 means more. `drafts_by_owner`: by user id, "" for nobody's."""

    leads: dict[str, int]
    drafts: int
    drafts_by_owner: dict[str, int]
    own_list: bool
    """Somebody imported a list that is not the sample."""


@router.get("/api/home", dependencies=[needs(Permission.READ)])
def get_home(db: ReadDb) -> HomeAnswer:
    drafts = queries.drafts_by_owner(db)
    return HomeAnswer(
        leads=queries.leads_by_status(db),
        drafts=sum(drafts.values()),
        drafts_by_owner=drafts,
        own_list=queries.has_own_list(db),
    )
