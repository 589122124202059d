"""The list: newest or oldest first, by the index that its filters have, page after page by key.

Each index on attempts ends in (started_at, id), so a filter with one value is walked in order and no page sorts anything but the
attempts of the few people whom a search found (`searching`).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.base import UtcDateTime
from woodpecker_api.db.trigrams import has_indexed
from woodpecker_api.features.exports.models import Attempt
from woodpecker_api.features.history.queries.searching import attempts_of_people, narrowed
from woodpecker_api.features.history.rules import Wanted
from woodpecker_api.kit.paging import COUNT_CAP

Key = tuple[datetime, str]
"""Where a page ended: (started_at, id) of its last row."""

COLUMNS = [
    column for column in Attempt.__table__.columns if column.name not in ("search_text", "fields_hash", "batch_id")
]


_EVERY = sa.select(*COLUMNS)
"""Made once: that takes longer than the database needs for a page."""


def page(db: Session, wanted: Wanted, *, newest_first: bool, after: Key | None, limit: int) -> list[sa.Row[Any]]:
    wanted = narrowed(db, wanted)
    return list(db.execute(page_statement(wanted, newest_first=newest_first, after=after, limit=limit)))


def page_statement(wanted: Wanted, *, newest_first: bool, after: Key | None, limit: int) -> sa.Select[Any]:
    place = (Attempt.started_at, Attempt.id)
    statement = _EVERY.where(*conditions(wanted)).limit(limit)
    if after is not None:
        here, last = sa.tuple_(*place), sa.tuple_(sa.literal(after[0], UtcDateTime), sa.literal(after[1]))
        statement = statement.where(here < last if newest_first else here > last)
    return statement.order_by(*(column.desc() if newest_first else column.asc() for column in place))


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


def conditions(wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    if wanted.people is not None:
        yield Attempt.address_key.in_(wanted.people)
    for column, value in (
        (Attempt.address_key, wanted.search.address),
        (Attempt.domain, wanted.search.domain),
        (Attempt.address_key, wanted.address),
        (Attempt.campaign_id, wanted.campaign_id),
        (Attempt.export_id, wanted.export_id),
        (Attempt.lead_id, wanted.lead_id),
        (Attempt.user_id, wanted.user_id),
    ):
        if value is not None:
            yield (column if wanted.people is None else _as_read(column)) == value
    if len(wanted.statuses) == 1 and wanted.people is None:
        yield Attempt.status == wanted.statuses[0]
    elif wanted.statuses:
        # Several values of an index are several walks, which would have to be sorted: look at the status of each row instead.
        yield _as_read(Attempt.status).in_(wanted.statuses)
    if wanted.since is not None:
        yield Attempt.started_at >= wanted.since
    if wanted.until is not None:
        yield Attempt.started_at < wanted.until
    if not wanted.with_sandbox:
        yield Attempt.sandbox.is_(False)
    for word in wanted.search.words:
        yield Attempt.search_text.contains(word, autoescape=True)


def _as_read(column: Any) -> sa.ColumnElement[Any]:
    """The column's value, out of reach of its index: another one is to be used."""
    return sa.func.coalesce(column, "")
