"""Plans and exports over HTTP."""

import csv
import dataclasses
import io
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from tests.builders import a_campaign, a_membership, a_suppression, a_template
from tests.features.exports.fake_woodpecker import cut
from tests.features.exports.world import World
from tests.room import OpenRoom, Room
from woodpecker_api.features.campaigns.models import Campaign, WoodpeckerAccount
from woodpecker_api.features.exports.api import router
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.http.services import VendorMode
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.settings.service import Vendor


@pytest.fixture
def room(world: World, open_room: OpenRoom) -> Room:
    room = open_room(router)
    room.services = dataclasses.replace(room.services, jobs=world.jobs)  # type: ignore[arg-type]
    room.app.state.services = room.services
    return room


@pytest.fixture
def client(room: Room) -> TestClient:
    return room.client(Role.REP)


def body(world: World, lead_ids: list[str], **values: object) -> dict[str, object]:
    return {"campaign_id": world.campaign_id, "selection": {"ids": lead_ids}, "confirm_sending": False, **values}


def another_campaign(db: Session, world: World) -> Campaign:
    return a_campaign(db, account=db.get_one(WoodpeckerAccount, world.account_id))


def make_it_mail(world: World) -> None:
    world.vendor.campaigns[world.vendor_id] = "RUNNING"
    with world.database.writing() as db:
        db.get_one(Campaign, world.campaign_id).status = "RUNNING"


def test_a_dry_run_shows_the_exact_fields_and_changes_nothing(world: World, client: TestClient):
    leads = world.approved_leads(2, company="Acme, Inc.")
    answer = client.post("/api/exports", json=body(world, leads, dry_run=True))
    assert answer.status_code == 200
    plan = answer.json()
    assert plan["counts"] == {"new": 2, "excluded": 0}
    assert plan["items_total"] == 2
    first = plan["items"][0]
    assert first["decision"] == "new"
    assert first["fields"]["company"] == "Acme, Inc."
    assert [name for name in first["fields"] if name.startswith("snippet")] == [f"snippet{n}" for n in range(1, 8)]
    assert "phone" not in first["fields"]
    assert client.get("/api/exports").json()["total"] == 0


def test_a_plan_runs_exactly_what_it_showed_although_the_lead_was_edited(world: World, client: TestClient):
    leads = world.approved_leads(1, title="Head of Learning")
    plan = client.post("/api/exports", json=body(world, leads, dry_run=True)).json()
    with world.database.writing() as db:
        db.get_one(Lead, leads[0]).title = "Somebody else"
    started = client.post("/api/exports", json={"campaign_id": world.campaign_id, "plan_id": plan["plan_id"]})
    assert started.status_code == 202
    world.run()
    (person,) = world.vendor.people.values()
    assert person.fields["title"] == "Head of Learning"
    assert client.get(f"/api/exports/{started.json()['id']}").json()["counts"]["added"] == 1


def test_a_plan_starts_one_export_only(world: World, client: TestClient):
    plan = client.post("/api/exports", json=body(world, world.approved_leads(1), dry_run=True)).json()
    again = {"campaign_id": world.campaign_id, "plan_id": plan["plan_id"]}
    assert client.post("/api/exports", json=again).status_code == 202
    second = client.post("/api/exports", json=again)
    assert (second.status_code, second.json()["code"]) == (409, "plan_already_started")


