"""Health of every part, on one page."""

import shutil
from importlib.metadata import version

from fastapi import APIRouter, Request

from woodpecker_api.db.dialect import database_bytes, is_sqlite, server_version, sqlite_is_safe
from woodpecker_api.features.exports.service import sending
from woodpecker_api.features.operations.api.events import listeners
from woodpecker_api.features.operations.api.settings import vendor_answers
from woodpecker_api.features.operations.rules import worker_state
from woodpecker_api.features.operations.schemas import (
    DatabaseAnswer,
    DiskAnswer,
    QueueAnswer,
    StatusAnswer,
    WorkerAnswer,
)
from woodpecker_api.http.database import ReadDb
from woodpecker_api.http.services import Ask
from woodpecker_api.http.user import Who, needs
from woodpecker_api.system.audit.service import head
from woodpecker_api.system.auth.permissions import Permission

router = APIRouter()


@router.get("/api/operations/status", dependencies=[needs(Permission.AUDIT)])
def get_status(db: ReadDb, services: Ask, who: Who, request: Request) -> StatusAnswer:
    settings, connection = services.settings, db.connection()
    queues = services.jobs.status(db)
    disk = shutil.disk_usage(settings.data_dir)
    held = sending(db)
    return StatusAnswer(
        version=version("woodpecker-api"),
        environment=settings.environment,
        at=services.clock(),
        database=DatabaseAnswer(
            version=server_version(connection),
            bytes=database_bytes(connection),
            safe=not is_sqlite(connection) or sqlite_is_safe(),
        ),
        worker=WorkerAnswer(state=worker_state(queues), queues=[QueueAnswer.of(row) for row in queues]),
        disk=DiskAnswer(free_bytes=disk.free, total_bytes=disk.total),
        vendors=vendor_answers(services, who),
        sending="held" if held.held else "ok",
        sending_reason=held.reason,
        audit_lines=head(db)[0],
        open_pages=listeners(request.app),
    )
