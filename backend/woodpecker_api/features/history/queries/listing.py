"""The list: newest or oldest first, by the index that its filters have, page after page by key.

Each index on attempts ends in (started_at, id), so a filter with one value is walked in order and no page sorts anything but the
attempts of the few people whom a search found (`searching`). Pages are the hottest list of the program: their statements are
compiled once for each set of filters (`db/prepared`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.base import UtcDateTime
from woodpecker_api.db.prepared import Prepared
from woodpecker_api.db.trigrams import has_indexed
from woodpecker_api.features.exports.models import Attempt
from woodpecker_api.features.history import rules
from woodpecker_api.features.history.queries.conditions import conditions, outline, values_of, walked
from woodpecker_api.features.history.queries.searching import attempts_of_people, narrowed
from woodpecker_api.features.history.rules import Wanted
from woodpecker_api.kit.paging import COUNT_CAP

Key = tuple[datetime, str]
"""Where a page ended: (started_at, id) of its last row."""

COLUMNS = [
    column for column in Attempt.__table__.columns if column.name not in ("search_text", "fields_hash", "batch_id")
]
PROBED = 3000
"""A search first looks through so many of the newest attempts: a common word fills its page there, before the index of letters
could even say that it is common. As many rows cost about as much as asking that index (benchmarks/history.py)."""
_PLACE = (Attempt.started_at, Attempt.id)


@dataclass(frozen=True)
class Part:
    """Which part of a list: `after` this key, up to and including `last`, so many rows."""

    newest_first: bool
    after: Key | None
    limit: int
    last: Key | None = None


def page(db: Session, wanted: Wanted, *, newest_first: bool, after: Key | None, limit: int) -> list[Any]:
    """Rows by column name (COLUMNS)."""
    part = Part(newest_first, after, limit)
    if not wanted.search.words or wanted.people is not None or wanted.address is not None:
        return _rows(db, wanted, part)
    found, part = _looked_through(db, wanted, part, PROBED)
    if part.limit and (further := rules.worth_looking_through(len(found), limit, PROBED)):
        more, part = _looked_through(db, wanted, part, further)
        found += more
    return found + _rows(db, narrowed(db, wanted), part) if part.limit else found


def _looked_through(db: Session, wanted: Wanted, part: Part, attempts: int) -> tuple[list[Any], Part]:
    """What the next so many attempts of the list have, and the part that is left: its limit is 0 where nothing is."""
    end = _run(db, _prepared_probe, wanted, replace(part, limit=attempts))
    seen = replace(part, last=(end[0].started_at, end[0].id)) if end else part
    found = _rows(db, wanted, seen)
    return found, replace(part, after=seen.last, limit=part.limit - len(found) if end else 0)


def page_statement(wanted: Wanted, part: Part) -> sa.Select[Any]:
    found = sa.select(*COLUMNS).where(*conditions(wanted))
    return _ordered(found.limit(sa.bindparam("limit", part.limit)), part)


def probe_statement(wanted: Wanted, part: Part) -> sa.Select[Any]:
    """Where the part's first `limit` attempts end, found by the index alone."""
    found: Any = sa.select(*_PLACE).where(*walked(wanted))
    return _ordered(found.limit(1).offset(sa.bindparam("limit", PROBED)), part)


def _rows(db: Session, wanted: Wanted, part: Part) -> list[Any]:
    if wanted.people is not None:  # a list of people has another length each time
        return list(db.execute(page_statement(wanted, part)))
    return _run(db, _prepared_page, wanted, part)


def _run(db: Session, prepare: Callable[[sa.Dialect, Wanted, Part], Prepared], wanted: Wanted, part: Part) -> list[Any]:
    connection = db.connection()
    values = values_of(wanted) | {"limit": part.limit}
    for name, key in (("after", part.after), ("last", part.last)):
        if key is not None:
            values[f"{name}_at"], values[f"{name}_id"] = key
    alike = Part(part.newest_first, part.after and _SOME, 1, part.last and _SOME)
    return prepare(connection.dialect, outline(wanted), alike).rows(connection, values)


_SOME: Key = (datetime(2000, 1, 1, tzinfo=UTC), "")


# As many as there are sets of filters that people use together; others are compiled again.
@lru_cache(maxsize=512)
def _prepared_page(dialect: sa.Dialect, wanted: Wanted, part: Part) -> Prepared:
    return Prepared(page_statement(wanted, part), dialect)


@lru_cache(maxsize=128)
def _prepared_probe(dialect: sa.Dialect, wanted: Wanted, part: Part) -> Prepared:
    return Prepared(probe_statement(wanted, part), dialect)


def _ordered(statement: sa.Select[Any], part: Part) -> sa.Select[Any]:
    here = sa.tuple_(*_PLACE)
    if part.after is not None:
        after = _there("after", part.after)
        statement = statement.where(here < after if part.newest_first else here > after)
    if part.last is not None:
        last = _there("last", part.last)
        statement = statement.where(here >= last if part.newest_first else here <= last)
    return statement.order_by(*(column.desc() if part.newest_first else column.asc() for column in _PLACE))


def _there(name: str, key: Key) -> sa.Tuple:
    return sa.tuple_(sa.bindparam(f"{name}_at", key[0], UtcDateTime), sa.bindparam(f"{name}_id", key[1]))


def count_up_to_cap(db: Session, wanted: Wanted) -> int:
    """Exact up to COUNT_CAP; COUNT_CAP + 1 means more."""
    wanted = narrowed(db, wanted)
    by_people = wanted.people is None and has_indexed(wanted.search.words) and not _has_its_own_index(wanted)
    return db.scalar(count_by_people(db.connection(), wanted) if by_people else count_statement(wanted)) or 0


def count_statement(wanted: Wanted) -> sa.Select[Any]:
    some = sa.select(sa.literal(1)).select_from(Attempt).where(*conditions(wanted)).limit(COUNT_CAP + 1)
    return sa.select(sa.func.count()).select_from(some.subquery())


def count_by_people(bind: sa.Connection, wanted: Wanted) -> sa.Select[Any]:
    """Of the words' people the attempts: where they are a few in a hundred of all, far fewer rows than on the way to the cap."""
    rest = conditions(replace(wanted, search=replace(wanted.search, words=())))
    attempts = attempts_of_people(bind, wanted.search.words).where(*rest).limit(COUNT_CAP + 1)
    return sa.select(sa.func.count()).select_from(attempts.subquery())


def _has_its_own_index(wanted: Wanted) -> bool:
    values = (wanted.address, wanted.campaign_id, wanted.export_id, wanted.lead_id, wanted.user_id)
    return any(value is not None for value in values) or len(wanted.statuses) == 1
