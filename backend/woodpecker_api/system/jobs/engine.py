"""The engine's settings and schema: with `jobs.py`, `running.py` and `runner.py` all that names DBOS."""

import logging
from typing import Any

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from woodpecker_api.db.dialect import is_sqlite, is_sqlite_url, sqlite_module
from woodpecker_api.system.jobs.port import JobGivenUpError, Queue

log = structlog.get_logger(__name__)

APPLICATION = "woodpecker-api"
# Fixed: work begun before a deploy goes on after it. When the order of a job's steps changes, DBOS.patch tells old from new.
APPLICATION_VERSION = "1"
# A job that is cut short by every restart is still taken up again; the engine's default gives up after a hundred.
MAX_RECOVERIES = 1000
SCHEMA = "dbos"
# How quickly a queue sees new work: half as long on average. Each look is a short transaction, on SQLite a moment of the write lock,
# and four queues that look twice a second cost an idle process 5 % of a core.
POLL_SECONDS = 1.0

ENGINE_TABLES = frozenset(
    {
        "application_versions",
        "dbos_migrations",
        "notifications",
        "operation_outputs",
        "queues",
        "streams",
        "workflow_events",
        "workflow_events_history",
        "workflow_input",
        "workflow_output",
        "workflow_schedules",
        "workflow_status",
    }
)
"""The engine's tables. On SQLite they share our file: Alembic must not look at them and no room may use their names."""


class _SafeSqlite(SQLiteDialect_pysqlite):
    """SQLAlchemy's dialect on our own SQLite: the distribution's can lose committed writes (`db/dialect.py`)."""

    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> Any:
        return sqlite_module


registry.register("sqlite.woodpecker", __name__, "_SafeSqlite")


def migrate(url: str) -> None:
    """Creates or updates the engine's tables. Call it before the shared engine is used and before Alembic."""
    address = sa.make_url(url)
    if is_sqlite_url(url):
        address = address.set(drivername="sqlite+woodpecker")
    DBOS.migrate(address.render_as_string(hide_password=False), schema=SCHEMA)


def engine_config(engine: sa.Engine, slot: str) -> DBOSConfig:
    """One process's configuration. `slot` names the worker: its successor finds its unfinished work by that name."""
    config: DBOSConfig = {
        "name": APPLICATION,
        "application_version": APPLICATION_VERSION,
        "executor_id": slot,
        "serializer": DBOSPortableJSONSerializer(),  # the default is pickle: a tampered backup would be code
        "log_level": "WARNING",
        "run_migrations": False,
        "enable_otlp": False,
        "notification_listener_polling_interval_sec": 0.25,  # a thread we have no use for; shutdown waits for its rest
        "dbos_system_schema": SCHEMA,
    }
    if is_sqlite(engine):
        # One pool for everything: a second would wait for the first one's write lock without its settings.
        config["system_database_engine"] = engine
    else:
        config["system_database_url"] = engine.url.render_as_string(hide_password=False)
    return config


def make_client(engine: sa.Engine) -> DBOSClient:
    """The engine as seen by a process that runs no jobs. It connects when first used."""
    return DBOSClient(
        system_database_engine=engine,
        dbos_system_schema=SCHEMA,
        serializer=DBOSPortableJSONSerializer(),
        application_name=APPLICATION,
        lazy=True,
    )


def declare_queues(client: DBOSClient, generation_at_once: int) -> None:
    """Stores the queues with their limits, anew before each launch, so that a changed limit takes effect."""
    for queue, limits in (
        (Queue.DEFAULT, {"worker_concurrency": 16}),
        (Queue.IMPORTS, {"global_concurrency": 1}),
        (Queue.GENERATION, {"global_concurrency": generation_at_once}),
        (Queue.ACCOUNTS, {"partition_concurrency": 1}),
    ):
        client.register_queue(queue.value, polling_interval_sec=POLL_SECONDS, **limits)  # type: ignore[arg-type]


class _IntoOurLog(logging.Handler):
    """The engine's warnings as lines of our log, without the texts of exceptions: those can hold a lead's data."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0] if record.exc_info else None
        if error is not None and issubclass(error, JobGivenUpError):
            return  # told by `runner.py` already
        note = log.error if record.levelno >= logging.ERROR else log.warning
        note("engine", message=record.getMessage(), error=error.__name__ if error else None)


def route_engine_log() -> None:
    """Once is enough; again does nothing."""
    logger = logging.getLogger("dbos")
    if not any(isinstance(handler, _IntoOurLog) for handler in logger.handlers):
        logger.handlers = [_IntoOurLog(logging.WARNING)]
        logger.propagate = False
