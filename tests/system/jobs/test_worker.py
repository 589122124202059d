import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from tests.system.jobs.places import SLICES, Place, eventually
from woodpecker_api.errors import NotFoundError
from woodpecker_api.system.jobs.port import (
    Again,
    Done,
    Handler,
    Job,
    JobContext,
    JobError,
    NextStep,
    Queue,
    Retries,
    Schedule,
)
from woodpecker_api.system.jobs.slots import LOCK_FILE
from woodpecker_api.system.jobs.worker import Worker

pytestmark = pytest.mark.usefixtures("eager_queues")
QUICK = Retries(attempts=3, first_wait_seconds=0.05, longest_wait_seconds=0.1)


@contextmanager
def working(place: Place, *jobs: Job, schedules: tuple[Schedule, ...] = ()) -> Iterator[Worker]:
    worker = Worker(place.database, place.data_dir, jobs, schedules)
    worker.start()
    try:
        assert worker.wait_until_working(10)
        yield worker
    finally:
        worker.stop()


def a_job(handler: Callable[[JobContext, str], NextStep | None], **options: object) -> Job:
    def handle(context: JobContext, record_id: str) -> NextStep:
        return handler(context, record_id) or Done()

    return Job("work", handle, **options)  # type: ignore[arg-type]


def test_a_job_runs_with_its_record_and_its_key(place: Place) -> None:
    seen: list[tuple[str, str, int, bool]] = []

    def handler(context: JobContext, record_id: str) -> None:
        seen.append((record_id, context.key, context.failures, context.still_mine()))

    with working(place, a_job(handler)):
        place.enqueue("work", "r", key="work-r")
        eventually(lambda: place.at_work() == 0, 10)
    assert seen == [("r", "work-r", 0, True)]


def test_a_finished_key_is_not_done_again(place: Place) -> None:
    seen: list[str] = []
    with working(place, a_job(lambda _context, record_id: seen.append(record_id))):
        place.enqueue("work", "r", key="once")
        eventually(lambda: seen == ["r"] and place.at_work() == 0, 10)
        place.enqueue("work", "r", key="once")
        place.enqueue("work", "after")
        eventually(lambda: "after" in seen, 10)
    assert seen == ["r", "after"]


def test_a_turn_that_raises_is_tried_again(place: Place) -> None:
    failures: list[int] = []

    def handler(context: JobContext, _record_id: str) -> None:
        failures.append(context.failures)
        if context.failures < 2:
            raise ConnectionError

    given_up: list[str] = []
    with working(place, a_job(handler, retries=QUICK, on_failed=lambda r, _e: given_up.append(r))):
        place.enqueue("work", "r")
        eventually(lambda: len(failures) == 3 and place.at_work() == 0, 10)
    assert (failures, given_up) == ([0, 1, 2], [])


def test_a_job_that_is_given_up_tells_its_room_even_when_the_room_stumbles_first(place: Place) -> None:
    told: list[tuple[str, JobError]] = []

    def handler(_context: JobContext, _record_id: str) -> NextStep:
        raise NotFoundError("The campaign is gone.")

    def on_failed(record_id: str, error: JobError) -> None:
        told.append((record_id, error))
        if len(told) == 1:
            raise ConnectionError

    with working(place, Job("work", handler, on_failed=on_failed, retries=QUICK)):
        place.enqueue("work", "r")
        eventually(lambda: len(told) == 2 and place.at_work() == 0, 10)
    assert told == [("r", JobError("not_found", "The campaign is gone."))] * 2


def test_rests_survive_a_restart_and_do_not_begin_anew(place: Place) -> None:
    turns: list[float] = []

    def handler(_context: JobContext, _record_id: str) -> NextStep:
        turns.append(time.monotonic())
        return Again(after_seconds=3) if len(turns) == 1 else Done()

    with working(place, a_job(handler)):
        place.enqueue("work", "r")
        eventually(lambda: len(turns) == 1, 10)
        time.sleep(0.2)
    with working(place, a_job(handler)):
        eventually(lambda: len(turns) == 2, 10)
    assert 2.9 < turns[1] - turns[0] < 5.5


def test_stopping_waits_for_the_turn_and_leaves_the_rest_to_the_next_worker(place: Place) -> None:
    began = threading.Event()

    def slice_by_slice(context: JobContext, record_id: str) -> NextStep:
        began.set()
        with place.database.writing() as db:
            n = db.scalar(sa.select(sa.func.count()).select_from(SLICES)) or 0
            db.execute(sa.insert(SLICES).values(record_id=record_id, n=n + 1))
        context.stopping.wait(0.5)
        return Done() if n + 1 == 6 else Again()

    worker = Worker(place.database, place.data_dir, [a_job(slice_by_slice)])
    worker.start()
    place.enqueue("work", "r")
    assert began.wait(10)
    asked = time.monotonic()
    assert worker.stop() is True
    assert time.monotonic() - asked < 3
    done_by_first = len(place.all_of(sa.select(SLICES)))
    assert done_by_first < 6
    with working(place, a_job(slice_by_slice)):
        eventually(lambda: place.at_work() == 0, 15)
    assert [row[1] for row in place.all_of(sa.select(SLICES).order_by(SLICES.c.n))] == [1, 2, 3, 4, 5, 6]


