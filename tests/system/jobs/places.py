"""A place where work is done and seen: a migrated database on SQLite or PostgreSQL, with rows that handlers leave behind."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.session import Database
from woodpecker_api.system.jobs.engine import migrate
from woodpecker_api.system.jobs.jobs import Jobs

METADATA = sa.MetaData()
SLICES = sa.Table(
    "slices",
    METADATA,
    sa.Column("record_id", sa.String, primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True),
)
"""What a job has to leave: slice 1, 2, … of its record, each once."""
TURNS = sa.Table(
    "turns",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("record_id", sa.String),
    sa.Column("began", sa.Float),
    sa.Column("ended", sa.Float),
)
"""Every turn that began, and when by `time.monotonic` of the machine."""


@dataclass
class Place:
    url: str
    data_dir: Path
    database: Database
    jobs: Jobs

    def enqueue(self, name: str, record_id: str, **options: object) -> None:
        with self.database.writing() as db:
            self.jobs.enqueue(db, name, record_id, **options)  # type: ignore[arg-type]

    def all_of(self, query: sa.Select[tuple[object, ...]]) -> list[tuple[object, ...]]:
        with self.database.reading() as db:
            return [tuple(row) for row in db.execute(query)]

    def at_work(self) -> int:
        """Jobs that are not finished."""
        with self.database.reading() as db:
            return sum(row.waiting + row.running for row in self.jobs.status(db))


def open_place(url: str, data_dir: Path) -> Place:
    database = Database(make_engine(url))
    return Place(url, data_dir, database, Jobs(database))


def make_place(url: str, data_dir: Path) -> Place:
    data_dir.mkdir(parents=True, exist_ok=True)
    migrate(url)
    place = open_place(url, data_dir)
    METADATA.create_all(place.database.engine)
    return place


def eventually(true: Callable[[], bool], seconds: float) -> float:
    """Waits for another thread or process; how long it took. Fails the test when it does not come true."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, f"not true within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - began
