import pytest

from tests.room import Room
from woodpecker_api.config import Settings
from woodpecker_api.db.session import Database
from woodpecker_api.features.operations.api import router
from woodpecker_api.system.jobs.engine import migrate


@pytest.fixture
def room(database: Database, settings: Settings) -> Room:
    return Room(database, settings, (router,))


@pytest.fixture
def room_with_jobs(room: Room, settings: Settings) -> Room:
    """The engine's tables are there too."""
    migrate(settings.resolved_database_url)
    return room
