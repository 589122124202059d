"""Bringing the schema up to date. The migrations are files of the package, found by path and imported by nobody."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from woodpecker_api.db.dialect import lock_until_commit, references_checked_at_the_end
from woodpecker_api.db.revisions import SCRIPTS

# Processes that start together upgrade one after the other; the later ones find nothing to do.
_UPGRADE_LOCK = 7_301_002


def upgrade(engine: sa.Engine, scripts: Path = SCRIPTS) -> None:
    """All in one transaction: the schema is the old one or the new one, never between."""
    with references_checked_at_the_end(engine) as connection:
        lock_until_commit(connection, _UPGRADE_LOCK)
        command.upgrade(alembic_config(connection, scripts), "head")


def alembic_config(connection: sa.Connection | None, scripts: Path = SCRIPTS) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.set_main_option("file_template", "%%(rev)s")
    config.attributes["connection"] = connection
    return config
