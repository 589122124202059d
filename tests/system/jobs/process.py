"""A worker as a process of its own, to be killed: python -m tests.system.jobs.process URL DATA_DIR.

Its job `slices` leaves SLICES_EACH rows of its record, one a turn, and commits each before the engine hears of it. Its job
`careful` leaves one row and takes its time. Both write down every turn.
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import sqlalchemy as sa

from tests.system.jobs.places import SLICES, TURNS, open_place
from woodpecker_api.db.session import Database
from woodpecker_api.system.jobs import Again, Done, Job, JobContext, NextStep
from woodpecker_api.system.jobs.worker import Worker

SLICES_EACH = 5
CAREFUL_SECONDS = 0.3


def jobs(database: Database) -> list[Job]:
    def slices(_context: JobContext, record_id: str) -> NextStep:
        with database.writing() as db:
            n = db.scalar(sa.select(sa.func.count()).where(SLICES.c.record_id == record_id)) or 0
            db.execute(sa.insert(TURNS).values(record_id=record_id, began=time.monotonic()))
            if n < SLICES_EACH:
                db.execute(sa.insert(SLICES).values(record_id=record_id, n=n + 1))
        time.sleep(0.01)  # between the row and the engine's record: where a kill hurts
        return Done() if n + 1 >= SLICES_EACH else Again()

    def careful(context: JobContext, record_id: str) -> NextStep:
        with database.writing() as db:
            turn = db.scalar(sa.insert(TURNS).values(record_id=record_id, began=time.monotonic()).returning(TURNS.c.id))
        context.stopping.wait(CAREFUL_SECONDS)
        with database.writing() as db:
            db.execute(sa.update(TURNS).where(TURNS.c.id == turn).values(ended=time.monotonic()))
        return Done()

    return [Job("slices", slices), Job("careful", careful)]


def main() -> None:
    """Until SIGTERM, as `woodpecker-api worker` does it."""
    place = open_place(sys.argv[1], Path(sys.argv[2]))
    worker = Worker(place.database, place.data_dir, jobs(place.database))
    end = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: end.set())
    worker.start()
    end.wait()
    if not worker.stop():
        os._exit(0)


if __name__ == "__main__":
    main()
