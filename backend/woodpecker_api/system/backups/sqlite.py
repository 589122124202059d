"""SQLite: a copy while others write, looking into it without touching it, and putting it in the database's place."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from woodpecker_api.db.dialect import BUSY_TIMEOUT_MS, sqlite_module
from woodpecker_api.system.backups.content import read_content, what_is_wrong
from woodpecker_api.system.backups.manifest import Content
from woodpecker_api.system.backups.shelf import sync

FILE = "database.sqlite3"
ASIDE = "before-restore"
_COMPANIONS = ("-wal", "-shm")


def copy_database(source: Path, target: Path) -> None:
    """One moment of the database, whatever is written meanwhile; writers do not wait.

    VACUUM INTO reads every page in one read transaction, so it also finds a source that cannot be read any more.
    """
    connection = sqlite_module.connect(f"file:{quote(str(source))}?mode=ro", uri=True, timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        connection.isolation_level = None
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()
    target.chmod(0o600)


def content_of(file: Path) -> Content:
    engine = _closed_book(file)
    with Session(engine) as db:
        return read_content(db)


def problems_of(file: Path, expected: Content) -> list[str]:
    """Opens the copy and reads all of it. A copy that is no database is a problem, not an error."""
    engine = _closed_book(file)
    try:
        with Session(engine) as db:
            connection = db.connection()
            said = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(5)")]
            if said != ["ok"]:
                return [f"SQLite finds it damaged: {said[0]}"]
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(1)
            if broken:
                return [f"rows of {broken[0][0]} refer to rows that are not there"]
            return what_is_wrong(db, expected)
    except (sa.exc.SQLAlchemyError, ValueError) as error:
        return [f"it cannot be read as a database ({type(error).__name__})"]


def put_in_place(copy: Path, database: Path, prepare: Callable[[Path], None], now: datetime) -> Path | None:
    """Exchanges the database for a copy that `prepare` has worked on; gives back where the old one is kept.

    Nobody else may have the database open. Whatever fails before the last step leaves it as it was; a crash leaves the old
    one or the new one in its place, never a part of each.
    """
    draft = database.with_name(f".restoring-{database.name}")
    _remove(draft)
    try:
        shutil.copyfile(copy, draft)
        draft.chmod(0o600)
        prepare(draft)
        _empty_log(draft)
        sync(draft)
        aside = _keep_aside(database, now)
        _remove_companions(database)
        draft.replace(database)
        sync(database.parent)
    finally:
        _remove(draft)
    return aside


def _closed_book(file: Path) -> sa.Engine:
    """Read-only and immutable: looking leaves no trace, and no trigger or view of the file may run code of ours."""

    def connect() -> Any:
        connection = sqlite_module.connect(
            f"file:{quote(str(file))}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        connection.execute("PRAGMA trusted_schema=OFF")
        return connection

    return sa.create_engine("sqlite://", creator=connect, module=sqlite_module, poolclass=NullPool)


def _keep_aside(database: Path, now: datetime) -> Path | None:
    """A second name for the old file: no copy, so it costs no room and no time."""
    if not database.exists():
        return None
    with suppress(sqlite_module.Error):  # damaged: it is kept with its log as it is
        _empty_log(database)
    aside = database.parent / ASIDE / f"{now:%Y%m%d-%H%M%S-%f}"
    aside.mkdir(parents=True, mode=0o700)
    for path in (database, *(Path(f"{database}{end}") for end in _COMPANIONS)):
        if path.exists():
            (aside / path.name).hardlink_to(path)
    sync(aside)
    return aside


def _empty_log(database: Path) -> None:
    """Moves the write-ahead log into the file, so that the file alone is the whole database."""
    connection = sqlite_module.connect(str(database), timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()


def _remove(database: Path) -> None:
    database.unlink(missing_ok=True)
    _remove_companions(database)


def _remove_companions(database: Path) -> None:
    # A log that stayed behind would be applied to the new file.
    for end in _COMPANIONS:
        Path(f"{database}{end}").unlink(missing_ok=True)
