"""Routes of senders: who signs, as each user wrote it down."""

from fastapi import APIRouter

from woodpecker_api.features.generation.schemas.senders import SenderChange, SenderShown, shown_sender
from woodpecker_api.features.generation.service import senders as service
from woodpecker_api.http.database import ReadDb, WriteDb
from woodpecker_api.http.paging import Listing
from woodpecker_api.http.services import Ask
from woodpecker_api.http.user import By, Who, needs
from woodpecker_api.system.auth.errors import PermissionDeniedError
from woodpecker_api.system.auth.permissions import Permission, may
from woodpecker_api.system.auth.sessions import Principal

router = APIRouter(prefix="/api/senders", tags=["generation"])
READ = [needs(Permission.READ)]
WORK = [needs(Permission.WORK)]


@router.get("", dependencies=READ)
def list_senders(db: ReadDb) -> Listing[SenderShown]:
    """Everybody of the team who wrote down how they sign, by name."""
    rows = [shown_sender(sender) for sender in service.senders(db)]
    return Listing(items=rows, total=len(rows))


@router.put("/{user_id}", dependencies=WORK)
def set_sender(user_id: str, body: SenderChange, db: WriteDb, services: Ask, who: Who, by: By) -> SenderShown:
    """How this user signs. One's own, or as a manager anybody's. Runs that have begun keep what they were given."""
    _refuse_others(who, user_id)
    told = service.Told(body.name, body.title, body.email, body.voice)
    return shown_sender(service.set_sender(db, by, user_id, told, version=body.version, now=services.clock()))


@router.delete("/{user_id}", dependencies=WORK, status_code=204)
def remove_sender(user_id: str, db: WriteDb, who: Who, by: By) -> None:
    _refuse_others(who, user_id)
    service.remove_sender(db, by, user_id)


def _refuse_others(who: Principal, user_id: str) -> None:
    if user_id != who.user_id and not may(who.role, Permission.MANAGE):
        raise PermissionDeniedError("You can change how you sign yourself. A manager can do it for others.")
