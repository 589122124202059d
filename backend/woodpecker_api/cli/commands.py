"""All commands in one application, and how a process that runs one ends."""

import os
import sys

import typer

from woodpecker_api.cli import (
    backup,
    database,
    demo,
    doctor,
    local,
    maintenance,
    people,
    privacy,
    pulse,
    reconcile,
    records,
    serve,
    settings,
    work,
)
from woodpecker_api.cli.failing import Commands

app = typer.Typer(
    cls=Commands,
    name="woodpecker-api",
    help="From a spreadsheet of leads to approved sequences in Woodpecker campaigns, with proof.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for commands in (serve, demo, work, records, privacy, reconcile, doctor, pulse):
    commands.register(app)
app.add_typer(people.users, name="users")
app.add_typer(people.tokens, name="tokens")
app.add_typer(settings.settings, name="settings")
app.add_typer(records.audit, name="audit")
app.add_typer(backup.backup, name="backup")
app.add_typer(maintenance.maintenance, name="maintenance")
app.add_typer(database.db, name="db")


def run() -> None:
    """Exit status 0, 1 (failed), 2 (wrong use or settings)."""
    status: object = 0
    try:
        app()
    except SystemExit as end:
        status = end.code
    if local.work_goes_on():
        # A turn is still in progress in a thread that cannot be ended; the next worker does it again.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status if isinstance(status, int) else 1)
    sys.exit(status if isinstance(status, int) else 1)
