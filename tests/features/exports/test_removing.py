"""Leaving a campaign: taken back by a manager, or on the do-not-contact list by now. Asked again until it is true."""

import dataclasses
import threading

import pytest
import sqlalchemy as sa

from tests.builders import a_suppression
from tests.features.exports.fake_woodpecker import cut
from tests.features.exports.kills import take_back_under_kills
from tests.features.exports.world import World
from tests.room import OpenRoom
from woodpecker_api.clients.woodpecker.errors import ConnectionCutError, RequestRefusedError
from woodpecker_api.features.exports import service
from woodpecker_api.features.exports.api import router
from woodpecker_api.features.exports.jobs import account_watch
from woodpecker_api.features.exports.models import Attempt, Removal
from woodpecker_api.features.exports.service.erasing import ToDelete, ask_deletion
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.sequences.models import Sequence
from woodpecker_api.kit.text import address_key
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.jobs import JobContext


def take_back(world: World, export_id: str, item_ids: list[str] | None = None) -> None:
    with world.ask(export_id) as (db, ask):
        service.take_back(db, world.jobs, ask, item_ids)


def suppress(world: World, *emails: str) -> None:
    with world.database.writing() as db:
        keys = [a_suppression(db, email).value_key for email in emails]
        service.on_suppressed(db, world.user, keys, world.time.now())


def removals(world: World) -> list[Removal]:
    with world.database.reading() as db:
        return list(db.scalars(sa.select(Removal).order_by(Removal.id)))


def test_who_was_added_is_taken_back_and_free_again(world: World):
    leads = world.approved_leads(3)
    export_id = world.start(leads)
    world.run()
    take_back(world, export_id)
    world.run()
    assert not any(person.campaigns for person in world.vendor.people.values())
    assert {(item.status, item.error_code) for item in world.items(export_id)} == {("cancelled", "taken_back")}
    with world.database.reading() as db:
        assert {db.get_one(Lead, lead_id).status for lead_id in leads} == {"approved"}
        assert set(db.scalars(sa.select(Sequence.status))) == {"approved"}
    again = world.start(leads)
    world.run()
    assert world.statuses(again) == {"added": 3}


def test_only_those_named_are_taken_back_and_only_once(world: World):
    export_id = world.start(world.approved_leads(3))
    world.run()
    one = world.items(export_id)[1]
    take_back(world, export_id, [one.id])
    take_back(world, export_id, [one.id])
    world.run()
    assert world.statuses(export_id) == {"added": 2, "cancelled": 1}
    assert len(removals(world)) == 1


def test_whom_others_put_into_the_campaign_is_not_ours_to_take_back(world: World):
    leads = world.approved_leads(2)
    export_id = world.start(leads)
    there = world.items(export_id)[0]
    world.vendor.put(there.email, world.vendor_id)
    world.run()
    take_back(world, export_id)
    world.run()
    assert world.vendor.has(there.email, world.vendor_id)


def test_who_comes_onto_the_list_leaves_every_campaign_and_is_blacklisted(world: World):
    export_id = world.start(world.approved_leads(2))
    world.run()
    email = world.items(export_id)[0].email
    world.vendor.campaigns[99] = "RUNNING"
    world.vendor.put(email, 99)
    suppress(world, email)
    world.run()
    assert world.vendor.people[email].campaigns == set()
    assert world.vendor.blacklist == {email}
    assert world.vendor.has(world.items(export_id)[1].email, world.vendor_id)
    assert [removal.status for removal in removals(world)] == ["done"]


def test_a_stranger_on_the_list_is_nobody_woodpecker_needs_to_hear_of(world: World):
    suppress(world, "nobody@elsewhere.example")
    assert removals(world) == []


def test_a_removal_waits_while_a_request_for_the_person_may_be_on_its_way(world: World):
    world.vendor.faults = [cut(applied=False)]
    export_id = world.start(world.approved_leads(1))
    world.run_until(lambda: world.statuses(export_id) == {"unknown": 1})
    email = world.items(export_id)[0].email
    suppress(world, email)
    for _ in range(3):
        world.turn()
    assert [removal.status for removal in removals(world)] == ["waiting"]
    # The vendor applies it late, as it may within its queue time.
    world.vendor.put(email, world.vendor_id)
    world.run()
    assert world.vendor.people[email].campaigns == set()
    assert world.vendor.blacklist == {email}


@pytest.mark.parametrize(
    "error",
    [ConnectionCutError("cut", outcome_unknown=True), RequestRefusedError("no", status=400)],
    ids=["cut", "refused"],
)
def test_a_removal_is_tried_until_it_is_true(world: World, error: Exception):
    export_id = world.start(world.approved_leads(1))
    world.run()
    world.vendor.read_errors = [None, None, error, None, None]  # type: ignore[list-item]
    take_back(world, export_id)
    world.run()
    assert world.statuses(export_id) == {"cancelled": 1}
    assert not any(person.campaigns for person in world.vendor.people.values())


