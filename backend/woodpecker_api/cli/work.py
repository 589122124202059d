"""The main job: import, generate, approve, export."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from woodpecker_api.cli.failing import FAILED, CommandFailedError
from woodpecker_api.cli.local import Local, open_program
from woodpecker_api.cli.output import AsJson, AsUser, progress, say, show_json
from woodpecker_api.clients.anthropic.port import Effort

DUPLICATES = ("skip", "fill", "overwrite")
SelectedIds = Annotated[
    list[str] | None, typer.Option("--lead", help="Id of a lead; may be repeated. Default: all that fit.")
]
OfImport = Annotated[str | None, typer.Option("--import", help="Only the leads of this import.")]


def register(app: typer.Typer) -> None:
    app.command("import")(import_file)
    app.command()(generate)
    app.command()(approve)
    app.command()(export)


def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or XLSX.")],
    mapping: Annotated[
        str | None, typer.Option(help='JSON, {"column": "field" or null}; default: as recognised.')
    ] = None,
    on_duplicate: Annotated[str, typer.Option(help="skip, fill or overwrite.")] = "skip",
    note: Annotated[str, typer.Option(help="How do we know these people?")] = "",
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Read a list of leads, check every row, store the good ones."""
    if on_duplicate not in DUPLICATES:
        raise typer.BadParameter(f"choose one of {', '.join(DUPLICATES)}", param_hint="--on-duplicate")
    with open_program(working=True) as program:
        done = run_import(Local.as_user(program, as_user), file, _mapping(mapping), on_duplicate, note)
    if as_json:
        show_json(done)
        return
    counts = done["counts"]
    say(f"Import {done['id']} of {done['filename']}: {done['status']}.")
    say(
        f"  created {counts['created']}, updated {counts['updated']}, skipped {counts['skipped']}, rejected {counts['rejected']}"
    )
    for issue in done["issues"][:10]:
        say(f"  line {issue['row'] or '–'}, {issue['column'] or 'whole row'}: {issue['message']}")
    if done["issues_total"] > 10:
        say(f"  … and {done['issues_total'] - 10} more remarks")


def run_import(
    api: Local, file: Path, mapping: dict[str, str | None] | None, on_duplicate: str, note: str
) -> dict[str, Any]:
    """Upload, wait for parsing, commit, wait. Raises `CommandFailedError` when the file cannot be used."""
    with file.open("rb") as content:
        parsed = api.call("POST", "/api/imports", files={"file": (file.name, content)})
    path = f"/api/imports/{parsed['id']}"
    parsed = api.wait_for(path, lambda r: r["status"] != "parsing", lambda _: None)
    if parsed["status"] == "failed":
        raise CommandFailedError(parsed.get("error") or "The file could not be read.")
    api.call("POST", f"{path}/commit", json={"mapping": mapping, "on_duplicate": on_duplicate, "note": note})
    with progress("Importing") as bar:
        done = api.wait_for(
            path,
            lambda r: r["status"] not in ("committing", "parsed"),
            lambda r: bar(
                sum(r["counts"].get(n, 0) for n in ("created", "updated", "skipped", "rejected")), r["row_count"]
            ),
        )
    if done["status"] != "committed":
        raise CommandFailedError(done.get("error") or f"The import ended as {done['status']}.")
    result: dict[str, Any] = done
    return result


