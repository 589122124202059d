"""Checking that the record still stands: a million lines in well under a minute (benchmarks/audit.py).

A line is hashed as the database has it: turned into times and back, the same million would take twice as long.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json.encoder import encode_basestring
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.kit.clock import rfc3339
from woodpecker_api.kit.hashing import keyed_bytes_digest
from woodpecker_api.system.audit.models import AuditHead, AuditLine, AuditPayload

GENESIS = "0" * 64
"""What the first line builds on."""
SLICE = 5_000
"""Lines between two reports of progress; some MiB of memory."""


@dataclass(frozen=True)
class Verdict:
    """`first_bad_id` names the first line that was altered, removed (its successor), reordered, or whose payload changed.

    Where only an anchor tells, it is the anchor's line: something up to it was rewritten.
    """

    ok: bool
    checked: int
    first_bad_id: int | None = None


def verify(db: Session, anchors: Mapping[int, str] = MappingProxyType({})) -> Iterator[Verdict]:
    """Walks the whole chain; yields a verdict after each slice, the last one is final.

    `anchors` are hashes by line id that were written down elsewhere. They alone betray a chain that was made anew as a whole,
    hashes and head included, by somebody who had the database in hand.
    """
    previous, checked = GENESIS, 0
    while rows := _slice_after(db, checked):
        for row in rows:
            line_id, line_hash, salt, payload, *columns = row
            if not _stands(columns, line_hash, checked + 1, previous) or not _matches(salt, payload, columns):
                yield Verdict(ok=False, checked=checked, first_bad_id=line_id)
                return
            if anchors.get(line_id, line_hash) != line_hash:
                yield Verdict(ok=False, checked=checked, first_bad_id=line_id)
                return
            previous, checked = line_hash, checked + 1
        yield Verdict(ok=True, checked=checked)
    head = db.scalar(sa.select(AuditHead))
    complete = (head.line_id, head.hash) == (checked, previous) if head else checked == 0
    complete = complete and max(anchors, default=0) <= checked
    yield Verdict(ok=complete, checked=checked, first_bad_id=None if complete else checked + 1)


_NAMES = [column.name for column in AuditLine.__table__.columns if column.name != "hash"]
_ID, _AT, _DIGEST, _PREVIOUS = (_NAMES.index(name) for name in ("id", "at", "digest", "previous_hash"))
_COLUMNS: list[Any] = [
    # As stored: a value that our types cannot have written must be named, not end the walk.
    sa.type_coerce(column, sa.String) if column.name == "at" else column
    for column in AuditLine.__table__.columns
    if column.name != "hash"
]
_WALK: Any = (
    # By position, not by id alone: a hole must show as a wrong id, not end the walk. Payloads may be erased.
    sa.select(AuditLine.id, AuditLine.hash, AuditPayload.salt, sa.cast(AuditPayload.payload, sa.Text), *_COLUMNS)
    .outerjoin(AuditPayload, AuditPayload.line_id == AuditLine.id)
    .where(AuditLine.id > sa.bindparam("checked"))
    .order_by(AuditLine.id)
    .limit(sa.bindparam("slice"))
)


def _slice_after(db: Session, checked: int) -> Sequence[Sequence[Any]]:
    return db.connection().execute(_WALK, {"checked": checked, "slice": SLICE}).fetchall()


def _stands(columns: list[Any], line_hash: str, expected_id: int, previous: str) -> bool:
    """Whether the line is where it belongs, builds on the one before, and says what was hashed when it was written."""
    if columns[_ID] != expected_id or columns[_PREVIOUS] != previous:
        return False
    at = columns[_AT]
    # The hash was taken over the time as `rfc3339` writes it; SQLite keeps the six digits of whole seconds too.
    columns[_AT] = rfc3339(at) if isinstance(at, datetime) else str(at).replace(".000000Z", "Z")
    try:
        said = _FORM % tuple([_written(columns[place]) for place in _PLACES])
    except TypeError:  # bytes where a text was: nobody writes those but somebody with the file in hand
        return False
    return hashlib.sha256(said.encode()).hexdigest() == line_hash


# The canonical form (`kit/hashing`) of a line, with a place for each value: which names there are and their order never change
# from line to line, and a million dicts put in order again were a third of the time.
_PLACES = sorted(range(len(_NAMES)), key=_NAMES.__getitem__)
_FORM = "{" + ",".join(f'"{_NAMES[place]}":%s' for place in _PLACES) + "}"


def _written(value: Any) -> str:
    """As the canonical form has it. Raises TypeError for what no column can hold."""
    if value is None:
        return "null"
    return str(value) if type(value) is int else encode_basestring(value)


def _matches(salt: str | None, payload: str | None, columns: list[Any]) -> bool:
    """Over the stored bytes: they are the canonical form (`models.CanonicalJson`)."""
    if salt is None or payload is None:
        return True  # erased by rule or on request: the line stands without it
    try:
        found = keyed_bytes_digest(bytes.fromhex(salt), payload.encode())
    except (ValueError, TypeError, AttributeError):
        return False
    return bool(found == columns[_DIGEST])
