import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from tests.features.imports.desk import Desk
from tests.room import Room
from woodpecker_api.config import Settings
from woodpecker_api.db.base import Base
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.session import Database
from woodpecker_api.features.imports.api import router as imports
from woodpecker_api.features.imports.service.listeners import Listeners, listeners
from woodpecker_api.features.leads.api import router as leads
from woodpecker_api.system.audit.service import write_pending
from woodpecker_api.system.jobs.engine import migrate

# How long one example takes says nothing on a busy machine.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")


@pytest.fixture(scope="session")
def database_file_with_jobs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our tables and the engine's, no row: commits are handed to the background."""
    path = tmp_path_factory.mktemp("imports") / "empty.sqlite3"
    migrate(f"sqlite:///{path}")
    target = make_engine(f"sqlite:///{path}")
    Base.metadata.create_all(target)
    target.dispose()
    return path


@pytest.fixture
def database(settings: Settings, database_file_with_jobs: Path) -> Iterator[Database]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(database_file_with_jobs, settings.resolved_database_url.removeprefix("sqlite:///"))
    engine = make_engine(settings.resolved_database_url)
    yield Database(engine, before_commit=(write_pending,))
    engine.dispose()


@pytest.fixture
def heard() -> Iterator[Listeners]:
    """The room's listeners, none registered; what was registered before comes back."""
    before = (list(listeners.drafts_brought), list(listeners.undo_barred))
    listeners.drafts_brought.clear()
    listeners.undo_barred.clear()
    yield listeners
    listeners.drafts_brought[:], listeners.undo_barred[:] = before


@pytest.fixture
def desk(database: Database, settings: Settings, heard: Listeners) -> Desk:
    return Desk(Room(database, settings, (imports, leads)))
