"""How paragraphs travel: tried on one's own address in a draft; until then five people go first."""

import csv
import dataclasses
import io

import pytest
import sqlalchemy as sa

from tests.builders import a_campaign, a_user
from tests.features.exports.world import World
from tests.room import OpenRoom, Room
from woodpecker_api.clients.woodpecker.errors import ConnectionCutError
from woodpecker_api.features.campaigns.models import AccountRead, Campaign, WoodpeckerAccount
from woodpecker_api.features.exports import service
from woodpecker_api.features.exports.api import router
from woodpecker_api.features.exports.jobs import Connection
from woodpecker_api.features.exports.models import ExportItem
from woodpecker_api.features.sequences.models import Sequence, Snippet
from woodpecker_api.system.auth.permissions import Role

OWN = "olga@team.example"


@pytest.fixture
def room(world: World, open_room: OpenRoom) -> Room:
    room = open_room(router)
    room.services = dataclasses.replace(room.services, jobs=world.jobs)  # type: ignore[arg-type]
    room.app.state.services = room.services
    with world.database.writing() as db:
        a_user(db, email=OWN)
    return room


def real(world: World, encoding: str = "untested") -> None:
    """The account is no simulator's."""
    with world.database.writing() as db:
        account = db.get_one(WoodpeckerAccount, world.account_id)
        account.sandbox, account.paragraph_encoding = False, encoding
    world.connect = lambda: Connection(world.vendor, sandbox=False)


def test_the_test_puts_ones_own_address_into_a_draft_with_the_same_text_in_two_ways(world: World, room: Room):
    admin = room.client(Role.ADMIN)
    asked = admin.post("/api/paragraphs/test", json={"campaign_id": world.campaign_id, "email": OWN})
    assert asked.status_code == 202
    world.run()
    person = world.vendor.people[OWN]
    assert person.campaigns == {world.vendor_id}
    assert "paragraph.\n\nThis" in person.snippets[1]
    assert "paragraph.<br /><br />This" in person.snippets[2]
    assert world.vendor.add_requests == [(world.vendor_id, [OWN])]


def test_a_campaign_that_became_live_meanwhile_is_not_used(world: World, room: Room):
    room.client(Role.ADMIN).post("/api/paragraphs/test", json={"campaign_id": world.campaign_id, "email": OWN})
    world.vendor.campaigns[world.vendor_id] = "RUNNING"
    world.run()
    assert world.vendor.people == {}
    with world.database.reading() as db:
        assert db.scalars(sa.select(AccountRead.error_code)).all() == ["campaign_no_draft"]


def test_a_lost_answer_of_the_test_is_no_trouble(world: World, room: Room):
    from tests.features.exports.fake_woodpecker import Fault

    world.vendor.faults = [Fault(ConnectionCutError("cut", outcome_unknown=True), applied=True)]
    room.client(Role.ADMIN).post("/api/paragraphs/test", json={"campaign_id": world.campaign_id, "email": OWN})
    world.run()
    assert list(world.vendor.people) == [OWN]


@pytest.mark.parametrize(("email", "field"), [("stranger@acme.example", "email"), (OWN, "campaign_id")])
def test_only_the_teams_own_addresses_and_only_drafts(world: World, room: Room, email: str, field: str):
    with world.database.writing() as db:
        account = db.get_one(WoodpeckerAccount, world.account_id)
        running = a_campaign(db, account=account, status="RUNNING").id
    campaign_id = running if field == "campaign_id" else world.campaign_id
    answer = room.client(Role.ADMIN).post("/api/paragraphs/test", json={"campaign_id": campaign_id, "email": email})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_what_somebody_saw_arrive_is_used_by_the_next_plan(world: World, room: Room):
    admin = room.client(Role.ADMIN)
    assert admin.get("/api/paragraphs").json() == {"encoding": "untested"}
    assert admin.put("/api/paragraphs", json={"encoding": "break_tag"}).json() == {"encoding": "break_tag"}
    with world.database.writing() as db:
        db.execute(sa.text("UPDATE snippets SET text = 'One.' || char(10) || 'Two.' WHERE number = 2"))
    [lead] = world.approved_leads(1)
    with world.database.writing() as db:
        db.execute(sa.text("UPDATE snippets SET text = 'One.' || char(10) || 'Two.' WHERE number = 2"))
    export_id = world.start([lead])
    assert world.items(export_id)[0].fields["snippet2"] == "One.<br />Two."


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REP, Role.MANAGER])
def test_only_an_admin_chooses(room: Room, role: Role):
    assert room.client(role).put("/api/paragraphs", json={"encoding": "plain"}).status_code == 403


def test_untested_five_go_first_and_the_others_wait_for_a_look(world: World):
    real(world)
    export_id = world.start(world.approved_leads(12))
    world.run()
    assert world.statuses(export_id) == {"added": 5, "queued": 7}
    assert (world.export(export_id).status, world.export(export_id).reason) == ("paused", "paragraphs_untested")
    with world.ask(export_id) as (db, ask):
        service.resume(db, world.jobs, ask)
    world.run()
    assert world.statuses(export_id) == {"added": 12}


def test_five_or_fewer_need_no_pause(world: World):
    real(world)
    export_id = world.start(world.approved_leads(5))
    world.run()
    assert (world.statuses(export_id), world.export(export_id).status) == ({"added": 5}, "completed")


@pytest.mark.parametrize("encoding", ["plain", "break_tag"])
def test_tested_accounts_begin_with_whole_batches(world: World, encoding: str):
    real(world, encoding)
    export_id = world.start(world.approved_leads(12))
    world.run()
    assert [len(people) for _, people in world.vendor.add_requests] == [12]
    with world.database.reading() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(ExportItem)) == 12
        assert db.get_one(Campaign, world.campaign_id).status == "DRAFT"
    assert world.export(export_id).status == "completed"


TWO_PARAGRAPHS = "First & best.\n\nSecond <3."


@pytest.mark.parametrize(
    ("encoding", "travels"),
    [
        ("untested", TWO_PARAGRAPHS),
        ("plain", TWO_PARAGRAPHS),
        ("break_tag", "First &amp; best.<br /><br />Second &lt;3."),
    ],
)
def test_the_list_for_by_hand_carries_paragraphs_as_a_request_to_the_account_would(
    world: World, room: Room, encoding: str, travels: str
):
    real(world, encoding)
    leads = world.approved_leads(1)
    with world.database.writing() as db:
        db.execute(sa.update(Snippet).where(Snippet.number == 2).values(text=TWO_PARAGRAPHS))
        db.execute(sa.update(Sequence).values(sandbox=False))
    export_id = world.start(leads)
    plan_id = world.export(export_id).plan_id
    client = room.client(Role.REP)
    for address in (f"/api/exports/plans/{plan_id}/export.csv", f"/api/exports/{export_id}/export.csv"):
        [row] = csv.DictReader(io.StringIO(client.get(address).text.removeprefix("\ufeff"), newline=""))
        assert row["snippet2"] == travels
    world.run()
    [person] = world.vendor.people.values()
    assert person.snippets[2] == travels, "by hand and by request are one and the same"
