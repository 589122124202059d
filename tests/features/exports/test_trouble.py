"""What an export says while Woodpecker does not answer, and that it stops saying so as soon as it does."""

import pytest

from tests.builders import a_campaign
from tests.features.exports.fake_woodpecker import Fault, cut
from tests.features.exports.world import World
from woodpecker_api.clients.woodpecker.errors import (
    KeyRefusedError,
    RateLimitedError,
    RequestRefusedError,
    UnreachableError,
    VendorFaultError,
    WoodpeckerError,
)
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import ReadKind, WoodpeckerAccount
from woodpecker_api.features.exports import service

TROUBLES = [
    RateLimitedError("429", status=429, retry_after=5.0),
    VendorFaultError("500", status=500),
    UnreachableError("nobody there"),
]


@pytest.mark.parametrize("error", TROUBLES, ids=lambda error: error.kind)
def test_a_trouble_is_shown_while_it_lasts_and_gone_with_the_next_answer(world: World, error: WoodpeckerError) -> None:
    world.vendor.read_errors = [error]
    export_id = world.start(world.approved_leads(3), countdown_seconds=0)
    world.run_until(lambda: world.export(export_id).reason is not None)
    assert world.export(export_id).reason == error.kind
    world.run_until(lambda: world.export(export_id).reason is None)
    assert world.statuses(export_id) == {"queued": 3}, "an answer to any question is one, not only that to a batch"
    world.run()
    assert world.statuses(export_id) == {"added": 3}


def test_a_trouble_of_sending_is_over_when_the_question_what_became_of_it_is_answered(world: World) -> None:
    world.vendor.faults = [cut(applied=True)]
    export_id = world.start(world.approved_leads(3))
    world.run_until(lambda: world.export(export_id).reason is not None)
    assert world.statuses(export_id) == {"unknown": 3}
    world.run()
    assert (world.export(export_id).status, world.export(export_id).reason) == ("completed", None)


def test_a_worker_that_starts_clears_what_the_one_before_it_wrote(world: World) -> None:
    world.vendor.read_errors = [UnreachableError("nobody there")]
    export_id = world.start(world.approved_leads(3))
    world.run_until(lambda: world.export(export_id).reason is not None)
    world.restart()
    world.run_until(lambda: world.export(export_id).reason is None)
    assert world.statuses(export_id) == {"queued": 3}


def test_two_exports_show_the_same_trouble_and_lose_it_together(world: World) -> None:
    with world.database.writing() as db:
        other = a_campaign(db, account=db.get_one(WoodpeckerAccount, world.account_id), status="DRAFT")
        world.vendor.campaigns[other.vendor_id] = "DRAFT"
    world.vendor.read_errors = [UnreachableError("nobody there")]
    exports = [world.start(world.approved_leads(2)), world.start(world.approved_leads(2), campaign_id=other.id)]
    world.run_until(lambda: world.export(exports[0]).reason is not None)
    assert [world.export(each).reason for each in exports] == ["vendor_unreachable"] * 2
    world.run_until(lambda: world.export(exports[0]).reason is None)
    assert world.export(exports[1]).reason is None


def test_why_somebody_paused_an_export_is_not_cleared_by_an_answer(world: World) -> None:
    export_id = world.start(world.approved_leads(3))
    with world.ask(export_id) as (db, ask):
        service.pause(db, ask)
        campaigns.request_read(db, world.user, world.account_id, ReadKind.CAMPAIGNS)
    world.run()
    assert (world.export(export_id).status, world.export(export_id).reason) == ("paused", "by_user")


def test_a_new_key_alone_is_no_answer(world: World) -> None:
    world.vendor.faults = [Fault(KeyRefusedError("401", status=401))]
    export_id = world.start(world.approved_leads(3))
    world.run()
    assert (world.export(export_id).status, world.export(export_id).reason) == ("paused", "vendor_key_refused")


def test_a_refused_request_is_an_answer_too(world: World) -> None:
    world.vendor.faults = [
        Fault(UnreachableError("nobody there")),
        Fault(RequestRefusedError("400", status=400)),
    ]
    export_id = world.start(world.approved_leads(10))
    world.run_until(lambda: world.export(export_id).reason is not None)
    world.run_until(lambda: world.export(export_id).batch_limit == 2)
    assert world.export(export_id).reason is None
    world.run()
    assert world.statuses(export_id) == {"added": 10}
