"""The do-not-contact list: who, why, until when, by whom. Adding is everybody's right, removing a manager's."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from woodpecker_api.errors import FieldProblem
from woodpecker_api.features.leads.errors import EntryInvalidError, EntryNotFoundError
from woodpecker_api.features.leads.models import DoNotContact
from woodpecker_api.features.leads.queries import changing
from woodpecker_api.features.leads.queries import suppression as queries
from woodpecker_api.features.leads.rules import Suppressed, SuppressionKind, check_address
from woodpecker_api.features.leads.rules.suppression import is_domain
from woodpecker_api.features.leads.service.listeners import say_suppressed
from woodpecker_api.kit.hashing import digest
from woodpecker_api.kit.ids import new_id
from woodpecker_api.kit.text import address_key, domain_key
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.changes.service import announce


class NewEntry(NamedTuple):
    """`value` is an address, or a domain such as acme.com or @acme.com."""

    value: str
    reason: str = ""
    until: datetime | None = None


class ListResult(NamedTuple):
    """What a list from a file did: entries added or renewed, entries taken away, lines that are neither."""

    added: int
    removed: int
    refused: list[tuple[int, str]]


def suppressed_now(db: Session, now: datetime) -> Suppressed:
    """The whole list as it counts now, for checks of many addresses."""
    return queries.suppressed_at(db, now)


def add_entry(db: Session, actor: Actor, entry: NewEntry, now: datetime) -> DoNotContact:
    """Adds, or renews the entry that is there. Raises `EntryInvalidError`."""
    kind, key = kind_and_key(entry.value)
    found = queries.by_key(db, kind, key)
    if found is None:
        found = DoNotContact(kind=kind, value=entry.value.strip(), value_key=key, created_by=actor.id, created_at=now)
        db.add(found)
    found.reason, found.until = entry.reason.strip()[:500], entry.until
    db.flush()
    told = {"value": found.value, "reason": found.reason, "until": entry.until.isoformat() if entry.until else None}
    record(db, actor, "do_not_contact.added", ("do_not_contact", found.id), after=told)
    _tell(db, actor, [(kind, key)], now)
    return found


def change_entry(db: Session, actor: Actor, entry_id: str, reason: str, until: datetime | None) -> DoNotContact:
    """Raises `EntryNotFoundError`."""
    entry = _find(db, entry_id)
    before = {"reason": entry.reason, "until": entry.until.isoformat() if entry.until else None}
    entry.reason, entry.until = reason.strip()[:500], until
    after = {"reason": entry.reason, "until": until.isoformat() if until else None}
    record(db, actor, "do_not_contact.changed", ("do_not_contact", entry.id), before=before, after=after)
    announce(db, "do_not_contact", entry.id)
    return entry


def remove_entry(db: Session, actor: Actor, entry_id: str) -> None:
    """Raises `EntryNotFoundError`."""
    entry = _find(db, entry_id)
    record(db, actor, "do_not_contact.removed", ("do_not_contact", entry.id), before={"value": entry.value})
    db.delete(entry)
    announce(db, "do_not_contact", entry_id)


def suppress_leads(
    db: Session, actor: Actor, ids: Sequence[str], reason: str, until: datetime | None, now: datetime
) -> int:
    """Puts the addresses of these leads on the list."""
    people = changing.keys_of(db, ids)
    kind = SuppressionKind.EMAIL
    rows = [_row(kind, key, email, NewEntry(email, reason, until), actor, now) for key, email in people]
    queries.put_many(db, rows)
    _note_many(db, actor, "do_not_contact.leads_added", [(kind, key) for key, _ in people], {"reason": reason})
    _tell(db, actor, [(kind, key) for key, _ in people], now)
    return len(people)


def put_list(
    db: Session,
    actor: Actor,
    entries: Iterable[tuple[int, NewEntry]],
    list_name: str | None,
    now: datetime,
    *,
    replace: bool,
) -> ListResult:
    """Entries with their line in the file. With `replace`, those of the named list that the file lacks go away."""
    rows, refused = {}, []
    for line, entry in entries:
        try:
            kind, key = kind_and_key(entry.value)
        except EntryInvalidError as error:
            refused.append((line, error.detail))
            continue
        rows[(kind, key)] = {**_row(kind, key, entry.value.strip(), entry, actor, now), "list_name": list_name}
    gone: list[tuple[str, str]] = []
    if replace and list_name:
        gone = [key for key in queries.keys_of_list(db, list_name) if key not in rows]
        queries.remove_from_list(db, list_name, gone)
    queries.put_many(db, list(rows.values()))
    told = {"list": list_name, "removed": len(gone), "refused": len(refused)}
    _note_many(db, actor, "do_not_contact.list_put", list(rows), told)
    _tell(db, actor, list(rows), now)
    return ListResult(len(rows), len(gone), refused)


def kind_and_key(value: str) -> tuple[SuppressionKind, str]:
    """Raises `EntryInvalidError`."""
    text = value.strip()
    if "@" in text[1:]:
        if check_address(text) is None:
            return SuppressionKind.EMAIL, address_key(text)
    else:
        key = domain_key(text.removeprefix("@").removeprefix("*."))
        if is_domain(key):
            return SuppressionKind.DOMAIN, key
    sentence = f"{text[:100]!r} is neither an e-mail address nor a domain such as acme.com."
    raise EntryInvalidError(sentence, errors=(FieldProblem("value", "do_not_contact_invalid", sentence),))


def _row(
    kind: SuppressionKind, key: str, value: str, entry: NewEntry, actor: Actor, now: datetime
) -> dict[str, object]:
    return {
        "id": new_id(),
        "kind": kind.value,
        "value": value,
        "value_key": key,
        "reason": entry.reason.strip()[:500],
        "list_name": None,
        "until": entry.until,
        "created_by": actor.id,
        "created_at": now,
    }


def _find(db: Session, entry_id: str) -> DoNotContact:
    entry = db.get(DoNotContact, entry_id)
    if entry is None:
        raise EntryNotFoundError("There is no such entry on the do-not-contact list. Somebody may have removed it.")
    return entry


def _note_many(
    db: Session, actor: Actor, action: str, keys: Sequence[tuple[SuppressionKind, str]], told: Mapping[str, object]
) -> None:
    body = {**told, "digest": digest(sorted(key for _, key in keys))}
    record(db, actor, action, ("do_not_contact", None), after=body, count=len(keys))


def _tell(db: Session, actor: Actor, keys: Sequence[tuple[SuppressionKind, str]], now: datetime) -> None:
    announce(db, "do_not_contact")
    addresses = [key for kind, key in keys if kind is SuppressionKind.EMAIL]
    domains = [key for kind, key in keys if kind is SuppressionKind.DOMAIN]
    # Also whom only Woodpecker knows: a colleague may have put them into a campaign there.
    concerned = {*addresses, *queries.lead_keys(db, addresses, domains), *queries.known_at(db, domains)}
    # The domains themselves too: who is added to the account next month is at them as well.
    concerned |= {f"@{domain}" for domain in domains}
    say_suppressed(db, actor, sorted(concerned), now)
