from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.jobs.places import Place, make_place


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """The same place on both databases."""
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'jobs.sqlite3'}" if sqlite else request.getfixturevalue("postgres_url")
    place = make_place(url, tmp_path / "data")
    yield place
    place.database.engine.dispose()


@pytest.fixture
def eager_queues(monkeypatch: pytest.MonkeyPatch) -> None:
    """Queues that look for work all the time: what is tested is what happens, not how long it waits."""
    monkeypatch.setattr("woodpecker_api.system.jobs.engine.POLL_SECONDS", 0.05)
    monkeypatch.setattr("woodpecker_api.system.jobs.worker.LOOK_SECONDS", 0.1)
