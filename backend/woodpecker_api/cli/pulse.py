"""Does a worker do what is put in the queue? Asked by the deploy, and by anybody who wonders."""

import time
from typing import Annotated

import typer

from woodpecker_api.cli.failing import CommandFailedError, Commands
from woodpecker_api.cli.output import AsJson, say, show_json
from woodpecker_api.config import load_settings
from woodpecker_api.db.session import Database
from woodpecker_api.kit.ids import new_id
from woodpecker_api.system.jobs.jobs import Jobs
from woodpecker_api.wiring.installation import be_present, open_database, refuse_old_schema
from woodpecker_api.wiring.pulse import PULSE, is_done

LOOK_SECONDS = 0.2


def register(app: typer.Typer) -> None:
    app.command()(pulse)


def run() -> None:
    """This command alone, under the program's name. It ends as all commands do."""
    alone = typer.Typer(cls=Commands, name="woodpecker-api", add_completion=False, pretty_exceptions_enable=False)
    register(alone)
    # With one command alone its name would not be asked for.
    alone.callback()(lambda: None)
    alone()


def pulse(
    seconds: Annotated[float, typer.Option(min=0.1, help="How long to wait for it.")] = 30.0, as_json: AsJson = False
) -> None:
    """Gives the worker a small job and waits until it is done; status 1 when it is not done in time."""
    # Not the whole program: a new worker starts at the same moment on the same processors, and this must not hold it up.
    settings = load_settings()
    database = open_database(settings)
    presence = be_present(settings)
    try:
        refuse_old_schema(database)
        waited = _beat(database, seconds)
    finally:
        database.engine.dispose()
        presence.leave()
    if waited is None:
        raise CommandFailedError(f"No worker did a job within {seconds:g} s. Is one running? See its log.")
    show_json({"seconds": round(waited, 2)}) if as_json else say(f"The worker did its job within {waited:.1f} s.")


def _beat(database: Database, seconds: float) -> float | None:
    wanted, started = new_id(), time.monotonic()
    with database.writing() as db:
        Jobs(database).enqueue(db, PULSE, wanted, key=f"{PULSE}-{wanted}")
    while time.monotonic() < started + seconds:
        with database.reading() as db:
            if is_done(db, wanted):
                return time.monotonic() - started
        time.sleep(LOOK_SECONDS)
    return None
