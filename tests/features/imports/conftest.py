from collections.abc import Iterator

import pytest
from hypothesis import settings as hypothesis_settings

from tests.features.imports.desk import Desk
from tests.room import Room
from woodpecker_api.config import Settings
from woodpecker_api.db.session import Database
from woodpecker_api.features.imports.api import router as imports
from woodpecker_api.features.imports.service.listeners import Listeners, listeners
from woodpecker_api.features.leads.api import router as leads

# How long one example takes says nothing on a busy machine.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")


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
