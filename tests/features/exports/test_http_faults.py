"""Every fault of the vendor over HTTP: who is added stands in the simulator's own ledger."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.features.exports.world import RealTime, World
from tests.woodpecker import DRAFT
from woodpecker_api.clients.woodpecker.client import WoodpeckerClient
from woodpecker_api.db.session import Database
from woodpecker_api.features.exports import service
from woodpecker_api.features.exports.jobs import Connection
from woodpecker_api.sandbox.woodpecker import Fault, FaultKind, WoodpeckerServer

PEOPLE = 6


@pytest.fixture
def real(database: Database, tmp_path: Path, woodpecker: WoodpeckerServer) -> Iterator[World]:
    """The export's world against the simulator: deadline 0.6 s, settle time 1 s."""
    client = WoodpeckerClient("any-key", base_url=woodpecker.base_url, default_deadline=0.6)
    world = World(
        database,
        tmp_path,
        time=RealTime(),
        settle=1.0,
        look_again=0.1,
        deadline=0.6,
        connect=lambda: Connection(client, sandbox=True),
    )
    # The sample's steps are written for another template than the builders'; this is about adding, not about fit.
    woodpecker.control.put_campaign(id=DRAFT, steps=[])
    world.use_campaign(DRAFT, "DRAFT")
    yield world
    client.close()


def enrolled(woodpecker: WoodpeckerServer, world: World, export_id: str) -> list[str]:
    inside = woodpecker.control.enrolled(DRAFT)
    ours = {item.email for item in world.items(export_id)}
    return sorted(email for email, row in inside.items() if row["status"] is not None and email in ours)


def adds(woodpecker: WoodpeckerServer) -> int:
    """Requests to add somebody that the vendor saw."""
    return int(woodpecker.control.ledger()["calls"].get("POST /v1/add_prospects_campaign", 0))


