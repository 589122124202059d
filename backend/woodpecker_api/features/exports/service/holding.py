"""After a restore, or on a swapped or copied database: nothing is sent until history is reconciled with the vendor.

`epoch.json` lives outside the database and keeps the installation's random id and the last line of the audit chain, renewed at each
send. A database that does not know that line is behind, one with another id is another.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.exports.errors import SendingHeldError
from woodpecker_api.features.exports.models import ExportBatch
from woodpecker_api.kit.ids import new_id
from woodpecker_api.system.audit import service as audit
from woodpecker_api.system.audit.models import AuditLine
from woodpecker_api.system.settings.service import fact, set_fact

SENDING = "sending"
INSTANCE = "instance_id"
OK = "ok"
HELD = "held"
EPOCH = "epoch"
RENEW = "renew"


@dataclass(frozen=True)
class Sending:
    """`reason` is a stable code: restored, database_behind, other_database, epoch_missing, vendor_changed."""

    held: bool
    reason: str | None = None


class EpochFile:
    """The file itself. Reading a missing or broken one gives None."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "epoch.json"

    def read(self) -> dict[str, Any] | None:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def write(self, instance_id: str, line_id: int, line_hash: str) -> None:
        """Whole or not at all, and on the disk when this returns."""
        draft = self._path.with_suffix(".tmp")
        with draft.open("w", encoding="utf-8") as file:
            json.dump({"instance_id": instance_id, "audit_line": line_id, "audit_hash": line_hash}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)


def sending(db: Session) -> Sending:
    """What the database says: `sending` is "ok", or "held" with ":" and the reason."""
    word, _, reason = (fact(db, SENDING) or OK).partition(":")
    return Sending(word == HELD, reason or ("restored" if word == HELD else None))


def hold(db: Session, reason: str) -> None:
    """Sending stops before the next batch, of every export."""
    if sending(db).held:
        return
    set_fact(db, SENDING, f"{HELD}:{reason}")
    audit.record(db, audit.SYSTEM, "sending.held", ("installation", None), after={"reason": reason})


def refuse_when_held(db: Session) -> None:
    state = sending(db)
    if state.held and state.reason == "vendor_changed":
        raise SendingHeldError(
            "Woodpecker answers in a way this program does not know, so nothing is sent. Download the CSV to go on by hand; "
            "once Woodpecker can be read again, reconcile under Operations."
        )
    if state.held:
        raise SendingHeldError(
            f"Sending is held ({state.reason}): first reconcile this database with Woodpecker, under Operations."
        )


def check_epoch(db: Session, epoch: EpochFile) -> Sending:
    """Compares the file with this database, in a writing transaction, and holds sending where they do not fit."""
    state = sending(db)
    if state.held:
        return state
    reason = _misfit(db, epoch.read(), fact(db, INSTANCE))
    if reason is not None:
        hold(db, reason)
    return Sending(held=reason is not None, reason=reason)


def epoch_is_due(db: Session, epoch: EpochFile) -> bool:
    """Whether a file may be written although none fits: before the first intent ever, and after sending was released."""
    if fact(db, EPOCH) == RENEW:
        return True
    return epoch.read() is None and not db.scalar(sa.select(sa.exists().select_from(ExportBatch)))


def begin_epoch(db: Session) -> None:
    """Before the file is written: this database has an id."""
    if fact(db, INSTANCE) is None:
        set_fact(db, INSTANCE, new_id())


def epoch_begun(db: Session) -> None:
    """After the file was written. A crash in between only writes it once more."""
    if fact(db, EPOCH) == RENEW:
        set_fact(db, EPOCH, OK)


def let_send(db: Session, actor: audit.Actor) -> None:
    """Ends the hold: this database is the right one from now on, under an id of its own."""
    before = sending(db)
    set_fact(db, SENDING, OK)
    set_fact(db, INSTANCE, new_id())
    set_fact(db, EPOCH, RENEW)
    audit.record(db, actor, "sending.released", ("installation", None), before={"reason": before.reason})


def renew_epoch(db: Session, epoch: EpochFile) -> None:
    """After the intent is committed, before its request goes out. Raises OSError: then nothing may go out."""
    line_id, line_hash = audit.head(db)
    epoch.write(fact(db, INSTANCE) or "", line_id, line_hash)


def _misfit(db: Session, known: dict[str, Any] | None, instance_id: str | None) -> str | None:
    if known is None:
        return "epoch_missing"
    if known.get("instance_id") != instance_id:
        return "other_database"
    line = db.get(AuditLine, known.get("audit_line"))
    return None if line is not None and line.hash == known.get("audit_hash") else "database_behind"
