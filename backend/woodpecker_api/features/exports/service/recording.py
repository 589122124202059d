"""What happened to items, written down: their state, the attempt, the lead, the sequence, our copy, the export's end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.exports.models import Attempt, Export, ExportItem
from woodpecker_api.features.exports.queries import working as queries
from woodpecker_api.features.exports.rules import (
    ACTIVE,
    OPEN,
    Event,
    ExportStatus,
    ItemStatus,
    after,
)
from woodpecker_api.features.exports.service import progress
from woodpecker_api.kit.text import shorten
from woodpecker_api.system.audit.service import SYSTEM, record
from woodpecker_api.system.changes.service import announce

_IN_CAMPAIGN = frozenset({ItemStatus.ADDED, ItemStatus.ALREADY_IN_CAMPAIGN})

_ENDS_WAITING = {ExportStatus.CANCELLED: Event.CANCELLED, ExportStatus.FAILED: Event.GIVEN_UP}


@dataclass(frozen=True)
class Happening:
    """An event for one item; `code` and `sentence` say why, where there is a why."""

    item: ExportItem
    event: Event
    code: str | None = None
    sentence: str | None = None
    content_differs: bool = False


def write_down(
    db: Session, export: Export, happenings: Sequence[Happening], attempts: dict[str, Attempt], now: datetime
) -> None:
    """One transaction's worth of events of one export, with their attempts by item id. Raises `ImpossibleEventError`."""
    for each in happenings:
        _apply(each, attempts.get(each.item.id), now)
        # Nobody waits in an export that will not send again.
        if each.item.status == ItemStatus.QUEUED and export.status in _ENDS_WAITING:
            _apply(Happening(each.item, _ENDS_WAITING[ExportStatus(export.status)], export.reason), None, now)
    db.flush()
    _follow(db, export, happenings, now)
    close_if_done(db, export, now)
    export.last_unit_at = now
    announce(db, "export", export.id)


def close_if_done(db: Session, export: Export, now: datetime) -> None:
    """Ends an export of which nobody is open any more."""
    db.flush()
    if export.finished_at is not None or queries.is_open(db, export.id):
        return
    export.finished_at = now
    if export.status in ACTIVE or export.status == ExportStatus.PAUSED:
        export.status, export.reason = ExportStatus.COMPLETED, None
    export.version += 1
    record(db, SYSTEM, "export.ended", ("export", export.id), after={"status": export.status})
    db.flush()


def _apply(happening: Happening, attempt: Attempt | None, now: datetime) -> None:
    item = happening.item
    step = after(ItemStatus(item.status), happening.event, tries=item.tries)
    sentence = shorten(happening.sentence, 500) if happening.sentence else None
    item.status = step.status
    item.tries += step.is_try
    item.error_code, item.error = happening.code, sentence
    item.content_differs = happening.content_differs
    item.updated_at = now
    if step.status not in OPEN or step.status is ItemStatus.QUEUED:
        item.batch_id = None
    if step.status is ItemStatus.FAILED and happening.event is Event.ABSENT:
        item.error_code = "gave_up"
    if attempt is not None and step.attempt is not None:
        attempt.status = step.attempt
        attempt.error_code, attempt.error = happening.code, sentence
        attempt.finished_at = None if step.status in (ItemStatus.SENDING, ItemStatus.UNKNOWN) else now


def _follow(db: Session, export: Export, happenings: Sequence[Happening], now: datetime) -> None:
    """Leads, sequences and our copy of the campaign follow in the same transaction."""
    items = [each.item for each in happenings]
    inside = [item for item in items if item.status in _IN_CAMPAIGN]
    keys = [item.address_key for item in inside]
    campaigns.note_members(db, export.woodpecker_account_id, export.campaign_vendor_id, keys, now)
    progress.entered(db, inside, now)
    progress.troubled(db, _leads(items, ItemStatus.REJECTED, ItemStatus.FAILED), now)
    progress.released(db, _leads(items, ItemStatus.SKIPPED, ItemStatus.CANCELLED), now)


def _leads(items: Sequence[ExportItem], *statuses: ItemStatus) -> list[str]:
    return [item.lead_id for item in items if item.status in statuses]
