"""Transactions: one request or one job step is one, opened and committed at the edge by the functions here.

Nobody else commits (tests/architecture checks it). No network inside a transaction: load → call → store.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker

from woodpecker_api.db.dialect import reading_engine

BeforeCommit = Callable[[Session], None]


class Database:
    """An engine and its two kinds of transaction."""

    def __init__(self, engine: Engine, before_commit: tuple[BeforeCommit, ...] = ()) -> None:
        """`before_commit` run in order as the last thing in each writing transaction (the audit chain is one)."""
        self.engine = engine
        self._before_commit = before_commit
        self.info: dict[str, Any] = {}
        """What every session of this database carries in its `info`; filled once, when the program is built."""
        self._write = sessionmaker(engine, expire_on_commit=False, info=self.info)
        self._read = sessionmaker(reading_engine(engine), expire_on_commit=False, info=self.info)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Commits when the block ends well, rolls back when it raises. Do not nest: the outer one holds the lock."""
        with self._write() as session, session.begin():
            yield session
            for hook in self._before_commit:
                hook(session)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A consistent view that waits for no writer. Changes made in it are not kept."""
        with self._read() as session:
            yield session
