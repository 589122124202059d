import pytest

from tests.room import Room
from woodpecker_api.config import Settings
from woodpecker_api.db.session import Database
from woodpecker_api.features.leads.api import router


@pytest.fixture
def room(database: Database, settings: Settings) -> Room:
    return Room(database, settings, (router,))
