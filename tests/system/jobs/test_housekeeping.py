import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.system.jobs.places import Place, eventually
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.system.jobs import Done, Job, JobContext
from woodpecker_api.system.jobs.housekeeping import BATCH, forget_finished
from woodpecker_api.system.jobs.port import Again
from woodpecker_api.system.jobs.worker import Worker

pytestmark = pytest.mark.usefixtures("eager_queues")
CONTEXT = JobContext("key", 0, threading.Event(), lambda: True, 0.0)


def test_finished_jobs_are_forgotten_after_three_days_and_waiting_ones_never(place: Place) -> None:
    worker = Worker(place.database, place.data_dir, [Job("work", lambda _context, _record_id: Done())])
    worker.start()
    for number in range(BATCH + 2):
        place.enqueue("work", str(number))
    eventually(lambda: place.at_work() == 0, 20)
    worker.stop()
    place.enqueue("work", "waiting")

    too_early = forget_finished(place.database, clock=lambda: system_clock() + timedelta(days=2, hours=23))
    assert too_early.handler(CONTEXT, "") == Done()
    assert known(place) == BATCH + 3
    later = forget_finished(place.database, clock=lambda: system_clock() + timedelta(days=3, hours=1))
    assert later.handler(CONTEXT, "") == Again()
    assert later.handler(CONTEXT, "") == Done()
    assert (known(place), place.at_work()) == (1, 1)
    assert rows(place, "operation_outputs") == 0


def known(place: Place) -> int:
    return rows(place, "workflow_status")


def rows(place: Place, table: str) -> int:
    schema = "dbos" if place.url.startswith("postgresql") else None
    return int(str(place.all_of(sa.select(sa.func.count()).select_from(sa.table(table, schema=schema)))[0][0]))
