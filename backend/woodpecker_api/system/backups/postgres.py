"""PostgreSQL: pg_dump of one moment, looking into it in a scratch database, and exchanging databases by name."""

import contextlib
import itertools
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from woodpecker_api.kit.ids import new_id
from woodpecker_api.system.backups.content import read_content, what_is_wrong
from woodpecker_api.system.backups.errors import BackupImpossibleError
from woodpecker_api.system.backups.manifest import Content

FILE = "database.pgdump"
# Of the tools' own words, enough to know what is the matter; they name objects, not rows.
_SAID = 300
# pg_restore of PostgreSQL 17 sets it whatever the server is; it stands among the settings that a script begins with.
_UNKNOWN_TO_OLDER_SERVERS = b"SET transaction_timeout = "
_LINES_OF_SETTINGS = 40


def copy_database(engine: sa.Engine, target: Path) -> Content:
    """The dump and the counts are of the same moment: both read the snapshot that one transaction exports."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, Session(connection) as db:
        snapshot = db.scalar(sa.text("SELECT pg_export_snapshot()"))
        content = read_content(db)
        _run("pg_dump", engine.url, "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
    target.chmod(0o600)
    return content


def problems_of(file: Path, expected: Content, url: sa.URL) -> list[str]:
    """Restores it into a scratch database of the same server and reads all of it there."""
    with _scratch(url) as scratch:
        try:
            _restore(file, scratch)
        except BackupImpossibleError as error:
            return [f"pg_restore cannot read it: {error.detail}"]
        engine = sa.create_engine(scratch, poolclass=NullPool)
        with Session(engine) as db:
            return what_is_wrong(db, expected)


def put_in_place(file: Path, url: sa.URL, prepare: Callable[[sa.URL], None], now: datetime) -> str:
    """Exchanges the database for the dump that `prepare` has worked on; gives back the old one's new name."""
    with _scratch(url) as scratch:
        _restore(file, scratch)
        prepare(scratch)
        aside = f"{url.database}_before_restore_{now:%Y%m%d_%H%M%S}"
        with _maintenance(url) as connection:
            _refuse_when_in_use(connection, url)
            # Both names change in one transaction: there is a database under the name at every moment.
            connection.exec_driver_sql("BEGIN")
            _rename(connection, url.database, aside)
            _rename(connection, scratch.database, url.database)
            connection.exec_driver_sql("COMMIT")
    return aside


@contextmanager
def _scratch(url: sa.URL) -> Iterator[sa.URL]:
    """An empty database for a while. Raises `BackupImpossibleError` where this user may make none."""
    scratch = url.set(database=f"{url.database}_scratch_{new_id()}")
    with _maintenance(url) as connection:
        try:
            connection.exec_driver_sql(f"CREATE DATABASE {_quoted(connection, scratch.database)}")
        except sa.exc.ProgrammingError:
            raise BackupImpossibleError(
                f"{url.username} may not create databases on the server, so the backup cannot be opened and checked."
                f' Allow it: ALTER ROLE "{url.username}" CREATEDB'
            ) from None
    try:
        yield scratch
    finally:
        with _maintenance(url) as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {_quoted(connection, scratch.database)} WITH (FORCE)")


@contextmanager
def _maintenance(url: sa.URL) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url.set(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


def _refuse_when_in_use(connection: sa.Connection, url: sa.URL) -> None:
    statement = sa.text("SELECT count(*) FROM pg_stat_activity WHERE datname = :name")
    others = connection.scalar(statement, {"name": url.database}) or 0
    if others:
        raise BackupImpossibleError(f"{others} connections use the database. Stop the program, its worker too, first.")


def _rename(connection: sa.Connection, old: str | None, new: str | None) -> None:
    connection.exec_driver_sql(f"ALTER DATABASE {_quoted(connection, old)} RENAME TO {_quoted(connection, new)}")


def _quoted(connection: sa.Connection, name: str | None) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name or "")


def _restore(file: Path, url: sa.URL) -> None:
    """All of the dump into the empty database `url`. Raises `BackupImpossibleError` at the first thing that fails.

    As a script through psql: pg_restore by itself sends settings of its own version, which an older server refuses.
    """
    read = [_program("pg_restore"), "--no-owner", "--file=-", str(file)]
    write = [_program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    # Files, not pipes, for what they say: nobody reads it while the script flows.
    with TemporaryFile() as said_reading, TemporaryFile() as said_writing:
        with (
            subprocess.Popen(read, stdout=subprocess.PIPE, stderr=said_reading) as reader,  # noqa: S603  our own arguments
            subprocess.Popen(  # noqa: S603
                write, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said_writing, env=_environ(url)
            ) as writer,
        ):
            assert reader.stdout is not None
            assert writer.stdin is not None
            # psql that has stopped closes the pipe; what it said is the reason.
            with contextlib.suppress(BrokenPipeError):
                _pour(reader.stdout, writer.stdin)
        for tool, process, said in (("psql", writer, said_writing), ("pg_restore", reader, said_reading)):
            if process.returncode != 0:
                said.seek(0)
                words = said.read().decode(errors="replace").strip()[-_SAID:]
                raise BackupImpossibleError(f"{tool} failed: {words}")


def _pour(script: IO[bytes], into: IO[bytes]) -> None:
    with into:
        for line in itertools.islice(script, _LINES_OF_SETTINGS):
            if not line.startswith(_UNKNOWN_TO_OLDER_SERVERS):
                into.write(line)
        shutil.copyfileobj(script, into)
    script.close()


def _run(tool: str, url: sa.URL, *arguments: str) -> None:
    """Raises `BackupImpossibleError` with what the tool said."""
    done = subprocess.run([_program(tool), *arguments], env=_environ(url), capture_output=True, text=True, check=False)  # noqa: S603  our own arguments
    if done.returncode != 0:
        raise BackupImpossibleError(f"{tool} failed: {done.stderr.strip()[-_SAID:]}")


def _program(tool: str) -> str:
    program = shutil.which(tool)
    if program is None:
        raise BackupImpossibleError(
            f"{tool} is not installed here; backups of PostgreSQL need it (Debian: postgresql-client)."
        )
    return program


def _environ(url: sa.URL) -> dict[str, str]:
    """Where and as whom to connect. The password travels by environment, not by argument."""
    found = {
        "PGHOST": url.host,
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    return dict(os.environ) | {name: str(value) for name, value in found.items() if value is not None}
