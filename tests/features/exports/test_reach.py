"""Which campaigns somebody is in before they come onto the do-not-contact list, and how far they have left afterwards."""

from typing import Any

import pytest

from tests import builders as make
from tests.room import OpenRoom, Room
from woodpecker_api.features.campaigns.models import Campaign, WoodpeckerAccount
from woodpecker_api.features.exports.api import router as exports
from woodpecker_api.features.exports.models import Removal
from woodpecker_api.features.exports.rules import RemovalCause, RemovalStatus
from woodpecker_api.features.leads.api import router as leads
from woodpecker_api.http.services import VendorMode
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.settings.service import Vendor
from woodpecker_api.wiring.listeners import connect_rooms


@pytest.fixture
def room(open_room: OpenRoom) -> Room:
    """Ann is in two campaigns and Ben, of a part of the company, in one; Cid of another company is in the first as well."""
    connect_rooms()
    room = open_room(leads, exports)
    with room.database.writing() as db:
        account = make.an_account(db, people_as_of=room.now)
        first = make.a_campaign(db, account=account, name="First", status="RUNNING")
        second = make.a_campaign(db, account=account, name="Second", status="PAUSED")
        for email, places in (
            ("ann@acme.example", (first, second)),
            ("ben@north.acme.example", (first,)),
            ("cid@notacme.example", (first,)),
        ):
            make.an_account_person(db, account, email)
            for campaign in places:
                make.a_membership(db, campaign, email)
    return room


def reach(room: Room, value: str) -> dict[str, Any]:
    answer = room.client().get("/api/do-not-contact/reach", params={"value": value})
    assert answer.status_code == 200
    return dict(answer.json())


def in_campaigns(found: dict[str, Any]) -> list[tuple[str, str, int]]:
    return [(each["name"], each["status"], each["people"]) for each in found["campaigns"]]


def test_a_person_is_shown_with_every_campaign_and_the_time_of_the_copy(room: Room):
    found = reach(room, " Ann@ACME.example ")
    assert in_campaigns(found) == [("First", "RUNNING", 1), ("Second", "PAUSED", 1)]
    assert (found["kind"], found["value"], found["people"]) == ("email", "ann@acme.example", ["ann@acme.example"])
    assert found["as_of"].startswith("2026-03-02T12:00:00")


def test_a_domain_reaches_everybody_at_it_and_below_it_and_nobody_of_a_similar_name(room: Room):
    found = reach(room, "acme.example")
    assert in_campaigns(found) == [("First", "RUNNING", 2), ("Second", "PAUSED", 1)]
    assert (found["people_total"], found["people"]) == (2, ["ann@acme.example", "ben@north.acme.example"])


def test_a_stranger_is_in_no_campaign(room: Room):
    found = reach(room, "zed@elsewhere.example")
    assert (found["people_total"], found["campaigns"], found["leaving"], found["left"]) == (0, [], 0, 0)


def test_once_on_the_list_they_are_seen_leaving_until_they_are_out(room: Room):
    room.client().post("/api/do-not-contact", json={"value": "acme.example"})
    found = reach(room, "acme.example")
    assert (found["leaving"], found["left"], found["blacklisted_at"]) == (2, 0, None)
    with room.database.writing() as db:
        gone, still, domain = sorted(db.query(Removal), key=lambda each: (each.address_key[0] == "@", each.address_key))
        gone.status, gone.finished_at = RemovalStatus.DONE, room.now
        still.error_code, still.error = "request_refused", "Woodpecker said no."
        domain.status, domain.blacklisted_at = RemovalStatus.DONE, room.now
    found = reach(room, "acme.example")
    assert (found["leaving"], found["left"], found["error"]) == (1, 1, "Woodpecker said no.")
    assert found["blacklisted_at"].startswith("2026-03-02T12:00:00")


def test_who_was_only_taken_back_out_of_an_export_does_not_count_as_leaving(room: Room):
    with room.database.writing() as db:
        account = db.query(WoodpeckerAccount).one()
        campaign = db.query(Campaign).filter(Campaign.name == "First").one()
        db.add(
            Removal(
                woodpecker_account_id=account.id,
                email="ann@acme.example",
                address_key="ann@acme.example",
                cause=RemovalCause.TAKE_BACK,
                campaign_vendor_id=campaign.vendor_id,
            )
        )
    assert reach(room, "ann@acme.example")["leaving"] == 0


def test_a_campaign_that_our_list_does_not_have_is_told_by_its_number(room: Room):
    with room.database.writing() as db:
        account = db.query(WoodpeckerAccount).one()
        unknown = Campaign(woodpecker_account_id=account.id, vendor_id=987654)
        make.a_membership(db, unknown, "ann@acme.example")
    last = reach(room, "ann@acme.example")["campaigns"][-1]
    assert (last["campaign_id"], last["woodpecker_id"], last["name"]) == (None, 987654, "")


def test_the_copy_of_the_simulator_says_nothing_about_a_real_account(room: Room):
    room.modes[Vendor.WOODPECKER] = VendorMode.REAL
    found = reach(room, "acme.example")
    assert (found["as_of"], found["people_total"], found["campaigns"]) == (None, 0, [])


@pytest.mark.parametrize("value", ["nonsense", "a@@b.example"])
def test_what_is_neither_an_address_nor_a_domain_is_refused(room: Room, value: str):
    assert room.client().get("/api/do-not-contact/reach", params={"value": value}).status_code == 422


def test_viewers_may_look_and_strangers_may_not(room: Room):
    ask = {"params": {"value": "acme.example"}}
    assert room.client(Role.VIEWER).get("/api/do-not-contact/reach", **ask).status_code == 200
    assert room.client(None).get("/api/do-not-contact/reach", **ask).status_code == 401
