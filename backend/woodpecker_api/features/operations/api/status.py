"""Health of every part, on one page."""

import shutil
from datetime import datetime
from importlib.metadata import version

from fastapi import APIRouter, Request

from woodpecker_api.config import Environment
from woodpecker_api.db.dialect import database_bytes, is_sqlite, server_version, sqlite_is_safe
from woodpecker_api.features.exports.service import sending
from woodpecker_api.features.operations.api.events import listeners
from woodpecker_api.features.operations.api.settings import vendor_answers
from woodpecker_api.features.operations.rules import worker_state
from woodpecker_api.features.operations.rules.alerts import Alert, Known
from woodpecker_api.features.operations.schemas import (
    AlertAnswer,
    DatabaseAnswer,
    DiskAnswer,
    LastBackupAnswer,
    QueueAnswer,
    StatusAnswer,
    WorkerAnswer,
)
from woodpecker_api.features.operations.service.lookout import Lookout, Seen
from woodpecker_api.features.operations.service.remembering import read_known
from woodpecker_api.http.database import ReadDb
from woodpecker_api.http.services import Ask, Services
from woodpecker_api.http.user import Who, needs
from woodpecker_api.system.audit.service import head
from woodpecker_api.system.auth.permissions import Permission

router = APIRouter()


@router.get("/api/operations/status", dependencies=[needs(Permission.AUDIT)])
def get_status(db: ReadDb, services: Ask, who: Who, request: Request) -> StatusAnswer:
    settings, connection = services.settings, db.connection()
    queues = services.jobs.status(db)
    disk = shutil.disk_usage(settings.data_dir)
    held, channels = sending(db), settings.notify_urls is not None
    seen, known = lookout_of(services).look(), read_known(db)
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
        last_backup=_last_backup(seen),
        alerts=[_alert(alert, known.get(alert.code), seen.signals.at, channels=channels) for alert in seen.alerts],
        channels=channels,
    )


def lookout_of(services: Services) -> Lookout:
    return Lookout(
        database=services.database,
        jobs=services.jobs,
        data_dir=services.settings.data_dir,
        clock=services.clock,
        expects_backups=services.settings.environment is not Environment.SANDBOX,
    )


def _last_backup(seen: Seen) -> LastBackupAnswer | None:
    backup = seen.newest_backup
    if backup is None or backup.manifest is None:
        return None
    age = (seen.signals.at - backup.taken_at).total_seconds()
    return LastBackupAnswer(
        id=backup.id, taken_at=backup.taken_at, age_seconds=max(0.0, age), bytes=backup.manifest.bytes
    )


def _alert(alert: Alert, known: Known | None, now: datetime, *, channels: bool) -> AlertAnswer:
    """Seen a moment ago and not remembered yet: since now."""
    return AlertAnswer(
        code=alert.code,
        severity=alert.severity,
        message=alert.message,
        since=known.since if known else now,
        told=channels and known is not None and known.told_at is not None,
    )
