"""History and the audit trail."""

import contextlib
import json
from pathlib import Path
from typing import Annotated

import typer

from woodpecker_api.cli.failing import CommandFailedError
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
def verify_audit(
    anchor: Annotated[
        list[str] | None,
        typer.Option(
            help="LINE:HASH that was written down elsewhere, such as in a backup's manifest; may be repeated."
        ),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="A kept log of the server: its hourly audit.anchor lines count."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Walks the whole chain; status 1 and the first bad line when it does not stand, or does not fit an anchor."""
    anchors = dict(_anchor(text) for text in anchor or [])
    if log is not None:
        anchors |= _anchors_in(log)
    with open_program() as program, program.database.reading() as db, progress("Verifying") as bar:
        total = head(db)[0]
        for verdict in verify(db, anchors):
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


def _anchor(text: str) -> tuple[int, str]:
    line, _, line_hash = text.partition(":")
    if not line.isdecimal() or not line_hash:
        raise typer.BadParameter(f"{text!r} is not LINE:HASH, such as 1200:9f86d081…", param_hint="--anchor")
    return int(line), line_hash


def _anchors_in(log: Path) -> dict[int, str]:
    """Those of a log as the server writes it: one JSON object a line, among lines of other programs."""
    found = {}
    with log.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if "audit.anchor" not in line:
                continue
            # A collector may have put its own words before the object.
            with contextlib.suppress(ValueError, KeyError, TypeError):
                entry = json.loads(line[line.index("{") :])
                found[int(entry["line_id"])] = str(entry["line_hash"])
    if not found:
        raise CommandFailedError(f"There is no audit.anchor line in {log}. Look for the worker's log, as JSON.")
    return found
