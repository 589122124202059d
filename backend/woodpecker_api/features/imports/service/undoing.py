"""An import taken back: what it made goes away, what it changed becomes what it was."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from woodpecker_api.features.imports.errors import ImportExportedError, ImportStateError
from woodpecker_api.features.imports.models import Import, ImportStatus
from woodpecker_api.features.imports.queries import storing
from woodpecker_api.features.imports.service.committing import write
from woodpecker_api.features.imports.service.listeners import listeners
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.leads.rules.fields import REVIEWED
from woodpecker_api.features.leads.service import refuse_held, say_changed
from woodpecker_api.system.audit.service import SYSTEM, Actor, record
from woodpecker_api.system.changes.service import announce


def undo(db: Session, actor: Actor, imported: Import, now: datetime) -> Import:
    """Raises `ImportStateError`, `ImportExportedError`, `ExportInProgressError`. Leads stay restorable one by one."""
    if imported.status != ImportStatus.COMMITTED:
        raise ImportStateError(f"This import is {imported.status}; only a committed one can be undone.")
    ids = storing.ids_of_import(db, imported.id)
    refuse_held(db, ids)
    sent = (LeadStatus.EXPORTED.value, LeadStatus.EXPORTING.value)
    if storing.has_status(db, imported.id, sent) or any(barred(db, ids) for barred in listeners.undo_barred):
        raise ImportExportedError("Something of this import was exported already, so it can no longer be undone.")
    _put_back(db, actor, imported, now)
    storing.put_away(db, imported.id, now)
    imported.status, imported.finished_at = ImportStatus.UNDONE, now
    imported.version += 1
    record(db, actor, "import.undone", ("import", imported.id), count=len(ids))
    announce(db, "import", imported.id)
    announce(db, "lead")
    return imported


def abandon(db: Session, imported: Import, now: datetime) -> None:
    """A commit that cannot be finished leaves nothing behind."""
    storing.discard_pending(db, imported.id, now)
    _put_back(db, SYSTEM, imported, now)
    record(db, SYSTEM, "import.abandoned", ("import", imported.id), after={"rows_done": imported.rows_done})
    announce(db, "lead")


def _put_back(db: Session, actor: Actor, imported: Import, now: datetime) -> None:
    """A field that somebody changed since keeps what it says now."""
    to_review: list[str] = []
    for change, lead in storing.changes_of(db, imported.id):
        before, after = change.before["before"], change.before["after"]
        values: dict[str, Any] = {name: old for name, old in before.items() if _untouched(lead, name, after)}
        if values and lead.deleted_at is None:
            write(lead, values, now)
            to_review += [lead.id] if any(name in values for name in REVIEWED) else []
        db.delete(change)
    db.flush()
    say_changed(db, actor, to_review, now)


def _untouched(lead: Lead, name: str, after: dict[str, Any]) -> bool:
    return bool(getattr(lead, name) == after[name])
