"""A vendor's failure, and what the whole account does about it."""

from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.clients.woodpecker.errors import KeyRefusedError, WoodpeckerError
from woodpecker_api.features.exports.jobs.tools import Memory, Tools
from woodpecker_api.features.exports.models import Export
from woodpecker_api.features.exports.queries import steering, working
from woodpecker_api.features.exports.service.stopping import stop_export
from woodpecker_api.system.changes.service import announce

NO_KEY = "vendor_key_missing"


def on_failure(tools: Tools, memory: Memory, account_id: str, error: WoodpeckerError) -> None:
    """The account rests; a refused key pauses every export with the reason, anything else is shown while they run."""
    memory.failed(tools.monotonic(), error.retry_after)
    memory.may_show_trouble = True
    with tools.database.writing() as db:
        if isinstance(error, KeyRefusedError):
            pause_all(db, account_id, error.kind, tools.clock())
        else:
            _show_trouble(db, account_id, error.kind)


def pause_all(db: Session, account_id: str, reason: str, now: datetime) -> None:
    for export_id in working.active_export_ids(db, account_id):
        export = steering.locked_export(db, export_id)
        if export is not None:
            stop_export(db, export, reason, now)


def clear_when_over(tools: Tools, memory: Memory, account_id: str) -> None:
    """The vendor answers again, whatever it was asked: no export says any more that it does not."""
    if not (memory.answers and memory.may_show_trouble):
        return
    with tools.database.writing() as db:
        _clear_trouble(db, account_id)
    memory.may_show_trouble = False


def _clear_trouble(db: Session, account_id: str) -> None:
    for export_id in working.active_export_ids(db, account_id):
        export = db.get_one(Export, export_id)
        if export.reason is not None:
            export.reason = None
            announce(db, "export", export.id)


def _show_trouble(db: Session, account_id: str, kind: str) -> None:
    for export_id in working.active_export_ids(db, account_id):
        export = db.get_one(Export, export_id)
        if export.reason != kind:
            export.reason = kind
            announce(db, "export", export.id)
