"""Keeping people out for a while, or letting them only look."""

from typing import Annotated

import typer

from woodpecker_api.cli.output import AsJson, say, show_json
from woodpecker_api.config import load_settings
from woodpecker_api.kit.clock import rfc3339, system_clock
from woodpecker_api.system.modes.service import Mode, ModeFile, State

maintenance = typer.Typer(no_args_is_help=True, help="Keeping people out for a while, or letting them only look.")


@maintenance.command("on")
def on(
    message: Annotated[str | None, typer.Option(help="What people read.")] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="People may look, but change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """In force at once in every process of this data directory; the worker rests meanwhile."""
    mode = Mode.READ_ONLY if read_only else Mode.MAINTENANCE
    _tell(_file().set(mode, message, system_clock()), as_json=as_json)


@maintenance.command("off")
def off(as_json: AsJson = False) -> None:
    """Everybody may work again."""
    _tell(_file().set(Mode.LIVE, None, system_clock()), as_json=as_json)


@maintenance.command("status")
def status(as_json: AsJson = False) -> None:
    """Whether people may work, only look, or have to wait."""
    _tell(_file().read(), as_json=as_json)


def _file() -> ModeFile:
    settings = load_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return ModeFile(settings.data_dir)


def _tell(state: State, *, as_json: bool) -> None:
    if as_json:
        since = rfc3339(state.since) if state.since else None
        show_json({"mode": state.mode.value, "message": state.message, "since": since})
    else:
        say(state.mode.value.replace("_", "-") + (f": {state.message}" if state.message else ""))
