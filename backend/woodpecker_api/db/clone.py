"""Whole copies of a SQLite database, for the deploy: a snapshot before a migration, a clone to rehearse it on, and the way back."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from woodpecker_api.db.dialect import sqlite_module

_COMPANIONS = ("-wal", "-shm")


@dataclass(frozen=True)
class Examination:
    """What a database file holds: `tables` gives rows by table; `problems` is empty when it is sound."""

    tables: dict[str, int]
    problems: list[str]
    bytes: int


def clone(engine: Engine, target: Path) -> None:
    """A consistent copy of this moment at `target`, which must not exist; writers go on meanwhile. Whole or not there at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)
    # The driver's own connection: SQLAlchemy would begin a transaction, inside which VACUUM refuses to run.
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM INTO ?", (str(draft),))
        cursor.close()
    finally:
        connection.close()
    _keep_on_disk(draft)
    draft.rename(target)
    _keep_on_disk(target.parent)


def examine(path: Path, *, quickly: bool = False) -> Examination:
    """Integrity, references and rows of each table of the file. Raises OSError when it is not there.

    Quickly, it does not compare each index with its table, which takes 20 s for a gigabyte instead of 2. A copy made by `clone` has
    its indexes from that copying: there is nothing to find in them.
    """
    check = "quick_check" if quickly else "integrity_check"
    size = path.stat().st_size
    connection = sqlite_module.connect(f"file:{path}?mode=ro", uri=True)
    try:
        problems = [row[0] for row in connection.execute(f"PRAGMA {check}(20)") if row[0] != "ok"]
        problems += [f"{row[0]} row {row[1]} refers to nothing in {row[2]}" for row in _broken_references(connection)]
        tables = _rows(connection)
    except sqlite_module.DatabaseError as error:
        return Examination({}, [str(error)], size)
    finally:
        connection.close()
    return Examination(tables, problems, size)


@dataclass(frozen=True)
class Replaced:
    """The database that a copy took the place of: where it is kept, and by table how many rows only it has."""

    kept: Path
    lost: dict[str, int]


def put_back(database: Path, snapshot: Path) -> Replaced | None:
    """Makes `snapshot`, made by `clone`, the database; nobody may have it open. None when there was none before.

    Raises ValueError, and changes nothing, when the snapshot is not sound. People wait for it: it reads a gigabyte once and writes it once.
    """
    found = examine(snapshot, quickly=True)
    if found.problems:
        raise ValueError(f"{snapshot} is not sound: {found.problems[0]}")
    draft = database.with_name(f".{database.name}.coming")
    shutil.copyfile(snapshot, draft)
    shutil.copymode(snapshot, draft)
    _keep_on_disk(draft)
    kept = _set_aside(database) if database.exists() else None
    draft.replace(database)
    _keep_on_disk(database.parent)
    return None if kept is None else Replaced(kept, _only_in(kept, found.tables))


def _set_aside(database: Path) -> Path:
    """The same file under a second name, so that there is a database at every moment until the other takes its name."""
    kept = database.with_name(f"{database.name}.replaced")
    # The same file already: an earlier try was killed right here, and the log that it put beside `kept` belongs to it.
    if not (kept.exists() and kept.samefile(database)):
        for old in (kept, *(Path(f"{kept}{companion}") for companion in _COMPANIONS)):
            old.unlink(missing_ok=True)
        os.link(database, kept)
    # The log first: beside the older database it would be replayed into it.
    for companion in _COMPANIONS:
        beside = Path(f"{database}{companion}")
        if beside.exists():
            beside.replace(f"{kept}{companion}")
    return kept


def _only_in(kept: Path, was: dict[str, int]) -> dict[str, int]:
    """Nothing is decided by it: a database that was replaced because it cannot be read has no rows to tell."""
    connection = sqlite_module.connect(f"file:{kept}?mode=ro", uri=True)
    try:
        return {table: rows - was[table] for table, rows in _rows(connection).items() if rows > was.get(table, rows)}
    except sqlite_module.DatabaseError:
        return {}
    finally:
        connection.close()


def _rows(connection: Any) -> dict[str, int]:
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - names from the schema
        for name in names
        if not name.startswith("sqlite_")
    }


def _broken_references(connection: Any) -> list[tuple[Any, ...]]:
    return list(connection.execute("PRAGMA foreign_key_check").fetchmany(20))


def _keep_on_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
