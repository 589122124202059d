"""The account's loop against a Woodpecker that fails: nobody is added twice, nobody is lost, everything is on record."""

import pytest

from tests.features.exports.fake_woodpecker import Fault, cut
from tests.features.exports.world import World
from woodpecker_api.clients.woodpecker.errors import (
    CampaignGoneError,
    KeyRefusedError,
    RateLimitedError,
    RequestRefusedError,
    UnreachableError,
    UnreadableAnswerError,
    VendorFaultError,
)
from woodpecker_api.features.exports import service


def test_an_export_adds_everybody_once(world: World):
    export_id = world.start(world.approved_leads(120))
    world.run()
    assert world.statuses(export_id) == {"added": 120}
    assert world.export(export_id).status == "completed"
    assert sorted(len(emails) for _, emails in world.vendor.add_requests) == [20, 50, 50]
    assert set(world.vendor.applied.values()) == {1}
    assert len(world.attempts()) == 120


@pytest.mark.parametrize("applied", [True, False])
def test_a_cut_connection_is_settled_by_asking_and_nobody_is_added_twice(world: World, applied: bool):
    world.vendor.faults = [cut(applied=applied)]
    export_id = world.start(world.approved_leads(60))
    world.run()
    assert world.statuses(export_id) == {"added": 60}
    assert set(world.vendor.applied.values()) == {1}
    assert len(world.attempts()) == (60 if applied else 110)
    tried = {attempt.status for attempt in world.attempts()}
    assert tried == ({"added"} if applied else {"added", "not_applied"})


def test_nobody_is_asked_for_before_the_settle_time_is_over(world: World):
    world.vendor.faults = [cut(applied=True)]
    export_id = world.start(world.approved_leads(3))
    world.run_until(lambda: world.statuses(export_id) == {"unknown": 3})
    began = world.time.monotonic()
    world.run()
    assert 145.0 <= world.time.monotonic() - began < 150.0


def test_absence_is_believed_only_the_second_time_a_margin_later(world: World):
    world.vendor.faults = [cut(applied=False)]
    export_id = world.start(world.approved_leads(3))
    world.run_until(lambda: world.statuses(export_id) == {"unknown": 3})
    began = world.time.monotonic()
    world.run_until(lambda: world.statuses(export_id) == {"queued": 3})
    assert 205.0 <= world.time.monotonic() - began < 212.0


def test_people_a_search_for_many_passes_over_are_not_taken_for_absent(world: World):
    world.vendor.searches_last_only = True
    world.vendor.faults = [cut(applied=True)]
    export_id = world.start(world.approved_leads(20))
    world.run()
    assert world.statuses(export_id) == {"added": 20}
    assert set(world.vendor.applied.values()) == {1}


def test_a_worker_that_starts_counts_the_settle_time_anew(world: World):
    world.vendor.faults = [cut(applied=True)]
    export_id = world.start(world.approved_leads(3))
    world.run_until(lambda: world.statuses(export_id) == {"unknown": 3})
    world.time.pass_by(140.0)
    world.restart()
    began = world.time.monotonic()
    world.run()
    assert world.time.monotonic() - began >= 145.0


def test_a_lock_that_was_lost_and_won_again_starts_the_settle_time_anew(world: World):
    world.vendor.faults = [cut(applied=True)]
    export_id = world.start(world.approved_leads(3))
    world.run_until(lambda: world.statuses(export_id) == {"unknown": 3})
    world.time.pass_by(140.0)
    began = world.held_since = world.time.monotonic()
    world.run()
    assert world.time.monotonic() - began >= 145.0
    assert world.statuses(export_id) == {"added": 3}


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_wall_clock_an_hour_off_changes_no_wait(world: World, hours: int):
    from datetime import timedelta

    world.vendor.faults = [cut(applied=False)]
    export_id = world.start(world.approved_leads(3))
    world.run_until(lambda: world.statuses(export_id) == {"unknown": 3})
    world.time.wall_offset = timedelta(hours=hours)
    began = world.time.monotonic()
    world.run_until(lambda: world.statuses(export_id) == {"queued": 3})
    assert 205.0 <= world.time.monotonic() - began < 212.0
    world.run()
    assert set(world.vendor.applied.values()) == {1}


def test_a_worker_that_lost_its_lock_sends_nothing(world: World):
    export_id = world.start(world.approved_leads(3))
    send = world.vendor.add_prospects

    def lose_it(*args, before_send, **kwargs):
        world.held = False
        return send(*args, before_send=before_send, **kwargs)

    world.vendor.add_prospects = lose_it  # type: ignore[method-assign]
    world.run_until(lambda: bool(world.batches()))
    assert world.vendor.add_requests == []
    assert world.statuses(export_id) == {"queued": 3}
    assert [batch.status for batch in world.batches()] == ["dropped"]
    assert {attempt.status for attempt in world.attempts()} == {"not_sent"}


