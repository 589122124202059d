"""The data directory and the database before anything runs: keys, schema, and whether they belong to this environment."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

import structlog

from woodpecker_api.config import Environment, Settings, SettingsError
from woodpecker_api.db.dialect import (
    SAFE_SQLITE,
    is_sqlite_url,
    lock_until_commit,
    make_engine,
    sqlite_is_safe,
    sqlite_version,
)
from woodpecker_api.db.presence import Presence
from woodpecker_api.db.revisions import is_up_to_date, newest_revision, present_revision
from woodpecker_api.db.session import Database
from woodpecker_api.features.leads.service.erasing import SUPPRESSION_KEY
from woodpecker_api.features.templates.service import ensure_default
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.kit.crypto import SecretBox
from woodpecker_api.kit.ids import new_id
from woodpecker_api.system.audit.service import SYSTEM, write_pending
from woodpecker_api.system.auth import users
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.jobs.engine import migrate as migrate_jobs
from woodpecker_api.system.settings.service import fact, set_fact, suppression_key

log = structlog.get_logger()

_JOBS_ENGINE = "jobs_engine"
_PREPARE_LOCK = 7_301_003


def open_database(settings: Settings) -> Database:
    """The engine and its transactions. Refuses an unsafe SQLite in staging and production, warns elsewhere."""
    url = settings.resolved_database_url
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"APP_DATA_DIR: {settings.data_dir} cannot be made ({error.strerror}). Choose another folder."
        ) from None
    if is_sqlite_url(url) and not sqlite_is_safe():
        wanted = ".".join(map(str, SAFE_SQLITE))
        sentence = (
            f"SQLite {sqlite_version()} can lose committed writes; {wanted} or newer is needed (PyPI: pysqlite3)."
        )
        if settings.is_strict:
            raise SettingsError(sentence)
        log.warning("sqlite.unsafe", version=sqlite_version(), wanted=wanted)
    return Database(make_engine(url), before_commit=(write_pending,))


def be_present(settings: Settings) -> Presence:
    """While it is held, no backup is restored. Raises `SettingsError` where one is being restored now."""
    presence = Presence.take(settings.data_dir, shared=True)
    if presence is None:
        raise SettingsError("APP_DATA_DIR: a backup is being restored there. Start again when that is done.")
    return presence


def upgrade_database(settings: Settings, database: Database) -> None:
    """The engine's own tables first (it must not share our connection), then ours. Harmless to repeat, also at once."""
    with _one_process_at_a_time(settings.data_dir / "upgrade.lock"):
        old = not is_up_to_date(database.engine)
        if not old and _jobs_engine_of(database) == version("dbos"):
            return
        migrate_jobs(settings.resolved_database_url)
        if old:
            # Alembic loads for a third of a second; nearly every start finds nothing to do.
            from woodpecker_api.db import migrate

            migrate.upgrade(database.engine)
        with database.writing() as db:
            set_fact(db, _JOBS_ENGINE, version("dbos"))


def refuse_old_schema(database: Database) -> None:
    """Raises `SettingsError`: staging and production upgrade on purpose, not by the way."""
    if not is_up_to_date(database.engine):
        present = present_revision(database.engine) or "empty"
        raise SettingsError(
            f"DATABASE_URL: the schema is {present}, this program needs {newest_revision()}. Run: woodpecker-api db upgrade"
        )


def prepare(settings: Settings, database: Database) -> None:
    """The environment's mark, the first admin, the default template. Harmless to repeat; raises `SettingsError`."""
    with database.writing() as db:
        lock_until_commit(db.connection(), _PREPARE_LOCK)
        theirs = fact(db, "environment")
        if theirs is None:
            set_fact(db, "environment", settings.environment)
            set_fact(db, "instance_id", new_id())
        elif theirs != settings.environment:
            raise SettingsError(
                f"APP_ENVIRONMENT: this database belongs to {theirs!r}, not to {settings.environment.value!r}. "
                "Use another APP_DATA_DIR or DATABASE_URL, or the environment it was made for."
            )
        ensure_default(db, sample=settings.environment is Environment.SANDBOX)
        if settings.admin_email and settings.admin_password and not users.list_users(db):
            password = settings.admin_password.get_secret_value()
            users.create_user(db, SYSTEM, email=settings.admin_email, role=Role.ADMIN, password=password)


def secret_box(settings: Settings) -> SecretBox:
    """From APP_SECRET_KEY (newest first, comma between old ones during a rotation), else a key made once in the data directory."""
    if settings.secret_key is not None:
        return SecretBox([key.strip() for key in settings.secret_key.get_secret_value().split(",") if key.strip()])
    return SecretBox([_key_in(settings.data_dir / "secret.key")])


def know_the_erased(database: Database, box: SecretBox) -> None:
    """Hands every session the key that recognises erased people."""
    with database.writing() as db:
        lock_until_commit(db.connection(), _PREPARE_LOCK)
        key = suppression_key(db, box, system_clock())
    if key is None:
        log.error("suppression_key.unreadable", next_step="start with the APP_SECRET_KEY of before")
    else:
        database.info[SUPPRESSION_KEY] = key


def _key_in(path: Path) -> str:
    """Whole or not there at all: a process that starts at the same moment never reads half a key."""
    if not path.exists():
        draft = path.with_name(f".{path.name}-{new_id()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    key = path.read_text(encoding="ascii").strip()
    if not key:
        raise SettingsError(
            f"APP_SECRET_KEY: {path} is empty. Restore it from the backup, or remove it to have a new one made."
        )
    return key


def _jobs_engine_of(database: Database) -> str | None:
    with database.reading() as db:
        return fact(db, _JOBS_ENGINE)


@contextmanager
def _one_process_at_a_time(path: Path) -> Iterator[None]:
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
