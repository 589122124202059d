"""Ending what waits: by a person's cancel, or because the export cannot go on."""

from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.features.exports.models import Export
from woodpecker_api.features.exports.queries import steering as queries
from woodpecker_api.features.exports.rules import ACTIVE, ExportStatus, ItemStatus
from woodpecker_api.features.exports.service import progress
from woodpecker_api.features.exports.service.recording import close_if_done
from woodpecker_api.system.audit.service import SYSTEM, record
from woodpecker_api.system.changes.service import announce

_SLICE = 500


def let_go(db: Session, export: Export, status: ItemStatus, code: str | None, now: datetime) -> int:
    """Ends everybody who waits, and only them; how many."""
    db.flush()
    count = 0
    while items := queries.waiting_items(db, export.id, _SLICE):
        lead_ids = [item.lead_id for item in items]
        queries.end_items(db, [item.id for item in items], status, code, now)
        if status is ItemStatus.FAILED:
            progress.troubled(db, lead_ids, now)
        else:
            progress.released(db, lead_ids, now)
        count += len(items)
        db.expire_all()
    return count


def stop_export(db: Session, export: Export, reason: str, now: datetime, *, for_good: bool = False) -> None:
    """By the program itself: paused with the reason, or failed when it can never go on."""
    if export.status not in ACTIVE:
        return
    export.reason = reason
    export.version += 1
    if for_good:
        export.status = ExportStatus.FAILED
        let_go(db, export, ItemStatus.FAILED, reason, now)
    else:
        export.status = ExportStatus.PAUSED
    record(db, SYSTEM, "export.stopped", ("export", export.id), after={"status": export.status, "reason": reason})
    close_if_done(db, export, now)
    announce(db, "export", export.id)
