"""What operations does by itself: the nightly backup, a backup on demand, and watching for trouble."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
import structlog

from woodpecker_api.clients.notify.port import Notifier
from woodpecker_api.db.session import Database
from woodpecker_api.features.operations import queries
from woodpecker_api.features.operations.rules.alerts import Alert, Known, News, Severity, Telling, step, untold
from woodpecker_api.features.operations.rules.notices import message, news_since
from woodpecker_api.features.operations.service.backing_up import BACKUP_JOB
from woodpecker_api.features.operations.service.lookout import Lookout
from woodpecker_api.features.operations.service.notices import Noticing
from woodpecker_api.features.operations.service.remembering import read_known, write_known
from woodpecker_api.kit.clock import rfc3339
from woodpecker_api.system.backups.manifest import Kind
from woodpecker_api.system.backups.retention import Policy
from woodpecker_api.system.backups.service import Backups
from woodpecker_api.system.changes.service import announce
from woodpecker_api.system.jobs import Done, Job, JobContext, JobError, NextStep, Retries, Schedule
from woodpecker_api.system.settings.service import fact, set_fact

log = structlog.get_logger()

LOOK_SECONDS = 30.0
"""Twice within the two minutes in which an alert should arrive."""
_NOTICED = "noticed_until"


def backup_job(database: Database, backups: Backups) -> Job:
    """`record_id` is the backup's id: a turn that is done again makes the same one."""

    def make(_context: JobContext, backup_id: str) -> NextStep:
        known = {backup.id for backup in backups.shelf.all() if backup.manifest is not None}
        if backup_id not in known:
            backups.create(Kind.MANUAL, backup_id)
        _announce(database)
        return Done()

    def failed(backup_id: str, error: JobError) -> None:
        log.error("backup.failed", backup=backup_id, code=error.code)
        _announce(database)

    return Job(BACKUP_JOB, make, failed, Retries(attempts=2))


def nightly_backup(database: Database, backups: Backups) -> Schedule:
    """At half past two (UTC); a night without a worker is made up for at the next start."""

    def make(_context: JobContext, _planned: str) -> NextStep:
        made = backups.create(Kind.NIGHTLY)
        dropped = backups.prune(Policy())
        log.info("backup.made", backup=made.id, bytes=made.manifest.bytes if made.manifest else 0, dropped=len(dropped))
        _announce(database)
        return Done()

    return Schedule("nightly-backup", "30 2 * * *", make, catch_up=True)


def _announce(database: Database) -> None:
    with database.writing() as db:
        announce(db, "backup")


@dataclass
class Watch:
    """Looks twice a minute, in every process: also in the one that lives when the worker does not.

    What was told is kept in the database, so that two processes tell it once; where that cannot be written, in memory.
    """

    lookout: Lookout
    notifier: Notifier | None
    name: str
    """How messages begin: which installation it is."""
    noticing: Noticing | None = None
    """Tells people where each of them chose."""

    def __post_init__(self) -> None:
        self._end = threading.Event()
        self._memory: dict[str, Known] = {}
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._end.clear()
        self._thread = threading.Thread(target=self._live, name="watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._end.set()

    def round(self) -> list[Telling]:
        """One look; what was told. For the thread and the tests."""
        seen = self.lookout.look()
        tellings = self._step(seen.alerts)
        for telling in tellings:
            log.warning("alert", code=telling.code, news=telling.news)
        missed = [telling for telling in tellings if not self._tell(telling, seen.alerts)]
        if missed:
            self._take_back(missed)
        if seen.signals.database_answers:
            self._notice_finished()
            if self.noticing is not None:
                self.noticing.round()
        return [telling for telling in tellings if telling not in missed]

    def _live(self) -> None:
        while not self._end.wait(LOOK_SECONDS):
            try:
                self.round()
            except Exception:
                log.exception("watch_failed")

    def _step(self, alerts: Sequence[Alert]) -> list[Telling]:
        now = self.lookout.clock()
        try:
            with self.lookout.database.reading() as db:
                known = read_known(db)
            if step(alerts, known, now)[0] == known:
                return []
            with self.lookout.database.writing() as db:
                # Read again where nobody else can write: two processes that see the same tell it once.
                self._memory, tellings = step(alerts, read_known(db), now)
                write_known(db, self._memory)
                announce(db, "alert")
        except sa.exc.SQLAlchemyError:
            self._memory, tellings = step(alerts, self._memory, now)
        return tellings

    def _take_back(self, missed: Sequence[Telling]) -> None:
        self._memory = untold(self._memory, missed)
        try:
            with self.lookout.database.writing() as db:
                write_known(db, untold(read_known(db), missed))
        except sa.exc.SQLAlchemyError:
            log.warning("alert.not_kept")

    def _tell(self, telling: Telling, alerts: Sequence[Alert]) -> bool:
        """True also where nobody wants to be told: the page shows it."""
        if self.notifier is None:
            return True
        alert = next((each for each in alerts if each.code == telling.code), None)
        words = telling.code.replace("_", " ")
        if alert is None:
            return self.notifier.tell(f"{self.name}: {words} is over", "It passed.", urgent=False)
        begins = "" if telling.news is News.BEGAN else "still "
        urgent = alert.severity is Severity.CRITICAL
        return self.notifier.tell(f"{self.name}: {begins}{words}", alert.message, urgent=urgent)

    def _notice_finished(self) -> None:
        if self.notifier is None:
            return
        now = self.lookout.clock()
        with self.lookout.database.reading() as db:
            found = queries.finished_since(db, news_since(fact(db, _NOTICED), now))
        if not found:
            return
        with self.lookout.database.writing() as db:
            # Another process may have told meanwhile.
            until = news_since(fact(db, _NOTICED), now)
            found = [each for each in found if each.at > until]
            if found:
                set_fact(db, _NOTICED, rfc3339(max(each.at for each in found)))
        if found:
            self.notifier.tell(f"{self.name}: finished", message([each.sentence for each in found]), urgent=False)
