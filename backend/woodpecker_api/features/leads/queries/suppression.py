"""The do-not-contact list: entries, pages, and the whole of it at one moment."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.inserting import upsert
from woodpecker_api.features.campaigns.models import AccountPerson
from woodpecker_api.features.leads.models import DoNotContact, Lead
from woodpecker_api.features.leads.queries.selecting import chunks
from woodpecker_api.features.leads.rules import Suppressed, SuppressionKind, fold
from woodpecker_api.kit.paging import COUNT_CAP, encode_cursor


def _in_force(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(DoNotContact.until.is_(None), DoNotContact.until > now)


def suppressed_at(db: Session, now: datetime) -> Suppressed:
    """Every entry that counts at that moment."""
    columns = (DoNotContact.kind, DoNotContact.value_key, DoNotContact.reason)
    addresses: dict[str, str] = {}
    domains: dict[str, str] = {}
    for kind, key, reason in db.execute(sa.select(*columns).where(_in_force(now))):
        (addresses if kind == SuppressionKind.EMAIL else domains)[key] = reason
    return Suppressed(addresses, domains)


def page(
    db: Session, *, q: str | None, list_name: str | None, after: list[Any] | None, limit: int
) -> tuple[list[DoNotContact], str | None, int]:
    """Entries, newest first, the cursor to go on, and how many there are (up to the cap)."""
    wanted = _wanted(q, list_name)
    some = sa.select(DoNotContact.id).where(*wanted).limit(COUNT_CAP + 1).subquery()
    total = db.scalar(sa.select(sa.func.count()).select_from(some)) or 0
    statement = sa.select(DoNotContact).where(*wanted).order_by(DoNotContact.id.desc()).limit(limit + 1)
    if after is not None:
        statement = statement.where(DoNotContact.id < str(after[0]))
    rows = list(db.scalars(statement))
    cursor = encode_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return rows[:limit], cursor, total


def _wanted(q: str | None, list_name: str | None) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if q:
        wanted.append(DoNotContact.value_key.contains(fold(q), autoescape=True))
    if list_name is not None:
        wanted.append(DoNotContact.list_name == (list_name or None))
    return wanted


def by_key(db: Session, kind: SuppressionKind, key: str) -> DoNotContact | None:
    return db.scalar(sa.select(DoNotContact).where(DoNotContact.kind == kind, DoNotContact.value_key == key))


def in_force_among(
    db: Session, keys: Sequence[tuple[SuppressionKind, str]], now: datetime
) -> set[tuple[SuppressionKind, str]]:
    """Of these entries, those that are on the list and count at that moment."""
    found: set[tuple[SuppressionKind, str]] = set()
    for kind in SuppressionKind:
        for chunk in chunks([key for of, key in keys if of is kind]):
            chosen = sa.select(DoNotContact.value_key).where(
                DoNotContact.kind == kind, DoNotContact.value_key.in_(chunk), _in_force(now)
            )
            found.update((kind, key) for key in db.scalars(chosen))
    return found


def take_list_away(db: Session, list_name: str) -> int:
    """The whole list; how many entries it had."""
    taken = db.execute(sa.delete(DoNotContact).where(DoNotContact.list_name == list_name))
    return int(getattr(taken, "rowcount", 0))


def put_many(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts, or renews reason, end and list of an entry that is there."""
    if rows:
        change = ["reason", "until", "list_name"]
        db.execute(upsert(DoNotContact, db.connection(), key=["kind", "value_key"], change=change), list(rows))


def keys_of_list(db: Session, list_name: str) -> set[tuple[str, str]]:
    statement = sa.select(DoNotContact.kind, DoNotContact.value_key).where(DoNotContact.list_name == list_name)
    return {(row.kind, row.value_key) for row in db.execute(statement)}


def remove_from_list(db: Session, list_name: str, keys: Sequence[tuple[str, str]]) -> None:
    for kind in SuppressionKind:
        for chunk in chunks([key for of, key in keys if of == kind]):
            db.execute(
                sa.delete(DoNotContact).where(
                    DoNotContact.list_name == list_name, DoNotContact.kind == kind, DoNotContact.value_key.in_(chunk)
                )
            )


def lead_keys(db: Session, addresses: Sequence[str], domains: Sequence[str]) -> list[str]:
    """Address keys of live leads that these entries concern."""
    found: set[str] = set()
    for column, values in ((Lead.address_key, addresses), (Lead.domain, domains)):
        for chunk in chunks(values):
            found.update(db.scalars(sa.select(Lead.address_key).where(column.in_(chunk), Lead.deleted_at.is_(None))))
    for domain in domains:
        below = Lead.domain.endswith("." + domain, autoescape=True)
        found.update(db.scalars(sa.select(Lead.address_key).where(below, Lead.deleted_at.is_(None))))
    return sorted(found)


def known_at(db: Session, domains: Sequence[str]) -> list[str]:
    """Address keys at these domains, and below them, of people whom our copy of the Woodpecker account has."""
    found: set[str] = set()
    for domain in domains:
        found.update(db.scalars(sa.select(AccountPerson.address_key).where(AccountPerson.is_at(domain))))
    return sorted(found)


def every(db: Session) -> Iterator[DoNotContact]:
    yield from db.scalars(sa.select(DoNotContact).order_by(DoNotContact.id).execution_options(yield_per=1000))
