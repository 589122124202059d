"""Invented people are marked, and go in one step."""

import pytest

from tests import builders as make
from tests.room import OpenRoom, Room
from woodpecker_api.features.imports.service.samples import mark_as_samples
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.operations.api import router as operations
from woodpecker_api.features.privacy.api import router
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.wiring.listeners import connect_rooms


@pytest.fixture
def room(open_room: OpenRoom) -> Room:
    connect_rooms()
    room = open_room(router, operations)
    with room.database.writing() as db:
        imported = make.an_import(db)
        make.a_lead(db, email="sample@acme.example", import_id=imported.id)
        make.a_lead(db, email="real@acme.example")
        mark_as_samples(db, imported.id)
    return room


def left(room: Room) -> set[str]:
    with room.database.reading() as db:
        return {lead.email for lead in db.query(Lead).filter(Lead.deleted_at.is_(None))}


def test_sample_people_go_in_one_step_and_nobody_else(room: Room):
    admin = room.client(Role.ADMIN)
    assert admin.get("/api/samples").json()["left"] == 1
    assert admin.post("/api/samples/remove").json() == {"left": 0, "removed": 1}
    assert left(room) == {"real@acme.example"}
    assert admin.post("/api/samples/remove").json() == {"left": 0, "removed": 0}


@pytest.mark.parametrize("vendor", ["anthropic", "woodpecker"])
def test_the_first_real_key_takes_them_away(room: Room, vendor: str):
    admin = room.client(Role.ADMIN)
    assert admin.put(f"/api/settings/keys/{vendor}", json={"key": "a-real-key-of-twenty"}).status_code == 200
    assert left(room) == {"real@acme.example"}


def test_a_key_that_is_refused_takes_nobody_away(room: Room):
    room.client(Role.ADMIN).put("/api/settings/keys/anthropic", json={"key": "short"})
    assert left(room) == {"real@acme.example", "sample@acme.example"}


def test_whom_an_open_export_holds_stays_until_it_ends(room: Room):
    with room.database.writing() as db:
        lead = db.query(Lead).filter_by(email="sample@acme.example").one()
        make.an_item(db, sequence=make.a_sequence(db, lead=lead))
    assert room.client(Role.ADMIN).post("/api/samples/remove").json() == {"left": 1, "removed": 0}
