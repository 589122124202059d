"""Settings that are changed while the program runs."""

import json
from typing import Annotated, Any

import typer

from woodpecker_api.cli.local import Local, open_program
from woodpecker_api.cli.output import AsJson, AsUser, say, show_json, show_table

settings = typer.Typer(no_args_is_help=True, help="Settings that are changed while the program runs.")


@settings.command("list")
def list_settings(as_user: AsUser = None, as_json: AsJson = False) -> None:
    """Present values, and each vendor's mode."""
    with open_program() as program:
        answer = Local.as_user(program, as_user).call("GET", "/api/settings")
    if as_json:
        show_json(answer)
        return
    show_table(
        ["setting", "value"], [(name, "–" if value is None else value) for name, value in answer["values"].items()]
    )
    for vendor, state in answer["vendors"].items():
        say(f"{vendor}: {state['mode']}")


@settings.command("set")
def set_setting(
    name: str,
    value: Annotated[str, typer.Argument(help="As JSON, or plain text; null empties it.")],
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Change one setting; the change is on record."""
    with open_program() as program:
        answer = Local.as_user(program, as_user).call("PATCH", "/api/settings", json={name: _value(value)})
    show_json(answer) if as_json else say(f"{name} = {answer['values'][name]}")


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
