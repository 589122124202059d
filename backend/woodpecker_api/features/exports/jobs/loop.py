"""The account's job: each turn settles what is due, else does one unit for whoever waits longest."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog
from sqlalchemy.orm import Session

from woodpecker_api.clients.woodpecker.errors import WoodpeckerError
from woodpecker_api.clients.woodpecker.port import WoodpeckerApi
from woodpecker_api.db.session import Database
from woodpecker_api.errors import VendorKeyMissingError
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import AccountRead, ReadStatus, WoodpeckerAccount
from woodpecker_api.features.exports.jobs import reading, removing, sending, settling, trouble
from woodpecker_api.features.exports.jobs.tools import Memory, Tools
from woodpecker_api.features.exports.jobs.watching import watched
from woodpecker_api.features.exports.models import Export, ExportBatch
from woodpecker_api.features.exports.queries import removing as removal_queries
from woodpecker_api.features.exports.queries import working
from woodpecker_api.features.exports.service.stopping import stop_export
from woodpecker_api.system.jobs import Again, Done, Job, JobContext, NextStep, Schedule
from woodpecker_api.system.jobs.jobs import Jobs
from woodpecker_api.system.jobs.port import Retries

log = structlog.get_logger("exports")

NAME = campaigns.JOB
_REMOVALS = "removals"
MAX_UNSETTLED = 3
"""Batches of one export that may rest unsettled; beyond, it waits until they are."""


def account_job(loop: "AccountLoop") -> Job:
    # Never given up: an account that nobody speaks for would leave its exports without an end.
    return Job(NAME, loop.turn, retries=Retries(attempts=1_000_000, longest_wait_seconds=60.0))


def account_watch(database: Database, jobs: Jobs) -> Schedule:
    """Each minute: an account that has work and no job gets one. Nothing that waits depends on one wake alone."""

    def look(_context: JobContext, _planned: str) -> NextStep:
        with database.reading() as db:
            ids = [account_id for account_id in campaigns.account_ids(db) if _is_needed(db, account_id)]
        for account_id in ids:
            with database.writing() as db:
                campaigns.wake(db, jobs, account_id)
        return Done()

    return Schedule("account-watch", "* * * * *", look)


class AccountLoop:
    """One request at a time for each account, within this process and, by the worker's lock, beyond it."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._memories: dict[str, Memory] = {}
        self._busy: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def turn(self, context: JobContext, account_id: str) -> NextStep:
        with self._alone(account_id) as alone:
            if not alone or not context.still_mine():
                return Again(1.0)
            memory = self._memories.setdefault(account_id, Memory.fresh(self._tools.settle_seconds))
            memory.hold(context.held_since)
            return self._turn(context, memory, account_id)

    def _turn(self, context: JobContext, memory: Memory, account_id: str) -> NextStep:
        tools = self._tools
        with tools.database.reading() as db:
            batches = working.open_batches(db, account_id)
        settling.notice(tools, memory, batches)
        api = self._api(account_id)
        if api is None:
            return self._without_key(memory, account_id)
        memory.speaks_through(api)
        api = watched(tools, memory, account_id, api)
        rest = memory.rest_until - tools.monotonic()
        if rest > 0:
            return Again(rest)
        try:
            did_something = settling.settle_some(tools, memory, api, batches) or self._one_unit(
                context, memory, api, account_id
            )
            trouble.clear_when_over(tools, memory, account_id)
            if did_something:
                return Again()
        except WoodpeckerError as error:
            trouble.on_failure(tools, memory, account_id, error)
            return Again(max(0.0, memory.rest_until - tools.monotonic()))
        return self._idle(memory, account_id, batches)

    def _one_unit(self, context: JobContext, memory: Memory, api: WoodpeckerApi, account_id: str) -> bool:
        """False when nobody waits who could be served now."""
        tools = self._tools
        with tools.database.reading() as db:
            exports = [export.id for export in working.active_exports(db, account_id) if self._may_send(db, export)]
            reads = [read.id for read in campaigns.reads_waiting(db, account_id)]
        removals = removing.ready(tools, memory, account_id)
        key = memory.turns.next_of([*reads, *([_REMOVALS] if removals else []), *exports])
        if context.stopping.is_set():
            return True
        if key is None:
            self._stop_unreadable(account_id)
            return False
        if key in reads:
            reading.read_page(tools, memory, api, key)
            memory.worked()
            self._stop_unreadable(account_id)
            return True
        if key == _REMOVALS:
            removing.remove_some(tools, memory, api, removals)
            memory.worked()
            return True
        if not memory.campaigns_are_fresh(tools.monotonic()):
            reading.read_campaigns(tools, memory, api, account_id)
            memory.worked()
        sending.send_batch(tools, memory, api, context, key)
        return True

    def _may_send(self, db: Session, export: Export) -> bool:
        """Its countdown is over, the campaign's members were read, and not too much of it is unsettled."""
        if export.not_before is not None and export.not_before > self._tools.clock():
            return False
        read = db.get(AccountRead, export.members_read_id) if export.members_read_id else None
        if read is not None and read.status != ReadStatus.DONE:
            return False
        return working.unsettled_count(db, export.id) < MAX_UNSETTLED

    def _stop_unreadable(self, account_id: str) -> None:
        """Nobody may be sent while nobody knows who is in the campaign already."""
        with self._tools.database.writing() as db:
            for export in working.without_members(db, account_id):
                stop_export(db, export, "members_unreadable", self._tools.clock())

    def _idle(self, memory: Memory, account_id: str, batches: Sequence[ExportBatch]) -> NextStep:
        """Nothing can be done now: look again soon while something is open, else end."""
        wait = settling.next_wait(self._tools, memory, batches)
        if wait is not None:
            return Again(min(max(wait, 0.05), self._tools.look_again_seconds))
        with self._tools.database.writing() as db:
            ended = campaigns.end_job(db, account_id, lambda db: _is_needed(db, account_id))
            someone_waits = not ended and _someone_waits(db, account_id)
        if ended:
            return Done()
        # What only rests (a removal that Woodpecker refuses, or that a hold keeps back) needs no quick look.
        return Again(self._tools.look_again_seconds * (1 if someone_waits else 15))

    def _api(self, account_id: str) -> WoodpeckerApi | None:
        with self._tools.database.reading() as db:
            account = db.get_one(WoodpeckerAccount, account_id)
        try:
            connection = self._tools.connect()
        except VendorKeyMissingError:
            return None
        # A key of the other kind is no key for this account: sandbox and real never mix.
        return connection.api if connection.sandbox == account.sandbox else None

    def _without_key(self, memory: Memory, account_id: str) -> NextStep:
        """Exports rest with the reason, reads fail; open outcomes wait for a key."""
        tools = self._tools
        with tools.database.writing() as db:
            trouble.pause_all(db, account_id, trouble.NO_KEY, tools.clock())
        reading.fail_reads(tools, account_id, trouble.NO_KEY, reading.NO_KEY_SENTENCE)
        with tools.database.reading() as db:
            batches = working.open_batches(db, account_id)
        return Again(30.0) if batches else self._idle(memory, account_id, batches)

    @contextmanager
    def _alone(self, account_id: str) -> Iterator[bool]:
        with self._guard:
            lock = self._busy.setdefault(account_id, threading.Lock())
        alone = lock.acquire(blocking=False)
        try:
            yield alone
        finally:
            if alone:
                lock.release()


def _is_needed(db: Session, account_id: str) -> bool:
    """An export that waits (for its countdown, for its turn), a read, or an outcome that nobody knows."""
    return bool(
        _someone_waits(db, account_id)
        or working.open_batches(db, account_id)
        or removal_queries.any_waiting(db, account_id)
    )


def _someone_waits(db: Session, account_id: str) -> bool:
    return bool(working.active_exports(db, account_id) or campaigns.reads_waiting(db, account_id))
