"""Plans over HTTP: collisions with their overrides on record, the campaign's fit, who signs, when mail would go, send_after."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from tests.builders import NOON, a_campaign, a_lead, a_membership, a_sequence, a_template, an_account_person
from tests.features.exports.world import World
from tests.room import OpenRoom, Room
from woodpecker_api.clients.woodpecker import port
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import Campaign, WoodpeckerAccount
from woodpecker_api.features.exports.api import router
from woodpecker_api.features.exports.models import Export
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.sequences.models import Sequence
from woodpecker_api.features.templates.models import Template
from woodpecker_api.system.audit.models import AuditLine, AuditPayload
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.settings.service import change_settings

WEEK = dict.fromkeys(("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"), (("08:00", "18:00"),))


@pytest.fixture
def room(world: World, open_room: OpenRoom) -> Room:
    room = open_room(router)
    room.services = dataclasses.replace(room.services, jobs=world.jobs)  # type: ignore[arg-type]
    room.app.state.services = room.services
    return room


@pytest.fixture
def manager(room: Room) -> TestClient:
    return room.client(Role.MANAGER)


def dry(client: TestClient, world: World, leads: list[str], **values: Any) -> dict[str, Any]:
    body = {"campaign_id": world.campaign_id, "selection": {"ids": leads}, "dry_run": True, **values}
    answer = client.post("/api/exports", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def start(client: TestClient, world: World, plan: dict[str, Any]) -> Any:
    return client.post("/api/exports", json={"campaign_id": world.campaign_id, "plan_id": plan["plan_id"]})


def email_of(world: World, lead_id: str) -> str:
    with world.database.reading() as db:
        return db.get_one(Lead, lead_id).email


def elsewhere(world: World, lead_id: str, **values: Any) -> None:
    """The lead is active in another campaign of the account."""
    with world.database.writing() as db:
        account = db.get_one(WoodpeckerAccount, world.account_id)
        campaign = a_campaign(db, account=account, name="Jan's list", **values)
        a_membership(db, campaign, db.get_one(Lead, lead_id).email, sender="jan@team.example")


def steps(world: World, *texts: tuple[str, str], **values: Any) -> None:
    """What the campaign's steps say, as if they had just been read; day 1, 3, 5 and so on."""
    found = tuple(
        port.CampaignStep(
            number,
            values.get("kind", "EMAIL"),
            2 * number - 1,
            (port.StepVersion("A", subject, body, "SENDER"),),
            WEEK,
        )
        for number, (subject, body) in enumerate(texts, start=1)
    )
    with world.database.writing() as db:
        campaign = db.get_one(Campaign, world.campaign_id)
        seen = port.CampaignSteps(campaign.vendor_id, "Q1", "DRAFT", "Europe/Berlin", False, 50, found)
        campaigns.store_steps(db, campaign.id, seen, NOON)


ONE_MAIL = [{"number": 1, "kind": "subject", "day": 1}, {"number": 2, "kind": "email", "day": 1}]


def a_lead_with_one_mail(world: World, **values: Any) -> tuple[str, str]:
    """(lead, template) of a template with a subject and one mail."""
    with world.database.writing() as db:
        shape = [{**each, "name": "x", "purpose": "", "min_words": 0, "max_words": 200} for each in ONE_MAIL]
        template = a_template(db, shape=shape)
        lead = a_lead(db)
        sequence = a_sequence(db, lead=lead, template=template, status="approved", by=None)
        sequence.sender = values.get("sender")
        return lead.id, template.id


def audit(world: World, action: str) -> list[tuple[str | None, dict[str, Any]]]:
    with world.database.reading() as db:
        rows = db.execute(
            sa.select(AuditLine.subject_id, AuditPayload.payload)
            .join(AuditPayload, AuditPayload.line_id == AuditLine.id)
            .where(AuditLine.action == action)
        )
        return [(row[0], row[1]["after"]) for row in rows]


def test_a_plan_names_the_campaign_and_whose_it_is(world: World, manager: TestClient):
    (lead,) = world.approved_leads(1)
    elsewhere(world, lead)
    item = dry(manager, world, [lead])["items"][0]
    assert item["decision"] == "in_other_campaign"
    assert "“Jan's list” of jan@team.example" in item["detail"]
    assert [(each["code"], each["weight"], each["can_be_overridden"]) for each in item["collisions"]] == [
        ("in_other_campaign", "keep_out", True)
    ]


