"""Claims, follow-up states and what people may do with an export."""

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.builders import a_campaign, a_lead, a_sequence, a_suppression, an_account, an_export, an_item
from tests.features.exports.fake_woodpecker import cut
from tests.features.exports.world import World
from woodpecker_api.features.exports import service
from woodpecker_api.features.exports.errors import ExportStateError, SendingHeldError
from woodpecker_api.features.exports.models import Export, ExportItem, ExportPlan
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.sequences.models import Sequence, Snippet
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.kit.text import address_key
from woodpecker_api.system.audit.models import AuditLine
from woodpecker_api.system.audit.service import verify


@pytest.mark.parametrize(
    "twin", ["KIM@acme.example", " kim@acme.example ", "kim@ACME.example", "Ki\u006d@acme.example"]
)
def test_the_database_itself_refuses_a_second_claim_however_it_is_spelled(world: World, twin: str):
    with world.database.writing() as db:
        export = an_export(db)
        first = an_item(db, export=export)
        first.address_key = address_key("kim@acme.example")
        db.flush()
    with Session(world.database.engine) as db:
        item = an_item(db, export=db.get_one(Export, export.id))
        item.address_key = address_key(twin)
        with pytest.raises(IntegrityError):
            db.flush()


def test_composed_and_decomposed_letters_are_one_person_and_plus_tags_are_two():
    assert address_key("rené@müller.example") == address_key("rene\u0301@mu\u0308ller.example")
    assert address_key("kim+a@acme.example") != address_key("kim@acme.example")


def test_two_plans_over_the_same_people_start_and_each_person_goes_out_once(world: World):
    leads = world.approved_leads(40)
    first, second = world.plan(leads[:30]), world.plan(leads[10:])
    for plan_id in (first, second):
        with world.database.writing() as db:
            service.start_export(db, world.jobs, world.user, service.StartOrder(plan_id, True, 0), world.time.now())
    world.run()
    assert set(world.vendor.applied.values()) == {1}
    assert len(world.vendor.applied) == 40
    with world.database.reading() as db:
        skipped = db.scalars(sa.select(ExportItem).where(ExportItem.status == "skipped")).all()
    assert {item.error_code for item in skipped} == {"claimed_by_other_export"}
    assert len(skipped) == 20


def test_two_users_at_the_same_moment_share_the_people_between_them(world: World):
    leads = world.approved_leads(30)
    plans = [world.plan(leads), world.plan(leads)]
    ready, failures = threading.Barrier(2), []

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
    assert len(world.vendor.applied) == 30


def test_a_person_in_an_open_export_is_kept_out_of_a_second_campaign_too(world: World):
    leads = world.approved_leads(2)
    world.start(leads)
    with world.database.writing() as db:
        other = a_campaign(db, woodpecker_account_id=world.account_id, status="DRAFT").id
    plan_id = world.plan(leads, campaign_id=other)
    with world.database.reading() as db:
        assert db.get_one(ExportPlan, plan_id).counts["reasons"] == {"claimed_by_other_export": 2}


def test_leads_and_sequences_follow_their_items(world: World):
    leads = world.approved_leads(3)
    export_id = world.start(leads)
    with world.database.reading() as db:
        assert {db.get_one(Lead, lead_id).status for lead_id in leads} == {"exporting"}
    world.vendor.rejects = {world.items(export_id)[0].address_key: "E_EMAIL"}
    world.run()
    with world.database.reading() as db:
        assert [db.get_one(Lead, lead_id).status for lead_id in leads] == ["failed", "exported", "exported"]
        sequences = db.scalars(sa.select(Sequence).order_by(Sequence.id)).all()
        assert [sequence.status for sequence in sequences] == ["approved", "exported", "exported"]


def test_a_cancelled_export_gives_its_leads_back(world: World):
    leads = world.approved_leads(2)
    export_id = world.start(leads)
    with world.ask(export_id) as (db, ask):
        service.cancel(db, world.jobs, ask)
    with world.database.reading() as db:
        assert {db.get_one(Lead, lead_id).status for lead_id in leads} == {"approved"}
        assert service.held_leads(db, leads) == set()
    assert world.statuses(world.start(leads)) == {"queued": 2}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda lead, sequence: setattr(sequence, "version", 2), "edited_after_approval"),
        (lambda lead, sequence: setattr(sequence, "status", "draft"), "not_approved"),
        (lambda lead, sequence: setattr(lead, "email", "other@acme.example"), "address_changed"),
    ],
    ids=["edited", "taken back", "other address"],
)
def test_the_last_look_before_sending_keeps_out_who_changed(world: World, change, code: str):
    leads = world.approved_leads(2)
    export_id = world.start(leads)
    with world.database.writing() as db:
        lead = db.get_one(Lead, leads[0])
        change(lead, db.scalars(sa.select(Sequence).where(Sequence.lead_id == lead.id)).one())
    world.run()
    assert [(item.status, item.error_code) for item in world.items(export_id)] == [("skipped", code), ("added", None)]


def test_who_comes_onto_the_do_not_contact_list_meanwhile_is_not_sent(world: World):
    leads = world.approved_leads(2)
    export_id = world.start(leads)
    with world.database.writing() as db:
        a_suppression(db, db.get_one(Lead, leads[1]).domain)
    world.run()
    assert [item.error_code for item in world.items(export_id)] == [None, "do_not_contact"]


