"""Background work of imports: reading large files, and committing slice by slice. Both go on where a crash left them."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Protocol

from woodpecker_api.config import Settings
from woodpecker_api.db.session import Database
from woodpecker_api.features.imports.errors import ImportUnreadableError
from woodpecker_api.features.imports.models import Import, ImportStatus
from woodpecker_api.features.imports.queries import records
from woodpecker_api.features.imports.rules.issues import UnreadableFileError
from woodpecker_api.features.imports.rules.layout import find_layout
from woodpecker_api.features.imports.rules.prepared import Prepared
from woodpecker_api.features.imports.service import committing, starting, undoing
from woodpecker_api.features.imports.service.keeping import fingerprint, kept_rows, read_upload
from woodpecker_api.features.imports.service.looking import sources
from woodpecker_api.features.imports.service.reading import checked_rows, read_file
from woodpecker_api.features.imports.service.uploads import Uploads
from woodpecker_api.features.leads.rules import Suppressed
from woodpecker_api.features.leads.service import suppressed_now
from woodpecker_api.kit.clock import Clock
from woodpecker_api.system.jobs import Again, Done, Job, JobContext, JobError, NextStep, Retries

SLICE = 2_000
"""Rows of one transaction: others wait for it some 100 ms at most. Half as many cost an eighth more in all."""
TURN_SECONDS = 40.0
"""A turn ends in time for a graceful stop; the next one passes over the rows that are done."""
KEPT = timedelta(days=7)
"""How long an uploaded file stays after its import was settled."""


class Services(Protocol):
    @property
    def settings(self) -> Settings: ...
    @property
    def database(self) -> Database: ...
    @property
    def clock(self) -> Clock: ...


def import_jobs(services: Services) -> tuple[Job, ...]:
    work = ImportWork(services.database, Uploads(services.settings.data_dir), services.clock)
    retries = Retries(attempts=5)
    return (
        Job(starting.PARSE_JOB, work.parse, work.parse_failed, retries),
        Job(starting.COMMIT_JOB, work.commit, work.commit_failed, retries),
    )


def drop_old_files(services: Services) -> int:
    """Removes uploads whose import was settled, or left lying, a week ago; how many. For the daily schedule."""
    uploads = Uploads(services.settings.data_dir)
    busy = (ImportStatus.PARSING.value, ImportStatus.COMMITTING.value)
    with services.database.reading() as db:
        gone = records.settled_before(db, uploads.ids(), services.clock() - KEPT, busy)
    for import_id in gone:
        uploads.drop(import_id)
    return len(gone)


class StaleTurnError(Exception):
    """Another worker went on with this import meanwhile."""


@dataclass
class ImportWork:
    database: Database
    uploads: Uploads
    clock: Clock

    def parse(self, _context: JobContext, import_id: str) -> NextStep:
        with self.database.reading() as db:
            imported = records.one(db, import_id)
        if imported is None or imported.status != ImportStatus.PARSING:
            return Done()
        now = self.clock()
        try:
            reading = read_upload(self.uploads, imported, sources(self.database, now))
        except (UnreadableFileError, ImportUnreadableError) as error:
            code = error.code
            with self.database.writing() as db:
                starting.fail(db, starting.find_import(db, import_id), code, str(error), now)
            return Done()
        with self.database.writing() as db:
            fresh = starting.find_import(db, import_id)
            if fresh.status == ImportStatus.PARSING and fresh.version == imported.version:
                starting.store_reading(db, fresh, reading)
        return Done()

    def parse_failed(self, import_id: str, error: JobError) -> None:
        with self.database.writing() as db:
            imported = starting.find_import(db, import_id)
            if imported.status == ImportStatus.PARSING:
                starting.fail(db, imported, error.code, error.detail, self.clock())

    def commit(self, context: JobContext, import_id: str) -> NextStep:
        with self.database.reading() as db:
            imported = records.one(db, import_id)
        if imported is None or imported.status != ImportStatus.COMMITTING:
            return Done()
        ends = time.monotonic() + TURN_SECONDS
        done = imported.rows_done
        try:
            if done == 0:
                self._look_again(imported)
            rows = self._rows(imported)
            for _ in islice(rows, done):
                pass  # committed before; where rows are checked anew, for addresses that come again
            while batch := list(islice(rows, SLICE)):
                if context.stopping.is_set() or time.monotonic() > ends:
                    return Again()
                self._commit_slice(import_id, batch, done)
                done += len(batch)
            self._finish(import_id, done)
        except StaleTurnError:
            return Done()
        return Done()

    def commit_failed(self, import_id: str, error: JobError) -> None:
        with self.database.writing() as db:
            imported = starting.find_import(db, import_id)
            if imported.status == ImportStatus.COMMITTING:
                undoing.abandon(db, imported, self.clock())
                starting.fail(db, imported, error.code, error.detail, self.clock())

    def _look_again(self, imported: Import) -> None:
        """A mapping that came with the decision, or a list that changed since, finds other problems than the preview told.

        Its verdicts are not kept: after a crash before they were told, nothing would ask for them any more.
        """
        if self._kept(imported, self._suppressed()) is not None:
            return
        choices, mapping = starting.choices_of(imported), starting.wanted_mapping(imported)
        with self.uploads.open(imported.id) as file:
            reading = read_file(file, choices, mapping, sources(self.database, self.clock()))
        with self.database.writing() as db:
            starting.tell_findings(db, self._still_ours(records.one_locked(db, imported.id), 0), reading)

    def _rows(self, imported: Import) -> Iterator[Prepared]:
        """As the preview left them; where the list or the mapping changed since, checked again."""
        suppressed = self._suppressed()
        kept = self._kept(imported, suppressed)
        if kept is not None:
            yield from kept
            return
        with self.uploads.open(imported.id) as file:
            layout = find_layout(file, starting.choices_of(imported))
            yield from checked_rows(file, layout, imported.mapping, suppressed)

    def _suppressed(self) -> Suppressed:
        with self.database.reading() as db:
            return suppressed_now(db, self.clock())

    def _kept(self, imported: Import, suppressed: Suppressed) -> Iterator[Prepared] | None:
        mark = fingerprint(imported.file_sha256, imported.choices, imported.mapping, suppressed)
        return kept_rows(self.uploads.verdicts(imported.id), mark)

    def _commit_slice(self, import_id: str, batch: list[Prepared], done: int) -> None:
        with self.database.writing() as db:
            imported = self._still_ours(records.one_locked(db, import_id), done)
            committing.commit_slice(db, imported, batch, self.clock())

    def _finish(self, import_id: str, done: int) -> None:
        with self.database.writing() as db:
            committing.finish(db, self._still_ours(records.one_locked(db, import_id), done), self.clock())
        self.uploads.verdicts(import_id).unlink(missing_ok=True)  # nobody asks for them again

    def _still_ours(self, imported: Import | None, done: int) -> Import:
        """The rows done are the claim: a second worker that finds another number stops. Raises `StaleTurnError`."""
        if imported is None or imported.status != ImportStatus.COMMITTING or imported.rows_done != done:
            raise StaleTurnError
        return imported
