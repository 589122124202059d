"""What Woodpecker keeps out, on our own list: whoever said no there is not written to from here.

Entries of people are never overwritten, and nothing is taken off the list here: that Woodpecker forgot a no is no yes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from woodpecker_api.features.leads.errors import EntryInvalidError
from woodpecker_api.features.leads.queries import suppression as queries
from woodpecker_api.features.leads.rules import SuppressionKind
from woodpecker_api.features.leads.service.erasing import erased_among
from woodpecker_api.features.leads.service.suppression import kind_and_key
from woodpecker_api.kit.hashing import digest
from woodpecker_api.kit.ids import new_id
from woodpecker_api.system.audit.service import SYSTEM, record
from woodpecker_api.system.changes.service import announce

WOODPECKER_LIST = "Woodpecker"
SANDBOX_LIST = "Woodpecker sandbox"
"""A list of its own: what the simulator says goes away with the sample data."""


class KeptOut(NamedTuple):
    """`value` as Woodpecker writes it: an address, a domain, or *@domain."""

    value: str
    reason: str


class ReadBack(NamedTuple):
    """`refused`: values that are neither an address nor a domain."""

    added: int
    refused: int


def take_over(db: Session, found: Sequence[KeptOut], now: datetime, *, sandbox: bool) -> ReadBack:
    """Adds who is not on the list, and renews who was on it for a time that is over.

    Leads and campaigns are left alone: Woodpecker itself mails none of these, so there is nothing to take out there.
    """
    entries, refused = _readable(found)
    # Somebody who was erased is kept out by the hash: their address must not come back in plain words.
    erased = erased_among(db, [key for kind, key in entries if kind is SuppressionKind.EMAIL])
    in_force = queries.in_force_among(db, list(entries), now)
    list_name = SANDBOX_LIST if sandbox else WOODPECKER_LIST
    rows = [
        _row(kind, key, entry, list_name, now)
        for (kind, key), entry in entries.items()
        if key not in erased and (kind, key) not in in_force
    ]
    if rows:
        queries.put_many(db, rows)
        told = {"list": list_name, "digest": digest(sorted(str(row["value_key"]) for row in rows))}
        record(db, SYSTEM, "do_not_contact.read_back", ("do_not_contact", None), after=told, count=len(rows))
        announce(db, "do_not_contact")
    return ReadBack(len(rows), refused)


def _readable(found: Sequence[KeptOut]) -> tuple[dict[tuple[SuppressionKind, str], KeptOut], int]:
    entries: dict[tuple[SuppressionKind, str], KeptOut] = {}
    refused = 0
    for entry in found:
        try:
            # Woodpecker may write a whole domain as *@acme.com.
            entries.setdefault(kind_and_key(entry.value.strip().removeprefix("*")), entry)
        except EntryInvalidError:
            refused += 1
    return entries, refused


def _row(kind: SuppressionKind, key: str, entry: KeptOut, list_name: str, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": kind.value,
        "value": key,
        "value_key": key,
        "reason": entry.reason,
        "list_name": list_name,
        "until": None,
        "created_by": None,
        "created_at": now,
    }
