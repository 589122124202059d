"""The same questions by many clients at once, while somebody writes: the middle answer's time, ours beside raw SQL's.

Clients rest between questions, at random about `--rest` seconds. All share one interpreter: without a rest (`--rest 0`) it is always
saturated, the middle answer then tells which thread the lock happens to favour, and only the processor's ratio means something.
"""

import argparse
import contextlib
import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy.orm import Session

from woodpecker_api.db.session import Database

Question = tuple[str, Callable[[], Any], str | Callable[[], Any]]
Questions = Callable[[Session], Iterator[Question]]


def measure(database: Database, questions: Questions, options: argparse.Namespace) -> None:
    """A line for each question: p50 in milliseconds and processor time for each answer, the median of the rounds."""
    with database.reading() as db:
        names = [name for name, *_ in questions(db)]
    print(f"{options.clients} clients, {options.writes} writes a second beside")
    print(f"{'question':42} {'ours p50':>9} {'raw p50':>9} {'ratio':>6} {'cpu ratio':>10}")
    with _writer(database, options.writes):
        for place, name in enumerate(names):
            if options.only not in name:
                continue
            pairs = [
                tuple(_round(database, questions, place, options, kind=kind) for kind in ("ours", "raw"))
                for _ in range(options.rounds)
            ]
            one, other = (statistics.median(pair[kind][0] for pair in pairs) for kind in (0, 1))
            ratio = statistics.median(mine[0] / theirs[0] for mine, theirs in pairs)
            processor = statistics.median(mine[1] / theirs[1] for mine, theirs in pairs)
            print(f"{name:42} {one:9.2f} {other:9.2f} {ratio:6.1f} {processor:10.1f}", flush=True)


def _round(
    database: Database, questions: Questions, place: int, options: argparse.Namespace, *, kind: str
) -> tuple[float, float]:
    """(p50 of all answers, processor time for each), milliseconds."""
    times: list[float] = []
    ready = threading.Barrier(options.clients + 1)
    stop = threading.Event()

    def ask(number: int) -> None:
        chance = random.Random(number)  # the same in each round
        with database.reading() as db:
            _, ours, raw = list(questions(db))[place]
            work = ours if kind == "ours" else raw if callable(raw) else _asked(db, raw)
            work()  # a statement's first use is its compiling
            ready.wait()
            while not stop.is_set():
                began = time.perf_counter()
                work()
                times.append((time.perf_counter() - began) * 1000)
                if options.rest:
                    stop.wait(chance.expovariate(1 / options.rest))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(options.clients)]
    for thread in threads:
        thread.start()
    ready.wait()
    spent = time.process_time()
    stop.wait(options.seconds)
    stop.set()
    for thread in threads:
        thread.join()
    return statistics.median(times), (time.process_time() - spent) * 1000 / len(times)


def _asked(db: Session, sql: str) -> Callable[[], Any]:
    return lambda: db.connection().exec_driver_sql(sql).fetchall()


@contextlib.contextmanager
def _writer(database: Database, a_second: int) -> Iterator[None]:
    """Commits attempts like those that are there, one at a time; those of a kept file stay in it."""
    stop = threading.Event()

    raw = database.engine.raw_connection()
    raw.execute("PRAGMA foreign_keys=OFF")  # what attempts refer to is not in this database
    columns = [row[1] for row in raw.execute("PRAGMA table_info(attempts)").fetchall()]
    chosen = ", ".join("?" if column in ("id", "batch_id") else column for column in columns)
    again = f"INSERT INTO attempts SELECT {chosen} FROM attempts ORDER BY started_at DESC, id DESC LIMIT 1"

    def write() -> None:
        while not stop.wait(1 / a_second):
            fresh = f"w{time.time_ns():025}"
            raw.execute("BEGIN IMMEDIATE")
            raw.execute(again, (fresh, fresh))
            raw.execute("COMMIT")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        raw.execute("PRAGMA foreign_keys=ON")
        raw.close()