def test_an_override_is_one_managers_decision_about_one_lead_on_record(world: World, manager: TestClient):
    leads = world.approved_leads(2)
    for lead in leads:
        elsewhere(world, lead)
    override = {"lead_id": leads[0], "codes": ["in_other_campaign"], "note": "Jan agreed"}
    plan = dry(manager, world, leads, overrides=[override])
    assert (plan["counts"], plan["overridden"]) == ({"new": 1, "excluded": 1}, 1)
    ((subject, after),) = audit(world, "export.collision_overridden")
    assert (subject, after["codes"], after["note"]) == (leads[0], ["in_other_campaign"], "Jan agreed")
    assert after["plan_id"] == plan["plan_id"]


def test_a_rep_cannot_override_and_nobody_can_override_a_reply(world: World, room: Room, manager: TestClient):
    (lead,) = world.approved_leads(1)
    with world.database.writing() as db:
        account = db.get_one(WoodpeckerAccount, world.account_id)
        an_account_person(db, account, db.get_one(Lead, lead).email, status="REPLIED")
    override = {"lead_id": lead, "codes": ["replied"]}
    plan = dry(manager, world, [lead], overrides=[override])
    assert (plan["items"][0]["decision"], plan["overridden"]) == ("replied", 0)
    body = {"campaign_id": world.campaign_id, "selection": {"ids": [lead]}, "dry_run": True, "overrides": [override]}
    assert room.client(Role.REP).post("/api/exports", json=body).status_code == 403


def test_colleagues_in_one_plan_are_warned_of_and_both_go(world: World, manager: TestClient):
    with world.database.writing() as db:
        template = a_template(db)
        leads = [a_lead(db, email=f"p{number}@acme.example") for number in range(2)]
        other = a_lead(db, email="p@gmail.com")
        for lead in (*leads, other):
            a_sequence(db, lead=lead, template=template, status="approved")
        ids = [lead.id for lead in (*leads, other)]
    plan = dry(manager, world, ids)
    assert (plan["counts"]["new"], plan["warnings"]) == (3, {"same_company": 2})
    shown = manager.get(f"/api/exports/plans/{plan['plan_id']}/items?collides=true").json()
    assert (shown["total"], len(shown["items"])) == (2, 2)
    assert shown["items"][0]["collisions"][0]["sentence"] == "1 more person of acme.example in this list."


def test_a_colleague_whom_woodpecker_wrote_to_this_week_is_named(world: World, manager: TestClient):
    (lead,) = world.approved_leads(1)
    with world.database.writing() as db:
        domain = db.get_one(Lead, lead).domain
        account = db.get_one(WoodpeckerAccount, world.account_id)
        an_account_person(db, account, f"bob@{domain}", last_contacted_at=NOON - timedelta(days=2))
        an_account_person(db, account, f"old@{domain}", last_contacted_at=NOON - timedelta(days=20))
    (collision,) = dry(manager, world, [lead])["items"][0]["collisions"]
    assert collision["sentence"] == f"Woodpecker writes to bob@{domain}."


def test_settings_decide_what_warns_and_what_keeps_out(world: World, manager: TestClient):
    (lead,) = world.approved_leads(1)
    elsewhere(world, lead)
    with world.database.writing() as db:
        change_settings(db, world.user, {"collision_in_other_campaign": "warn"}, NOON)
    plan = dry(manager, world, [lead])
    assert (plan["counts"]["new"], plan["warnings"]) == (1, {"in_other_campaign": 1})


def test_a_campaign_that_asks_for_a_text_nobody_writes_blocks_the_start(world: World, manager: TestClient):
    lead, _ = a_lead_with_one_mail(world)
    steps(world, ("{{SNIPPET_1}}", "{{SNIPPET_2}}"), ("", "{{SNIPPET_5}}"))
    plan = dry(manager, world, [lead])
    assert [each["code"] for each in plan["fits"][0]["blocking"]] == ["snippet_missing"]
    assert "snippet 5" in plan["blocked"]
    answer = start(manager, world, plan)
    assert (answer.status_code, answer.json()["code"]) == (409, "campaign_does_not_fit")
    steps(world, ("{{SNIPPET_1}}", "{{SNIPPET_2}}"))
    assert start(manager, world, plan).status_code == 202


def test_steps_that_are_first_read_after_the_start_stop_the_export_before_anything_went_out(
    world: World, manager: TestClient
):
    lead, _ = a_lead_with_one_mail(world)
    world.vendor.steps = [("{{SNIPPET_1}}", "{{SNIPPET_6}}")]
    started = start(manager, world, dry(manager, world, [lead]))
    world.run_until(lambda: world.export(started.json()["id"]).status == "paused")
    assert world.export(started.json()["id"]).reason == "campaign_does_not_fit"
    assert world.vendor.add_requests == []


