"""Enqueueing and counting, from any process: all it needs is the database."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from dbos import EnqueueOptions
from sqlalchemy.orm import Session

from woodpecker_api.db.dialect import is_sqlite
from woodpecker_api.db.session import Database
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.kit.ids import new_id
from woodpecker_api.system.jobs.engine import SCHEMA, make_client
from woodpecker_api.system.jobs.port import JobRow, Queue

# A job between two turns, resting included, is "PENDING" to the engine: it has its place in the queue.
_WAITING = ("ENQUEUED", "DELAYED")
_RUNNING = "PENDING"


class Jobs:
    """The way into background work."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = system_clock) -> None:
        self._database = database
        self._clock = clock
        self._client = make_client(database.engine)

    def enqueue(
        self,
        db: Session,
        name: str,
        record_id: str,
        *,
        key: str | None = None,
        queue: Queue = Queue.DEFAULT,
        partition: str | None = None,
    ) -> str:
        """Puts a job in the queue in the caller's transaction: both happen, or neither. Gives back its key.

        `key` names the job: while a job of that key is known, the same key again is no second job and no error. A finished
        one is known for three days (`housekeeping.py`), so work that can recur puts a counter into its key
        (`account-{id}-{generation}`). Without one, each call is a job. `partition` is the account, for `Queue.ACCOUNTS` only.
        Raises ValueError when queue and partition do not go together.
        """
        if (queue is Queue.ACCOUNTS) != (partition is not None):
            raise ValueError(f"a partition belongs to {Queue.ACCOUNTS.value!r}, and only to it")
        options: EnqueueOptions = {
            "workflow_name": name,
            "queue_name": queue.value,
            "workflow_id": key or f"{name}-{new_id()}",
        }
        if partition is not None:
            options["queue_partition_key"] = partition
        handle: Any = self._client.enqueue_in_transaction(db, options, record_id)
        return str(handle.workflow_id)

    def status(self, db: Session) -> list[JobRow]:
        """Every queue, also the empty ones, in the order of `Queue`."""
        found = {row.queue_name: row for row in db.execute(_counts(sqlite=is_sqlite(self._database.engine)))}
        now_ms = self._clock().timestamp() * 1000
        rows = []
        for queue in Queue:
            row = found.get(queue.value)
            oldest = None if row is None or row.oldest is None else max(0.0, (now_ms - row.oldest) / 1000)
            rows.append(JobRow(queue.value, row.waiting if row else 0, row.running if row else 0, oldest))
        return rows


def _counts(*, sqlite: bool) -> sa.Select[Any]:
    columns = (
        sa.column("status", sa.String),
        sa.column("queue_name", sa.String),
        sa.column("created_at", sa.BigInteger),
    )
    jobs = sa.table("workflow_status", *columns, schema=None if sqlite else SCHEMA)
    waiting = jobs.c.status.in_(_WAITING)
    return (
        sa.select(
            jobs.c.queue_name,
            sa.func.sum(sa.case((waiting, 1), else_=0)).label("waiting"),
            sa.func.sum(sa.case((jobs.c.status == _RUNNING, 1), else_=0)).label("running"),
            sa.func.min(sa.case((waiting, jobs.c.created_at))).label("oldest"),
        )
        .where(jobs.c.status.in_((*_WAITING, _RUNNING)))
        .group_by(jobs.c.queue_name)
    )
