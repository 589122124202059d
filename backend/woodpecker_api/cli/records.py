"""History and the audit trail."""

from typing import Annotated

import typer

from woodpecker_api.cli.local import Local, open_program
from woodpecker_api.cli.output import AsJson, AsUser, progress, say, show_json, show_table
from woodpecker_api.system.audit.service import head, verify

audit = typer.Typer(no_args_is_help=True, help="The record of everything anybody did.")


def register(app: typer.Typer) -> None:
    app.command()(history)


def history(
    email: Annotated[str | None, typer.Option(help="Have we ever contacted this person?")] = None,
    campaign: Annotated[str | None, typer.Option()] = None,
    status: Annotated[str | None, typer.Option()] = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Every attempt to put somebody into a campaign, newest first."""
    filters = {"email": email, "campaign_id": campaign, "status": status, "limit": limit}
    with open_program() as program:
        api = Local.as_user(program, as_user)
        answer = api.call("GET", "/api/history", params={k: v for k, v in filters.items() if v is not None})
    if as_json:
        show_json(answer)
        return
    rows = [
        (a["started_at"], a["email"], a["campaign_name"], a["status"], a["user"], a["error"]) for a in answer["items"]
    ]
    show_table(["when", "address", "campaign", "outcome", "by", "error"], rows)
    say(f"{answer['total']} attempts" if rows else "No attempt on record.")


@audit.command("verify")
def verify_audit(as_json: AsJson = False) -> None:
    """Walks the whole chain; status 1 and the first bad line when it does not stand."""
    with open_program() as program, program.database.reading() as db, progress("Verifying") as bar:
        total = head(db)[0]
        for verdict in verify(db):
            bar(verdict.checked, total)
    if as_json:
        show_json({"ok": verdict.ok, "checked": verdict.checked, "first_bad_id": verdict.first_bad_id})
    elif verdict.ok:
        say(f"The record stands: {verdict.checked} lines verified.")
    else:
        say(
            f"The record does NOT stand: line {verdict.first_bad_id} is the first bad one ({verdict.checked} good before it)."
        )
    if not verdict.ok:
        raise typer.Exit(1)
