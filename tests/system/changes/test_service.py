"""Announcing changes: with the transaction or not at all, and never out of order."""

import threading
from datetime import timedelta

import pytest

from woodpecker_api.db.dialect import is_sqlite
from woodpecker_api.db.session import Database
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.system.changes.models import Change
from woodpecker_api.system.changes.service import KEPT, announce, changes_after, latest_id, oldest_id, purge


def test_whoever_reads_above_the_last_id_sees_each_change_once_and_in_order(either_database: Database) -> None:
    with either_database.writing() as db:
        announce(db, "lead", "l1", "l2")
        announce(db, "import")
    with either_database.reading() as db:
        told = list(changes_after(db, 0))
        assert [(kind, record_id) for _, kind, record_id in told] == [("lead", "l1"), ("lead", "l2"), ("import", None)]
        assert list(changes_after(db, told[1][0])) == told[2:]
        assert latest_id(db) == told[-1][0]


def test_a_change_that_was_rolled_back_is_never_heard_of(either_database: Database) -> None:
    def refused() -> None:
        with either_database.writing() as db:
            announce(db, "lead", "l1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        refused()
    with either_database.reading() as db:
        assert list(changes_after(db, 0)) == []


def test_a_change_inside_a_savepoint_is_told_with_the_whole(either_database: Database) -> None:
    with either_database.writing() as db:
        announce(db, "export", "e1")
        with db.begin_nested():
            announce(db, "lead", "l1")
    with either_database.reading() as db:
        assert len(list(changes_after(db, 0))) == 2


def test_a_reader_that_follows_the_ids_passes_by_nobody_who_commits_late(either_database: Database) -> None:
    """On PostgreSQL a slow transaction would otherwise get a low id and show it after a higher one was read."""
    if is_sqlite(either_database.engine):
        pytest.skip("one writer at a time")
    announced, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with either_database.writing() as db:
            announce(db, "lead", "slow")
            announced.set()
            go_on.wait(10)

    thread = threading.Thread(target=slow)
    thread.start()
    announced.wait(10)
    with either_database.writing() as db:
        announce(db, "lead", "quick")
    with either_database.reading() as db:
        [(seen, _, first)] = changes_after(db, 0)
    go_on.set()
    thread.join()
    with either_database.reading() as db:
        assert (first, [record_id for _, _, record_id in changes_after(db, seen)]) == ("quick", ["slow"])


def test_old_changes_go_and_the_newest_stays_so_that_ids_only_grow(either_database: Database) -> None:
    with either_database.writing() as db:
        announce(db, "lead", *[f"l{number}" for number in range(5)])
    with either_database.writing() as db:
        last = latest_id(db)
        assert purge(db, system_clock()) == 0
        assert purge(db, system_clock() + KEPT + timedelta(seconds=5)) == 4
        assert (oldest_id(db), latest_id(db)) == (last, last)
        db.query(Change).delete()
        announce(db, "lead", "l9")
    with either_database.reading() as db:
        assert latest_id(db) > last
