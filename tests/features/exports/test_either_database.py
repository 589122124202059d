"""The export's core on both databases: claims under real concurrency, settling, the end of the account's job."""

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.either import either_database
from tests.features.exports.fake_woodpecker import Fault, cut
from tests.features.exports.world import World
from woodpecker_api.clients.woodpecker.errors import RateLimitedError
from woodpecker_api.db.session import Database
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import ReadKind
from woodpecker_api.features.exports import service
from woodpecker_api.features.exports.queries import reach
from woodpecker_api.features.leads.models import DoNotContact
from woodpecker_api.features.leads.rules import SuppressionKind
from woodpecker_api.features.leads.service import NewEntry, add_entry
from woodpecker_api.system.audit.service import SYSTEM

__all__ = ["either_database"]


@pytest.fixture
def world(either_database: Database, tmp_path: Path) -> World:
    return World(either_database, tmp_path / "data")


def test_an_export_with_faults_adds_everybody_once(world: World):
    world.data_dir.mkdir()
    world.vendor.faults = [cut(applied=True), Fault(RateLimitedError("busy")), cut(applied=False), Fault(lose_rows=3)]
    export_id = world.start(world.approved_leads(130))
    world.run()
    assert world.statuses(export_id) == {"added": 130}
    assert set(world.vendor.applied.values()) == {1}
    assert world.export(export_id).status == "completed"


def test_four_users_at_the_same_moment_share_the_people_between_them(world: World):
    world.data_dir.mkdir()
    leads = world.approved_leads(40)
    plans = [world.plan(leads[start:] + leads[:start]) for start in (0, 10, 20, 30)]
    ready, failures = threading.Barrier(4), []

    def start(plan_id: str) -> None:
        try:
            ready.wait()
            with world.database.writing() as db:
                service.start_export(db, world.jobs, world.user, service.StartOrder(plan_id, True, 0), world.time.now())
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=start, args=(plan_id,)) for plan_id in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    world.run()
    assert set(world.vendor.applied.values()) == {1}
    assert len(world.vendor.applied) == 40


def test_a_cancel_while_the_loop_sends_leaves_nobody_in_between(world: World):
    world.data_dir.mkdir()
    export_id = world.start(world.approved_leads(120))

    def cancel_now() -> None:
        with world.ask(export_id) as (db, ask):
            service.cancel(db, world.jobs, ask)

    world.vendor.before_answer = cancel_now
    world.run()
    assert world.statuses(export_id) == {"added": 50, "cancelled": 70}
    assert world.export(export_id).finished_at is not None


def test_whom_woodpecker_keeps_out_comes_onto_the_list_and_an_entry_knows_whom_it_reaches(world: World):
    world.data_dir.mkdir()
    world.vendor.blacklist = {"no@thanks.example"}
    world.vendor.put("ann@rival.example", world.vendor_id)
    world.vendor.put("out@acme.example", world.vendor_id, status="BLACKLIST")
    with world.database.writing() as db:
        campaigns.request_read(db, SYSTEM, world.account_id, ReadKind.BLACKLIST)
        campaigns.request_mirror(db, SYSTEM, world.account_id)
    world.run()
    with world.database.reading() as db:
        assert set(db.scalars(sa.select(DoNotContact.value))) == {"no@thanks.example", "out@acme.example"}
        domain = (world.account_id, SuppressionKind.DOMAIN, "rival.example")
        [place] = reach.places_of(db, *domain)
        people, total = reach.people_of(db, *domain, 100)
        assert (place.campaign_id, place.people) == (world.campaign_id, 1)
        assert ([person.email for person in people], total) == (["ann@rival.example"], 1)
    with world.database.writing() as db:
        add_entry(db, world.user, NewEntry("rival.example"), world.time.now())
        service.on_suppressed(db, world.user, ["@rival.example", "ann@rival.example"], world.time.now())
    world.run()
    assert not world.vendor.has("ann@rival.example", world.vendor_id)
    with world.database.reading() as db:
        leaving = reach.leaving_of(db, *domain)
        assert (leaving.waiting, leaving.gone >= 1, leaving.blacklisted_at is not None) == (0, True, True)
