"""The schema."""

import typer

from woodpecker_api.cli.output import AsJson, say, show_json
from woodpecker_api.config import load_settings
from woodpecker_api.db.revisions import newest_revision, present_revision
from woodpecker_api.wiring.installation import open_database, upgrade_database

db = typer.Typer(no_args_is_help=True, help="The database's schema.")


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
        show_json({"present": present, "newest": newest, "up_to_date": present == newest})
    else:
        say(f"Schema {present or 'empty'}, newest {newest}.")
    if present != newest:
        raise typer.Exit(1)
