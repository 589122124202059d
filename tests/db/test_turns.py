"""Writers of one SQLite file: each has its turn, in this process and beside others."""

import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from woodpecker_api.db import dialect
from woodpecker_api.db.dialect import make_engine, sqlite_module
from woodpecker_api.db.turns import Turns

# Writes to the file of its first argument until its input ends, without a pause.
NEIGHBOUR = """
import sys, threading
from woodpecker_api.db.dialect import make_engine
engine, ended = make_engine(sys.argv[1]), threading.Event()
def write():
    while not ended.is_set():
        with engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO written (who) VALUES ('neighbour')")
threads = [threading.Thread(target=write) for _ in range(4)]
for thread in threads: thread.start()
print("writes", flush=True)
sys.stdin.read()
ended.set()
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'turns.sqlite3'}"
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE written (id INTEGER PRIMARY KEY, who TEXT)")
    engine.dispose()
    return url


@pytest.fixture
def engine(url: str) -> sa.Engine:
    return make_engine(url)


def _write(engine: sa.Engine, who: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO written (who) VALUES (?)", (who,))


def test_of_many_that_write_all_the_time_everybody_has_their_share(engine: sa.Engine) -> None:
    """SQLite alone gave some of 20 threads nothing for ten seconds."""
    end = time.monotonic() + 1.5

    def write(who: str) -> None:
        while time.monotonic() < end:
            _write(engine, who)

    threads = [threading.Thread(target=write, args=(f"{number}",)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        shares = Counter(connection.exec_driver_sql("SELECT who FROM written").scalars())
    assert len(shares) == len(threads)
    assert min(shares.values()) * 2 >= max(shares.values()), shares
    engine.dispose()


def test_a_process_that_writes_all_the_time_leaves_gaps_for_another(url: str, engine: sa.Engine) -> None:
    neighbour = subprocess.Popen(
        [sys.executable, "-c", NEIGHBOUR, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert neighbour.stdin is not None
    assert neighbour.stdout is not None
    try:
        assert neighbour.stdout.readline() == "writes\n"
        waits = []
        for _ in range(10):
            began = time.monotonic()
            _write(engine, "we")
            waits.append(time.monotonic() - began)
    finally:
        neighbour.stdin.close()
        neighbour.wait(30)
        neighbour.stdout.close()
    assert max(waits) < 5, waits
    engine.dispose()


def test_the_first_to_come_is_the_first_to_write() -> None:
    turns, order = Turns(), list[int]()
    assert turns.take(1)
    threads = []

    def stand_in_line(number: int) -> None:
        assert turns.take(10)
        order.append(number)
        turns.give_back()

    for number in range(5):
        threads.append(threading.Thread(target=stand_in_line, args=(number,)))
        threads[-1].start()
        while len(turns.waiting) <= number:
            time.sleep(0.001)
    turns.give_back()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_who_waits_too_long_leaves_the_queue() -> None:
    turns = Turns()
    assert turns.take(1)
    assert turns.take(0.01) is False
    turns.give_back()
    assert turns.take(0.01) is True


@pytest.mark.parametrize("ends", ["rolled back", "failed", "thrown away"])
def test_a_turn_comes_back_however_a_transaction_ends(engine: sa.Engine, ends: str) -> None:
    connection = engine.connect()
    connection.exec_driver_sql("INSERT INTO written (who) VALUES ('first')")
    if ends == "rolled back":
        connection.rollback()
    elif ends == "failed":
        with pytest.raises(sa.exc.OperationalError):
            connection.exec_driver_sql("INSERT INTO nothing VALUES (1)")
    connection.close()
    _write(engine, "second")
    with engine.connect() as reading:
        assert list(reading.exec_driver_sql("SELECT who FROM written").scalars()) == ["second"]
    engine.dispose()


def test_a_database_that_stays_locked_is_said_as_ever(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialect, "BUSY_TIMEOUT_MS", 100)
    engine = make_engine(url)
    other = sqlite_module.connect(tmp_path / "turns.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sa.exc.OperationalError, match="locked"):
        _write(engine, "nobody")
    other.execute("ROLLBACK")
    other.close()
    _write(engine, "somebody")
    engine.dispose()
