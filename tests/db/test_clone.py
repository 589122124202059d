"""A deploy's copies of the database: consistent while it is in use, refused when damaged, put back whole."""

import os
import shutil
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from woodpecker_api.db.clone import clone, examine, put_back
from woodpecker_api.db.dialect import make_engine


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "live.sqlite3"


@pytest.fixture
def engine(path: Path) -> Engine:
    engine = make_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE people (id INTEGER PRIMARY KEY, friend INTEGER REFERENCES people)")
    return engine


def add(engine: Engine, count: int) -> None:
    for _ in range(count):
        with engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO people (friend) VALUES (NULL)")


def rows(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM people").scalar_one())


def test_a_copy_holds_every_row_committed_before_it_while_others_write(engine: Engine, tmp_path: Path) -> None:
    add(engine, 20)
    writer = threading.Thread(target=add, args=(engine, 200))
    writer.start()
    before = rows(engine)
    clone(engine, tmp_path / "copy.sqlite3")
    writer.join()
    found = examine(tmp_path / "copy.sqlite3")
    assert found.problems == []
    assert before <= found.tables["people"] <= 220
    assert list(tmp_path.glob(".*.part")) == []


def test_a_copy_is_examined_for_damage_and_for_references_to_nothing(engine: Engine, tmp_path: Path) -> None:
    add(engine, 2_000)
    copy = tmp_path / "copy.sqlite3"
    clone(engine, copy)
    content = bytearray(copy.read_bytes())
    content[8192:16384] = b"\x00" * 8192
    copy.write_bytes(content)
    assert examine(copy).problems
    assert examine(copy, quickly=True).problems

    careless = engine.raw_connection()
    careless.cursor().execute("PRAGMA foreign_keys=OFF")
    careless.cursor().execute("INSERT INTO people (friend) VALUES (99999)")
    careless.close()
    clone(engine, tmp_path / "second.sqlite3")
    second = examine(tmp_path / "second.sqlite3", quickly=True)
    assert any("refers to nothing" in problem for problem in second.problems)


def test_what_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a database, but long enough to be looked at " * 40)
    assert examine(tmp_path / "text").problems
    with pytest.raises(OSError, match="No such file"):
        examine(tmp_path / "missing")


def test_a_copy_put_back_is_the_database_again_and_the_other_is_kept(
    engine: Engine, path: Path, tmp_path: Path
) -> None:
    add(engine, 3)
    clone(engine, tmp_path / "copy.sqlite3")
    add(engine, 4)
    engine.dispose()
    # A process that was killed leaves its log behind: it belongs to the database that is replaced.
    Path(f"{path}-wal").write_bytes(b"a log of the other database")
    replaced = put_back(path, tmp_path / "copy.sqlite3")
    assert not Path(f"{path}-wal").exists()
    assert replaced is not None
    assert replaced.lost == {"people": 4}
    now = make_engine(f"sqlite:///{path}")
    add(now, 1)  # what is written from now on is not written into the one that was kept
    assert (rows(now), examine(replaced.kept).tables["people"]) == (4, 7)


def test_a_log_that_was_set_aside_before_a_kill_stays_with_its_database(
    engine: Engine, path: Path, tmp_path: Path
) -> None:
    clone(engine, tmp_path / "copy.sqlite3")
    add(engine, 7)
    there = tmp_path / "killed"
    there.mkdir()
    for name in (
        path.name,
        f"{path.name}-wal",
    ):  # as a power cut leaves it: nothing has moved from the log into the file
        shutil.copyfile(tmp_path / name, there / name)
    database, kept = there / path.name, there / f"{path.name}.replaced"
    os.link(database, kept)
    (there / f"{path.name}-wal").rename(f"{kept}-wal")
    replaced = put_back(database, tmp_path / "copy.sqlite3")
    assert replaced is not None
    assert replaced.lost == {"people": 7}
    assert rows(make_engine(f"sqlite:///{database}")) == 0


def test_a_database_that_cannot_be_read_is_replaced_all_the_same(path: Path, engine: Engine, tmp_path: Path) -> None:
    add(engine, 3)
    clone(engine, tmp_path / "copy.sqlite3")
    engine.dispose()
    path.write_bytes(b"\x00" * 8192)
    replaced = put_back(path, tmp_path / "copy.sqlite3")
    assert replaced is not None
    assert replaced.lost == {}
    assert rows(make_engine(f"sqlite:///{path}")) == 3


def test_a_damaged_copy_is_refused_and_the_database_stays(engine: Engine, path: Path, tmp_path: Path) -> None:
    add(engine, 3)
    (tmp_path / "bad").write_bytes(b"\x00" * 4096)
    with pytest.raises(ValueError, match="is not sound"):
        put_back(path, tmp_path / "bad")
    assert rows(engine) == 3
    assert sa.inspect(engine).has_table("people")