def generate(
    lead: SelectedIds = None,
    of_import: OfImport = None,
    template: Annotated[str | None, typer.Option(help="Id of a template; default: the default one.")] = None,
    model: Annotated[str | None, typer.Option()] = None,
    effort: Annotated[
        Effort | None,
        typer.Option(help="How long the model thinks, where it can be told; default: the program's choice."),
    ] = None,
    budget_usd: Annotated[float | None, typer.Option(help="Stops before it is passed.")] = None,
    first: Annotated[int | None, typer.Option(min=1, help="Only so many who can be written to: try on three.")] = None,
    batch: Annotated[
        bool, typer.Option("--batch", help="Half the price, usually within the hour, at the latest after a day.")
    ] = False,
    instruction: Annotated[str | None, typer.Option(help="Read by the model with each lead.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Estimate only, now and as a batch.")] = False,
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Write a sequence for each new lead with Claude. Left early, a run goes on with the next worker."""
    body = {
        "selection": selection(lead, {"status": "imported"} | ({"import_id": of_import} if of_import else {})),
        "template_id": template,
        "model": model,
        "effort": effort,
        "budget_usd": budget_usd,
        "mode": "batch" if batch else "live",
        "first": first,
        "instruction": instruction,
        "dry_run": dry_run,
    }
    with open_program(working=not dry_run) as program:
        api = Local.as_user(program, as_user)
        answer = api.call("POST", "/api/generations", json=body)
        if not dry_run:
            answer = wait_for_run(api, answer["id"])
    if as_json:
        show_json(answer)
    elif dry_run:
        say_estimate(answer)
    else:
        say_run(answer)
    if not dry_run and answer["status"] != "completed":
        raise typer.Exit(FAILED)


def say_estimate(answer: dict[str, Any]) -> None:
    now, batch = answer["estimated"], answer["batch"]
    basis = "counted by Claude" if answer["source"] == "counted" else "our own estimate"
    say(f"{answer['leads']} leads with {answer['model']}, {basis}:")
    say(f"  now: about {_usd(now['usd'])} and {now['seconds']} s")
    say(f"  as a batch: about {_usd(batch['usd'])}, within {batch['hours']} h")


def _usd(amount: str | None) -> str:
    return "an unknown amount (no price for this model)" if amount is None else f"{amount} USD"


def say_run(run: dict[str, Any]) -> None:
    counts, cost = run["counts"], run["cost"]
    say(f"Run {run['id']}: {run['status']}; {counts['done']} of {counts['total']} written,")
    say(f"  {counts['flagged']} with flags, {counts['failed']} failed; {cost['usd']} USD")
    if float(cost["uncertain_usd"]) > 0:
        say(f"  at most {cost['uncertain_usd']} USD more for answers that were lost on their way")
    if run["reason"]:
        say(f"  {run['reason']}")


def wait_for_run(api: Local, run_id: str) -> dict[str, Any]:
    with progress("Writing") as bar:
        run: dict[str, Any] = api.wait_for(
            f"/api/generations/{run_id}",
            lambda r: r["status"] in ("completed", "cancelled", "failed", "paused"),
            lambda r: bar(r["counts"]["done"] + r["counts"]["failed"], r["counts"]["total"]),
        )
    return run


def approve(
    lead: SelectedIds = None,
    of_import: OfImport = None,
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Approve drafts: the given ones, else all without flags."""
    with open_program() as program:
        api = Local.as_user(program, as_user)
        if lead:
            chosen = {"ids": [api.call("GET", f"/api/leads/{lead_id}/sequence")["id"] for lead_id in lead]}
        else:
            chosen = selection(None, {"status": "drafted"} | ({"import_id": of_import} if of_import else {}))
        answer = api.call("POST", "/api/sequences/approve", json={"selection": chosen})
    if as_json:
        show_json(answer)
        return
    say(f"Approved {answer['changed']}.")
    for reason, count in answer["passed_over"].items():
        say(f"  left alone: {count} ({reason.replace('_', ' ')})")


def export(
    campaign: Annotated[str, typer.Option(help="Id of the campaign, ours or Woodpecker's number.")],
    lead: SelectedIds = None,
    of_import: OfImport = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan only.")] = False,
    confirm_sending: Annotated[
        bool, typer.Option("--confirm-sending", help="Needed where adding means mail goes out.")
    ] = False,
    send_after: Annotated[
        str | None,
        typer.Option(
            "--send-after",
            help="Woodpecker mails them no earlier: 2026-12-01, or 2026-12-01T09:00+01:00. Within a year.",
        ),
    ] = None,
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Add approved leads to a campaign."""
    body = {
        "campaign_id": campaign,
        "selection": selection(lead, {"status": "approved"} | ({"import_id": of_import} if of_import else {})),
        "confirm_sending": confirm_sending,
        "dry_run": dry_run,
        "send_after": _moment(send_after),
    }
    with open_program(working=True) as program:
        api = Local.as_user(program, as_user)
        refresh_campaigns(api)
        answer = api.call("POST", "/api/exports", json=body)
        if not dry_run:
            answer = wait_for_export(api, answer["id"])
    if as_json:
        show_json(answer)
    elif dry_run:
        say(f"{answer['counts']['new']} would be added, {answer['counts']['excluded']} kept out.")
        for reason, count in answer["excluded"].items():
            say(f"  kept out: {count} ({reason.replace('_', ' ')})")
        if answer["send_after"]:
            say(f"  mailed no earlier than {answer['send_after']}")
    else:
        say(f"Export {answer['id']}: {answer['status']} {answer.get('reason') or ''}".rstrip())
        say("  " + ", ".join(f"{name} {n}" for name, n in answer["counts"].items() if n))
    if not dry_run and answer["status"] != "completed":
        raise typer.Exit(FAILED)


def refresh_campaigns(api: Local) -> list[dict[str, Any]]:
    """Asks the worker to read the campaigns now, and gives our copy."""
    read = api.call("POST", "/api/campaigns/refresh")
    done = api.wait_for(f"/api/campaigns/reads/{read['id']}", lambda r: r["status"] != "waiting", lambda _: None)
    if done["status"] == "failed":
        raise CommandFailedError(done.get("error") or "Woodpecker could not be read.")
    items: list[dict[str, Any]] = api.call("GET", "/api/campaigns")["items"]
    return items


def wait_for_export(api: Local, export_id: str) -> dict[str, Any]:
    with progress("Adding") as bar:
        answer: dict[str, Any] = api.wait_for(
            f"/api/exports/{export_id}",
            lambda r: r["status"] in ("completed", "cancelled", "failed", "paused"),
            lambda r: bar(r["counts"]["total"] - r["counts"]["queued"] - r["counts"]["sending"], r["counts"]["total"]),
        )
    return answer


def selection(ids: list[str] | None, filters: dict[str, str]) -> dict[str, Any]:
    return {"ids": ids} if ids else {"filter": filters}


def _moment(text: str | None) -> str | None:
    """RFC 3339. A day or a time without an offset means this machine's own time, as the person who types it does."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = "give a day such as 2026-12-01, or a moment such as 2026-12-01T09:00+01:00"
        raise typer.BadParameter(message, param_hint="--send-after") from None
    return (moment if moment.tzinfo else moment.astimezone()).isoformat()


def _mapping(text: str | None) -> dict[str, str | None] | None:
    if text is None:
        return None
    try:
        mapping = json.loads(text)
    except json.JSONDecodeError as error:
        raise typer.BadParameter(f"not JSON: {error}", param_hint="--mapping") from None
    if not isinstance(mapping, dict):
        raise typer.BadParameter('give an object such as {"E-Mail": "email"}', param_hint="--mapping")
    return mapping
