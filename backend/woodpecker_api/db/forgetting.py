"""Where a person is in the tables, and how the rows are emptied: each room names its own places.

A place is found and emptied in two steps, so that no search through large tables happens while writers wait.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.kit.clock import rfc3339

_SLICE = 500


@dataclass(frozen=True)
class Place:
    """Rows of one table that are about a person, and what they become: other values, or (None) no rows at all."""

    table: Any
    where: sa.ColumnElement[bool]
    emptied: Mapping[str, Any] | None = None
    others_too: bool = False
    """The rows speak of other people as well: they are emptied, and never told."""

    @property
    def name(self) -> str:
        return str(self.table.__tablename__)


def mentions(column: Any, words: Collection[str]) -> sa.ColumnElement[bool]:
    """Whether the text (or stored JSON) of a column contains one of the words, whatever their case."""
    text = sa.cast(column, sa.Text)
    # JSON is stored in ASCII in some columns and as it is in others.
    spelled = {form for word in words for form in (word, json.dumps(word)[1:-1])}
    return sa.or_(sa.false(), *(text.icontains(form, autoescape=True) for form in sorted(spelled)))


def keys_at(db: Session, place: Place) -> list[tuple[Any, ...]]:
    """Primary keys of the rows that still say something of the person."""
    return [tuple(row) for row in db.execute(sa.select(*_primary(place)).where(place.where, _not_yet(place)))]


def forget(db: Session, place: Place, keys: Sequence[tuple[Any, ...]]) -> int:
    """Empties or deletes these rows; how many there were."""
    primary = _primary(place)
    for start in range(0, len(keys), _SLICE):
        part = keys[start : start + _SLICE]
        these = primary[0].in_([key[0] for key in part]) if len(primary) == 1 else sa.tuple_(*primary).in_(part)
        if place.emptied is None:
            db.execute(sa.delete(place.table).where(these), execution_options={"synchronize_session": False})
        else:
            values = {getattr(place.table, name): value for name, value in place.emptied.items()}
            db.execute(
                sa.update(place.table).where(these).values(values), execution_options={"synchronize_session": False}
            )
    return len(keys)


def rows_at(db: Session, place: Place) -> list[dict[str, Any]]:
    """The rows as plain JSON values, for whoever asks what is held about them."""
    rows = db.execute(sa.select(*place.table.__table__.columns).where(place.where)).mappings()
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def _primary(place: Place) -> list[Any]:
    return [getattr(place.table, column.key) for column in place.table.__table__.primary_key.columns]


def _not_yet(place: Place) -> sa.ColumnElement[bool]:
    """A row that was emptied before is not found again: looking until nothing is found comes to an end."""
    if place.emptied is None:
        return sa.true()
    return sa.or_(sa.false(), *(_differs(getattr(place.table, name), value) for name, value in place.emptied.items()))


def _differs(column: Any, value: Any) -> sa.ColumnElement[bool]:
    if value is None:
        differs: sa.ColumnElement[bool] = column.is_not(None)
    elif isinstance(value, dict | list):  # PostgreSQL compares no JSON
        differs = sa.cast(column, sa.Text) != json.dumps(value)
    elif isinstance(value, datetime):  # the moment of emptying: once set it stays
        differs = column.is_(None)
    else:
        differs = column.is_distinct_from(value)
    return differs


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return rfc3339(value)
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


def all_keys(db: Session, places: Iterable[Place]) -> list[tuple[Place, list[tuple[Any, ...]]]]:
    """Each place that has rows, with their keys."""
    found = ((place, keys_at(db, place)) for place in places)
    return [(place, keys) for place, keys in found if keys]
