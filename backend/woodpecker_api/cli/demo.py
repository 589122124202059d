"""The main job once, without a browser and without a network: what `make demo` runs."""

import tempfile
import time
from pathlib import Path

import typer

from woodpecker_api.cli.failing import CommandFailedError
from woodpecker_api.cli.local import Local, open_program
from woodpecker_api.cli.output import say
from woodpecker_api.cli.samples import NOTE, SAMPLE_LEADS
from woodpecker_api.cli.work import refresh_campaigns, run_import, wait_for_export, wait_for_run
from woodpecker_api.config import Settings
from woodpecker_api.system.audit.service import SYSTEM
from woodpecker_api.system.auth import users
from woodpecker_api.system.auth.permissions import Role


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo() -> None:
    """Import, generate, review, edit, approve, export, look at history: in a throw-away sandbox; status 0 when all went well."""
    with tempfile.TemporaryDirectory(prefix="woodpecker-demo-") as folder:
        settings = Settings(data_dir=Path(folder), woodpecker_deadline_seconds=5, settle_seconds=3)
        with open_program(working=True, settings=settings) as program:
            with program.database.writing() as db:
                users.create_user(db, SYSTEM, email="demo@sandbox.test", role=Role.ADMIN, password=None, name="Demo")
            started = time.monotonic()
            _main_job(Local.as_user(program, None))
            say(
                f"\nThe main job took {time.monotonic() - started:.1f} s, all in the sandbox: no key, no network, nobody was mailed."
            )


def _main_job(api: Local) -> None:
    done = run_import(api, SAMPLE_LEADS, None, "skip", NOTE)
    counts = done["counts"]
    say(
        f"1. Import    {done['filename']}: {done['row_count']} rows → {counts['created']} leads, {counts['rejected']} rejected"
    )
    for issue in [issue for issue in done["issues"] if issue["row"]][:3]:
        say(f"             line {issue['row']}: {issue['message']}")

    chosen = {"filter": {"import_id": done["id"]}}
    estimate = api.call("POST", "/api/generations", json={"selection": chosen, "mode": "live", "dry_run": True})
    say(f"2. Generate  {estimate['leads']} leads, estimated {estimate['estimated']['usd']} USD")
    started = api.call("POST", "/api/generations", json={"selection": chosen, "mode": "live"})
    run = wait_for_run(api, started["id"])
    say(
        f"             {run['counts']['done']} written, {run['counts']['flagged']} flagged, cost {run['cost']['usd']} USD (sandbox)"
    )

    _review(api)
    _export(api, done["id"])


def _review(api: Local) -> None:
    queue = api.call("GET", "/api/sequences", params={"status": "draft", "flagged": "false", "limit": 1})
    first = api.call("GET", f"/api/sequences/{queue['items'][0]['id']}")
    subject = first["snippets"][0]
    edited = [{"number": subject["number"], "text": subject["text"].rstrip(".!?")[:45] + "?"}]
    saved = api.call("PATCH", f"/api/sequences/{first['id']}", json={"version": first["version"], "snippets": edited})
    say(f"3. Review    edited a subject: “{subject['text']}” → “{saved['snippets'][0]['text']}”")
    approved = api.call("POST", "/api/sequences/approve", json={"selection": {"filter": {"status": "drafted"}}})
    flagged = sum(approved["passed_over"].values())
    say(f"             approved {approved['changed']}, left {flagged} with flags for a closer look")


def _export(api: Local, import_id: str) -> None:
    campaigns = refresh_campaigns(api)
    quiet = next((c for c in campaigns if c["mails_on_enrol"] == "no"), None)
    if quiet is None:
        raise CommandFailedError("The sandbox has no campaign that can be filled without mailing.")
    body = {
        "campaign_id": quiet["id"],
        "selection": {"filter": {"import_id": import_id, "status": "approved"}},
        "confirm_sending": False,
    }
    plan = api.call("POST", "/api/exports", json={**body, "dry_run": True})
    say(
        f"4. Plan      {quiet['name']} ({quiet['status']}): {plan['counts']['new']} new, {plan['counts']['excluded']} kept out"
    )
    export = api.call("POST", "/api/exports", json={**body, "plan_id": plan["plan_id"]})
    export = wait_for_export(api, export["id"])
    if export["status"] != "completed":
        raise CommandFailedError(f"The export ended as {export['status']}: {export.get('reason')}")
    outcome = ", ".join(f"{n} {name}" for name, n in export["counts"].items() if n and name != "total")
    say(f"5. Export    {outcome}")
    history = api.call("GET", "/api/history", params={"limit": 3})
    say(f"6. History   {history['total']} attempts on record; the newest:")
    for attempt in history["items"]:
        say(f"             {attempt['started_at'][:19]}  {attempt['email']}  {attempt['status']}  by {attempt['user']}")
    verdict = api.call("POST", "/api/audit/verify")
    if not verdict["ok"]:
        raise CommandFailedError(f"The audit chain does not stand at line {verdict['first_bad_id']}.")
    say(f"   Audit     {verdict['checked']} lines, chain verified")
