"""After a restore: nothing is sent until what Woodpecker has is known here again."""

import dataclasses
from pathlib import Path

import pytest

from tests.features.exports.world import World
from tests.room import OpenRoom, Room
from woodpecker_api.features.exports import service
from woodpecker_api.features.exports.api import router
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.system.auth.permissions import Role


@pytest.fixture
def restored(world: World) -> tuple[World, list[str]]:
    """Two leads were added before the backup, two after it; then the backup was put back."""
    leads = world.approved_leads(5)
    world.start(leads[:2])
    world.run()
    file = Path(str(world.database.engine.url.database))
    world.database.engine.dispose()
    older = file.read_bytes()
    world.start(leads[2:4])
    world.run()
    world.database.engine.dispose()
    file.write_bytes(older)
    world.restart()
    return world, leads


@pytest.fixture
def room(world: World, open_room: OpenRoom) -> Room:
    room = open_room(router)
    room.services = dataclasses.replace(room.services, jobs=world.jobs)  # type: ignore[arg-type]
    room.app.state.services = room.services
    return room


def test_the_whole_way_from_held_to_sending(restored: tuple[World, list[str]], room: Room):
    world, leads = restored
    export_id = world.start(leads[2:])
    world.run()
    assert world.export(export_id).reason == "sending_held"
    admin = room.client(Role.ADMIN)
    answer = admin.get("/api/reconciliation").json()
    assert (answer["sending"], answer["reason"], answer["status"]) == ("held", "database_behind", "none")
    too_early = admin.post("/api/reconciliation/release")
    assert (too_early.status_code, too_early.json()["code"]) == (409, "reconciliation_needed")
    assert admin.post("/api/reconciliation/run").status_code == 202
    assert admin.get("/api/reconciliation").json()["status"] == "reading"
    world.run()
    answer = admin.get("/api/reconciliation").json()
    # Two of the export's own people are there already: their claims are taken, so nobody is unknown.
    assert (answer["status"], answer["unknown_here"], answer["missing_there"]) == ("ready", 0, 0)
    released = admin.post("/api/reconciliation/release").json()
    assert (released["sending"], released["resumed"]) == ("ok", 1)
    world.run()
    assert world.statuses(export_id) == {"already_in_campaign": 2, "added": 1}
    assert set(world.vendor.applied.values()) == {1}


def test_who_is_unknown_here_is_adopted_with_a_line_of_history(restored: tuple[World, list[str]], room: Room):
    world, leads = restored
    with world.database.writing() as db:
        service.hold(db, "restored")
    admin = room.client(Role.ADMIN)
    admin.post("/api/reconciliation/run")
    world.run()
    answer = admin.get("/api/reconciliation").json()
    assert {item["lead_id"] for item in answer["items"]} == set(leads[2:4])
    assert admin.post("/api/reconciliation/release").status_code == 409
    assert admin.post("/api/reconciliation/adopt").json()["adopted"] == 2
    assert admin.post("/api/reconciliation/adopt").json()["adopted"] == 0
    adopted = [attempt for attempt in world.attempts() if attempt.error_code == "adopted"]
    assert {attempt.lead_id for attempt in adopted} == set(leads[2:4])
    assert {attempt.status for attempt in adopted} == {"already_in_campaign"}
    with world.database.reading() as db:
        assert [db.get_one(Lead, lead_id).status for lead_id in leads[2:]] == ["exported", "exported", "approved"]
    assert admin.post("/api/reconciliation/release").json()["sending"] == "ok"
    export_id = world.start(leads)
    world.run()
    assert world.statuses(export_id) == {"added": 1}
    assert set(world.vendor.applied.values()) == {1}


def test_reps_may_not_release(room: Room):
    assert room.client(Role.REP).post("/api/reconciliation/release").status_code == 403
