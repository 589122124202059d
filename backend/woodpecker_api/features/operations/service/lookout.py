"""Looking at the whole installation: everything that the rules of alerts, the status page and the metrics want to know."""

import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.session import Database
from woodpecker_api.features.exports.service import sending
from woodpecker_api.features.operations import queries
from woodpecker_api.features.operations.rules import worker_lags
from woodpecker_api.features.operations.rules.alerts import Alert, Signals, find_alerts
from woodpecker_api.kit.clock import Clock
from woodpecker_api.kit.starts import StartBook
from woodpecker_api.system.backups.shelf import Backup, Shelf
from woodpecker_api.system.jobs.jobs import Jobs

STARTS = "starts.jsonl"
CRASHES_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Seen:
    """The signals, and what else one look brings along."""

    signals: Signals
    newest_backup: Backup | None
    alerts: list[Alert] = field(default_factory=list)


@dataclass(frozen=True)
class Lookout:
    """`expects_backups`: everywhere but in the sandbox, whose data nobody misses."""

    database: Database
    jobs: Jobs
    data_dir: Path
    clock: Clock
    expects_backups: bool

    def look(self) -> Seen:
        """Never raises for what is broken: that is what it is there to see."""
        newest = Shelf(self.data_dir).last_sound()
        try:
            with self.database.reading() as db:
                signals = self._with_database(db, newest)
        except sa.exc.SQLAlchemyError:
            signals = self._without_database()
        return Seen(signals, newest, find_alerts(signals))

    def _with_database(self, db: Session, newest: Backup | None) -> Signals:
        held = sending(db)
        return Signals(
            at=self.clock(),
            stalled_queues=worker_lags(self.jobs.status(db)),
            oldest_unknown=queries.oldest_unknown(db),
            troubled_exports=queries.troubled_exports(db),
            held=held.reason if held.held else None,
            newest_backup=newest.taken_at if newest else None,
            backups_since=self._backups_since(db),
            disk_free_share=self._disk_free_share(),
            crashes=self._crashes(),
        )

    def _without_database(self) -> Signals:
        return Signals(
            at=self.clock(),
            database_answers=False,
            disk_free_share=self._disk_free_share(),
            crashes=self._crashes(),
        )

    def _backups_since(self, db: Session) -> datetime | None:
        """The first night is still to come for an installation of today."""
        return queries.first_line_at(db) if self.expects_backups else None

    def _disk_free_share(self) -> float:
        usage = shutil.disk_usage(self.data_dir)
        return usage.free / usage.total if usage.total else 0.0

    def _crashes(self) -> int:
        return StartBook(self.data_dir / STARTS).crashes(CRASHES_WITHIN, self.clock())
