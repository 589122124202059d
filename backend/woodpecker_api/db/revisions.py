"""Which schema a database has and which one this program brings. Asked at every start, so without loading Alembic."""

import re
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa

SCRIPTS = Path(__file__).parent.parent / "migrations"

_KIND = re.compile(r"^Kind: (additive|breaking)$", re.MULTILINE)


class Kind(StrEnum):
    """What a migration asks of a deploy. additive: the program before it goes on working on the new schema, so it runs
    beside the old program. breaking: it does not; the deploy stops all writing first, and a way back restores the database."""

    ADDITIVE = "additive"
    BREAKING = "breaking"


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


def pending(engine: sa.Engine, scripts: Path = SCRIPTS) -> list[tuple[str, Kind]]:
    """The migrations that an upgrade would run, in order. Raises ValueError for one without its mark."""
    present = present_revision(engine) or ""
    files = sorted((scripts / "versions").glob("[0-9]*.py"), key=lambda path: path.stem)
    return [(path.stem, kind_of(path)) for path in files if path.stem > present]


def kind_of(path: Path) -> Kind:
    """The mark in the migration's docstring, a line of its own: `Kind: additive` or `Kind: breaking`."""
    found = _KIND.search(path.read_text(encoding="utf-8").partition("import ")[0])
    if found is None:
        raise ValueError(f"{path.name} must say in its docstring whether it is additive or breaking.")
    return Kind(found[1])
