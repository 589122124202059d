"""A database that is busy, full or away: a stable answer that says what to do, never a crash."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event

from tests.either import either_database
from tests.postgres import free_port
from tests.room import Room
from woodpecker_api.config import Settings
from woodpecker_api.db.dialect import is_sqlite, make_engine
from woodpecker_api.db.session import Database
from woodpecker_api.db.trouble import Trouble, trouble_of
from woodpecker_api.features.leads.api import router as leads
from woodpecker_api.features.leads.models import DoNotContact
from woodpecker_api.http.problem import install_problem_handlers
from woodpecker_api.http.user import public
from woodpecker_api.system.auth.permissions import Role

__all__ = ["either_database"]
ENTRY = {"value": "acme.example", "reason": "asked"}


@pytest.fixture
def room(either_database: Database, settings: Settings) -> Room:
    return Room(either_database, settings, (leads,))


@pytest.fixture
def client(room: Room) -> TestClient:
    """A manager, on connections that wait for nobody longer than 50 ms."""
    client = room.client(Role.MANAGER)
    if is_sqlite(room.database.engine):
        event.listen(room.database.engine, "checkout", _impatient)
    else:
        event.listen(room.database.engine, "begin", lambda db: db.exec_driver_sql("SET LOCAL lock_timeout=50") and None)
    return client


def _impatient(connection: Any, *_: object) -> None:
    connection.busy_timeout_ms = 50


@contextmanager
def somebody_else_writes(database: Database) -> Iterator[None]:
    """A connection from outside that holds what every writer needs, until the block ends."""
    outside = make_engine(database.engine.url.render_as_string(hide_password=False))
    lock = "SELECT 1" if is_sqlite(outside) else "LOCK TABLE audit_lines, do_not_contact IN EXCLUSIVE MODE"
    with outside.connect() as connection:
        connection.exec_driver_sql(lock)  # on SQLite every transaction that may write begins IMMEDIATE
        yield
        connection.rollback()
    outside.dispose()


def entries(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(sa.select(sa.func.count()).select_from(DoNotContact)) or 0


def test_who_cannot_write_because_somebody_else_does_is_told_to_try_again(client: TestClient, room: Room) -> None:
    with somebody_else_writes(room.database):
        answer = client.post("/api/do-not-contact", json=ENTRY)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "database_busy"
    assert int(answer.headers["retry-after"]) > 0
    assert "locked" not in answer.text.lower(), "the driver's words are for the log"
    assert entries(room.database) == 0


def test_the_same_request_works_once_the_other_is_done(client: TestClient, room: Room) -> None:
    with somebody_else_writes(room.database):
        assert client.post("/api/do-not-contact", json=ENTRY).status_code == 503
    assert client.post("/api/do-not-contact", json=ENTRY).is_success
    assert entries(room.database) == 1


def test_reading_waits_for_no_writer(client: TestClient, room: Room) -> None:
    with somebody_else_writes(room.database):
        assert client.get("/api/do-not-contact").status_code == 200


def test_a_busy_database_writes_a_line_to_the_log_and_no_traceback(
    client: TestClient, room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    with somebody_else_writes(room.database):
        client.post("/api/do-not-contact", json=ENTRY)
    log = capsys.readouterr()
    assert "request.database_trouble" in log.out + log.err
    assert "Traceback" not in log.out + log.err
    assert ENTRY["value"] not in log.out + log.err


def app_of(database: Database, ask: Callable[[Database], object]) -> TestClient:
    """One route that asks the database."""
    router = APIRouter()

    @router.get("/api/ask", dependencies=[public("a test")])
    def route() -> str:
        return str(ask(database))

    app = FastAPI()
    install_problem_handlers(app)
    app.include_router(router)
    return TestClient(app, raise_server_exceptions=False)


def ask_in_sql(statement: str) -> Callable[[Database], object]:
    def ask(database: Database) -> object:
        with database.writing() as db:
            return db.execute(sa.text(statement)).all()

    return ask


def test_a_server_that_nobody_reaches_is_unavailable() -> None:
    engine = make_engine(f"postgresql+psycopg://somebody@127.0.0.1:{free_port()}/nothing")
    answer = app_of(Database(engine), ask_in_sql("SELECT 1")).get("/api/ask")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert answer.headers["retry-after"]
    assert "127.0.0.1" not in answer.text


@pytest.mark.postgres
def test_a_server_that_ends_the_connection_in_the_middle_is_unavailable_and_the_next_request_works(
    postgres_url: str,
) -> None:
    database = Database(make_engine(postgres_url))
    answer = app_of(database, ask_in_sql("SELECT pg_terminate_backend(pg_backend_pid())")).get("/api/ask")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert app_of(database, ask_in_sql("SELECT 1")).get("/api/ask").status_code == 200
    database.engine.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        ("40001", 503, "database_busy"),
        ("40P01", 503, "database_busy"),
        ("53300", 503, "database_busy"),
        ("53100", 507, "disk_full"),
        ("08006", 503, "database_unavailable"),
        ("25006", 503, "database_unavailable"),
    ],
)
def test_each_state_of_postgresql_has_its_answer(postgres_url: str, state: str, status: int, code: str) -> None:
    raising = f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}', MESSAGE = 'secret words'; END $$"
    database = Database(make_engine(postgres_url))

    def ask(database: Database) -> None:
        with database.writing() as db:
            db.connection().exec_driver_sql(raising)

    answer = app_of(database, ask).get("/api/ask")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "secret words" not in answer.text
    database.engine.dispose()


def test_a_file_that_cannot_be_written_any_more_is_unavailable(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'kept.sqlite3'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a)")
    event.listen(engine, "checkout", lambda connection, *_: connection.execute("PRAGMA query_only=ON") and None)
    answer = app_of(Database(engine), ask_in_sql("INSERT INTO t VALUES (1) RETURNING a")).get("/api/ask")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    engine.dispose()


def test_a_damaged_file_is_no_trouble_that_waiting_could_mend(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.sqlite3"
    damaged.write_bytes(b"this was a database once" * 1000)
    engine = make_engine(f"sqlite:///{damaged}")
    with pytest.raises(sa.exc.DBAPIError) as wrong:
        ask_in_sql("SELECT 1")(Database(engine))
    assert trouble_of(wrong.value) is None
    engine.dispose()


def test_no_free_connection_is_the_same_as_a_busy_database(tmp_path: Path) -> None:
    engine = sa.create_engine(
        f"sqlite:///{tmp_path / 'one.sqlite3'}",
        pool_size=1,
        max_overflow=0,
        pool_timeout=0.05,
        connect_args={"check_same_thread": False},
        poolclass=sa.QueuePool,
    )
    with engine.connect():
        answer = app_of(Database(engine), ask_in_sql("SELECT 1")).get("/api/ask")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_busy")
    engine.dispose()


def test_a_mistake_of_the_program_is_no_trouble_of_the_database(either_database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError) as wrong, either_database.reading() as db:
        db.execute(sa.text("SELECT nothing FROM nowhere"))
    assert trouble_of(wrong.value) is None
    assert trouble_of(ValueError("no")) is None
    assert set(Trouble) == {Trouble.BUSY, Trouble.FULL, Trouble.AWAY}
