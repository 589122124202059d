import pytest

from tests.features.privacy.world import Privacy
from woodpecker_api.config import Settings
from woodpecker_api.db.session import Database


@pytest.fixture
def world(database: Database, settings: Settings) -> Privacy:
    return Privacy(database, settings)
