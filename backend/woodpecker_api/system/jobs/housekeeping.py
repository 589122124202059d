"""Forgetting finished jobs: their rooms' tables hold the truth, the engine's rows would only grow."""

from collections.abc import Callable
from datetime import datetime, timedelta

from woodpecker_api.db.session import Database
from woodpecker_api.kit.clock import rfc3339, system_clock
from woodpecker_api.system.jobs.engine import make_client
from woodpecker_api.system.jobs.port import Again, Done, JobContext, NextStep, Schedule

# As long as a finished key is still known: longer than any request is repeated (24 h) and any weekend of reading logs.
KEPT = timedelta(days=3)
# One short transaction each: a long job has a row for every turn.
BATCH = 50
_FINISHED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


def forget_finished(database: Database, clock: Callable[[], datetime] = system_clock) -> Schedule:
    """Removes, every hour, what was finished three days ago, failed jobs included."""
    client = make_client(database.engine)

    def handler(_context: JobContext, _planned: str) -> NextStep:
        found = client.list_workflows(
            status=_FINISHED,
            completed_before=rfc3339(clock() - KEPT),
            limit=BATCH,
            load_input=False,
            load_output=False,
        )
        client.delete_workflows([job.workflow_id for job in found])
        return Again() if len(found) == BATCH else Done()

    return Schedule("forget-finished-jobs", "17 * * * *", handler)
