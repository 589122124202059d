"""The schema."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from woodpecker_api.cli.failing import CommandFailedError, Commands
from woodpecker_api.cli.output import AsJson, say, show_json
from woodpecker_api.config import Settings, load_settings
from woodpecker_api.db import clone as clones
from woodpecker_api.db.dialect import is_sqlite_url
from woodpecker_api.db.revisions import newest_revision, pending, present_revision
from woodpecker_api.wiring.installation import open_database, upgrade_database

db = typer.Typer(no_args_is_help=True, help="The database's schema.")
TargetFile = Annotated[Path, typer.Argument(metavar="FILE")]


@db.command("upgrade")
def upgrade(as_json: AsJson = False) -> None:
    """Bring the schema up to date; harmless to repeat."""
    settings = load_settings()
    database = open_database(settings)
    before = present_revision(database.engine)
    upgrade_database(settings, database)
    after = present_revision(database.engine)
    show_json({"before": before, "after": after}) if as_json else say(f"Schema: {before or 'empty'} → {after}")


@db.command("check")
def check(as_json: AsJson = False) -> None:
    """Status 1 when the schema is not up to date."""
    engine = open_database(load_settings()).engine
    present, newest = present_revision(engine), newest_revision()
    if as_json:
        waiting = [{"revision": revision, "kind": kind.value} for revision, kind in pending(engine)]
        show_json({"present": present, "newest": newest, "up_to_date": present == newest, "pending": waiting})
    else:
        say(f"Schema {present or 'empty'}, newest {newest}.")
    if present != newest:
        raise typer.Exit(1)


@db.command("clone")
def clone(file: TargetFile, as_json: AsJson = False) -> None:
    """A consistent copy of the SQLite database while it is in use, examined; part of a deploy."""
    engine = open_database(_on_sqlite()).engine
    if present_revision(engine) is None:
        raise CommandFailedError("The database is empty: there is nothing to copy. Run: woodpecker-api db upgrade")
    if file.exists():
        raise CommandFailedError(f"{file} exists. Name another file.")
    clones.clone(engine, file)
    _tell(file, as_json=as_json, quickly=True)


@db.command("examine")
def examine(
    file: TargetFile,
    quickly: Annotated[bool, typer.Option("--quickly", help="Without comparing each index with its table.")] = False,
    as_json: AsJson = False,
) -> None:
    """Integrity, references and rows of each table of a database file; status 1 when it is not sound."""
    if not file.is_file():
        raise CommandFailedError(f"{file} is not there.")
    _tell(file, as_json=as_json, quickly=quickly)


@db.command("put-back")
def put_back(file: TargetFile, as_json: AsJson = False) -> None:
    """Make a copy the database again, with everything stopped; the present one is kept beside it."""
    settings = _on_sqlite()
    database = Path(settings.resolved_database_url.removeprefix("sqlite:///"))
    try:
        replaced = clones.put_back(database, file)
    except (OSError, ValueError) as error:
        raise CommandFailedError(str(error)) from None
    kept, lost = (str(replaced.kept), replaced.lost) if replaced is not None else (None, {})
    if as_json:
        show_json({"database": str(database), "kept": kept, "lost": lost})
        return
    say(f"{file} is the database; before: {kept}")
    for table, rows in lost.items():
        say(f"{table}: {rows} rows are only in {kept}")


def run() -> None:
    """These commands alone, under the program's name. They end as all commands do."""
    alone = typer.Typer(cls=Commands, name="woodpecker-api", add_completion=False, pretty_exceptions_enable=False)
    alone.add_typer(db, name="db")
    alone()


def _on_sqlite() -> Settings:
    settings = load_settings()
    if not is_sqlite_url(settings.resolved_database_url):
        raise CommandFailedError("DATABASE_URL: this is for SQLite. For PostgreSQL use its own tools (pg_dump).")
    return settings


def _tell(file: Path, *, as_json: bool, quickly: bool) -> None:
    found = clones.examine(file, quickly=quickly)
    if as_json:
        show_json({"file": str(file), **asdict(found)})
    else:
        say(f"{file}: {found.bytes / 1e6:.1f} MB, {sum(found.tables.values())} rows in {len(found.tables)} tables")
        for problem in found.problems:
            say(f"WRONG  {problem}")
    if found.problems:
        raise typer.Exit(1)
