"""Recording what was done; `verify` checks that the record still stands."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.inserting import insert_ignore
from woodpecker_api.kit.clock import rfc3339, system_clock
from woodpecker_api.kit.hashing import digest, keyed_digest
from woodpecker_api.system.audit.models import AuditHead, AuditLine, AuditPayload
from woodpecker_api.system.audit.verifying import GENESIS, Verdict, verify

__all__ = [
    "GENESIS",
    "SYSTEM",
    "Actor",
    "Entry",
    "Verdict",
    "head",
    "line_hash",
    "record",
    "verify",
    "write_pending",
]

_PENDING = "audit.pending"
# Into the tables themselves: the session's way takes twice as long, and nobody asks it for these rows.
_INSERT_LINES = sa.insert(AuditLine.metadata.tables[AuditLine.__tablename__])
_INSERT_PAYLOADS = sa.insert(AuditPayload.metadata.tables[AuditPayload.__tablename__])


@dataclass(frozen=True)
class Actor:
    """Who did it: a person (browser, token or command line), or the program itself."""

    kind: str
    id: str | None = None
    request_id: str | None = None


SYSTEM = Actor("system")


@dataclass(frozen=True)
class Entry:
    actor: Actor
    action: str
    subject_kind: str
    subject_id: str | None
    count: int
    payload: dict[str, Any] = field(default_factory=dict)


def record(  # noqa: PLR0913  three words of what happened; the rest is optional and named
    db: Session,
    actor: Actor,
    action: str,
    subject: tuple[str, str | None],
    *,
    before: Any = None,
    after: Any = None,
    count: int = 1,
) -> None:
    """Notes one line for this transaction. `action` reads "lead.edited"; `subject` is ("lead", id).

    `before` and `after` are plain JSON values; personal data belongs only there, where it can be erased.
    Bulk work writes one line per slice, with its `count`.
    """
    given = {name: value for name, value in (("before", before), ("after", after)) if value is not None}
    # As it will be read back: keys that are numbers become texts now, and later changes to the caller's values do not count.
    payload = json.loads(json.dumps(given))
    entry = Entry(actor, action, subject[0], subject[1], count, payload)
    db.info.setdefault(_PENDING, []).append(entry)


def write_pending(db: Session) -> None:
    """Chains the transaction's lines. The last thing before commit, because the head is locked from here on."""
    entries: list[Entry] = db.info.pop(_PENDING, [])
    if not entries:
        return
    now = system_clock()
    head = _locked_head(db)
    lines, payloads = [], []
    for entry in entries:
        line, payload = _chained(entry, now, head.line_id + 1, head.hash)
        head.line_id, head.hash = line["id"], line["hash"]
        lines.append(line)
        payloads.append(payload)
    db.execute(_INSERT_LINES, lines)
    db.execute(_INSERT_PAYLOADS, payloads)
    db.flush()


def _locked_head(db: Session) -> AuditHead:
    # As it is now, not as this transaction may have read it before it had the lock.
    locked = sa.select(AuditHead).with_for_update().execution_options(populate_existing=True)
    found = db.scalar(locked)
    if found is None:  # the very first line; of two first writers one waits for the other here
        db.execute(insert_ignore(AuditHead, db.connection()).values(id=1, line_id=0, hash=GENESIS))
        found = db.scalars(locked).one()
    return found


def _chained(entry: Entry, now: datetime, line_id: int, previous_hash: str) -> tuple[dict[str, Any], dict[str, Any]]:
    salt = secrets.token_hex(32)
    line: dict[str, Any] = {
        "id": line_id,
        "at": now,
        "actor_kind": entry.actor.kind,
        "actor_id": entry.actor.id,
        "action": entry.action,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "request_id": entry.actor.request_id,
        "count": entry.count,
        "digest": keyed_digest(bytes.fromhex(salt), entry.payload),
        "previous_hash": previous_hash,
    }
    line["hash"] = line_hash(line)
    return line, {"line_id": line_id, "salt": salt, "payload": entry.payload}


def line_hash(line: dict[str, Any]) -> str:
    """The hash that the next line builds on: over every column but itself."""
    return digest({k: rfc3339(v) if isinstance(v, datetime) else v for k, v in line.items() if k != "hash"})


def head(db: Session) -> tuple[int, str]:
    """The last line's id and hash: what anchors, backups and the epoch file keep."""
    row = db.scalar(sa.select(AuditHead))
    return (row.line_id, row.hash) if row else (0, GENESIS)
