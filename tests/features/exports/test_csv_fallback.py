"""Woodpecker cannot be reached: the CSV of a whole plan, the CSV of what an export has left, and the way back into the record."""

import csv
import dataclasses
import io

import pytest
from fastapi.testclient import TestClient

from tests.builders import a_suppression
from tests.features.exports.fake_woodpecker import cut
from tests.features.exports.world import World
from tests.room import OpenRoom
from woodpecker_api.clients.woodpecker.errors import ConnectionCutError
from woodpecker_api.features.exports.api import router
from woodpecker_api.features.exports.rules import CSV_HEADER
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.system.auth.permissions import Role

FORMULA = '=HYPERLINK("http://evil")'


@pytest.fixture
def client(world: World, open_room: OpenRoom) -> TestClient:
    room = open_room(router)
    room.services = dataclasses.replace(room.services, jobs=world.jobs)  # type: ignore[arg-type]
    room.app.state.services = room.services
    return room.client(Role.REP)


def the_file(client: TestClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert ".csv" in answer.headers["content-disposition"]
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert tuple(rows.fieldnames or ()) == CSV_HEADER, "the vendor's own names, so that its import maps them by itself"
    return list(rows)


def make_away(world: World) -> None:
    world.vendor.read_errors = [ConnectionCutError("no route")] * 1000  # type: ignore[list-item]
    world.vendor.faults = [cut(applied=False)] * 1000


def test_a_whole_plan_is_a_file_for_woodpecker_although_nothing_was_started(world: World, client: TestClient) -> None:
    make_away(world)
    leads = world.approved_leads(520, title="Head of Learning")  # more than one page of the database's
    with world.database.writing() as db:
        db.get_one(Lead, leads[3]).title = FORMULA
        kept_out = db.get_one(Lead, leads[7]).email
        a_suppression(db, kept_out)
        emails = [db.get_one(Lead, lead).email for lead in leads]
    order = {"campaign_id": world.campaign_id, "selection": {"ids": leads}, "confirm_sending": False, "dry_run": True}
    plan = client.post("/api/exports", json=order).json()
    rows = the_file(client, f"/api/exports/plans/{plan['plan_id']}/export.csv")
    assert sorted(row["email"] for row in rows) == sorted(email for email in emails if email != kept_out)
    shown = {item["email"]: item["fields"] for item in plan["items"] if item["decision"] == "new"}
    listed = {row["email"]: {name: value for name, value in row.items() if value} for row in rows}
    safe = {email: fields | {"title": f"'{FORMULA}"} for email, fields in shown.items() if fields["title"] == FORMULA}
    assert {email: listed[email] for email in shown} == shown | safe, "exactly what the plan showed"
    assert listed[emails[3]]["title"] == f"'{FORMULA}"
    assert [row for row in rows if any(value.startswith(("=", "+", "@")) for value in row.values())] == []
    assert world.vendor.add_requests == []


def test_what_an_export_has_left_when_woodpecker_goes_away_is_a_file_and_comes_back_as_done(
    world: World, client: TestClient
) -> None:
    leads = world.approved_leads(60)
    order = {"campaign_id": world.campaign_id, "selection": {"ids": leads}, "confirm_sending": False}
    export = client.post("/api/exports", json=order).json()
    address = f"/api/exports/{export['id']}"
    world.run_until(lambda: world.statuses(export["id"]).get("added") == 50)
    client.post(f"{address}/pause")
    make_away(world)
    world.turn()
    rows = the_file(client, f"{address}/export.csv?status=queued&status=failed")
    left = sorted(item.email for item in world.items(export["id"]) if item.status == "queued")
    assert sorted(row["email"] for row in rows) == left
    assert len(left) == 10, "who is in the campaign is not imported a second time"
    done = client.post(f"{address}/done-by-hand", json={"emails": [row["email"].upper() for row in rows]}).json()
    assert (done["status"], done["counts"]["added"]) == ("completed", 60)
    again = client.post("/api/exports", json={**order, "dry_run": True}).json()
    assert again["counts"] == {"new": 0, "excluded": 60}
