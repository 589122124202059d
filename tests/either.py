"""`either_database`: the same test on SQLite and on PostgreSQL, each with all tables that the test's imports know."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from woodpecker_api.db.base import Base
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.session import Database
from woodpecker_api.system.audit.service import write_pending


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def either_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'either.sqlite3'}" if sqlite else request.getfixturevalue("postgres_url")
    engine = make_engine(url)
    Base.metadata.create_all(engine)
    yield Database(engine, before_commit=(write_pending,))
    engine.dispose()
