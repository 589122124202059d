"""Announcing changes, and reading what came since."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from woodpecker_api.db.dialect import is_sqlite, lock_until_commit
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.system.changes.models import Change

KEPT = timedelta(hours=1)
_PENDING = "changes.pending"
# Any number that no other lock has ("changes").
_ORDER_LOCK = 0x6368616E676573
# Into the table itself: the session's way takes twice as long, and nobody asks it for these rows.
_INSERT = sa.insert(Change.metadata.tables[Change.__tablename__])


def announce(db: Session, kind: str, *record_ids: str | None) -> None:
    """Says, when this transaction commits, that these records of `kind` changed ("lead", "export", …).

    Bulk work announces its run or import, not each record; no id at all means "many of this kind".
    """
    now = system_clock()
    rows = [{"at": now, "kind": kind, "record_id": record_id} for record_id in record_ids or (None,)]
    if is_sqlite(db.connection()):  # whose writers come one after the other anyway
        if db.autoflush:  # as a statement of the session does: ids that the caller looks at next are there
            db.flush()
        db.execute(_INSERT, rows)
        return
    if _PENDING not in db.info:
        db.info[_PENDING] = []
        event.listen(db, "before_commit", _write_pending)
    db.info[_PENDING] += rows


def _write_pending(db: Session) -> None:
    """Ids must grow in the order of the commits, else a reader passes by one that commits late: last thing, one at a time."""
    rows = db.info[_PENDING]
    if rows and not db.in_nested_transaction():
        db.info[_PENDING] = []
        lock_until_commit(db.connection(), _ORDER_LOCK)
        db.execute(_INSERT, rows)


def latest_id(db: Session) -> int:
    return db.scalar(sa.select(sa.func.max(Change.id))) or 0


def oldest_id(db: Session) -> int:
    """The smallest id still kept; 0 when none is."""
    return db.scalar(sa.select(sa.func.min(Change.id))) or 0


def changes_after(db: Session, seen_id: int, limit: int = 500) -> Iterable[tuple[int, str, str | None]]:
    """(id, kind, record id) in order."""
    statement = sa.select(Change.id, Change.kind, Change.record_id).where(Change.id > seen_id).order_by(Change.id)
    return [(row.id, row.kind, row.record_id) for row in db.execute(statement.limit(limit))]


def purge(db: Session, now: datetime) -> int:
    """Removes what is older than an hour; returns how many rows. The newest row always stays, so that ids only grow."""
    newest = latest_id(db)
    result = db.execute(sa.delete(Change).where(Change.at < now - KEPT, Change.id < newest))
    return int(getattr(result, "rowcount", 0))
