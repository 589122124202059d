"""A worker in a process of its own that is stopped (SIGSTOP) between the commit of its first intent and the request.

Whoever starts it continues it; it believes all the time that it holds the lock. It ends once it has done with that batch.
"""

import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from tests import builders as _all_tables
from woodpecker_api.clients.woodpecker.client import WoodpeckerClient
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.session import Database
from woodpecker_api.features.exports import service
from woodpecker_api.features.exports.jobs import AccountLoop, Connection, Tools
from woodpecker_api.features.exports.models import ExportBatch
from woodpecker_api.system.audit.service import write_pending
from woodpecker_api.system.jobs import JobContext

_TABLES = (_all_tables,)


class StoppingEpoch(service.EpochFile):
    """Its file is written right after the commit and right before the request: there the process stops, once."""

    def __init__(self, data_dir: Path, database: Database) -> None:
        super().__init__(data_dir)
        self._database = database
        self.has_stopped = False

    def write(self, instance_id: str, line_id: int, line_hash: str) -> None:
        super().write(instance_id, line_id, line_hash)
        with self._database.reading() as db:
            intended = bool(db.scalar(sa.select(sa.exists().select_from(ExportBatch))))
        if intended and not self.has_stopped:
            self.has_stopped = True
            os.kill(os.getpid(), signal.SIGSTOP)


def main(url: str, data_dir: str, base_url: str, account_id: str) -> None:
    database = Database(make_engine(url), before_commit=(write_pending,))
    client = WoodpeckerClient("any-key", base_url=base_url, default_deadline=0.6)
    epoch = StoppingEpoch(Path(data_dir), database)
    loop = AccountLoop(
        Tools(
            database=database,
            clock=lambda: datetime.now(UTC),
            monotonic=time.monotonic,
            connect=lambda: Connection(client, sandbox=True),
            epoch=epoch,
            deadline_seconds=0.6,
            settle_seconds=1.0,
            look_again_seconds=0.1,
        )
    )
    held_since = time.monotonic()
    while not epoch.has_stopped:
        loop.turn(JobContext("account", 0, threading.Event(), lambda: True, held_since), account_id)
    client.close()
    database.engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
