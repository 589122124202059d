"""After a restore: what Woodpecker has and this database does not know, and letting exports send again."""

from typing import Annotated, Any

import typer

from woodpecker_api.cli.failing import FAILED
from woodpecker_api.cli.local import Local, open_program
from woodpecker_api.cli.output import AsJson, AsUser, say, show_json, show_table


def register(app: typer.Typer) -> None:
    app.command()(reconcile)


def reconcile(
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Take over who is in a campaign without a record here.")
    ] = False,
    release: Annotated[bool, typer.Option("--release", help="Then let exports send again.")] = False,
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Read the memberships at Woodpecker and compare them with the record; needed after a restored backup."""
    with open_program(working=True) as program:
        api = Local.as_user(program, as_user)
        api.call("POST", "/api/reconciliation/run")
        answer = api.wait_for("/api/reconciliation", lambda r: r["status"] in ("ready", "failed"), lambda _: None)
        ready = answer["status"] == "ready"
        if adopt and ready:
            answer = api.call("POST", "/api/reconciliation/adopt")
        if release and ready:
            answer = {**api.call("POST", "/api/reconciliation/release"), "adopted": answer["adopted"]}
    show_json(answer) if as_json else _tell(answer)
    if not ready:
        raise typer.Exit(FAILED)


def _tell(answer: dict[str, Any]) -> None:
    if answer["status"] == "failed":
        say(f"Woodpecker could not be read: {answer['error']}")
        return
    say(f"Woodpecker as of {answer['as_of']}: {answer['unknown_here']} memberships without a record here,")
    say(f"  {answer['missing_there']} on record here and not in the campaign any more.")
    if answer["items"]:
        show_table(
            ["address", "campaign", "can be taken over"],
            [(i["email"], i["campaign_name"], "yes" if i["adoptable"] else "no") for i in answer["items"]],
        )
    if answer["adopted"] is not None:
        say(f"Taken over: {answer['adopted']}.")
    if answer["sending"] == "held":
        say(f"Sending is held ({answer['reason']}). When all is settled: woodpecker-api reconcile --adopt --release")
    else:
        say("Sending is not held.")
