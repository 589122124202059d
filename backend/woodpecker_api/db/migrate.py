"""Bringing the schema up to date. The migrations are files of the package, found by path and imported by nobody."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from woodpecker_api.db.dialect import lock_until_commit

SCRIPTS = Path(__file__).parent.parent / "migrations"
# Processes that start together upgrade one after the other; the later ones find nothing to do.
_UPGRADE_LOCK = 7_301_002


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """All in one transaction: the schema is the old one or the new one, never between."""
    with engine.begin() as connection:
        lock_until_commit(connection, _UPGRADE_LOCK)
        command.upgrade(alembic_config(connection), revision)


def present_revision(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    return ScriptDirectory(str(SCRIPTS)).get_current_head()


def is_up_to_date(engine: sa.Engine) -> bool:
    return present_revision(engine) == newest_revision()


def alembic_config(connection: sa.Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("file_template", "%%(rev)s")
    config.attributes["connection"] = connection
    return config
