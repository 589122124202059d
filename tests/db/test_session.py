"""Transactions: kept whole or not at all, writers one after the other, readers undisturbed."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests import builders as make
from woodpecker_api.db.base import UtcDateTime
from woodpecker_api.db.dialect import day_of, is_sqlite, sqlite_is_safe
from woodpecker_api.db.inserting import insert_ignore, upsert
from woodpecker_api.db.session import Database
from woodpecker_api.system.auth.models import User
from woodpecker_api.system.settings.models import InstallationFact
from woodpecker_api.system.settings.service import fact, set_fact


def test_a_block_that_ends_well_is_kept(either_database: Database) -> None:
    with either_database.writing() as db:
        set_fact(db, "sending", "ok")
    with either_database.reading() as db:
        assert fact(db, "sending") == "ok"


def test_a_block_that_raises_leaves_nothing(either_database: Database) -> None:
    def refused() -> None:
        with either_database.writing() as db:
            set_fact(db, "sending", "ok")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        refused()
    with either_database.reading() as db:
        assert fact(db, "sending") is None


def test_what_is_to_be_done_last_is_done_in_order_and_can_still_refuse(database: Database) -> None:
    order: list[str] = []

    def note(db: Session) -> None:
        order.append("first")
        set_fact(db, "noted", "yes")

    def refuse(db: Session) -> None:
        order.append("second")
        raise ValueError(fact(db, "noted"))

    with pytest.raises(ValueError, match="yes"), Database(database.engine, (note, refuse)).writing() as db:
        set_fact(db, "sending", "ok")
    assert order == ["first", "second"]
    with database.reading() as db:
        assert (fact(db, "sending"), fact(db, "noted")) == (None, None)


def test_a_reader_sees_one_moment_however_long_it_looks(either_database: Database) -> None:
    with either_database.writing() as db:
        set_fact(db, "sending", "ok")
    with either_database.reading() as reader:
        before = _value(reader)
        with either_database.writing() as db:
            set_fact(db, "sending", "held")
        assert (before, _value(reader)) == ("ok", "ok")
    with either_database.reading() as db:
        assert _value(db) == "held"


def test_writers_that_read_first_never_lose_each_others_work(database: Database) -> None:
    """The classic lost update: with a lock taken only at the first write, some of them would fail as busy."""
    with database.writing() as db:
        set_fact(db, "count", "0")

    def add() -> None:
        for _ in range(20):
            with database.writing() as db:
                set_fact(db, "count", str(int(fact(db, "count") or 0) + 1))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as db:
        assert fact(db, "count") == "80"


def test_foreign_keys_hold_on_either_database(either_database: Database) -> None:
    statement = sa.text("INSERT INTO audit_payloads (line_id, salt, payload) VALUES (77, '', '{}')")
    with pytest.raises(sa.exc.IntegrityError), either_database.writing() as db:
        db.execute(statement)


def test_the_sqlite_in_use_does_not_lose_committed_writes() -> None:
    assert sqlite_is_safe()


def test_an_insert_passes_over_what_is_there_and_an_upsert_renews_it(either_database: Database) -> None:
    with either_database.writing() as db:
        bind = db.connection()
        for value in ("one", "two"):
            db.execute(insert_ignore(InstallationFact, bind).values(name="kept", value=value))
            renewing = upsert(InstallationFact, bind, key=["name"], change=["value"])
            db.execute(renewing.values(name="renewed", value=value))
    with either_database.reading() as db:
        assert (fact(db, "kept"), fact(db, "renewed")) == ("one", "two")


# Apart from the program's own tables, which other tests count.
MOMENTS = sa.Table("moments", sa.MetaData(), sa.Column("at", UtcDateTime))


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 2, 12, 0, tzinfo=UTC),
        datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC),
        datetime(2026, 3, 2, 1, 30, tzinfo=timezone(timedelta(hours=2))),
        datetime(900, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
)
def test_a_time_comes_back_as_the_same_moment_in_utc(either_database: Database, moment: datetime) -> None:
    MOMENTS.create(either_database.engine)
    with either_database.writing() as db:
        db.execute(MOMENTS.insert().values(at=moment))
    with either_database.reading() as db:
        [found] = db.scalars(sa.select(MOMENTS.c.at))
        assert (found, found.utcoffset()) == (moment, timedelta(0))
        day = db.scalar(sa.select(day_of(MOMENTS.c.at, db.get_bind())))
        assert day == moment.astimezone(UTC).date().isoformat()


def test_times_sort_as_they_passed(either_database: Database) -> None:
    MOMENTS.create(either_database.engine)
    moments = [datetime(900, 1, 1, tzinfo=UTC), make.NOON, make.NOON + timedelta(microseconds=1)]
    with either_database.writing() as db:
        db.execute(MOMENTS.insert(), [{"at": moment} for moment in reversed(moments)])
    with either_database.reading() as db:
        assert list(db.scalars(sa.select(MOMENTS.c.at).order_by(MOMENTS.c.at))) == moments
        assert db.scalar(sa.select(sa.func.count()).where(MOMENTS.c.at > make.NOON)) == 1


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(sa.exc.StatementError, match="does not say when"), database.writing() as db:
        db.scalar(sa.select(User).where(User.disabled_at > datetime(2026, 3, 2)))  # noqa: DTZ001 - the point of it


def test_a_state_that_the_code_does_not_know_cannot_be_stored(either_database: Database) -> None:
    with either_database.writing() as db:
        user_id = make.a_user(db).id
    statement = sa.update(User).where(User.id == user_id).values(role="emperor")
    with pytest.raises(sa.exc.IntegrityError), either_database.writing() as db:
        db.execute(statement)


def test_sqlite_is_set_to_survive_a_power_cut(database: Database) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 30_000,
    }
    with database.reading() as db:
        found = {name: db.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    assert found == wanted


def test_so_few_connections_are_used_as_are_needed_at_once(database: Database) -> None:
    """Each keeps its pages in memory: in turn, 40 of them took 430 MB of a server that needed three."""
    with database.engine.connect(), database.engine.connect(), database.engine.connect():
        pass
    used = set()
    for _ in range(6):
        with database.engine.connect() as connection:
            used.add(id(connection.connection.driver_connection))
            kept = -int(connection.exec_driver_sql("PRAGMA cache_size").scalar_one()) * 1024
    assert len(used) == 1
    assert kept * 40 < 200_000_000


def test_a_reader_on_postgresql_cannot_write_by_mistake(either_database: Database) -> None:
    if is_sqlite(either_database.engine):
        pytest.skip("SQLite keeps nothing of it, but does not refuse")
    with pytest.raises(sa.exc.InternalError, match="read-only"), either_database.reading() as db:
        set_fact(db, "sending", "ok")


def _value(db: Session) -> str | None:
    return db.scalar(sa.select(InstallationFact.value).where(InstallationFact.name == "sending"))


def test_an_error_of_the_database_names_no_values(either_database: Database) -> None:
    with either_database.writing() as db:
        set_fact(db, "sending", "ok")
    twice = sa.insert(InstallationFact).values(name="sending", value="ann@acme.example")
    with pytest.raises(sa.exc.IntegrityError) as error, either_database.writing() as db:
        db.execute(twice)
    assert "ann@acme.example" not in str(error.value)
