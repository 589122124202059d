"""Which schema a database has and which one this program brings. Asked at every start, so without loading Alembic."""

from pathlib import Path

import sqlalchemy as sa

SCRIPTS = Path(__file__).parent.parent / "migrations"


def present_revision(engine: sa.Engine) -> str | None:
    """None when the database is empty."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return found


def newest_revision(scripts: Path = SCRIPTS) -> str:
    """The files are named by their revisions, which begin with a running number (a test holds them to it)."""
    return max(path.stem for path in (scripts / "versions").glob("[0-9]*.py"))


def is_up_to_date(engine: sa.Engine) -> bool:
    """True also for a schema that is newer: during a deploy the old program runs beside it for a while."""
    present = present_revision(engine)
    return present is not None and present >= newest_revision()
