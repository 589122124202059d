from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.system.jobs.places import SLICES, Place
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.system.jobs.engine import ENGINE_TABLES, SCHEMA, migrate
from woodpecker_api.system.jobs.jobs import Jobs
from woodpecker_api.system.jobs.port import Queue


def waiting(place: Place, queue: Queue = Queue.DEFAULT) -> int:
    with place.database.reading() as db:
        return next(row.waiting for row in place.jobs.status(db) if row.queue == queue.value)


def test_a_job_and_its_record_are_stored_together(place: Place) -> None:
    with place.database.writing() as db:
        db.execute(sa.insert(SLICES).values(record_id="r", n=1))
        place.jobs.enqueue(db, "work", "r")
    assert (waiting(place), len(place.all_of(sa.select(SLICES)))) == (1, 1)


def test_a_transaction_that_is_rolled_back_takes_its_job_along(place: Place) -> None:
    with place.database.writing() as db:
        db.execute(sa.insert(SLICES).values(record_id="r", n=1))
        place.jobs.enqueue(db, "work", "r")
        db.rollback()
    assert (waiting(place), place.all_of(sa.select(SLICES))) == (0, [])


def test_the_same_key_twice_is_one_job(place: Place) -> None:
    place.enqueue("work", "r", key="work-r")
    place.enqueue("work", "r", key="work-r")
    with place.database.writing() as db:
        assert place.jobs.enqueue(db, "work", "r", key="work-r") == "work-r"
        assert place.jobs.enqueue(db, "work", "r", key="work-r") == "work-r"
    assert waiting(place) == 1


def test_without_a_key_each_call_is_a_job(place: Place) -> None:
    place.enqueue("work", "r")
    place.enqueue("work", "r")
    assert waiting(place) == 2


@pytest.mark.parametrize(("queue", "partition"), [(Queue.ACCOUNTS, None), (Queue.DEFAULT, "account")])
def test_a_partition_belongs_to_the_accounts_and_only_to_them(
    place: Place, queue: Queue, partition: str | None
) -> None:
    with pytest.raises(ValueError, match="partition"):
        place.enqueue("work", "r", queue=queue, partition=partition)


def test_the_status_counts_every_queue_and_tells_the_oldest_age(place: Place) -> None:
    place.enqueue("work", "r", queue=Queue.IMPORTS)
    later = Jobs(place.database, clock=lambda: system_clock() + timedelta(hours=1))
    with place.database.reading() as db:
        rows = {row.queue: row for row in later.status(db)}
    assert set(rows) == {queue.value for queue in Queue}
    assert (rows["imports"].waiting, rows["imports"].running) == (1, 0)
    assert rows["imports"].oldest_waiting_seconds == pytest.approx(3600, abs=30)
    assert rows["default"].oldest_waiting_seconds is None


def test_the_engines_tables_are_the_ones_we_keep_clear_of(place: Place) -> None:
    inspector = sa.inspect(place.database.engine)
    beside_ours = set(inspector.get_table_names()) - {"slices", "turns"}
    if inspector.dialect.name == "sqlite":
        assert beside_ours == ENGINE_TABLES
    else:  # a schema of their own
        assert beside_ours == set()
        assert set(inspector.get_table_names(schema=SCHEMA)) >= ENGINE_TABLES


def test_migrating_again_changes_nothing(place: Place) -> None:
    place.enqueue("work", "r")
    migrate(place.url)
    assert waiting(place) == 1
