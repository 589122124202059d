"""Does a worker do what is put in the queue? Asked by the deploy, and by anybody who wonders."""

import time
from typing import Annotated

import typer

from woodpecker_api.cli.failing import CommandFailedError
from woodpecker_api.cli.output import AsJson, say, show_json
from woodpecker_api.config import load_settings
from woodpecker_api.kit.ids import new_id
from woodpecker_api.system.settings.service import fact
from woodpecker_api.wiring.program import Program, build
from woodpecker_api.wiring.pulse import PULSE

LOOK_SECONDS = 0.2


def register(app: typer.Typer) -> None:
    app.command()(pulse)


def pulse(
    seconds: Annotated[float, typer.Option(min=0.1, help="How long to wait for it.")] = 30.0, as_json: AsJson = False
) -> None:
    """Gives the worker a small job and waits until it is done; status 1 when it is not done in time."""
    program = build(load_settings(), upgrade=False)
    try:
        waited = _beat(program, seconds)
    finally:
        program.close()
    if waited is None:
        raise CommandFailedError(f"No worker did a job within {seconds:g} s. Is one running? See its log.")
    show_json({"seconds": round(waited, 2)}) if as_json else say(f"The worker did its job within {waited:.1f} s.")


def _beat(program: Program, seconds: float) -> float | None:
    wanted, started = new_id(), time.monotonic()
    with program.database.writing() as db:
        program.services.jobs.enqueue(db, PULSE, wanted, key=f"{PULSE}-{wanted}")
    while time.monotonic() < started + seconds:
        with program.database.reading() as db:
            if fact(db, PULSE) == wanted:
                return time.monotonic() - started
        time.sleep(LOOK_SECONDS)
    return None
