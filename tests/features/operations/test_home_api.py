"""The numbers of Home agree with what the lists show."""

import pytest

from tests import builders as make
from tests.room import Room
from woodpecker_api.features.imports.models import ImportStatus
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.operations import queries
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.system.auth.permissions import Role


def test_an_empty_program_says_so(room: Room) -> None:
    home = room.client(Role.VIEWER).get("/api/home").json()
    assert set(home["leads"].values()) == {0}
    assert (home["drafts"], home["drafts_by_owner"], home["own_list"]) == (0, {}, False)


def test_leads_are_counted_by_where_they_stand(room: Room) -> None:
    with room.database.writing() as db:
        for status in (LeadStatus.IMPORTED, LeadStatus.IMPORTED, LeadStatus.APPROVED, LeadStatus.FAILED):
            make.a_lead(db, status=status)
    leads = room.client().get("/api/home").json()["leads"]
    assert {status: number for status, number in leads.items() if number} == {"imported": 2, "approved": 1, "failed": 1}


def test_leads_that_no_list_shows_are_not_counted(room: Room) -> None:
    with room.database.writing() as db:
        pending = make.an_import(db)
        make.a_lead(db, deleted_at=make.NOON)
        make.a_lead(db, pending_import_id=pending.id)
        make.a_sequence(db, lead=make.a_lead(db, deleted_at=make.NOON))
    home = room.client().get("/api/home").json()
    assert set(home["leads"].values()) == {0}
    assert home["drafts"] == 0


def test_drafts_are_told_apart_by_whose_they_are(room: Room) -> None:
    with room.database.writing() as db:
        rita = make.a_user(db)
        for owner in (rita.id, rita.id, None):
            make.a_sequence(db, lead=make.a_lead(db, owner_id=owner))
        make.a_sequence(db, lead=make.a_lead(db, owner_id=rita.id), status=SequenceStatus.APPROVED)
        mine = rita.id
    home = room.client().get("/api/home").json()
    assert home["drafts_by_owner"] == {mine: 2, "": 1}
    assert home["drafts"] == 3


def test_the_sample_list_is_nobodys_own(room: Room) -> None:
    with room.database.writing() as db:
        make.an_import(db, status=ImportStatus.COMMITTED, sandbox=True)
        make.an_import(db, status=ImportStatus.PARSED)
    assert room.client().get("/api/home").json()["own_list"] is False
    with room.database.writing() as db:
        make.an_import(db, status=ImportStatus.COMMITTED)
    assert room.client().get("/api/home").json()["own_list"] is True


def test_numbers_are_not_counted_further_than_anybody_reads(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr(queries, "COUNT_CAP", 2)
    with room.database.writing() as db:
        for _ in range(5):
            make.a_sequence(db, lead=make.a_lead(db))
    home = room.client().get("/api/home").json()
    assert (home["leads"]["drafted"], home["drafts"]) == (3, 3)
