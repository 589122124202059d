"""One poller for all listeners: nothing is missed between first and last, and a gap is said."""

import asyncio
from collections.abc import Coroutine

import pytest

from woodpecker_api.db.session import Database
from woodpecker_api.system.changes import feed as feeds
from woodpecker_api.system.changes.feed import Change, Feed, Gap, Listener
from woodpecker_api.system.changes.models import Change as Row
from woodpecker_api.system.changes.service import announce, latest_id


def test_a_listener_is_told_where_it_begins_and_then_hears_everything(database: Database) -> None:
    first = _announce(database, "before")

    async def listen() -> None:
        async with _feed(database).listen(None) as listener:
            assert await listener.next(5) == Gap(first)
            _announce(database, "one", "two")
            assert await _heard(listener, 2) == ["one", "two"]
            assert await listener.next(0.01) is None

    _run(listen())


def test_a_listener_that_comes_back_hears_what_it_missed_and_nothing_twice(database: Database) -> None:
    seen = _announce(database, "known")
    _announce(database, "missed")

    async def listen() -> None:
        async with _feed(database).listen(seen) as listener:
            _announce(database, "new")
            assert await _heard(listener, 2) == ["missed", "new"]
            assert await listener.next(0.05) is None

    _run(listen())


def test_changes_that_fall_into_the_moment_of_joining_are_heard_once(database: Database) -> None:
    """Another listener keeps the poller running while this one looks back."""

    async def listen() -> None:
        feed = _feed(database)
        async with feed.listen(None):
            for number in range(20):
                seen = _announce(database, f"{number}a")
                late = asyncio.create_task(asyncio.to_thread(_announce, database, f"{number}b"))
                async with feed.listen(seen) as listener:
                    assert await _heard(listener, 1) == [f"{number}b"]
                    assert await listener.next(0) is None
                await late

    _run(listen())


@pytest.mark.parametrize("ahead", [1, 10**15])
def test_an_id_from_another_database_is_a_gap(database: Database, ahead: int) -> None:
    last = _announce(database, "one")

    async def listen() -> None:
        async with _feed(database).listen(last + ahead) as listener:
            assert await listener.next(5) == Gap(last)

    _run(listen())


def test_an_id_older_than_what_is_kept_is_a_gap(database: Database) -> None:
    first = _announce(database, "one")
    last = _announce(database, "two", "three")
    with database.writing() as db:
        db.query(Row).filter(Row.id < last).delete()

    async def listen() -> None:
        async with _feed(database).listen(first) as listener:
            assert await listener.next(5) == Gap(last)
        async with _feed(database).listen(last - 1) as listener:
            assert await _heard(listener, 1) == ["three"]

    _run(listen())


def test_a_listener_that_missed_more_than_it_could_read_begins_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "_BATCH", 3)
    last = _announce(database, *"abcdef")

    async def listen() -> None:
        async with _feed(database).listen(last - 5) as listener:
            assert await listener.next(5) == Gap(last)

    _run(listen())


def test_a_listener_too_slow_to_keep_up_is_told_of_the_gap(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "_QUEUE", 3)

    async def listen() -> None:
        feed = _feed(database)
        async with feed.listen(None) as slow, feed.listen(None) as quick:
            assert isinstance(await slow.next(5), Gap)
            await quick.next(5)
            last = 0
            for name in "abcde":
                last = _announce(database, name)
                assert await _heard(quick, 1) == [name]
            found = await slow.next(5)
            assert isinstance(found, Gap)
            assert await _rest(slow) in ([], ["e"])
            assert found.id in (last, last - 1)

    _run(listen())


def test_the_poller_outlives_a_database_that_is_away_for_a_moment(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "REST_AFTER_FAILURE_SECONDS", 0.01)

    async def listen() -> None:
        async with _feed(database).listen(None) as listener:
            await listener.next(5)
            _sql(database, "ALTER TABLE changes RENAME TO away")
            assert await listener.next(0.1) is None
            _sql(database, "ALTER TABLE away RENAME TO changes")
            _announce(database, "back")
            assert await _heard(listener, 1) == ["back"]

    _run(listen())


def test_nobody_listening_means_nobody_polling(database: Database) -> None:
    async def listen() -> None:
        feed, others = _feed(database), len(asyncio.all_tasks())
        async with feed.listen(None), feed.listen(None):
            assert (feed.listeners, len(asyncio.all_tasks()) - others) == (2, 1)
        await asyncio.sleep(0)
        assert (feed.listeners, len(asyncio.all_tasks()) - others) == (0, 0)

    _run(listen())


def _feed(database: Database) -> Feed:
    return Feed(database, poll_seconds=0.01)


def _run(work: Coroutine[None, None, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 30))


async def _heard(listener: Listener, count: int) -> list[str | None]:
    found = [await listener.next(5) for _ in range(count)]
    assert all(isinstance(change, Change) for change in found), found
    return [change.record_id for change in found if isinstance(change, Change)]


async def _rest(listener: Listener) -> list[str | None]:
    names = []
    while isinstance(found := await listener.next(0.05), Change):
        names.append(found.record_id)
    return names


def _announce(database: Database, *record_ids: str) -> int:
    with database.writing() as db:
        announce(db, "lead", *record_ids)
        return latest_id(db)


def _sql(database: Database, statement: str) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql(statement)
