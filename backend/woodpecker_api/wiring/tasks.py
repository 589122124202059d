"""All background work of the program: what each room does, and what happens at set times."""

import time
from collections.abc import Sequence

import structlog

from woodpecker_api.features.campaigns.service import ensure_account
from woodpecker_api.features.exports.jobs.loop import AccountLoop, account_job, account_watch
from woodpecker_api.features.exports.jobs.mailing import mailing_facts
from woodpecker_api.features.exports.jobs.mirroring import account_mirror
from woodpecker_api.features.exports.jobs.tools import Connection, Tools
from woodpecker_api.features.exports.service.holding import EpochFile
from woodpecker_api.features.generation.jobs import generation_jobs
from woodpecker_api.features.imports.jobs import drop_old_files, import_jobs
from woodpecker_api.features.leads.service.samples import remove_samples
from woodpecker_api.features.operations.jobs import backup_job, nightly_backup
from woodpecker_api.features.privacy.jobs import privacy_jobs, privacy_schedules
from woodpecker_api.http.services import Services, VendorMode
from woodpecker_api.system.audit.service import SYSTEM, head
from woodpecker_api.system.auth import idempotency
from woodpecker_api.system.backups.service import Backups
from woodpecker_api.system.changes import service as changes
from woodpecker_api.system.jobs import Done, Job, JobContext, NextStep, Schedule
from woodpecker_api.system.settings.service import Vendor
from woodpecker_api.wiring.pulse import pulse_job
from woodpecker_api.wiring.vendors import Vendors

log = structlog.get_logger()


def all_jobs(services: Services, vendors: Vendors) -> Sequence[Job]:
    settings, database = services.settings, services.database

    def connect() -> Connection:
        return Connection(vendors.woodpecker(), vendors.state(Vendor.WOODPECKER).mode is VendorMode.SANDBOX)

    def claude_is_sandbox() -> bool | None:
        mode = vendors.state(Vendor.ANTHROPIC).mode
        return None if mode is VendorMode.OFF else mode is VendorMode.SANDBOX

    loop = AccountLoop(
        Tools(
            database=database,
            clock=services.clock,
            monotonic=time.monotonic,
            connect=connect,
            epoch=EpochFile(settings.data_dir),
            deadline_seconds=settings.woodpecker_deadline_seconds,
            settle_seconds=settings.settle_seconds,
        )
    )
    return (
        *import_jobs(services),
        *generation_jobs(database, vendors.claude, claude_is_sandbox, services.clock),
        account_job(loop),
        backup_job(database, Backups(database.engine, settings.data_dir, services.clock)),
        pulse_job(database),
        *privacy_jobs(services),
    )


def all_schedules(services: Services) -> Sequence[Schedule]:
    def purge(_context: JobContext, _planned: str) -> NextStep:
        with services.database.writing() as db:
            changes.purge(db, services.clock())
            idempotency.purge(db, services.clock())
        return Done()

    def anchor(_context: JobContext, _planned: str) -> NextStep:
        """The chain's end into the log, which is kept elsewhere: a chain that was rebuilt as a whole no longer fits it."""
        with services.database.reading() as db:
            line_id, line_hash = head(db)
        log.info("audit.anchor", line_id=line_id, line_hash=line_hash)
        return Done()

    def tidy(_context: JobContext, _planned: str) -> NextStep:
        drop_old_files(services)
        return Done()

    def woodpecker_is_sandbox() -> bool | None:
        mode = services.vendor_state(Vendor.WOODPECKER).mode
        return None if mode is VendorMode.OFF else mode is VendorMode.SANDBOX

    return (
        account_watch(services.database, services.jobs),
        account_mirror(services.database, services.jobs, woodpecker_is_sandbox, services.clock),
        mailing_facts(services.database, services.clock),
        *privacy_schedules(services),
        nightly_backup(
            services.database, Backups(services.database.engine, services.settings.data_dir, services.clock)
        ),
        Schedule("old-uploads", "20 3 * * *", tidy),
        Schedule("purge-short-lived", "*/10 * * * *", purge),
        Schedule("audit-anchor", "5 * * * *", anchor),
    )


def know_accounts(services: Services, vendors: Vendors) -> None:
    """The record of the Woodpecker account that this installation speaks to now."""
    mode = vendors.state(Vendor.WOODPECKER).mode
    if any(vendors.state(vendor).mode is VendorMode.REAL for vendor in Vendor):
        # A key that came with the environment; one that is entered in Settings does the same at once.
        with services.database.writing() as db:
            remove_samples(db, SYSTEM, services.clock())
    if mode is not VendorMode.OFF:
        with services.database.writing() as db:
            ensure_account(db, vendors.woodpecker_address(), sandbox=mode is VendorMode.SANDBOX)
