from pathlib import Path

import pytest

from tests.features.exports.world import World
from woodpecker_api.db.session import Database


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    return World(database, tmp_path)