def test_a_vendor_that_does_not_do_it_is_asked_less_and_less_often(world: World):
    export_id = world.start(world.approved_leads(1))
    world.run()
    world.vendor.forgetful = True
    take_back(world, export_id)
    began = world.time.monotonic()
    world.run_until(lambda: len(world.vendor.removals) == 6)
    assert world.time.monotonic() - began >= 1 + 2 + 4 + 8 + 16
    assert [removal.status for removal in removals(world)] == ["waiting"]
    world.vendor.forgetful = False
    world.run()
    assert world.statuses(export_id) == {"cancelled": 1}


def test_while_sending_is_held_nobody_is_taken_out(world: World):
    export_id = world.start(world.approved_leads(1))
    world.run()
    with world.database.writing() as db:
        service.hold(db, "restored")
    take_back(world, export_id)
    for _ in range(3):
        world.turn()
    assert world.vendor.removals == []


def test_taking_back_is_a_managers_right(world: World, open_room: OpenRoom):
    room = open_room(router)
    room.services = dataclasses.replace(room.services, jobs=world.jobs)  # type: ignore[arg-type]
    room.app.state.services = room.services
    export_id = world.start(world.approved_leads(1))
    world.run()
    assert room.client(Role.REP).post(f"/api/exports/{export_id}/take-back").status_code == 403
    assert room.client(Role.MANAGER).post(f"/api/exports/{export_id}/take-back").status_code == 202
    world.run()
    assert world.statuses(export_id) == {"cancelled": 1}


def test_work_whose_wake_was_lost_gets_a_job_within_the_minute(world: World):
    watch = account_watch(world.database, world.jobs)  # type: ignore[arg-type]
    context = JobContext("watch", 0, threading.Event(), lambda: True, 0.0)
    watch.handler(context, "now")
    assert world.jobs.woken == []
    world.start(world.approved_leads(1))
    world.jobs.woken.clear()
    watch.handler(context, "now")
    assert world.jobs.woken == [f"account-{world.account_id}-0"]


@pytest.mark.parametrize("seed", [1, 2])
def test_taking_back_under_kills_leaves_everybody_either_there_and_shown_so_or_gone_and_free(world: World, seed: int):
    """The bar in small; `python -m benchmarks.soak_take_back` takes 500 people back."""
    assert take_back_under_kills(world, people=60, kills=5, seed=seed) == 5


def erase(world: World, email: str) -> None:
    with world.database.writing() as db:
        to_delete = ToDelete("erasure", email, address_key(email), None)
        ask_deletion(db, to_delete, sandbox=True, now=world.time.now())


def test_whoever_is_erased_is_deleted_from_the_account_and_blacklisted_and_we_forget_the_address(world: World):
    there = world.vendor.put("ann@acme.example", world.vendor_id, 77)
    world.vendor.put("bob@acme.example", world.vendor_id)
    erase(world, "Ann@acme.example")
    world.run()
    assert [person.email for person in world.vendor.people.values()] == ["bob@acme.example"]
    assert {address_key(email) for email in world.vendor.blacklist} == {there.email}
    [removal] = removals(world)
    assert (removal.status, removal.email, removal.address_key) == ("done", "", "")


def test_an_erased_person_whom_woodpecker_does_not_know_is_blacklisted_all_the_same(world: World):
    erase(world, "nobody@acme.example")
    world.run()
    assert world.vendor.blacklist == {"nobody@acme.example"}


def test_a_deletion_whose_answer_is_lost_is_looked_at_again(world: World):
    world.vendor.put("ann@acme.example", world.vendor_id)
    world.vendor.read_errors = [None, ConnectionCutError("cut", outcome_unknown=True)]
    erase(world, "ann@acme.example")
    world.run()
    assert world.vendor.people == {}
    assert removals(world)[0].status == "done"


def test_how_far_taking_back_has_come_and_who_was_mailed_is_told(world: World, open_room: OpenRoom):
    export_id = world.start(world.approved_leads(4))
    world.run()
    items = world.items(export_id)
    with world.database.writing() as db:
        for item in items[:2]:
            db.execute(
                sa.update(Attempt).where(Attempt.item_id == item.id).values(first_mailed_at=world.time.now(), held=None)
            )
    take_back(world, export_id, [items[0].id, items[3].id])
    client = open_room(router).client(Role.REP)
    told = client.get(f"/api/exports/{export_id}/taking-back").json()
    assert told == {
        "in_campaign": 4,
        "leaving": 2,
        "gone": 0,
        "mailed_total": 2,
        "mailed": [items[0].email, items[1].email],
    }
    world.run()
    after = client.get(f"/api/exports/{export_id}/taking-back").json()
    assert (after["in_campaign"], after["leaving"], after["gone"], after["mailed"]) == (2, 0, 2, [items[1].email])
    assert client.get("/api/exports/nobody/taking-back").status_code == 404
