"""The health of every part on one page."""

from dataclasses import dataclass, field

import pytest

from tests.room import Room
from woodpecker_api.features.exports.service import hold
from woodpecker_api.features.operations.rules import WorkerState, is_plausible_key, worker_state
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.jobs.port import Queue


def test_the_page_names_every_part(room_with_jobs: Room) -> None:
    room = room_with_jobs
    with room.database.writing() as db:
        room.services.jobs.enqueue(db, "import.parse", "i1", queue=Queue.IMPORTS)
    status = room.client(Role.MANAGER).get("/api/operations/status").json()
    assert status["database"]["version"].startswith("SQLite 3.")
    assert (status["database"]["bytes"] > 0, status["database"]["safe"]) == (True, True)
    assert 0 < status["disk"]["free_bytes"] <= status["disk"]["total_bytes"]
    queues = {row["queue"]: row["waiting"] for row in status["worker"]["queues"]}
    assert queues == {"default": 0, "imports": 1, "generation": 0, "accounts": 0}
    assert status["vendors"]["woodpecker"]["mode"] == "sandbox"
    assert (status["sending"], status["sending_reason"], status["environment"]) == ("ok", None, "sandbox")
    assert (status["version"], status["open_pages"]) == ("0.1.0", 0)


def test_held_sending_says_why(room_with_jobs: Room) -> None:
    with room_with_jobs.database.writing() as db:
        hold(db, "restored")
    status = room_with_jobs.client(Role.ADMIN).get("/api/operations/status").json()
    assert (status["sending"], status["sending_reason"]) == ("held", "restored")


def test_reps_have_no_operations_page(room_with_jobs: Room) -> None:
    assert room_with_jobs.client(Role.REP).get("/api/operations/status").status_code == 403


@dataclass
class Counts:
    queue: str = field(default="imports", init=False)
    waiting: int
    running: int
    oldest_waiting_seconds: float | None


@pytest.mark.parametrize(
    ("queue", "state"),
    [
        (Counts(0, 0, None), WorkerState.OK),
        (Counts(3, 0, 59.0), WorkerState.OK),
        (Counts(3, 1, 600.0), WorkerState.OK),
        (Counts(3, 0, 61.0), WorkerState.STALLED),
    ],
)
def test_work_that_nobody_takes_for_a_minute_means_a_stalled_worker(queue: Counts, state: WorkerState) -> None:
    assert worker_state([Counts(0, 0, None), queue]) is state


@pytest.mark.parametrize("key", ["", "short", "with space 1234", "new\nline-12345", "a" * 501, "schlüssel-1234"])
def test_what_could_not_travel_in_a_header_is_no_key(key: str) -> None:
    assert not is_plausible_key(key)
