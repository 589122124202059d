"""The export's core on both databases: claims under real concurrency, settling, the end of the account's job."""

import threading
from pathlib import Path

import pytest

from tests.either import either_database
from tests.features.exports.fake_woodpecker import Fault, cut
from tests.features.exports.world import World
from woodpecker_api.clients.woodpecker.errors import RateLimitedError
from woodpecker_api.db.session import Database
from woodpecker_api.features.exports import service

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