@contextmanager
def stopped_worker(*arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """It has committed an intent and stands still before its request. Killed at the end, wherever it is."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.features.exports.stopped_worker", *arguments], cwd=Path(__file__).parents[3]
    )
    try:
        _, state = os.waitpid(worker.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(state), f"it ended instead: {state}"
        yield worker
    finally:
        worker.kill()
        worker.wait()


def assert_everybody_once(woodpecker: WoodpeckerServer, world: World, export_id: str) -> None:
    ledger = woodpecker.control.ledger()
    inside = woodpecker.control.enrolled(DRAFT)
    assert enrolled(woodpecker, world, export_id) == sorted(item.email for item in world.items(export_id))
    assert ledger["applied_too_often"] == []
    assert {inside[item.email]["arrived"] for item in world.items(export_id)} == {1}
    assert ledger["peak_in_flight"] == 1
    assert ledger["unknown_keys"] == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.RATE_LIMITED, on="add", times=2),
        Fault(FaultKind.RATE_LIMITED, on="add", retry_after="1"),
        Fault(FaultKind.RATE_LIMITED_409, on="add"),
        Fault(FaultKind.RATE_LIMITED, on="read", times=2),
        Fault(FaultKind.SERVER_ERROR, on="add"),
        Fault(FaultKind.SERVER_ERROR, on="read"),
        Fault(FaultKind.SERVER_ERROR_AFTER, on="add"),
        Fault(FaultKind.BAD_GATEWAY, on="add"),
        Fault(FaultKind.ERROR_IN_200, on="add"),
        Fault(FaultKind.MISSING_ROWS, on="add"),
        Fault(FaultKind.MISSING_ROWS, on="add", applied=False),
        Fault(FaultKind.EMPTY_BODY, on="add"),
        Fault(FaultKind.UNREADABLE, on="add"),
        Fault(FaultKind.HALF_JSON, on="add"),
        Fault(FaultKind.CUT_BEFORE, on="add"),
        Fault(FaultKind.CUT_AFTER, on="add"),
        Fault(FaultKind.CUT_MIDWAY, on="add"),
        Fault(FaultKind.CUT_BEFORE, on="read"),
        Fault(FaultKind.DRIP, on="add"),
        Fault(FaultKind.SLOW, on="add", latency_ms=900),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.on}{fault.retry_after}{'' if fault.applied else '-not-applied'}",
)
def test_whatever_the_vendor_answers_everybody_is_added_once(
    real: World, woodpecker: WoodpeckerServer, fault: Fault
) -> None:
    woodpecker.control.faults(fault)
    export_id = real.start(real.approved_leads(PEOPLE))
    real.run()
    assert real.statuses(export_id) == {"added": PEOPLE}
    assert real.export(export_id).status == "completed"
    assert_everybody_once(woodpecker, real, export_id)


def test_rows_that_are_refused_are_rejected_and_the_others_added(real: World, woodpecker: WoodpeckerServer) -> None:
    woodpecker.control.faults(Fault(FaultKind.PARTIAL_FAILURE, on="add", every=2))
    export_id = real.start(real.approved_leads(PEOPLE))
    real.run()
    assert real.statuses(export_id) == {"added": 3, "rejected": 3}
    assert len(enrolled(woodpecker, real, export_id)) == 3


def test_an_answer_after_our_deadline_that_was_applied_is_found(real: World, woodpecker: WoodpeckerServer) -> None:
    woodpecker.control.faults(Fault(FaultKind.SLOW, on="add", latency_ms=900), apply_at="start")
    export_id = real.start(real.approved_leads(PEOPLE))
    real.run()
    assert [attempt.status for attempt in real.attempts()] == ["added"] * PEOPLE
    assert_everybody_once(woodpecker, real, export_id)


def test_a_key_that_is_withdrawn_in_the_middle_pauses_and_a_new_one_goes_on(
    real: World, woodpecker: WoodpeckerServer
) -> None:
    export_id = real.start(real.approved_leads(60))
    real.run_until(lambda: real.statuses(export_id).get("added") == 50)
    woodpecker.control.behaviour(key_valid=False)
    real.run()
    assert (real.export(export_id).status, real.export(export_id).reason) == ("paused", "vendor_key_refused")
    woodpecker.control.behaviour(key_valid=True)
    with real.ask(export_id) as (db, ask):
        service.resume(db, real.jobs, ask)
    real.run()
    assert real.statuses(export_id) == {"added": 60}
    assert_everybody_once(woodpecker, real, export_id)


def test_an_account_without_the_add_on_says_so(real: World, woodpecker: WoodpeckerServer) -> None:
    woodpecker.control.faults(Fault(FaultKind.NO_PLAN, on="add"))
    export_id = real.start(real.approved_leads(2))
    real.run()
    assert (real.export(export_id).status, real.export(export_id).reason) == ("paused", "vendor_plan_missing")


@pytest.mark.parametrize("removed", [True, False])
def test_a_campaign_that_goes_away_ends_the_export(real: World, woodpecker: WoodpeckerServer, removed: bool) -> None:
    export_id = real.start(real.approved_leads(60))
    real.run_until(lambda: real.statuses(export_id).get("added") == 50)
    if removed:
        woodpecker.control.remove_campaign(DRAFT)
    else:
        woodpecker.control.faults(Fault(FaultKind.CAMPAIGN_GONE, on="add"))
    real.run()
    assert (real.export(export_id).status, real.export(export_id).reason) == ("failed", "campaign_gone")
    assert real.statuses(export_id) == {"added": 50, "failed": 10}


def test_who_replied_or_bounced_is_refused_by_the_vendor_and_says_why(
    real: World, woodpecker: WoodpeckerServer
) -> None:
    export_id = real.start(real.approved_leads(2))
    woodpecker.control.put_prospect(real.items(export_id)[0].email, status="REPLIED")
    real.run()
    assert real.statuses(export_id) == {"added": 1, "rejected": 1}


def test_who_is_in_the_campaign_by_other_ways_is_not_sent(real: World, woodpecker: WoodpeckerServer) -> None:
    export_id = real.start(real.approved_leads(3))
    there = real.items(export_id)[1].email
    woodpecker.control.put_prospect(there.upper(), campaigns={str(DRAFT): "ACTIVE"})
    real.run()
    assert real.statuses(export_id) == {"added": 2, "already_in_campaign": 1}


@pytest.mark.parametrize("taken_over", [True, False])
def test_a_worker_that_is_stopped_between_commit_and_send_sends_nothing_when_it_goes_on(
    real: World, woodpecker: WoodpeckerServer, tmp_path: Path, taken_over: bool
) -> None:
    """With the signal itself, and with another worker that meanwhile has settled and sent everything."""
    export_id = real.start(real.approved_leads(PEOPLE))
    url = str(real.database.engine.url)
    with stopped_worker(url, str(tmp_path), woodpecker.base_url, real.account_id) as worker:
        assert real.statuses(export_id) == {"sending": PEOPLE}
        assert adds(woodpecker) == 0
        if taken_over:
            real.restart()
            real.run()
            assert real.statuses(export_id) == {"added": PEOPLE}
        time.sleep(1.1)  # what a request may wait for its turn (send_by) with a settle time of 1 s
        sent = adds(woodpecker)
        worker.send_signal(signal.SIGCONT)
        assert worker.wait(60) == 0
    assert adds(woodpecker) == sent, "the stopped one sent although its time was over"
    assert real.batches()[0].status == ("settled" if taken_over else "dropped")
    real.restart()
    real.run()
    assert_everybody_once(woodpecker, real, export_id)


def test_a_lock_that_is_lost_while_the_request_is_out_changes_nothing_of_its_outcome(
    real: World, woodpecker: WoodpeckerServer
) -> None:
    """What went out in time is settled by its own answer, or by whoever has the lock then."""
    woodpecker.control.faults(Fault(FaultKind.CUT_AFTER, on="add"))
    export_id = real.start(real.approved_leads(PEOPLE))
    real.run_until(lambda: "unknown" in real.statuses(export_id))
    real.held = False
    for _ in range(5):
        real.turn()
    assert real.statuses(export_id) == {"unknown": PEOPLE}, "without the lock nobody is asked for"
    asked = sum(woodpecker.control.ledger()["calls"].values())
    real.turn()
    assert sum(woodpecker.control.ledger()["calls"].values()) == asked
    real.held = True
    real.restart()
    real.run()
    assert_everybody_once(woodpecker, real, export_id)


def test_a_lock_that_is_lost_between_commit_and_send_sends_nothing(real: World, woodpecker: WoodpeckerServer) -> None:
    export_id = real.start(real.approved_leads(PEOPLE))
    renew = service.EpochFile.write

    class Losing(service.EpochFile):
        def write(self, instance_id: str, line_id: int, line_hash: str) -> None:
            renew(self, instance_id, line_id, line_hash)
            real.held = not real.batches()

    real.restart(epoch=Losing(real.data_dir))
    real.run_until(lambda: bool(real.batches()))
    assert adds(woodpecker) == 0
    assert [batch.status for batch in real.batches()] == ["dropped"]
    assert {attempt.error_code for attempt in real.attempts()} == {"lock_lost"}
    real.held = True
    real.restart()
    real.run()
    assert_everybody_once(woodpecker, real, export_id)


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_an_hour_off_in_the_middle_does_no_harm(real: World, woodpecker: WoodpeckerServer, hours: int) -> None:
    woodpecker.control.faults(Fault(FaultKind.CUT_AFTER, on="add"))
    export_id = real.start(real.approved_leads(60))
    real.run_until(lambda: "unknown" in real.statuses(export_id))
    real.time.wall_offset = timedelta(hours=hours)
    real.run()
    assert_everybody_once(woodpecker, real, export_id)


def test_chance_faults_of_every_kind_lose_and_repeat_nobody(real: World, woodpecker: WoodpeckerServer) -> None:
    rates = {FaultKind.RATE_LIMITED: 0.1, FaultKind.SERVER_ERROR: 0.1, FaultKind.CUT_BEFORE: 0.1}
    woodpecker.control.faults(seed=7, rates={str(k): v for k, v in rates.items()} | {"cut_after": 0.1}, on="add")
    with real.database.writing() as db:
        from woodpecker_api.system.settings.service import change_settings

        change_settings(db, real.user, {"export_batch_size": 5}, real.time.now())
    export_id = real.start(real.approved_leads(80))
    began = time.monotonic()
    real.run(turns=4_000)
    assert real.statuses(export_id) == {"added": 80}
    assert_everybody_once(woodpecker, real, export_id)
    assert time.monotonic() - began < 60
