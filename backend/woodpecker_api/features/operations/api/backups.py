"""Backups: the list, making one, checking one. Putting one back is done by command, with the program stopped."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from woodpecker_api.features.operations.schemas import BackupAnswer, BackupsAnswer, BackupStarted, BackupVerdict
from woodpecker_api.features.operations.service.backing_up import ask_for_backup, note_verification
from woodpecker_api.http.database import WriteDb
from woodpecker_api.http.once import OnlyOnce
from woodpecker_api.http.services import Ask
from woodpecker_api.http.user import By, needs
from woodpecker_api.system.auth.permissions import Permission
from woodpecker_api.system.backups.service import Backups
from woodpecker_api.system.backups.shelf import Shelf

router = APIRouter(prefix="/api/backups", tags=["backups"])


@router.get("", dependencies=[needs(Permission.AUDIT)])
def list_backups(services: Ask) -> BackupsAnswer:
    """Newest first, those in the making too."""
    return BackupsAnswer(items=[BackupAnswer.of(backup) for backup in Shelf(services.settings.data_dir).all()])


@router.post("", status_code=202, dependencies=[needs(Permission.ADMINISTER)], response_model=BackupStarted)
def create_backup(db: WriteDb, services: Ask, by: By, once: OnlyOnce) -> JSONResponse:
    """The worker makes and checks it; the list shows it under this id."""

    def work() -> BackupStarted:
        return BackupStarted(id=ask_for_backup(db, services.jobs, by, services.clock()))

    return once.answer(db, None, 202, work)


@router.post("/{backup_id}/verify", dependencies=[needs(Permission.ADMINISTER)])
def verify_backup(backup_id: str, services: Ask, by: By) -> BackupVerdict:
    """Opens it, reads all of it and compares it with its manifest: some seconds for a gigabyte."""
    # The check is outside of any transaction: a long one must not keep writers waiting.
    verdict = Backups(services.database.engine, services.settings.data_dir, services.clock).verify(backup_id)
    with services.database.writing() as db:
        note_verification(db, by, backup_id, verdict)
    return BackupVerdict.of(verdict)
