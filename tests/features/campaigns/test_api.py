"""Campaigns as pages and programs see them."""

import dataclasses

import pytest

from tests.builders import a_campaign, a_membership, an_account
from tests.room import OpenRoom, Room
from woodpecker_api.db.session import Database
from woodpecker_api.features.campaigns.api import router
from woodpecker_api.http.services import VendorMode
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.settings.service import Vendor


class Jobs:
    def enqueue(self, *_args: object, **_options: object) -> str:
        return "job"


@pytest.fixture
def room(open_room: OpenRoom) -> Room:
    room = open_room(router)
    room.services = dataclasses.replace(room.services, jobs=Jobs())  # type: ignore[arg-type]
    room.app.state.services = room.services
    return room


def test_before_the_first_read_there_is_nothing_and_no_time(room: Room):
    assert room.client().get("/api/campaigns").json() == {"items": [], "fetched_at": None, "people_as_of": None}


def test_the_list_says_what_adding_means_and_as_of_when(room: Room, database: Database):
    with database.writing() as db:
        account = an_account(db, campaigns_as_of=room.now)
        running = a_campaign(db, account=account, name="A", status="RUNNING", members_as_of=room.now)
        a_membership(db, running, "ann@acme.example")
        a_campaign(db, account=account, name="B", status="DRAFT")
        a_campaign(db, account=account, name="C", status="DELETED", gone_at=room.now)
    answer = room.client().get("/api/campaigns").json()
    assert [(c["name"], c["mails_on_enrol"], c["prospects"]) for c in answer["items"]] == [
        ("A", "yes", 1),
        ("B", "no", None),
    ]
    assert answer["fetched_at"].startswith("2026-03-02T12:00:00")


def test_a_refresh_is_a_read_that_can_be_followed(room: Room):
    client = room.client()
    read = client.post("/api/campaigns/refresh")
    assert read.status_code == 202
    followed = client.get(f"/api/campaigns/reads/{read.json()['id']}").json()
    assert (followed["status"], followed["kind"]) == ("waiting", "campaigns")


def test_members_are_read_of_one_campaign(room: Room, database: Database):
    with database.writing() as db:
        campaign = a_campaign(db)
    client = room.client()
    by_number = {"kind": "members", "campaign_id": str(campaign.vendor_id)}
    assert client.post("/api/campaigns/refresh", json=by_number).json()["campaign_id"] == campaign.id
    assert client.post("/api/campaigns/refresh", json={"kind": "members"}).status_code == 422
    assert client.post("/api/campaigns/refresh", json={"kind": "members", "campaign_id": "nobody"}).status_code == 404


def test_without_a_key_nothing_is_read(room: Room):
    room.modes[Vendor.WOODPECKER] = VendorMode.OFF
    answer = room.client().post("/api/campaigns/refresh")
    assert (answer.status_code, answer.json()["code"]) == (409, "vendor_key_missing")


def test_a_viewer_may_look_and_not_refresh(room: Room):
    viewer = room.client(Role.VIEWER)
    assert viewer.get("/api/campaigns").status_code == 200
    assert viewer.post("/api/campaigns/refresh").status_code == 403
