"""The command line. Every command that works on data goes through the same API as the pages, inside this process."""

import sys

import typer

from woodpecker_api.cli import database, demo, doctor, people, records, serve, settings, work
from woodpecker_api.cli.local import CommandFailedError
from woodpecker_api.config import SettingsError

app = typer.Typer(
    name="woodpecker-api",
    help="From a spreadsheet of leads to approved sequences in Woodpecker campaigns, with proof.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for commands in (serve, work, records, doctor, demo):
    commands.register(app)
app.add_typer(people.users, name="users")
app.add_typer(people.tokens, name="tokens")
app.add_typer(settings.settings, name="settings")
app.add_typer(records.audit, name="audit")
app.add_typer(database.db, name="db")


def main() -> None:
    """Exit status 0, 1 (failed), 2 (wrong use or settings)."""
    try:
        app()
    except CommandFailedError as error:
        print(error, file=sys.stderr)  # noqa: T201  a person reads this, not a log
        sys.exit(1)
    except SettingsError as error:
        print(f"The settings cannot be used:\n{error}", file=sys.stderr)  # noqa: T201
        sys.exit(2)
