"""The data directory and the database before anything runs: keys, schema, and whether they belong to this environment."""

import os
import secrets
from pathlib import Path

import structlog
from sqlalchemy.engine import Engine

from woodpecker_api.config import Environment, Settings, SettingsError
from woodpecker_api.db import migrate
from woodpecker_api.db.dialect import SAFE_SQLITE, is_sqlite_url, make_engine, sqlite_is_safe, sqlite_version
from woodpecker_api.db.session import Database
from woodpecker_api.features.templates.service import ensure_default
from woodpecker_api.kit.crypto import SecretBox
from woodpecker_api.kit.ids import new_id
from woodpecker_api.system.audit.service import SYSTEM, write_pending
from woodpecker_api.system.auth import users
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.jobs.engine import migrate as migrate_jobs
from woodpecker_api.system.settings.service import fact, set_fact

log = structlog.get_logger()


def open_database(settings: Settings) -> Database:
    """The engine and its transactions. Refuses an unsafe SQLite in staging and production, warns elsewhere."""
    url = settings.resolved_database_url
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if is_sqlite_url(url) and not sqlite_is_safe():
        wanted = ".".join(map(str, SAFE_SQLITE))
        sentence = (
            f"SQLite {sqlite_version()} can lose committed writes; {wanted} or newer is needed (PyPI: pysqlite3)."
        )
        if settings.is_strict:
            raise SettingsError(sentence)
        log.warning("sqlite.unsafe", version=sqlite_version(), wanted=wanted)
    return Database(make_engine(url), before_commit=(write_pending,))


def upgrade_database(settings: Settings, engine: Engine) -> None:
    """The engine's own tables first (it must not share our connection), then ours. Harmless to repeat."""
    if migrate.present_revision(engine) != migrate.newest_revision():
        migrate_jobs(settings.resolved_database_url)
        migrate.upgrade(engine)


def prepare(settings: Settings, database: Database) -> None:
    """The environment's mark, the first admin, the default template. Harmless to repeat; raises `SettingsError`."""
    with database.writing() as db:
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


def _key_in(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(32))
    return path.read_text().strip()
