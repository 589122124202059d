"""Background work of forgetting: erasures turn by turn, what follows when Woodpecker confirms, freed space overwritten."""

from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa
import structlog

from woodpecker_api.config import Settings
from woodpecker_api.db.dialect import database_bytes, overwrite_freed_space
from woodpecker_api.db.session import Database
from woodpecker_api.features.imports.service.erasing import drop_files
from woodpecker_api.features.imports.service.uploads import Uploads
from woodpecker_api.features.privacy import queries
from woodpecker_api.features.privacy.models import Erasure
from woodpecker_api.features.privacy.rules import ErasureStatus, Phase
from woodpecker_api.features.privacy.service import erasing, replaying, retention
from woodpecker_api.features.privacy.service.ledger import ErasureLedger
from woodpecker_api.kit.clock import Clock
from woodpecker_api.system.audit.service import SYSTEM
from woodpecker_api.system.jobs import Again, Done, Job, JobContext, NextStep, Retries, Schedule
from woodpecker_api.system.jobs.jobs import Jobs
from woodpecker_api.system.settings.service import fact, set_fact

log = structlog.get_logger("privacy")

OVERWRITE_AT_ONCE = 256 << 20
"""Bytes: writing a database of this size anew takes some 3 s, in which writers wait. A larger one waits for the night."""
OVERWRITE_DUE = "freed_space_to_overwrite"
BUSY_SECONDS = 5.0
REST_SECONDS = 0.2
"""Longer than a slice takes: others write at least as much as retention does."""


class Services(Protocol):
    @property
    def settings(self) -> Settings: ...
    @property
    def database(self) -> Database: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def jobs(self) -> Jobs: ...


@dataclass(frozen=True)
class ErasureWork:
    services: Services
    uploads: Uploads
    ledger: ErasureLedger

    def erase(self, _context: JobContext, erasure_id: str) -> NextStep:
        """One look and what it found; the turn that finds nothing is the last."""
        database, now = self.services.database, self.services.clock()
        with database.reading() as db:
            erasure = db.get(Erasure, erasure_id)
            if erasure is None or erasure.status != ErasureStatus.WAITING:
                self._overwrite_when_last()
                return Done()
            if erasing.is_busy(db, erasure.lead_ids):
                return Again(BUSY_SECONDS)
            person, in_files, found = erasing.look(db, self.uploads, erasure, now)
        self.ledger.add(erasure.person_hash, erasure.created_at)
        with database.writing() as db:
            erasure = db.get_one(Erasure, erasure_id)
            emptied = erasing.empty(db, erasure, person, in_files, found, now)
            files = list(erasure.files)
        # After the commit that noted them: a crash in between finds them in the note.
        drop_files(self.uploads, files)
        if emptied:
            return Again()
        with database.writing() as db:
            erasing.erased_here(db, db.get_one(Erasure, erasure_id), self.services.clock())
            set_fact(db, OVERWRITE_DUE, "yes")
        self._overwrite_when_last()
        return Done()

    def watch(self, _context: JobContext, _planned: str) -> NextStep:
        """What Woodpecker confirmed; and after a restore, whom the ledger names and this database knows again."""
        database = self.services.database
        with database.writing() as db:
            if erasing.finish_confirmed(db, self.services.clock()):
                # Until then the removal held the address that Woodpecker was asked about.
                set_fact(db, OVERWRITE_DUE, "yes")
        self._replay()
        self._overwrite_when_last()
        return Done()

    def overwrite(self, _context: JobContext, _planned: str) -> NextStep:
        """At night, whatever the size."""
        self._overwrite(most_bytes=None)
        return Done()

    def _replay(self) -> None:
        database, now = self.services.database, self.services.clock()
        with database.reading() as db:
            missing = replaying.missing(db, self.ledger)
            known = replaying.addresses_of(db, missing) if missing else {}
        if not missing:
            return
        with database.writing() as db:
            replaying.remember(db, missing)
            for key in known.values():
                # Woodpecker was asked when it happened; only what was restored has to be erased again.
                erasing.ask(db, self.services.jobs, erasing.Asked(SYSTEM, None), key, now)
        log.warning("erasures.replayed", missing=len(missing), found=len(known))

    def _overwrite_when_last(self) -> None:
        """One writing anew for many erasures, not one for each."""
        with self.services.database.reading() as db:
            waiting = queries.any_waiting(db)
        if not waiting:
            self._overwrite(OVERWRITE_AT_ONCE)

    def _overwrite(self, most_bytes: int | None) -> None:
        database = self.services.database
        with database.reading() as db:
            due = fact(db, OVERWRITE_DUE) == "yes"
            fits = most_bytes is None or database_bytes(db.connection()) <= most_bytes
        if not (due and fits):
            return
        try:
            whole = overwrite_freed_space(database.engine)
        except sa.exc.DBAPIError as error:  # locked for too long; the watch tries again
            log.warning("erasures.overwrite_failed", error=type(error).__name__)
            return
        if whole:
            with database.writing() as db:
                set_fact(db, OVERWRITE_DUE, "no")


@dataclass(frozen=True)
class RetentionWork:
    """Slice after slice, with a rest between them in which others write."""

    database: Database
    clock: Clock

    def retain(self, _context: JobContext, _planned: str) -> NextStep:
        now = self.clock()
        with self.database.reading() as db:
            run = retention.present_run(db)
            content = retention.next_content(db, run, now) if run and run.phase is Phase.CONTENT else None
        with self.database.writing() as db:
            if run is None:
                retention.begin(db, now)
            elif content is not None:
                retention.remove_content(db, run, content)
            elif run.phase is Phase.PLANS:
                retention.drop_plan(db, run, now)
            elif run.phase is Phase.PEOPLE:
                retention.forget_names(db, run, now)
            else:
                report = retention.finish(db, run, now)
                if report.counts:
                    set_fact(db, OVERWRITE_DUE, "yes")
                log.info("retention.done", **report.counts)
                return Done()
        return Again(REST_SECONDS)


def privacy_work(services: Services) -> ErasureWork:
    data_dir = services.settings.data_dir
    return ErasureWork(services, Uploads(data_dir), ErasureLedger(data_dir))


def privacy_jobs(services: Services) -> tuple[Job, ...]:
    return (Job(erasing.JOB, privacy_work(services).erase, retries=Retries(attempts=1_000)),)


def privacy_schedules(services: Services) -> tuple[Schedule, ...]:
    work = privacy_work(services)
    return (
        Schedule("erasures-watch", "*/2 * * * *", work.watch),
        Schedule("retention", "10 3 * * *", RetentionWork(services.database, services.clock).retain),
        Schedule("overwrite-freed-space", "40 3 * * *", work.overwrite),
    )