def test_sandbox_texts_are_kept_out_of_a_real_account(world: World):
    with world.database.writing() as db:
        account = an_account(db, sandbox=False)
        campaign_id = a_campaign(db, account=account, status="DRAFT").id
        lead = a_lead(db)
        a_sequence(db, lead=lead, status=SequenceStatus.APPROVED, sandbox=True)
    plan_id = world.plan([lead.id], campaign_id=campaign_id)
    with world.database.reading() as db:
        assert db.get_one(ExportPlan, plan_id).counts["reasons"] == {"sandbox_text": 1}


def test_failed_people_can_be_tried_again(world: World):
    leads = world.approved_leads(2)
    export_id = world.start(leads)
    first = world.items(export_id)[0]
    world.vendor.rejects = {first.address_key: "E_EMAIL"}
    world.run()
    world.vendor.rejects = {}
    with world.ask(export_id) as (db, ask):
        service.retry(db, world.jobs, ask, [first.id])
    world.run()
    assert world.statuses(export_id) == {"added": 2}
    assert world.export(export_id).status == "completed"
    assert [attempt.attempt for attempt in world.attempts() if attempt.item_id == first.id] == [1, 2]


def test_nothing_is_done_by_hand_while_somebody_is_being_checked(world: World):
    world.vendor.faults = [cut(applied=True)]
    export_id = world.start(world.approved_leads(2))
    world.run_until(lambda: "unknown" in world.statuses(export_id))
    with world.ask(export_id) as (db, ask):
        service.pause(db, ask)
    with pytest.raises(ExportStateError), world.ask(export_id) as (db, ask):
        service.done_by_hand(db, ask)


def test_snippets_of_an_earlier_export_are_cleared_when_they_are_not_used_now(world: World):
    with world.database.writing() as db:
        lead = a_lead(db)
        sequence = a_sequence(db, lead=lead, status=SequenceStatus.APPROVED)
    export_id = world.start([lead.id])
    world.run()
    assert world.items(export_id)[0].fields["snippet7"] != ""
    with world.database.writing() as db:
        db.execute(sa.delete(Snippet).where(Snippet.sequence_id == sequence.id, Snippet.number > 5))
        other = a_campaign(db, woodpecker_account_id=world.account_id, status="DRAFT")
    world.vendor.campaigns[other.vendor_id] = "DRAFT"
    second = world.start([lead.id], campaign_id=other.id, allowed_in_other=frozenset({lead.id}))
    fields = world.items(second)[0].fields
    assert (fields["snippet6"], fields["snippet7"]) == ("", "")
    world.run()
    assert world.statuses(second) == {"added": 1}
    (person,) = world.vendor.people.values()
    assert person.snippets[7] == ""


def test_every_change_has_its_line_and_the_chain_stands(world: World):
    export_id = world.start(world.approved_leads(60))
    with world.ask(export_id) as (db, ask):
        service.pause(db, ask)
        service.resume(db, world.jobs, ask)
    world.run()
    with world.database.reading() as db:
        actions = [line.action for line in db.scalars(sa.select(AuditLine).order_by(AuditLine.id))]
        assert list(verify(db))[-1].ok
    for action in ("export.planned", "export.started", "export.paused", "export.resumed", "export.ended"):
        assert actions.count(action) == 1
    assert actions.count("export.batch_intended") == actions.count("export.batch_outcome") == 2


def test_a_database_that_is_behind_its_epoch_file_sends_nothing(world: World, tmp_path: Path):
    world.start(world.approved_leads(2))
    world.run()
    file = Path(str(world.database.engine.url.database))
    # The last connection that closes leaves one whole file behind.
    world.database.engine.dispose()
    older = file.read_bytes()
    world.start(world.approved_leads(2))
    world.run()
    assert len(world.vendor.people) == 4
    world.database.engine.dispose()
    file.write_bytes(older)
    world.restart()
    export_id = world.start(world.approved_leads(2))
    world.run()
    assert (world.export(export_id).status, world.export(export_id).reason) == ("paused", "sending_held")
    assert len(world.vendor.people) == 4
    with world.database.reading() as db:
        assert service.sending(db) == service.Sending(held=True, reason="database_behind")
    with pytest.raises(SendingHeldError), world.ask(export_id) as (db, ask):
        service.resume(db, world.jobs, ask)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda path: path.unlink(), "epoch_missing"),
        (lambda path: path.write_text('{"instance_id": "another"}'), "other_database"),
        (lambda path: path.write_text("torn"), "epoch_missing"),
    ],
    ids=["missing", "another", "torn"],
)
def test_an_epoch_file_that_does_not_fit_holds_sending(world: World, change, reason: str):
    world.start(world.approved_leads(1))
    world.run()
    change(world.data_dir / "epoch.json")
    world.start(world.approved_leads(1))
    world.run()
    assert len(world.vendor.people) == 1
    with world.database.reading() as db:
        assert service.sending(db) == service.Sending(held=True, reason=reason)


def test_nothing_goes_out_while_the_epoch_file_cannot_be_written(world: World):
    export_id = world.start(world.approved_leads(2))
    world.run()
    second = world.start(world.approved_leads(2))
    (world.data_dir / "epoch.tmp").mkdir()
    world.run_until(lambda: any(attempt.status == "not_sent" for attempt in world.attempts()))
    assert world.statuses(second) == {"queued": 2}
    assert len(world.vendor.add_requests) == 1
    (world.data_dir / "epoch.tmp").rmdir()
    world.run()
    assert world.statuses(second) == {"added": 2}
    assert world.statuses(export_id) == {"added": 2}