def test_a_worker_that_stood_still_between_commit_and_send_drops_the_batch(world: World):
    export_id = world.start(world.approved_leads(3))
    send, stalled = world.vendor.add_prospects, []

    def stall(*args, before_send, **kwargs):
        if not stalled:
            stalled.append(True)
            world.time.pass_by(11.0)
        return send(*args, before_send=before_send, **kwargs)

    world.vendor.add_prospects = stall  # type: ignore[method-assign]
    world.run()
    assert [batch.status for batch in world.batches()] == ["dropped", "answered"]
    assert world.statuses(export_id) == {"added": 3}
    assert [item.tries for item in world.items(export_id)] == [1, 1, 1]


def test_a_death_between_commit_and_send_is_settled_by_the_next_worker(world: World):
    export_id = world.start(world.approved_leads(3))

    def die(*args, **kwargs):
        raise SystemExit

    world.vendor.add_prospects, send = die, world.vendor.add_prospects  # type: ignore[method-assign]
    with pytest.raises(SystemExit):
        world.run()
    assert world.statuses(export_id) == {"sending": 3}
    world.vendor.add_prospects = send  # type: ignore[method-assign]
    world.restart()
    world.run()
    assert world.statuses(export_id) == {"added": 3}
    assert set(world.vendor.applied.values()) == {1}


def test_a_death_after_the_vendor_applied_is_never_sent_again(world: World):
    export_id = world.start(world.approved_leads(3))
    send = world.vendor.add_prospects

    def apply_and_die(*args, **kwargs):
        send(*args, **kwargs)
        raise SystemExit

    world.vendor.add_prospects = apply_and_die  # type: ignore[method-assign]
    with pytest.raises(SystemExit):
        world.run()
    world.vendor.add_prospects = send  # type: ignore[method-assign]
    world.restart()
    world.run()
    assert world.statuses(export_id) == {"added": 3}
    assert len(world.vendor.add_requests) == 1


def test_429_waits_as_long_as_the_vendor_asks_and_is_no_try(world: World):
    world.vendor.faults = [Fault(RateLimitedError("busy", retry_after=40.0))]
    export_id = world.start(world.approved_leads(3))
    began = world.time.monotonic()
    world.run()
    assert world.time.monotonic() - began >= 40.0
    assert [item.tries for item in world.items(export_id)] == [1, 1, 1]
    assert [item.attempts for item in world.items(export_id)] == [2, 2, 2]


def test_429_without_a_hint_waits_longer_each_time(world: World):
    world.vendor.faults = [Fault(RateLimitedError("busy"))] * 4
    world.start(world.approved_leads(1))
    began = world.time.monotonic()
    world.run()
    assert world.time.monotonic() - began >= 1 + 2 + 4 + 8


def test_a_missing_row_is_unknown_and_settled_while_the_others_are_done(world: World):
    world.vendor.faults = [Fault(lose_rows=2)]
    export_id = world.start(world.approved_leads(10))
    world.run_until(lambda: "unknown" in world.statuses(export_id))
    assert world.statuses(export_id) == {"added": 8, "unknown": 2}
    world.run()
    assert world.statuses(export_id) == {"added": 10}
    assert set(world.vendor.applied.values()) == {1}


def test_a_refused_row_is_rejected_with_the_vendors_word(world: World):
    leads = world.approved_leads(3)
    export_id = world.start(leads)
    refused = world.items(export_id)[1]
    world.vendor.rejects = {refused.address_key: "E_EMAIL"}
    world.run()
    assert world.statuses(export_id) == {"added": 2, "rejected": 1}
    assert next(i for i in world.items(export_id) if i.id == refused.id).error_code == "E_EMAIL"


def test_one_person_who_gets_a_whole_request_refused_is_found_out(world: World):
    export_id = world.start(world.approved_leads(20))
    poison = world.items(export_id)[7].email
    send = world.vendor.add_prospects

    def refuse(campaign_id, prospects, **kwargs):
        if any(prospect.email == poison for prospect in prospects):
            kwargs["before_send"]()
            raise RequestRefusedError("no", code="E_EMAIL", status=400)
        return send(campaign_id, prospects, **kwargs)

    world.vendor.add_prospects = refuse  # type: ignore[method-assign]
    world.run()
    assert world.statuses(export_id) == {"added": 19, "failed": 1}


def test_a_key_that_is_refused_in_the_middle_pauses_the_export_and_says_why(world: World):
    world.vendor.faults = [None, Fault(KeyRefusedError("no", code="E_SESSION", status=401))]
    export_id = world.start(world.approved_leads(120))
    world.run()
    export = world.export(export_id)
    assert (export.status, export.reason) == ("paused", "vendor_key_refused")
    assert world.statuses(export_id) == {"added": 50, "queued": 70}
    with world.ask(export_id) as (db, ask):
        service.resume(db, world.jobs, ask)
    world.run()
    assert world.statuses(export_id) == {"added": 120}


