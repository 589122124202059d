"""How rows are inserted that may be there already: past them, over them, or many at a time; the same on both databases."""

import json
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine

from woodpecker_api.db.dialect import is_sqlite

# After each statement FTS5 writes what it gathered and merges it: a statement for each row took 120 µs of 175 (import_leads.py).
_ROWS_A_STATEMENT = 500
_MOST_VALUES = 32_766
"""SQLite's own limit for one statement."""


def insert_ignore(table: Any, bind: Engine | sa.Connection) -> Any:
    """INSERT that passes over rows which a unique index refuses."""
    module = sqlite if is_sqlite(bind) else postgresql
    return module.insert(table).on_conflict_do_nothing()


def insert_texts_ignore(
    connection: sa.Connection,
    table: Any,
    names: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    constants: Mapping[str, Any],
) -> int:
    """`insert_ignore` for thousands of rows that are ready for the database (JSON columns as JSON texts).

    `constants` are columns that are the same for all, as the models have them. A fifth of the time of one
    statement a row where a trigger keeps an index of letters. How many were inserted; -1 where the driver does not say.
    """
    if not is_sqlite(connection):
        shapes = [json.loads if isinstance(table.c[name].type, sa.JSON) else str for name in names]
        dicts = [
            {name: shape(value) for name, shape, value in zip(names, shapes, row, strict=True)} | dict(constants)
            for row in rows
        ]
        return connection.execute(insert_ignore(table, connection), dicts).rowcount
    same = tuple(
        value if (turn := _bind_processor(table.c[name], connection)) is None else turn(value)
        for name, value in constants.items()
    )
    columns = ", ".join(f'"{name}"' for name in (*names, *constants))
    width = len(names) + len(constants)
    inserted = 0
    for start in range(0, len(rows), size := min(_ROWS_A_STATEMENT, _MOST_VALUES // width)):
        part = rows[start : start + size]
        marks = ", ".join([f"({', '.join('?' * width)})"] * len(part))
        statement = f'INSERT INTO "{table.name}" ({columns}) VALUES {marks} ON CONFLICT DO NOTHING'  # noqa: S608
        values = tuple(chain.from_iterable(row + same for row in part))
        inserted += connection.exec_driver_sql(statement, values).rowcount
    return inserted


def upsert(table: Any, bind: Engine | sa.Connection, *, key: list[str], change: list[str]) -> Any:
    """INSERT that updates the columns `change` where a row with the same `key` exists."""
    module = sqlite if is_sqlite(bind) else postgresql
    statement = module.insert(table)
    return statement.on_conflict_do_update(index_elements=key, set_={name: statement.excluded[name] for name in change})


def _bind_processor(column: Any, connection: sa.Connection) -> Any:
    return column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
