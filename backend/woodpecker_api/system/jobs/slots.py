"""A worker's right to work: one lock, held for life, that the operating system or the database takes back from the dead."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from woodpecker_api.db.dialect import is_sqlite

# Workers at the same time on PostgreSQL; more wait for a free slot.
SLOTS = 8
LOCK_FILE = "worker.lock"
# First half of the advisory lock's key ("wood"); the second is the slot.
_LOCK_CLASS = 0x776F6F64


class Slot(Protocol):
    """A held place. Its name outlives its holder: unfinished work is found by it."""

    name: str
    shared: bool
    """Whether other workers live beside this one, whose work it has to take over when they die."""

    def holds(self) -> bool:
        """Whether the lock is still ours. Cheap (under a millisecond) while the lock's keeper answers."""

    def take_dead(self, name: str) -> contextlib.AbstractContextManager[bool]:
        """For the length of the block, the slot of another worker if that one is dead; False when it lives."""

    def release(self) -> None:
        """Gives the place up; a second call does nothing."""


def take_slot(engine: Engine, data_dir: Path) -> Slot | None:
    """A free place now, or None when all are taken. Raises OSError or psycopg.Error when nobody can be asked."""
    if is_sqlite(engine):
        return FileSlot.take(data_dir / LOCK_FILE)
    return AdvisorySlot.take(engine)


class FileSlot:
    """SQLite: one worker for the data directory, by a lock on a file that lives as long as the file object."""

    name = "slot-0"
    shared = False

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path = path
        self._file = file

    @classmethod
    def take(cls, path: Path) -> "FileSlot | None":
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        slot = cls(path, file)
        if not slot.holds():  # the file was exchanged between opening and locking
            slot.release()
            return None
        return slot

    def holds(self) -> bool:
        """A lock on a file that was removed or replaced keeps nobody out any more."""
        try:
            mine, there = os.fstat(self._file.fileno()), self._path.stat()
        except (OSError, ValueError):
            return False
        return (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino)

    def take_dead(self, name: str) -> contextlib.AbstractContextManager[bool]:
        """There is one worker only, so whoever held another name is gone (a database that came from PostgreSQL)."""
        return contextlib.nullcontext(name != self.name)

    def release(self) -> None:
        self._file.close()


class AdvisorySlot:
    """PostgreSQL: a session's advisory lock on a connection of its own. It must reach the server directly: behind a pooler
    that shares sessions the lock would belong to somebody else."""

    shared = True

    def __init__(self, connection: "psycopg.Connection[tuple[object, ...]]", number: int) -> None:
        self._connection = connection
        self._number = number
        self.name = _name(number)

    @classmethod
    def take(cls, engine: Engine) -> "AdvisorySlot | None":
        connection = _connect(engine.url)
        for number in range(SLOTS):
            if _try_lock(connection, number):
                return cls(connection, number)
        connection.close()
        return None

    def holds(self) -> bool:
        try:
            row = self._connection.execute(
                "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()"
                " AND classid = %s AND objid = %s",
                (_LOCK_CLASS, self._number),
            ).fetchone()
        except psycopg.Error:
            return False
        return row is not None

    @contextlib.contextmanager
    def take_dead(self, name: str) -> Iterator[bool]:
        number = int(name.removeprefix("slot-"))
        if number == self._number or not _try_lock(self._connection, number):
            yield False
            return
        try:
            yield True
        finally:
            self._connection.execute("SELECT pg_advisory_unlock(%s, %s)", (_LOCK_CLASS, number))

    def release(self) -> None:
        with contextlib.suppress(psycopg.Error):  # closing alone frees it too, but a moment later
            self._connection.execute("SELECT pg_advisory_unlock_all()")
        self._connection.close()


def _name(number: int) -> str:
    return f"slot-{number}"


def _try_lock(connection: "psycopg.Connection[tuple[object, ...]]", number: int) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (_LOCK_CLASS, number)).fetchone()
    return row is not None and row[0] is True


def _connect(url: sa.URL) -> "psycopg.Connection[tuple[object, ...]]":
    """A silent network is noticed within 5 s: `holds` must not hang before a send."""
    return psycopg.connect(
        url.set(drivername="postgresql").render_as_string(hide_password=False),
        autocommit=True,
        connect_timeout=5,
        keepalives_idle=2,
        keepalives_interval=1,
        keepalives_count=3,
        tcp_user_timeout=5000,
        application_name="woodpecker-api worker slot",
    )