def test_a_turn_that_does_not_end_is_reported_and_done_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("woodpecker_api.system.jobs.worker.DRAIN_SECONDS", 0.3)
    free, turns = threading.Event(), list[str]()

    def handler(_context: JobContext, record_id: str) -> None:
        turns.append(record_id)
        if len(turns) == 1:
            free.wait(20)

    worker = Worker(place.database, place.data_dir, [a_job(handler)])
    worker.start()
    place.enqueue("work", "r")
    eventually(lambda: turns == ["r"], 10)
    assert worker.stop() is False
    with working(place, a_job(handler)):
        eventually(lambda: turns == ["r", "r"] and place.at_work() == 0, 10)
        free.set()


def test_jobs_of_one_account_never_overlap_and_accounts_do_not_wait_for_each_other(place: Place) -> None:
    inside: dict[str, int] = {"a": 0, "b": 0}
    most: dict[str, int] = {"a": 0, "b": 0}
    together = threading.Barrier(2, timeout=10)
    guard = threading.Lock()

    def handler(_context: JobContext, record_id: str) -> None:
        account, number = record_id.split("-")
        with guard:
            inside[account] += 1
            most[account] = max(most[account], inside[account])
        if number == "1":
            together.wait()  # passes only when both accounts are inside at the same time
        time.sleep(0.02)
        with guard:
            inside[account] -= 1

    with working(place, a_job(handler, retries=Retries(attempts=1))):
        for number in (1, 2, 3):
            for account in ("a", "b"):
                place.enqueue("work", f"{account}-{number}", queue=Queue.ACCOUNTS, partition=account)
        eventually(lambda: place.at_work() == 0, 20)
    assert most == {"a": 1, "b": 1}
    assert not together.broken


def test_a_long_job_goes_on_under_new_records_in_its_place(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("woodpecker_api.system.jobs.turns.TURNS_A_RECORD", 3)
    seen: list[tuple[str, str]] = []

    def handler(context: JobContext, record_id: str) -> NextStep:
        seen.append((context.key, record_id))
        return Done() if len(seen) == 8 else Again(after_seconds=0.05)

    with working(place, a_job(handler)):
        place.enqueue("work", "r", key="long", queue=Queue.ACCOUNTS, partition="a")
        eventually(lambda: len(seen) == 8 and place.at_work() == 0, 15)
    assert seen == [("long", "r")] * 8
    columns = (sa.column(name) for name in ("workflow_uuid", "queue_name", "queue_partition_key"))
    schema = "dbos" if place.url.startswith("postgresql") else None
    table = sa.table("workflow_status", *columns, schema=schema)
    assert sorted(place.all_of(sa.select(*table.c).where(table.c.workflow_uuid.startswith("long")))) == [
        (key, "accounts", "a") for key in ("long", "long~1", "long~2")
    ]


def test_imports_run_one_at_a_time(place: Place) -> None:
    inside, most = 0, 0

    def handler(_context: JobContext, _record_id: str) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.1)
        inside -= 1

    with working(place, a_job(handler)):
        for number in range(4):
            place.enqueue("work", str(number), queue=Queue.IMPORTS)
        eventually(lambda: place.at_work() == 0, 20)
    assert most == 1


def test_a_schedule_calls_its_handler_with_the_planned_time(place: Place) -> None:
    planned: list[str] = []

    def handler(_context: JobContext, moment: str) -> NextStep:
        planned.append(moment)
        return Done()

    with working(place, schedules=(Schedule("tick", "* * * * * *", handler),)):
        eventually(lambda: len(planned) >= 2, 15)
    assert len(set(planned)) == len(planned)
    assert all(len(moment) == 20 and moment.endswith("Z") for moment in planned)


def test_a_schedule_that_was_dropped_from_the_program_is_forgotten(place: Place) -> None:
    handler: Handler = lambda _context, _moment: Done()  # noqa: E731
    with working(place, schedules=(Schedule("old", "0 0 1 1 *", handler),)):
        pass
    with working(place, schedules=(Schedule("new", "0 0 1 1 *", handler),)):
        names = place.all_of(_schedule_names(place))
    assert set(names) == {("new",), ("forget-finished-jobs",)}


def test_losing_the_place_stops_the_work_and_another_place_is_sought(place: Place) -> None:
    held: list[bool] = []
    with working(place, a_job(lambda context, _record_id: held.append(context.still_mine()))) as worker:
        lose_the_place(place)
        eventually(lambda: not worker.is_working, 5)
        eventually(lambda: worker.is_working, 10)
        place.enqueue("work", "r")
        eventually(lambda: held == [True], 10)


def test_a_turn_that_outlives_its_place_can_tell(place: Place) -> None:
    held: list[bool] = []
    began = threading.Event()

    def handler(context: JobContext, _record_id: str) -> None:
        if not held:
            held.append(context.still_mine())
            began.set()
            context.stopping.wait(10)
        held.append(context.still_mine())

    with working(place, a_job(handler)):
        place.enqueue("work", "r")
        assert began.wait(10)
        lose_the_place(place)
        eventually(lambda: len(held) >= 2, 10)
    assert held[:2] == [True, False]


def lose_the_place(place: Place) -> None:
    if place.url.startswith("postgresql"):
        locks = sa.table("pg_locks", sa.column("pid"), sa.column("locktype"))
        place.all_of(sa.select(sa.func.pg_terminate_backend(locks.c.pid)).where(locks.c.locktype == "advisory"))
    else:
        (place.data_dir / LOCK_FILE).unlink()


def _schedule_names(place: Place) -> sa.Select[tuple[object, ...]]:
    schema = "dbos" if place.url.startswith("postgresql") else None
    return sa.select(sa.table("workflow_schedules", sa.column("schedule_name"), schema=schema).c.schedule_name)
