"""Worker processes killed and stopped from outside."""

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.system.jobs.places import SLICES, TURNS, Place, eventually
from tests.system.jobs.process import SLICES_EACH
from woodpecker_api.system.jobs.port import Queue

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]


class Workers:
    """Processes that the test's end kills, whatever happened."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.all: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.system.jobs.process", self.place.url, str(self.place.data_dir)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        self.all.append(process)
        assert process.stdout is not None
        said = process.stdout.readline()  # that it works, or waits for its place
        assert b"worker_" in said, said
        return process


@pytest.fixture
def workers(place: Place) -> Iterator[Workers]:
    workers = Workers(place)
    yield workers
    for process in workers.all:
        process.kill()
        process.communicate()


def slices_of(place: Place) -> Counter[str]:
    return Counter(str(row[0]) for row in place.all_of(sa.select(SLICES.c.record_id)))


def test_jobs_survive_a_worker_that_is_killed_again_and_again(place: Place, workers: Workers) -> None:
    records = [f"r{number}" for number in range(24)]
    with place.database.writing() as db:
        for record in records:
            place.jobs.enqueue(db, "slices", record, key=f"slices-{record}")
    chance = random.Random(7)
    kills = 0
    while place.at_work() and kills < 4:
        worker = workers.start()
        before = sum(slices_of(place).values())
        eventually(lambda before=before: sum(slices_of(place).values()) > before or not place.at_work(), 20)
        time.sleep(chance.uniform(0.0, 0.2))
        worker.kill()
        worker.wait()
        kills += 1
    workers.start()
    eventually(lambda: place.at_work() == 0, 60)
    assert slices_of(place) == dict.fromkeys(records, SLICES_EACH)
    assert kills >= 2


def test_another_process_takes_over_from_a_killed_one_in_about_two_seconds(place: Place, workers: Workers) -> None:
    first = workers.start()
    workers.start()
    place.enqueue("careful", "seen")
    first.kill()
    place.enqueue("careful", "after")
    took = eventually(lambda: len(place.all_of(sa.select(TURNS).where(TURNS.c.record_id == "after"))) > 0, 20)
    assert took < 5


def test_work_in_progress_is_finished_by_another_process(place: Place, workers: Workers) -> None:
    first = workers.start()
    for number in range(6):
        place.enqueue("careful", f"r{number}", queue=Queue.ACCOUNTS, partition="one")
    eventually(lambda: bool(place.all_of(sa.select(TURNS))), 20)
    workers.start()
    first.kill()
    eventually(lambda: place.at_work() == 0, 30)
    rows = place.all_of(sa.select(TURNS.c.record_id, TURNS.c.began, TURNS.c.ended).order_by(TURNS.c.began))
    finished = [row for row in rows if row[2] is not None]
    assert Counter(row[0] for row in finished) == {f"r{number}": 1 for number in range(6)}
    for (_, _, ended), (_, began, _) in itertools.pairwise(finished):
        assert began >= ended  # one account, one turn at a time, across processes


def test_a_process_that_is_told_to_end_does_so_within_five_seconds(place: Place, workers: Workers) -> None:
    worker = workers.start()
    place.enqueue("careful", "r")
    eventually(lambda: bool(place.all_of(sa.select(TURNS))), 20)
    asked = time.monotonic()
    os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait(timeout=10) == 0
    assert time.monotonic() - asked < 5


def test_a_waiting_process_ends_at_once_when_told(place: Place, workers: Workers) -> None:
    workers.start()
    waiting = workers.start()
    waiting.terminate()
    assert waiting.wait(timeout=5) == 0
