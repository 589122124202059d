"""People who were imported into Woodpecker by hand, from the CSV: their items are closed, with an attempt that says so."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.features.exports.models import Export
from woodpecker_api.features.exports.queries import steering as queries
from woodpecker_api.features.exports.rules import AttemptStatus, Event, ItemStatus, possible_from
from woodpecker_api.features.exports.service.attempts import attempt_rows, store_attempts
from woodpecker_api.features.exports.service.batches import already_settled
from woodpecker_api.features.exports.service.recording import Happening, write_down
from woodpecker_api.kit.text import address_key
from woodpecker_api.system.audit.service import Actor

_SLICE = 500
CODE = "done_by_hand"


def close(db: Session, export: Export, actor: Actor, emails: Sequence[str] | None, now: datetime) -> int:
    """All who wait and all failed, or those of them that `emails` names; how many. A claim taken meanwhile is left alone."""
    keys = None if emails is None else {address_key(email) for email in emails}
    found = queries.closable_by_hand(db, export.id, possible_from(Event.DONE_BY_HAND), keys)
    ended = [item for item in found if item.status != ItemStatus.QUEUED]
    free = {item.id for item in queries.free_items(db, export, ended)}
    items = [item for item in found if item.status == ItemStatus.QUEUED or item.id in free]
    for start in range(0, len(items), _SLICE):
        part = items[start : start + _SLICE]
        batch = already_settled(db, export, len(part), CODE, now)
        for item in part:
            item.attempts += 1
        rows = attempt_rows(db, export, batch.id, part, now)
        done = {"status": AttemptStatus.ADDED, "error_code": CODE, "finished_at": now, "user_id": actor.id}
        store_attempts(db, [{**row, **done} for row in rows])
        write_down(db, export, [Happening(item, Event.DONE_BY_HAND, CODE) for item in part], {}, now)
    return len(items)