def test_the_same_idempotency_key_is_one_export(world: World, client: TestClient):
    order, headers = body(world, world.approved_leads(1)), {"Idempotency-Key": "once"}
    first = client.post("/api/exports", json=order, headers=headers)
    second = client.post("/api/exports", json=order, headers=headers)
    assert first.json()["id"] == second.json()["id"]
    other = client.post("/api/exports", json={**order, "confirm_sending": True}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_mismatch")


def test_a_campaign_that_mails_needs_to_be_confirmed_and_counts_down(world: World, client: TestClient):
    make_it_mail(world)
    leads = world.approved_leads(1)
    refused = client.post("/api/exports", json=body(world, leads))
    assert (refused.status_code, refused.json()["code"]) == (409, "confirm_sending_required")
    started = client.post("/api/exports", json=body(world, leads, confirm_sending=True)).json()
    assert started["not_before"] is not None
    undone = client.post(f"/api/exports/{started['id']}/undo")
    assert (undone.status_code, undone.json()["status"]) == (200, "cancelled")
    assert undone.json()["counts"]["cancelled"] == 1


def test_undo_after_the_countdown_says_that_it_is_over(world: World, client: TestClient, room: Room):
    make_it_mail(world)
    started = client.post("/api/exports", json=body(world, world.approved_leads(1), confirm_sending=True)).json()
    world.time.pass_by(61)
    room.now = world.time.now()
    late = client.post(f"/api/exports/{started['id']}/undo")
    assert (late.status_code, late.json()["code"]) == (409, "countdown_over")


@pytest.mark.parametrize("status", ["STOPPED", "DELETED", "HIBERNATING"])
def test_a_status_nobody_understands_is_refused(world: World, client: TestClient, status: str):
    with world.database.writing() as db:
        db.get_one(Campaign, world.campaign_id).status = status
    answer = client.post("/api/exports", json=body(world, world.approved_leads(1), confirm_sending=True))
    assert (answer.status_code, answer.json()["code"]) == (409, "campaign_status_refused")


def test_who_is_kept_out_is_counted_by_reason(world: World, client: TestClient):
    leads = world.approved_leads(3)
    with world.database.writing() as db:
        a_suppression(db, db.get_one(Lead, leads[0]).email)
        a_membership(db, another_campaign(db, world), db.get_one(Lead, leads[1]).email)
    plan = client.post("/api/exports", json=body(world, leads, dry_run=True)).json()
    assert plan["counts"] == {"new": 1, "excluded": 2}
    assert plan["excluded"] == {"do_not_contact": 1, "in_other_campaign": 1}
    items = client.get(f"/api/exports/plans/{plan['plan_id']}/items", params={"decision": "do_not_contact"}).json()
    assert [item["lead_id"] for item in items["items"]] == [leads[0]]


@pytest.mark.parametrize("with_plan", [True, False])
def test_a_plan_that_keeps_everybody_out_starts_no_empty_export(
    world: World, client: TestClient, with_plan: bool
) -> None:
    leads = world.approved_leads(2)
    with world.database.writing() as db:
        for lead_id in leads:
            a_suppression(db, db.get_one(Lead, lead_id).email)
    order: dict[str, object] = body(world, leads)
    if with_plan:
        plan = client.post("/api/exports", json=body(world, leads, dry_run=True)).json()
        order = {"campaign_id": world.campaign_id, "plan_id": plan["plan_id"]}
    refused = client.post("/api/exports", json=order)
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_export")
    assert client.get("/api/exports").json()["total"] == 0
    with world.database.reading() as db:
        assert {db.get_one(Lead, lead_id).status for lead_id in leads} == {"approved"}


def test_only_a_manager_may_add_somebody_who_is_in_another_campaign(world: World, room: Room):
    leads = world.approved_leads(1)
    with world.database.writing() as db:
        a_membership(db, another_campaign(db, world), db.get_one(Lead, leads[0]).email)
    order = body(world, leads, dry_run=True, allow_in_other_campaign=leads)
    assert room.client(Role.REP).post("/api/exports", json=order).status_code == 403
    assert room.client(Role.MANAGER).post("/api/exports", json=order).json()["counts"]["new"] == 1


def test_pause_resume_retry_and_cancel_answer_with_the_export(world: World, client: TestClient):
    export = client.post("/api/exports", json=body(world, world.approved_leads(2))).json()
    paths = f"/api/exports/{export['id']}"
    assert client.post(f"{paths}/pause").json()["status"] == "paused"
    assert client.post(f"{paths}/resume").json()["status"] == "running"
    assert client.post(f"{paths}/cancel").json()["counts"]["cancelled"] == 2
    refused = client.post(f"{paths}/pause")
    assert (refused.status_code, refused.json()["code"]) == (409, "export_state")


def test_items_are_paged_in_their_order(world: World, client: TestClient):
    export = client.post("/api/exports", json=body(world, world.approved_leads(5))).json()
    seen, cursor = [], None
    while True:
        params = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = client.get(f"/api/exports/{export['id']}/items", params=params).json()
        assert page["total"] == 5
        seen += [item["email"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [item.email for item in world.items(export["id"])]


def test_the_csv_is_what_woodpecker_imports_and_no_formula_for_a_spreadsheet(world: World, client: TestClient):
    leads = world.approved_leads(1, title='=HYPERLINK("http://evil")')
    export = client.post("/api/exports", json=body(world, leads)).json()
    answer = client.get(f"/api/exports/{export['id']}/export.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["title"].startswith("'=")
    assert row["email"] == world.items(export["id"])[0].email
    assert row["snippet7"] == world.items(export["id"])[0].fields["snippet7"]


def test_what_was_imported_by_hand_is_closed_with_an_attempt_that_says_so(world: World, client: TestClient):
    export = client.post("/api/exports", json=body(world, world.approved_leads(3))).json()
    paths = f"/api/exports/{export['id']}"
    running = client.post(f"{paths}/done-by-hand")
    assert (running.status_code, running.json()["code"]) == (409, "export_state")
    client.post(f"{paths}/pause")
    one = world.items(export["id"])[0].email
    assert client.post(f"{paths}/done-by-hand", json={"emails": [one.upper()]}).json()["counts"]["added"] == 1
    closed = client.post(f"{paths}/done-by-hand").json()
    assert (closed["status"], closed["counts"]["added"]) == ("completed", 3)
    assert {(attempt.status, attempt.error_code) for attempt in world.attempts()} == {("added", "done_by_hand")}


def test_without_a_key_nothing_starts(world: World, room: Room, client: TestClient):
    plan_id = world.plan(world.approved_leads(1))
    room.modes[Vendor.WOODPECKER] = VendorMode.OFF
    answer = client.post("/api/exports", json={"campaign_id": world.campaign_id, "plan_id": plan_id})
    assert (answer.status_code, answer.json()["code"]) == (409, "vendor_key_missing")


def test_a_plan_of_the_sandbox_does_not_run_against_the_real_account(world: World, room: Room, client: TestClient):
    plan_id = world.plan(world.approved_leads(1))
    room.modes[Vendor.WOODPECKER] = VendorMode.REAL
    answer = client.post("/api/exports", json={"campaign_id": world.campaign_id, "plan_id": plan_id})
    assert answer.status_code in (404, 409)
    assert client.get("/api/exports").json()["total"] == 0


def test_a_viewer_may_look_and_not_export(world: World, room: Room):
    viewer = room.client(Role.VIEWER)
    assert viewer.get("/api/exports").status_code == 200
    assert viewer.post("/api/exports", json=body(world, world.approved_leads(1))).status_code == 403


def test_a_campaigns_fit_is_told_once_its_steps_were_read(world: World, client: TestClient):
    with world.database.writing() as db:
        template_id = a_template(db).id
    path, params = f"/api/campaigns/{world.campaign_id}/fit", {"template_id": template_id}
    assert client.get(path, params=params).json()["readable"] is False
    world.start(world.approved_leads(1))
    world.run()
    answer = client.get(path, params=params).json()
    assert (answer["readable"], answer["blocking"]) == (True, [])
    assert answer["steps"][0]["snippets"] == [1, 2]
    assert {each["code"] for each in answer["warnings"]} == {"snippet_unused"}


def test_steps_that_woodpecker_cannot_show_are_read_from_the_poorer_source(world: World, client: TestClient):
    world.vendor.unsupported = True
    with world.database.writing() as db:
        template_id = a_template(db).id
    world.start(world.approved_leads(1))
    world.run()
    path = f"/api/campaigns/{world.campaign_id}/fit"
    assert client.get(path, params={"template_id": template_id}).json()["readable"] is True


def test_what_needs_help_stands_on_home_with_its_cause(world: World, client: TestClient, room: Room):
    export_id = world.start(world.approved_leads(2))
    world.vendor.faults = [cut(applied=False)]
    world.run_until(lambda: "unknown" in world.statuses(export_id))
    assert client.get("/api/exports/needs-help").json() == {"exports": [], "leaving_too_long": 0}
    room.now = world.time.now() + timedelta(minutes=20)
    (need,) = client.get("/api/exports/needs-help").json()["exports"]
    assert (need["export_id"], need["cause"], need["button"]) == (export_id, "checking_too_long", "look")


@pytest.mark.parametrize("cursor", ["W251bGxd", "WzFd", "WyJ4Il0x"])
def test_a_forged_cursor_is_the_callers_mistake(client: TestClient, cursor: str):
    assert client.get("/api/exports", params={"cursor": cursor}).status_code == 422
