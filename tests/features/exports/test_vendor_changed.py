"""The day the vendor answers differently: noticed, everything that sends held, and shown without naming anybody."""

from datetime import timedelta

import pytest

from tests.features.exports.world import World
from woodpecker_api.clients.woodpecker.errors import (
    CampaignUnsupportedError,
    ConnectionCutError,
    RateLimitedError,
    RequestRefusedError,
    UnreadableAnswerError,
)
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import AccountRead, ReadKind
from woodpecker_api.features.exports import service
from woodpecker_api.features.exports.errors import SendingHeldError
from woodpecker_api.features.exports.jobs.probing import PROBES
from woodpecker_api.features.exports.rules.needing import Button, Standing, need_of
from woodpecker_api.features.exports.rules.states import ExportStatus
from woodpecker_api.system.audit.service import SYSTEM


def unreadable() -> UnreadableAnswerError:
    error = UnreadableAnswerError("The answer is not JSON.", status=200)
    error.sketch = "page of at least 400 characters; tags html, body"
    return error


def ask(world: World, kind: ReadKind) -> str:
    with world.database.writing() as db:
        return campaigns.request_read(db, SYSTEM, world.account_id, kind).id


def a_read(world: World, read_id: str) -> AccountRead:
    with world.database.reading() as db:
        return db.get_one(AccountRead, read_id)


def held(world: World) -> str | None:
    with world.database.reading() as db:
        state = service.sending(db)
        return state.reason if state.held else None


def outcomes(world: World) -> list[tuple[str, str]]:
    with world.database.reading() as db:
        return [(each.call, each.outcome) for each in campaigns.newest_answers(db, world.account_id, 50)]


def test_three_unreadable_answers_in_a_row_hold_every_export_and_keep_what_was_seen(world: World):
    export_id = world.start(world.approved_leads(2))
    world.vendor.read_errors = [unreadable(), unreadable(), unreadable()]
    world.run_until(lambda: held(world) is not None)
    assert held(world) == "vendor_changed"
    export = world.export(export_id)
    assert (export.status, export.reason) == ("paused", "vendor_changed")
    assert world.vendor.add_requests == []
    assert [outcome for _, outcome in outcomes(world)] == ["unreadable_answer"] * 3
    with world.database.reading() as db:
        newest = campaigns.newest_answers(db, world.account_id, 1)[0]
    assert (newest.sketch, newest.status) == ("page of at least 400 characters; tags html, body", 200)


def test_a_readable_answer_in_between_is_no_change(world: World):
    world.start(world.approved_leads(1))
    for _ in range(4):
        ask(world, ReadKind.CHECK)
        world.vendor.read_errors = [unreadable(), unreadable(), None]
        world.run()
    assert held(world) is None


@pytest.mark.parametrize("error", [ConnectionCutError("cut"), RateLimitedError("busy")])
def test_a_vendor_that_is_only_away_or_busy_has_not_changed(world: World, error: Exception):
    world.start(world.approved_leads(1))
    world.vendor.read_errors = [error] * 6  # type: ignore[list-item]
    world.run()
    assert held(world) is None


def test_while_sending_is_held_for_this_nothing_starts_and_the_csv_is_offered(world: World):
    plan_id = world.plan(world.approved_leads(1))
    with world.database.writing() as db:
        service.hold(db, "vendor_changed")
    with world.database.writing() as db, pytest.raises(SendingHeldError, match="Download the CSV"):
        service.start_export(db, world.jobs, world.user, service.StartOrder(plan_id, True), world.time.now())
    standing = Standing(ExportStatus.PAUSED, "vendor_changed", world.time.now(), 0, None)
    need = need_of(standing, world.time.now())
    assert need is not None
    assert (need.cause, need.button) == ("vendor_changed", Button.DOWNLOAD)


def test_the_daily_probe_asks_each_call_once_and_is_content(world: World):
    read_id = ask(world, ReadKind.PROBE)
    world.run()
    assert a_read(world, read_id).status == "done"
    assert sorted(outcomes(world)) == sorted((probe.name, "ok") for probe in PROBES)
    assert held(world) is None


def test_a_campaign_that_the_api_cannot_show_is_a_known_answer(world: World):
    world.vendor.unsupported = True
    read_id = ask(world, ReadKind.PROBE)
    world.run()
    assert a_read(world, read_id).status == "done"


@pytest.mark.parametrize(
    "error", [unreadable(), RequestRefusedError("no such parameter"), CampaignUnsupportedError("?")]
)
def test_one_call_that_fails_the_probe_holds_exports_and_is_named(world: World, error: Exception):
    world.vendor.read_errors = [None, error]  # type: ignore[list-item]
    read_id = ask(world, ReadKind.PROBE)
    world.run()
    read = a_read(world, read_id)
    assert (read.status, read.error_code) == ("failed", "vendor_changed")
    assert "campaign_list" in (read.error or "")
    assert held(world) == "vendor_changed"


def test_a_probe_is_asked_for_once_a_day(world: World):
    def due(hours: float) -> bool:
        with world.database.writing() as db:
            campaigns.ask_for_what_is_old(db, SYSTEM, world.account_id, world.time.now() + timedelta(hours=hours))
            return any(read.kind == ReadKind.PROBE for read in campaigns.reads_waiting(db, world.account_id))

    ask(world, ReadKind.CAMPAIGNS)
    world.run()
    assert due(0)
    world.run()
    assert not due(23)


def test_only_the_newest_answers_are_kept(world: World):
    with world.database.writing() as db:
        for number in range(205):
            seen = campaigns.Seen(f"call{number}", "ok")
            campaigns.keep_answer(db, world.account_id, seen, world.time.now() + timedelta(seconds=number))
        kept = campaigns.newest_answers(db, world.account_id, 500)
    assert (len(kept), kept[0].call, kept[-1].call) == (200, "call204", "call5")