def test_what_cannot_be_read_is_compared_once_and_remembered(world: World, manager: TestClient):
    lead, template = a_lead_with_one_mail(world)
    with world.database.writing() as db:
        campaigns.store_steps(db, world.campaign_id, None, NOON)
    plan = dry(manager, world, [lead])
    assert (plan["fits"][0]["reading"], plan["fits"][0]["checklist_open"]) == ("unreadable", True)
    assert start(manager, world, plan).json()["code"] == "campaign_not_compared"
    fit = manager.get(f"/api/campaigns/{world.campaign_id}/fit?template_id={template}").json()
    assert (fit["readable"], [each["ticked"] for each in fit["checklist"]]) == (False, [False, False])
    codes = [each["code"] for each in fit["checklist"]]
    ticked = manager.put(
        f"/api/campaigns/{world.campaign_id}/fit/checklist", json={"template_id": template, "ticked": [*codes, "other"]}
    )
    assert all(each["ticked"] for each in ticked.json()["checklist"])
    assert audit(world, "campaign.compared")[0][1]["ticked"] == sorted(codes)
    assert start(manager, world, plan).status_code == 202


def test_a_named_sender_who_does_not_send_the_campaign_blocks(world: World, manager: TestClient):
    lead, _ = a_lead_with_one_mail(world, sender={"name": "Jan Example", "title": "Sales"})
    with world.database.writing() as db:
        db.get_one(Campaign, world.campaign_id).from_names = ["Olga Example"]
    plan = dry(manager, world, [lead])
    assert plan["senders"] == [{"name": "Jan Example", "email": "", "people": 1, "in_campaign": False}]
    assert start(manager, world, plan).json()["code"] == "sender_not_in_campaign"
    with world.database.writing() as db:
        db.get_one(Campaign, world.campaign_id).from_names = ["Olga Example", "jan  example"]
    assert start(manager, world, plan).status_code == 202


def test_the_plan_says_when_mail_would_go(world: World, manager: TestClient):
    lead, _ = a_lead_with_one_mail(world)
    steps(world, ("{{SNIPPET_1}}", "{{SNIPPET_2}}"))
    when = dry(manager, world, [lead])["when"]
    assert (when["first_day"], when["per_day"], when["hours"]) == ("2026-03-02", 50, "Monday to Friday 08:00 to 18:00")
    assert when["sentence"].startswith("Nothing goes out until somebody runs the campaign.")
    assert when["mailboxes"] == ["olga@team.example"]


def test_send_after_moves_the_forecast_and_reaches_woodpecker(world: World, manager: TestClient):
    lead, _ = a_lead_with_one_mail(world)
    steps(world, ("{{SNIPPET_1}}", "{{SNIPPET_2}}"))
    moment = NOON + timedelta(days=7)
    plan = dry(manager, world, [lead], send_after=moment.isoformat())
    assert plan["when"]["first_day"] == "2026-03-09"
    started = start(manager, world, plan).json()
    assert started["send_after"].startswith("2026-03-09T12:00:00")
    world.run()
    assert world.vendor.send_after == [moment]
    with world.database.reading() as db:
        assert db.get_one(Export, started["id"]).send_after == moment


@pytest.mark.parametrize("moment", ["2026-03-01T12:00:00Z", "2027-06-01T00:00:00Z", "2026-03-09T12:00:00"])
def test_a_moment_in_the_past_far_away_or_without_a_zone_is_refused(world: World, manager: TestClient, moment: str):
    body = {
        "campaign_id": world.campaign_id,
        "selection": {"ids": world.approved_leads(1)},
        "dry_run": True,
        "send_after": moment,
    }
    assert manager.post("/api/exports", json=body).status_code == 422


def test_texts_to_paste_and_a_preview_for_a_lead(world: World, manager: TestClient):
    lead, template = a_lead_with_one_mail(world)
    pasted = manager.get(f"/api/campaigns/texts?template_id={template}").json()
    assert [(each["subject"], each["text"]) for each in pasted["steps"]] == [("{{SNIPPET_1}}", "{{SNIPPET_2}}")]
    steps(world, ("{{SNIPPET_1}}", "<p>Hi {{FIRST_NAME}},</p><p>{{SNIPPET_2}}</p>"))
    shown = manager.get(f"/api/campaigns/{world.campaign_id}/preview?lead_id={lead}").json()
    sources = [part["source"] for part in shown["steps"][0]["text"]]
    assert sources == ["campaign", "field", "campaign", "snippet"]
    with world.database.reading() as db:
        assert db.scalars(sa.select(Sequence)).one().lead_id == lead
        assert db.get_one(Template, template).name == pasted["template_name"]
    assert manager.get(f"/api/campaigns/{world.campaign_id}/preview?lead_id=nobody").status_code == 404
    assert email_of(world, lead)
