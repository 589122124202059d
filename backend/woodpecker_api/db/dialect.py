"""What differs between SQLite and PostgreSQL, in one place; how rows are inserted is in `inserting`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import ConnectionPoolEntry

from woodpecker_api.db.turns import connection_class

try:
    import pysqlite3 as _sqlite
except ImportError:  # no wheel for this platform: the standard module, whose age `sqlite_is_safe` judges
    import sqlite3 as _sqlite

sqlite_module: Any = _sqlite

READ_ONLY = "woodpecker_read_only"
"""Execution option of an engine whose transactions only read."""

# Before 3.51.3 two connections that write and checkpoint at once can lose committed writes (sqlite.org, 2026-03).
SAFE_SQLITE = (3, 51, 3)
BUSY_TIMEOUT_MS = 30_000


def sqlite_version() -> str:
    return str(sqlite_module.sqlite_version)


def sqlite_is_safe() -> bool:
    return tuple(int(part) for part in sqlite_version().split(".")) >= SAFE_SQLITE


def make_engine(url: str) -> Engine:
    """The one engine of a process: WAL, foreign keys and immediate writers on SQLite; a checked pool on PostgreSQL."""
    if not is_sqlite_url(url):
        return sa.create_engine(url, pool_size=20, max_overflow=20, pool_pre_ping=True, hide_parameters=True)
    engine = sa.create_engine(
        url,
        hide_parameters=True,  # an error's text goes to the log; the values are people's data
        module=sqlite_module,
        # More connections than worker threads: a thread that waits for the pool would hold up the writer.
        pool_size=40,
        max_overflow=20,
        # Each keeps pages in memory for good: so few are used as are needed at once, and those have what was read last.
        pool_use_lifo=True,
        connect_args={
            "check_same_thread": False,
            "timeout": BUSY_TIMEOUT_MS / 1000,
            "factory": connection_class(sqlite_module, BUSY_TIMEOUT_MS),
        },
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def reading_engine(engine: Engine) -> Engine:
    """The same pool for transactions that only read: each sees one moment, and waits for no writer."""
    if is_sqlite(engine):
        return engine.execution_options(**{READ_ONLY: True})
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def is_sqlite_url(url: str) -> bool:
    return url.startswith("sqlite")


def is_sqlite(bind: Engine | sa.Connection) -> bool:
    return bind.dialect.name == "sqlite"


def lock_until_commit(connection: sa.Connection, number: int) -> None:
    """One transaction at a time passes here; on SQLite a writer is alone anyway."""
    if not is_sqlite(connection):
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


@contextmanager
def references_checked_at_the_end(engine: Engine) -> Iterator[sa.Connection]:
    """One transaction in which tables may be made anew.

    SQLite changes most of a table by copying and dropping it, and a drop deletes what others refer to: so it checks
    references only once all is done. Raises `IntegrityError`, and changes nothing, when one then leads nowhere.
    """
    with engine.connect() as connection:
        if not is_sqlite(connection):
            with connection.begin():
                yield connection
            return
        # On the driver's own connection: inside a transaction SQLite passes over this setting.
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        try:
            with connection.begin():
                yield connection
                _refuse_dangling(connection)
        finally:
            driver.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def _refuse_dangling(connection: sa.Connection) -> None:
    dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(3)
    if dangling:
        places = ", ".join(f"{table} row {row} → {parent}" for table, row, parent, _ in dangling)
        raise sa.exc.IntegrityError("PRAGMA foreign_key_check", None, ValueError(f"References lead nowhere: {places}"))


def day_of(column: Any, bind: Engine | sa.Connection) -> sa.ColumnElement[str]:
    """The day of a UtcDateTime column as 2026-03-31, in UTC."""
    if is_sqlite(bind):
        return sa.func.substr(sa.type_coerce(column, sa.String), 1, 10)
    return sa.func.to_char(sa.func.timezone("UTC", column), "YYYY-MM-DD")


def database_bytes(connection: sa.Connection) -> int:
    """What the database takes on the disk, without its write-ahead log."""
    if is_sqlite(connection):
        pages, size = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_count", "page_size")
        )
        return int(pages * size)
    return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def server_version(connection: sa.Connection) -> str:
    """Such as "SQLite 3.53.4" or "PostgreSQL 17.2"."""
    if is_sqlite(connection):
        return f"SQLite {sqlite_version()}"
    return f"PostgreSQL {connection.exec_driver_sql('SHOW server_version').scalar_one()}"


def overwrite_freed_space(engine: Engine) -> bool:
    """Nothing that was deleted stays legible in the files: SQLite is written anew, PostgreSQL vacuums.

    Takes about a second for 100 MB, in which writers of SQLite wait. False when readers held it up: repeat it later.
    """
    whole = True
    connection = engine.raw_connection()
    try:
        driver = connection.driver_connection
        assert driver is not None
        if engine.dialect.name == "sqlite":
            # Pages that were split keep old rows between their new ones, which secure_delete does not reach.
            driver.execute("VACUUM")
            busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            whole = not busy
        else:
            driver.autocommit = True
            driver.execute("VACUUM")
            driver.autocommit = False
    finally:
        connection.close()
    return whole


def refuse_changes_ddl(table: str) -> list[tuple[str, str]]:
    """(dialect, SQL) pairs that make `table` append-only by triggers."""
    return [
        *(
            (
                "sqlite",
                (
                    f"CREATE TRIGGER {table}_refuse_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                ),
            )
            for verb in ("UPDATE", "DELETE")
        ),
        (
            "postgresql",
            (
                f"CREATE FUNCTION {table}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
            ),
        ),
        (
            "postgresql",
            (
                f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse_change()"
            ),
        ),
    ]


def _prepare_sqlite(connection: Any, _record: ConnectionPoolEntry) -> None:
    # Transactions are begun by `_begin_sqlite`, not by the driver.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # an acknowledged write survives a power cut
        "foreign_keys=ON",
        "recursive_triggers=ON",  # else REPLACE would pass by the triggers that keep the audit lines
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "secure_delete=ON",  # what is deleted is overwritten: an erased person must not be legible in the file
        # KiB for each connection, so 160 MB after a rush in which all of the pool were used; the system's own cache is behind it.
        "cache_size=-4000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """Writers take the lock at once: a transaction that turns writer half-way can fail with "busy" at any line."""
    reading = connection.get_execution_options().get(READ_ONLY, False)
    driver: Any = connection.connection.driver_connection
    if reading:
        connection.exec_driver_sql("BEGIN")
    elif not _has_begun(driver):
        # Once more by SQLAlchemy, whose error everybody knows; a tenth of a second after so long a wait.
        driver.execute("PRAGMA busy_timeout=100")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _has_begun(driver: Any) -> bool:
    try:
        return bool(driver.begin_writing())
    except sqlite_module.Error:
        # The driver's own error, such as of a file that cannot be written any more: asking again shows it in SQLAlchemy's form.
        return False
