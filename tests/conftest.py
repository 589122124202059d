"""What every test may ask for: a fresh database, the whole program with its simulators, three people.

The people: Olga owns things (rep), Carl is a colleague (manager), Stan is a stranger (viewer); Ada is the admin.
"""

import asyncio
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import postgres_server, postgres_url
from tests.room import OpenRoom, Room
from tests.woodpecker import woodpecker, woodpecker_client, woodpecker_process
from woodpecker_api.config import Settings
from woodpecker_api.db.base import Base
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.session import Database
from woodpecker_api.system.audit.service import write_pending
from woodpecker_api.wiring.program import Program, build

__all__ = ["postgres_server", "postgres_url", "woodpecker", "woodpecker_client", "woodpecker_process"]

# The program's own settings must not leak in from the shell that runs the tests.
for _name in list(os.environ):
    if _name.startswith(("APP_", "ANTHROPIC_", "WOODPECKER_")) or _name == "DATABASE_URL":
        del os.environ[_name]


@pytest.fixture(autouse=True)
def no_loop_of_the_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Between its calls Playwright leaves its loop marked as running in this thread; a test without a browser may run one of its own."""
    running = asyncio._get_running_loop()
    if running is None or "playwright" in request.fixturenames:
        yield
        return
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Sandbox, with waits short enough for tests."""
    return Settings(data_dir=tmp_path / "data", woodpecker_deadline_seconds=2, settle_seconds=2)


@pytest.fixture(scope="session")
def empty_database_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All tables and no row; made once, because making them takes longer than most tests."""
    path = tmp_path_factory.mktemp("schema") / "empty.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()  # closing the last connection moves the log into the file
    return path


@pytest.fixture
def database(settings: Settings, empty_database_file: Path) -> Iterator[Database]:
    """A fresh SQLite file with all tables."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(empty_database_file, settings.resolved_database_url.removeprefix("sqlite:///"))
    engine = make_engine(settings.resolved_database_url)
    yield Database(engine, before_commit=(write_pending,))
    engine.dispose()


@pytest.fixture
def program(settings: Settings) -> Iterator[Program]:
    """The whole program on a migrated database, without a running worker."""
    program = build(settings)
    yield program
    program.close()


@pytest.fixture
def open_room(database: Database, settings: Settings) -> OpenRoom:
    """Makes an application of some rooms' routers on the fresh database."""
    return lambda *routers: Room(database, settings, routers)
