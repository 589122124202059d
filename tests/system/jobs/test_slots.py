from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from tests.system.jobs.places import Place
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.system.jobs.slots import LOCK_FILE, SLOTS, AdvisorySlot, FileSlot, Slot, take_slot


@pytest.fixture
def slots(place: Place) -> Iterator[list[Slot]]:
    """All places there are, taken."""
    with ExitStack() as stack:
        taken = []
        while (slot := take_slot(place.database.engine, place.data_dir)) is not None:
            stack.callback(slot.release)
            taken.append(slot)
        yield taken


def test_there_is_one_place_on_sqlite_and_eight_on_postgresql(place: Place, slots: list[Slot]) -> None:
    assert len(slots) == (1 if place.url.startswith("sqlite") else SLOTS)
    assert len({slot.name for slot in slots}) == len(slots)
    assert all(slot.holds() for slot in slots)


def test_a_released_place_is_free_again_under_its_old_name(place: Place, slots: list[Slot]) -> None:
    slots[0].release()
    assert not slots[0].holds()
    again = take_slot(place.database.engine, place.data_dir)
    assert again is not None
    assert again.name == slots[0].name
    again.release()


def test_a_place_is_not_taken_from_the_living(slots: list[Slot]) -> None:
    for mine in slots:
        for other in slots:
            if other is not mine:
                with mine.take_dead(other.name) as dead:
                    assert not dead


def test_a_dead_workers_place_is_mine_for_a_moment_only(place: Place, slots: list[Slot]) -> None:
    if len(slots) == 1:
        with slots[0].take_dead("slot-3") as dead:
            assert dead  # left by a database that came from PostgreSQL
        return
    slots[3].release()
    with slots[0].take_dead("slot-3") as dead:
        assert dead
        assert take_slot(place.database.engine, place.data_dir) is None
    successor = take_slot(place.database.engine, place.data_dir)
    assert successor is not None
    successor.release()


def test_a_lock_file_that_was_replaced_holds_nothing(tmp_path: Path) -> None:
    slot = FileSlot.take(tmp_path / LOCK_FILE)
    assert slot is not None
    (tmp_path / LOCK_FILE).replace(tmp_path / "moved")
    (tmp_path / LOCK_FILE).write_bytes(b"")
    assert not slot.holds()
    slot.release()


@pytest.mark.postgres
def test_a_lost_connection_holds_nothing(postgres_url: str) -> None:
    engine = make_engine(postgres_url)
    slot = AdvisorySlot.take(engine)
    assert slot is not None
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    assert not slot.holds()
    slot.release()
    engine.dispose()
