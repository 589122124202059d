"""Recording what was done, and checking that the record still stands."""

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.dialect import insert_ignore
from woodpecker_api.kit.clock import rfc3339, system_clock
from woodpecker_api.kit.hashing import digest, keyed_bytes_digest, keyed_digest
from woodpecker_api.system.audit.models import AuditHead, AuditLine, AuditPayload

GENESIS = "0" * 64
_PENDING = "audit.pending"
_SLICE = 5_000


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
    db.execute(sa.insert(AuditLine), lines)
    db.execute(sa.insert(AuditPayload), payloads)
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


@dataclass(frozen=True)
class Verdict:
    """`first_bad_id` names the first line that was altered, removed (its successor), reordered, or whose payload changed."""

    ok: bool
    checked: int
    first_bad_id: int | None = None


def verify(db: Session) -> Iterator[Verdict]:
    """Walks the whole chain; yields a verdict after each slice, the last one is final."""
    previous, checked = GENESIS, 0
    while lines := _slice_after(db, checked):
        payloads = _payloads(db, [line["id"] for line in lines])
        for line in lines:
            if not _stands(line, checked + 1, previous, payloads.get(line["id"])):
                yield Verdict(ok=False, checked=checked, first_bad_id=line["id"])
                return
            previous, checked = line["hash"], checked + 1
        yield Verdict(ok=True, checked=checked)
    head = db.scalar(sa.select(AuditHead))
    complete = (head.line_id, head.hash) == (checked, previous) if head else checked == 0
    yield Verdict(ok=complete, checked=checked, first_bad_id=None if complete else checked + 1)


_COLUMNS = list(AuditLine.__table__.columns)


def _slice_after(db: Session, checked: int) -> Sequence[dict[str, Any]]:
    """The next lines. One that cannot be read at all comes with its id alone."""
    # By position, not by id alone: a hole must show as a wrong id, not end the walk.
    wanted = AuditLine.id > checked
    first = sa.select(AuditLine.id).where(wanted).order_by(AuditLine.id).limit(_SLICE)
    try:
        return _lines(db, wanted, _SLICE)
    except ValueError:  # a value that our types cannot have written
        return [_line_alone(db, line_id) for line_id in db.scalars(first).all()]


def _lines(db: Session, wanted: sa.ColumnElement[bool], limit: int) -> list[dict[str, Any]]:
    statement = sa.select(*_COLUMNS).where(wanted).order_by(AuditLine.id).limit(limit)
    return [dict(row) for row in db.execute(statement).mappings()]


def _line_alone(db: Session, line_id: int) -> dict[str, Any]:
    try:
        return _lines(db, AuditLine.id == line_id, 1)[0]
    except ValueError:
        return {"id": line_id}


@dataclass(frozen=True)
class _Kept:
    salt: str
    payload: str


def _payloads(db: Session, ids: list[int]) -> dict[int, _Kept]:
    # As text, not as JSON: one that was made unreadable must be named, not end the walk.
    statement = sa.select(
        AuditPayload.line_id, AuditPayload.salt, sa.cast(AuditPayload.payload, sa.Text).label("payload")
    )
    rows = db.execute(statement.where(AuditPayload.line_id.between(ids[0], ids[-1])))
    return {row.line_id: _Kept(row.salt, row.payload) for row in rows}


def _stands(line: dict[str, Any], expected_id: int, previous: str, kept: _Kept | None) -> bool:
    if line["id"] != expected_id or line.get("previous_hash") != previous or line["hash"] != line_hash(line):
        return False
    # No payload: erased by rule or on request. The line stands without it.
    return kept is None or _matches(kept, line["digest"])


def _matches(kept: _Kept, expected: str) -> bool:
    """Over the stored bytes: they are the canonical form (`models.CanonicalJson`)."""
    try:
        return keyed_bytes_digest(bytes.fromhex(kept.salt), kept.payload.encode()) == expected
    except (ValueError, TypeError, AttributeError):
        return False


def head(db: Session) -> tuple[int, str]:
    """The last line's id and hash: what anchors, backups and the epoch file keep."""
    row = db.scalar(sa.select(AuditHead))
    return (row.line_id, row.hash) if row else (0, GENESIS)
