"""Erasing and telling, through the API."""

import dataclasses

import pytest

from tests.features.privacy.world import Privacy, email_of, token
from tests.room import OpenRoom, Room
from woodpecker_api.features.privacy.api import router
from woodpecker_api.system.auth.permissions import Role


@pytest.fixture
def room(world: Privacy, open_room: OpenRoom) -> Room:
    room = open_room(router)
    room.services = dataclasses.replace(room.services, jobs=world.jobs)
    room.app.state.services = room.services
    return room


def test_an_erasure_is_asked_for_worked_off_and_says_nothing_of_the_person(world: Privacy, room: Room):
    world.fill(0, 1)
    admin = room.client(Role.ADMIN)
    answer = admin.post("/api/erasures", json={"email": email_of(0)})
    assert answer.status_code == 202
    world.run(answer.json()["id"])
    shown = admin.get(f"/api/erasures/{answer.json()['id']}")
    assert (shown.json()["status"], shown.json()["woodpecker_open"]) == ("erased", True)
    world.woodpecker_confirms()
    [listed] = admin.get("/api/erasures").json()["items"]
    assert (listed["status"], listed["woodpecker_open"]) == ("done", False)
    assert token(0).lower() not in (shown.text + answer.text).lower()


def test_what_is_held_on_a_person_is_told_whole_and_nothing_after_the_erasure(world: Privacy, room: Room):
    world.fill(0, 2)
    admin = room.client(Role.ADMIN)
    held = admin.post("/api/people/held", json={"email": email_of(0)})
    tables = set(held.json()["held"])
    assert {"leads", "snippets", "sequence_versions", "export_items", "attempts", "account_people"} <= tables
    assert {"memberships", "do_not_contact", "import_changes", "import_rejects", "audit_payloads"} <= tables
    assert "text 7" in held.text
    assert token(1).lower() not in held.text.lower()
    world.erase(0)
    world.woodpecker_confirms()
    after = admin.post("/api/people/held", json={"email": email_of(0)}).json()
    assert after["held"] == {}
    assert after["erased_at"] is not None


def test_an_erasure_can_be_lifted_when_the_person_agreed_anew(world: Privacy, room: Room):
    world.erase(4)
    admin = room.client(Role.ADMIN)
    assert admin.post("/api/erasures/lift", json={"email": email_of(4)}).json() == {"lifted": True}
    assert admin.post("/api/erasures/lift", json={"email": email_of(4)}).json() == {"lifted": False}
    assert world.ledger.hashes() == {}


@pytest.mark.parametrize("path", ["/api/erasures", "/api/erasures/lift", "/api/people/held"])
@pytest.mark.parametrize("role", [Role.VIEWER, Role.REP, Role.MANAGER])
def test_only_an_admin_may(room: Room, path: str, role: Role):
    assert room.client(role).post(path, json={"email": "ann@acme.example"}).status_code == 403


def test_an_erasure_that_nobody_asked_for_is_not_found(room: Room):
    answer = room.client(Role.ADMIN).get("/api/erasures/nobody")
    assert (answer.status_code, answer.json()["code"]) == (404, "erasure_not_found")
