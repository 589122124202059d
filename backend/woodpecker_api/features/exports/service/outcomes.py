"""What became of an intent, row by row. Whoever writes second finds the batch closed and changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from woodpecker_api.features.exports.models import ExportBatch, ExportItem
from woodpecker_api.features.exports.queries import steering, working
from woodpecker_api.features.exports.rules import UNSETTLED, BatchStatus, Event
from woodpecker_api.features.exports.service.recording import Happening, write_down
from woodpecker_api.system.audit.service import SYSTEM, record

log = structlog.get_logger("exports")


@dataclass(frozen=True)
class Row:
    """What is known of one person of the batch."""

    event: Event
    code: str | None = None
    sentence: str | None = None
    content_differs: bool = False


def write_rows(db: Session, batch_id: str, rows: Mapping[str, Row], now: datetime) -> bool:
    """By item id, those that something is known of; the others stay as they are. False when others had closed the batch."""
    batch = db.get(ExportBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None or batch.status not in UNSETTLED:
        log.warning("export.late_outcome", batch_id=batch_id, rows=len(rows))
        return False
    in_flight = [item for item in working.items_in_flight(db, batch_id) if item.id in rows]
    _write(db, batch, in_flight, rows, now)
    return True


def write_for_all(db: Session, batch_id: str, row: Row, now: datetime) -> bool:
    """The same for everybody of the batch who is still in flight."""
    items = working.items_in_flight(db, batch_id)
    return write_rows(db, batch_id, {item.id: row for item in items}, now)


def _write(
    db: Session, batch: ExportBatch, items: Sequence[ExportItem], rows: Mapping[str, Row], now: datetime
) -> None:
    export = steering.locked_export(db, batch.export_id)
    assert export is not None
    attempts = working.attempts_of(db, batch.id, [item.id for item in items])
    happenings = [
        Happening(item, row.event, row.code, row.sentence, row.content_differs)
        for item in items
        if (row := rows[item.id])
    ]
    was_unclear = batch.status == BatchStatus.UNCLEAR
    _close(batch, happenings, now)
    write_down(db, export, happenings, attempts, now)
    _finish(db, batch, was_unclear=was_unclear)
    counts: dict[str, int] = {}
    for each in happenings:
        counts[each.event.name.lower()] = counts.get(each.event.name.lower(), 0) + 1
    summary = {"status": batch.status, "events": counts}
    record(db, SYSTEM, "export.batch_outcome", ("export_batch", batch.id), after=summary, count=max(len(happenings), 1))


def _close(batch: ExportBatch, happenings: Sequence[Happening], now: datetime) -> None:
    turned_away = all(each.event is Event.TURNED_AWAY for each in happenings)
    batch.status = BatchStatus.DROPPED if happenings and turned_away else BatchStatus.UNCLEAR
    batch.error_code = next((each.code for each in happenings if each.code), batch.error_code)
    batch.settled_at = now


def _finish(db: Session, batch: ExportBatch, *, was_unclear: bool) -> None:
    """After the items are written: is anybody of the batch still in flight?"""
    db.flush()
    if batch.status == BatchStatus.DROPPED:
        return
    if working.is_in_flight(db, batch.id):
        batch.settled_at = None
    else:
        batch.status = BatchStatus.SETTLED if was_unclear else BatchStatus.ANSWERED
    db.flush()


def mark_seen(db: Session, batch_id: str, now: datetime) -> None:
    """A worker found this intent without an outcome: from now on everybody of it shows as being checked."""
    batch = db.get(ExportBatch, batch_id)
    if batch is not None and batch.status == BatchStatus.INTENDED:
        write_for_all(db, batch_id, Row(Event.UNCLEAR, "worker_ended"), now)