def test_a_campaign_that_is_gone_ends_the_export_and_lets_everybody_go(world: World):
    world.vendor.faults = [None, Fault(CampaignGoneError("gone", status=404))]
    export_id = world.start(world.approved_leads(70))
    world.run()
    export = world.export(export_id)
    assert (export.status, export.reason) == ("failed", "campaign_gone")
    assert world.statuses(export_id) == {"added": 50, "failed": 20}


def test_a_campaign_that_begins_to_mail_stops_the_export(world: World):
    export_id = world.start(world.approved_leads(3), confirm_sending=False)
    world.vendor.campaigns[world.vendor_id] = "RUNNING"
    world.run()
    export = world.export(export_id)
    assert (export.status, export.reason) == ("paused", "campaign_changed")
    assert world.vendor.add_requests == []


def test_a_vendor_that_cannot_be_reached_is_shown_and_waited_for(world: World):
    world.vendor.faults = [Fault(UnreachableError("down"))] * 3
    export_id = world.start(world.approved_leads(3))
    world.run_until(lambda: world.export(export_id).reason == "vendor_unreachable")
    assert world.export(export_id).status == "running"
    world.run()
    assert world.statuses(export_id) == {"added": 3}
    assert world.export(export_id).reason is None


def test_a_vendor_that_fails_for_ever_ends_as_failed_after_five_tries(world: World):
    world.vendor.faults = [Fault(VendorFaultError("500", outcome_unknown=True, status=500))] * 9
    export_id = world.start(world.approved_leads(2))
    world.run()
    assert world.statuses(export_id) == {"failed": 2}
    assert len(world.vendor.add_requests) == 5
    assert {item.error_code for item in world.items(export_id)} == {"gave_up"}


def test_who_is_in_the_campaign_by_other_ways_is_found_before_sending(world: World):
    leads = world.approved_leads(3)
    export_id = world.start(leads)
    there = world.items(export_id)[0]
    world.vendor.put(there.email.upper(), world.vendor_id)
    world.run()
    assert world.statuses(export_id) == {"already_in_campaign": 1, "added": 2}
    assert there.email not in world.vendor.add_requests[0][1]


def test_an_unknown_outcome_with_other_texts_says_that_they_differ(world: World):
    world.vendor.faults = [cut(applied=False)]
    export_id = world.start(world.approved_leads(1))
    world.run_until(lambda: world.statuses(export_id) == {"unknown": 1})
    world.vendor.put(world.items(export_id)[0].email, world.vendor_id).snippets[1] = "Somebody else's words"
    world.run()
    (item,) = world.items(export_id)
    assert (item.status, item.content_differs) == ("already_in_campaign", True)


def test_answers_that_cannot_be_read_are_asked_for_one_by_one(world: World):
    world.vendor.faults = [cut(applied=True)]
    export_id = world.start(world.approved_leads(4))
    world.run_until(lambda: world.statuses(export_id) == {"unknown": 4})
    world.vendor.read_errors = [UnreadableAnswerError("html")]
    world.run()
    assert world.statuses(export_id) == {"added": 4}


def test_two_exports_and_a_read_take_turns(world: World):
    first, second = world.start(world.approved_leads(150)), world.start(world.approved_leads(100))
    world.run()
    exports = {item.email: export_id for export_id in (first, second) for item in world.items(export_id)}
    order = [exports[emails[0]] for _, emails in world.vendor.add_requests]
    assert order == [first, second, first, second, first]


def test_pausing_takes_effect_before_the_next_batch(world: World):
    export_id = world.start(world.approved_leads(150))
    world.run_until(lambda: len(world.vendor.add_requests) == 1)
    with world.ask(export_id) as (db, ask):
        service.pause(db, ask)
    world.run()
    assert world.statuses(export_id) == {"added": 50, "queued": 100}


def test_cancelling_lets_go_of_everybody_who_waits_and_settles_the_rest(world: World):
    world.vendor.faults = [cut(applied=False)]
    export_id = world.start(world.approved_leads(60))
    world.run_until(lambda: "unknown" in world.statuses(export_id))
    with world.ask(export_id) as (db, ask):
        service.cancel(db, world.jobs, ask)
    assert world.statuses(export_id) == {"unknown": 50, "cancelled": 10}
    world.run()
    assert world.statuses(export_id) == {"cancelled": 60}
    assert world.export(export_id).finished_at is not None
    assert sum(world.vendor.applied.values()) == 0


def test_a_countdown_is_waited_for_and_can_be_undone(world: World):
    world.vendor.campaigns[world.vendor_id] = "RUNNING"
    from woodpecker_api.features.campaigns.models import Campaign

    with world.database.writing() as db:
        db.get_one(Campaign, world.campaign_id).status = "RUNNING"
    export_id = world.start(world.approved_leads(3), countdown_seconds=60)
    world.turn()
    world.time.pass_by(59.0)
    world.turn()
    assert world.vendor.add_requests == []
    with world.ask(export_id) as (db, ask):
        service.undo(db, world.jobs, ask)
    world.run()
    assert world.statuses(export_id) == {"cancelled": 3}
