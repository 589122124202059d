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


def examine(path: Path) -> Examination:
    """Integrity, references and rows of each table of the file. Raises OSError when it is not there."""
    size = path.stat().st_size
    connection = sqlite_module.connect(f"file:{path}?mode=ro", uri=True)
    try:
        problems = [row[0] for row in connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
        problems += [f"{row[0]} row {row[1]} refers to nothing in {row[2]}" for row in _broken_references(connection)]
        names = [
            row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ]
        tables = {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - names from the schema
            for name in names
            if not name.startswith("sqlite_")
        }
    except sqlite_module.DatabaseError as error:
        return Examination({}, [str(error)], size)
    finally:
        connection.close()
    return Examination(tables, problems, size)


def put_back(database: Path, snapshot: Path) -> Path | None:
    """Makes `snapshot` the database; nobody may have it open. Gives the path under which the present one is kept.

    Raises ValueError, and changes nothing, when the snapshot is not sound.
    """
    found = examine(snapshot)
    if found.problems:
        raise ValueError(f"{snapshot} is not sound: {found.problems[0]}")
    draft = database.with_name(f".{database.name}.coming")
    shutil.copyfile(snapshot, draft)
    shutil.copymode(snapshot, draft)
    _keep_on_disk(draft)
    kept = None
    if database.exists():
        kept = database.with_name(f"{database.name}.replaced")
        # The log first: beside the older database it would be replayed into it.
        for companion in _COMPANIONS:
            beside = Path(f"{database}{companion}")
            if beside.exists():
                beside.replace(f"{kept}{companion}")
        shutil.copyfile(database, kept)
    draft.replace(database)
    _keep_on_disk(database.parent)
    return kept


def _broken_references(connection: Any) -> list[tuple[Any, ...]]:
    return list(connection.execute("PRAGMA foreign_key_check").fetchmany(20))


def _keep_on_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
