"""Erasing a person, and telling what is held on one."""

from typing import Annotated, Any

import typer

from woodpecker_api.cli.local import Local, open_program
from woodpecker_api.cli.output import AsJson, AsUser, say, show_json


def register(app: typer.Typer) -> None:
    app.command()(erase)
    app.command()(held)


def erase(
    email: Annotated[str, typer.Argument(help="The person's address.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Remove a person everywhere: texts, history, copies, files, and at Woodpecker. Cannot be undone."""
    if not yes:
        typer.confirm(f"Erase everything about {email}? This cannot be undone.", abort=True, err=True)
    with open_program(working=True) as program:
        api = Local.as_user(program, as_user)
        asked = api.call("POST", "/api/erasures", json={"email": email})
        answer = api.wait_for(f"/api/erasures/{asked['id']}", _is_erased, lambda _state: None)
    if as_json:
        show_json(answer)
        return
    rows = sum(answer["counts"].values())
    say(f"Erased here: {rows} rows emptied. Backups made before now still hold the person until they expire.")
    if answer["woodpecker_open"]:
        say("Woodpecker has not confirmed yet that it deleted and blacklisted the person; it is asked until it has.")


def held(
    email: Annotated[str, typer.Argument(help="The person's address.")],
    as_user: AsUser = None,
) -> None:
    """Everything held on a person, as one JSON document for that person."""
    with open_program() as program:
        show_json(Local.as_user(program, as_user).call("POST", "/api/people/held", json={"email": email}))


def _is_erased(answer: dict[str, Any]) -> bool:
    return bool(answer["status"] != "waiting")
