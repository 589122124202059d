"""Finding rows by any three letters of a text, on either database: an index of every three letters that follow each other.

SQLite: an FTS5 table beside the rows' own, kept by triggers, which holds no text. PostgreSQL: a GIN index by pg_trgm; where that
extension may not be installed, the same statements read the whole table.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from woodpecker_api.db.dialect import is_sqlite

SUFFIX = "_trigrams"
SHORTEST = 3
"""Shorter words are in no index."""


def is_trigram_index(name: str | None) -> bool:
    """Whether a table or index of this name belongs to such an index: no model describes them."""
    return SUFFIX in (name or "")


def trigram_ddl(table: str, column: str, key: str = "id") -> list[tuple[str, str]]:
    """(dialect, SQL) pairs that index `column` of `table`, whose integer key is `key`; `rebuild_ddl` takes in rows that are there.

    A `key` that is not the primary key may be left out of an insert on SQLite: a trigger gives the next number.
    """
    index = f"{table}{SUFFIX}"
    options = f"content='{table}', content_rowid='{key}', columnsize=0, tokenize='trigram case_sensitive 1'"
    insert = f"INSERT INTO {index}"
    add = f"{insert} (rowid, {column}) VALUES (new.{key}, new.{column});"
    remove = f"{insert} ({index}, rowid, {column}) VALUES ('delete', old.{key}, old.{column});"
    given = ("", "")
    if key != "id":
        given = (f"WHEN new.{key} IS NOT NULL ", f"WHEN old.{key} IS NOT NULL ")
    gin = f"CREATE INDEX ix_{index} ON {table} USING gin ({column} gin_trgm_ops);"
    missing = "insufficient_privilege OR undefined_file OR feature_not_supported"
    warning = f"RAISE WARNING 'pg_trgm is not available: searches read all of {table}';"
    block = f"BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm; {gin} EXCEPTION WHEN {missing} THEN {warning} END"
    return [
        ("sqlite", f"CREATE VIRTUAL TABLE {index} USING fts5({column}, {options})"),
        # Else the letters of a removed row would stay until some later merge.
        ("sqlite", f"{insert} ({index}, rank) VALUES ('secure-delete', 1)"),
        ("sqlite", f"CREATE TRIGGER {index}_insert AFTER INSERT ON {table} {given[0]}BEGIN {add} END"),
        ("sqlite", f"CREATE TRIGGER {index}_delete AFTER DELETE ON {table} {given[1]}BEGIN {remove} END"),
        (
            "sqlite",
            f"CREATE TRIGGER {index}_update AFTER UPDATE OF {key}, {column} ON {table} {given[1]}BEGIN {remove} {add} END",
        ),
        *([("sqlite", sql) for sql in _numbering(table, index, key, add)] if key != "id" else []),
        ("postgresql", f"DO $$ {block} $$"),
    ]


def _numbering(table: str, index: str, key: str, add: str) -> tuple[str, str]:
    """A row that came without a number gets the next one, and then its letters."""
    following = f"(SELECT coalesce(max({key}), 0) + 1 FROM {table})"  # noqa: S608  names of ours
    number = f"UPDATE {table} SET {key} = {following} WHERE rowid = new.rowid;"  # noqa: S608
    came_without, got_one = f"new.{key} IS NULL", f"old.{key} IS NULL AND new.{key} IS NOT NULL"
    return (
        f"CREATE TRIGGER {index}_number AFTER INSERT ON {table} WHEN {came_without} BEGIN {number} END",
        f"CREATE TRIGGER {index}_numbered AFTER UPDATE OF {key} ON {table} WHEN {got_one} BEGIN {add} END",
    )


def rebuild_ddl(table: str) -> list[tuple[str, str]]:
    """Takes the rows that are there into a new index; PostgreSQL did so when it made it."""
    return [("sqlite", f"INSERT INTO {table}{SUFFIX} ({table}{SUFFIX}) VALUES ('rebuild')")]  # noqa: S608  names of ours


def index_trigrams(table: Any, column: str, key: str = "id") -> None:
    """Makes the index wherever the table is made from the models; the migration makes the same."""
    for dialect, sql in trigram_ddl(table.name, column, key):
        # DDL's own formatting is Python's with %.
        event.listen(table, "after_create", sa.DDL(sql.replace("%", "%%")).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]


def rows_containing(
    bind: sa.Connection | sa.Engine, table: Any, column: str, words: Sequence[str], key: str = "id"
) -> tuple[sa.FromClause, list[sa.ColumnElement[bool]]]:
    """What to select from and under which conditions: rows of `table` whose text contains every word.

    Words are folded as the text is. `column` of `table` is indexed by `trigram_ddl`.
    """
    text = table.c[column]
    long = [word for word in words if _is_indexed(word)]
    if not is_sqlite(bind) or not long:
        return table, [text.contains(word, autoescape=True) for word in words]
    index = sa.table(f"{table.name}{SUFFIX}", sa.column("rowid"))
    sought = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
    # The plus keeps the order: the index is asked first, not once for each row.
    rowid: sa.ColumnElement[int] = sa.literal_column(f"+{index.name}.rowid")
    matches = sa.literal_column(index.name).op("MATCH")(sought)
    source = sa.join(index, table, sa.and_(matches, table.c[key] == rowid))
    return source, [text.contains(word, autoescape=True) for word in words if word not in long]


def has_indexed(words: Sequence[str]) -> bool:
    """Whether the index can help to find these words."""
    return any(_is_indexed(word) for word in words)


def _is_indexed(word: str) -> bool:
    return len(word) >= SHORTEST and "\0" not in word
