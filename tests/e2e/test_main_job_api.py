"""The main job through the API with the worker at work, on both databases: a list comes in, history knows what became of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from woodpecker_api.cli.local import Local, open_program
from woodpecker_api.cli.samples import SAMPLE_LEADS
from woodpecker_api.cli.work import refresh_campaigns, run_import, wait_for_export, wait_for_run
from woodpecker_api.config import Settings
from woodpecker_api.system.audit.service import SYSTEM
from woodpecker_api.system.auth import users
from woodpecker_api.system.auth.permissions import Role

pytestmark = pytest.mark.timeout(110)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def api(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Local]:
    """The whole program, sandbox, worker inside, acting as an admin."""
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    settings = Settings(data_dir=tmp_path, database_url=url, woodpecker_deadline_seconds=2, settle_seconds=2)
    with open_program(working=True, settings=settings) as program:
        with program.database.writing() as db:
            users.create_user(db, SYSTEM, email="ada@team.test", role=Role.ADMIN, password=None, name="Ada")
        yield Local.as_user(program, None)


def test_a_list_becomes_people_in_a_campaign_and_history_knows(api: Local):
    imported = run_import(api, SAMPLE_LEADS, None, "skip", "invented")
    created = imported["counts"]["created"]
    assert created > 20
    chosen = {"filter": {"import_id": imported["id"]}}

    run = api.call("POST", "/api/generations", json={"selection": chosen, "mode": "live", "budget_usd": "5"})
    run = wait_for_run(api, run["id"])
    assert run["status"] == "completed"
    assert run["counts"]["done"] == created

    approved = api.call("POST", "/api/sequences/approve", json={"selection": chosen})
    assert approved["changed"] == created - sum(approved["passed_over"].values()) > 0

    quiet = next(c for c in refresh_campaigns(api) if c["mails_on_enrol"] == "no")
    body = {"campaign_id": quiet["id"], "selection": {"filter": {"status": "approved"}}, "confirm_sending": False}
    plan = api.call("POST", "/api/exports", json={**body, "dry_run": True})
    assert plan["counts"]["new"] == approved["changed"]
    export = api.call("POST", "/api/exports", json={**body, "plan_id": plan["plan_id"]})
    export = wait_for_export(api, export["id"])
    assert (export["status"], export["counts"]["added"]) == ("completed", approved["changed"])

    attempts = list(api.pages("/api/history"))
    # On a machine that is very busy a try may be turned away before anything was sent; it is on record too.
    assert {attempt["status"] for attempt in attempts} <= {"added", "not_sent"}
    added = [attempt["email"] for attempt in attempts if attempt["status"] == "added"]
    assert len(set(added)) == len(added) == approved["changed"]
    assert api.text("/api/history.csv").count("\n") == len(attempts) + 1
    again = api.call("POST", "/api/exports", json={**body, "selection": chosen, "dry_run": True})
    assert again["counts"]["new"] == 0
    assert api.call("POST", "/api/audit/verify")["ok"]


def test_two_campaigns_never_get_the_same_person_by_accident(api: Local):
    imported = run_import(api, SAMPLE_LEADS, None, "skip", "")
    leads = list(api.pages("/api/leads", import_id=imported["id"]))[:2]
    chosen = {"ids": [lead["id"] for lead in leads]}
    run = api.call("POST", "/api/generations", json={"selection": chosen, "mode": "live"})
    wait_for_run(api, run["id"])
    sequences = [api.call("GET", f"/api/leads/{lead['id']}/sequence")["id"] for lead in leads]
    api.call("POST", "/api/sequences/approve", json={"selection": {"ids": sequences}, "kind": "read"})
    first, second = [c["id"] for c in refresh_campaigns(api) if c["mails_on_enrol"] in ("no", "yes")][:2]
    body = {"selection": chosen, "confirm_sending": True}
    api.call("PATCH", "/api/settings", json={"countdown_seconds": 0})
    done = wait_for_export(api, api.call("POST", "/api/exports", json={**body, "campaign_id": first})["id"])
    assert done["status"] == "completed"
    plan = api.call("POST", "/api/exports", json={**body, "campaign_id": second, "dry_run": True})
    assert plan["counts"]["new"] == 0
