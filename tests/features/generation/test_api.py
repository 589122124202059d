"""Generation over HTTP: what it would cost, beginning, looking, steering, and what is refused."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from tests import builders as make
from tests.features.generation.fakes import KeptJobs, ScriptedClaude, Workshop, a_model
from woodpecker_api.clients.anthropic.errors import ClaudeServerError
from woodpecker_api.clients.anthropic.port import Effort, Lifecycle
from woodpecker_api.features.generation.api import router
from woodpecker_api.features.generation.models import GenerationRun
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.templates import service as templates
from woodpecker_api.http.services import VendorMode
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.settings.service import Vendor

OFFERS = (
    a_model("claude-new-9"),
    a_model("claude-haiku-5-5", efforts=tuple(Effort)),
    a_model("claude-sonnet-5-5", efforts=tuple(Effort)),
    a_model("claude-sonnet-4-5", lifecycle=Lifecycle.RETIRED),
)


@pytest.fixture
def claude():
    return ScriptedClaude(offers=OFFERS)


@pytest.fixture
def room(open_room, claude):
    room = open_room(router)
    room.app.state.services = replace(room.services, claude=lambda: claude, jobs=KeptJobs())
    return room


@pytest.fixture
def rep(room):
    return room.client(Role.REP)


@pytest.fixture
def leads(database):
    with database.writing() as db:
        templates.ensure_default(db, make.NOON, sample=True)
        return [make.a_lead(db).id for _ in range(4)]


def selection(ids):
    return {"selection": {"ids": ids}}


def test_a_dry_run_says_what_it_would_cost_and_starts_nothing(rep, leads, database):
    answer = rep.post("/api/generations", json={**selection(leads), "dry_run": True})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["leads"], found["source"], found["model"], found["effort"]) == (
        4,
        "counted",
        "claude-sonnet-5-5",
        "medium",
    )
    assert found["estimated"]["input_tokens"] == 4_000
    assert found["estimated"]["seconds"] > 0
    assert 0 < float(found["batch"]["usd"]) < float(found["estimated"]["usd"]) < float(found["worst_usd"])
    with database.reading() as db:
        assert db.scalar(sa.select(GenerationRun)) is None


def test_what_cannot_be_counted_is_estimated_and_says_so(rep, leads, claude):
    def refuse(_request):
        raise ClaudeServerError

    claude.count_tokens = refuse
    found = rep.post("/api/generations", json={**selection(leads), "dry_run": True}).json()
    assert found["source"] == "estimated"
    assert found["estimated"]["input_tokens"] > 1_000


def test_a_run_begins_and_can_be_looked_at(rep, leads):
    answer = rep.post("/api/generations", json={**selection(leads), "budget_usd": "5", "first": 3})
    assert answer.status_code == 202, answer.text
    run = rep.get(f"/api/generations/{answer.json()['id']}").json()
    assert (run["status"], run["counts"]["total"], run["budget_usd"]) == ("queued", 3, "5.000000")
    assert (run["sandbox"], run["template_version"], run["mode"]) == (True, 1, "live")
    assert run["estimated"]["source"] == "estimated"
    assert float(run["estimated"]["usd"]) > 0
    assert rep.get("/api/generations").json()["items"] == [run]
    items = rep.get(f"/api/generations/{run['id']}/items").json()
    assert [item["lead_id"] for item in items["items"]] == leads[:3]
    assert rep.get(f"/api/generations/{run['id']}/items?status=failed").json()["total"] == 0


def test_the_same_key_begins_one_run(rep, leads):
    headers = {"Idempotency-Key": "once"}
    one = rep.post("/api/generations", json=selection(leads), headers=headers)
    two = rep.post("/api/generations", json=selection(leads), headers=headers)
    assert one.json()["id"] == two.json()["id"]
    assert rep.get("/api/generations").json()["total"] == 1
    other = rep.post("/api/generations", json=selection(leads[:1]), headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_mismatch")


def test_pause_resume_and_cancel_over_http(rep, leads):
    run_id = rep.post("/api/generations", json=selection(leads)).json()["id"]
    assert rep.post(f"/api/generations/{run_id}/pause").json()["status"] == "paused"
    assert rep.post(f"/api/generations/{run_id}/pause").json()["reason_code"] == "paused_by_user"
    resumed = rep.post(f"/api/generations/{run_id}/resume", json={"budget_usd": 7}).json()
    assert (resumed["status"], resumed["budget_usd"]) == ("running", "7.000000")
    assert rep.post(f"/api/generations/{run_id}/resume").json()["status"] == "running"
    cancelled = rep.post(f"/api/generations/{run_id}/cancel").json()
    assert (cancelled["status"], cancelled["counts"]["cancelled"]) == ("cancelled", 4)
    refused = rep.post(f"/api/generations/{run_id}/resume")
    assert (refused.status_code, refused.json()["code"]) == (409, "run_state")


def test_who_cannot_be_written_to_is_left_out_with_the_reason(rep, database, leads):
    with database.writing() as db:
        make.a_suppression(db, "blocked.example")
        blocked = make.a_lead(db, email="a@mail.blocked.example").id
        busy = make.a_lead(db, status=LeadStatus.EXPORTING).id
        writing = make.a_lead(db, status=LeadStatus.GENERATING).id
    answer = rep.post("/api/generations", json=selection([leads[0], blocked, busy, writing])).json()
    assert answer["counts"]["total"] == 1
    assert answer["excluded"] == {"do_not_contact": 1, "export_in_progress": 1, "being_written": 1}
    tried = rep.post("/api/generations", json={**selection([busy, leads[1], blocked, *leads[2:]]), "first": 2}).json()
    # Two who can be written to, not the first two.
    assert tried["counts"]["total"] == 2
    assert tried["excluded"] == {"do_not_contact": 1, "export_in_progress": 1}
    refused = rep.post("/api/generations", json=selection([blocked, busy]))
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_generate")
    assert refused.json()["excluded"] == {"do_not_contact": 1, "export_in_progress": 1}


def test_a_budget_needs_a_known_price(rep, leads):
    body = {**selection(leads), "model": "claude-new-9"}
    refused = rep.post("/api/generations", json={**body, "budget_usd": 5})
    assert (refused.status_code, refused.json()["code"]) == (409, "unknown_price")
    assert rep.post("/api/generations", json={**body, "dry_run": True}).json()["estimated"]["usd"] is None
    assert rep.post("/api/generations", json=body).status_code == 202


@pytest.mark.parametrize("model", ["claude-sonnet-4-5", "gpt"])
def test_a_model_that_is_not_offered_is_refused(rep, leads, model):
    refused = rep.post("/api/generations", json={**selection(leads), "model": model})
    assert (refused.status_code, refused.json()["code"]) == (409, "model_not_offered")


def test_models_are_shown_with_the_default(rep):
    items = rep.get("/api/generations/models").json()["items"]
    assert [(m["id"], m["is_default"], m["has_price"]) for m in items] == [
        ("claude-new-9", False, False),
        ("claude-haiku-5-5", False, True),
        ("claude-sonnet-5-5", True, True),
    ]


@pytest.mark.parametrize("sample", [True, False])
def test_the_real_vendor_is_not_asked_to_write_for_nobody(room, database, sample):
    with database.writing() as db:
        templates.ensure_default(db, make.NOON, sample=sample)
        lead_id = make.a_lead(db).id
    room.modes[Vendor.ANTHROPIC] = VendorMode.REAL
    refused = room.client(Role.REP).post("/api/generations", json=selection([lead_id]))
    assert (refused.status_code, refused.json()["code"]) == (409, "brief_incomplete")


def test_without_a_key_there_is_nothing_to_start(room, leads):
    room.modes[Vendor.ANTHROPIC] = VendorMode.OFF
    refused = room.client(Role.REP).post("/api/generations", json=selection(leads))
    assert (refused.status_code, refused.json()["code"]) == (409, "vendor_key_missing")


def test_viewers_do_not_spend_money(room, leads):
    viewer = room.client(Role.VIEWER)
    assert viewer.post("/api/generations", json=selection(leads)).status_code == 403
    assert viewer.get("/api/generations").status_code == 200


def content_of(database):
    with database.reading() as db:
        return templates.for_new_run(db, None, make.NOON).content.as_json()


def test_a_preview_shows_all_that_would_leave_the_program(rep, leads):
    found = rep.post("/api/generations/preview", json={"lead_id": leads[0]}).json()
    assert found["sent"] == {"first_name": "Ann", "last_name": "Ames", "title": "Head of Learning", "company": "Acme"}
    assert set(found["empty"]) >= {"industry", "city"}
    assert "<lead_data>" in found["user_text"]
    assert len(found["answer_schema"]["required"]) == 7
    assert rep.post("/api/generations/preview", json={"lead_id": "none"}).status_code == 404


def test_a_content_that_is_not_saved_can_be_previewed(rep, leads, database):
    content = content_of(database) | {"person_text": "Only {{first_name}} and {{podcast}}."}
    found = rep.post("/api/generations/preview", json={"lead_id": leads[0], "content": content}).json()
    assert "Only lead_data.first_name and lead_data.podcast." in found["system"]
    assert ("podcast", found["empty"]) == ("podcast", ["podcast"])
    assert "unknown_variable" in {problem["code"] for problem in found["problems"]}


def test_changes_for_one_run_are_kept_and_leave_the_template_alone(rep, leads, database):
    content = content_of(database) | {"person_text": "Write to {{first_name}} at {{company}}, briefly."}
    run = rep.post("/api/generations", json={**selection(leads[:1]), "content": content}).json()
    assert run["template_version"] == 2
    with database.reading() as db:
        template = templates.templates(db)[0]
        assert template.current_version == 1
        assert [(v.number, v.session_only) for v in templates.versions(db, template.id)] == [(2, True), (1, False)]
    broken = {**selection(leads[1:]), "content": content | {"person_text": "{{"}}
    assert rep.post("/api/generations", json=broken).status_code == 422
    same = {**selection(leads[1:]), "content": content_of(database)}
    assert rep.post("/api/generations", json=same).json()["template_version"] == 1


def test_a_batch_run_begins_with_the_estimate_of_a_batch(rep, leads):
    dry = rep.post("/api/generations", json={**selection(leads), "dry_run": True, "mode": "batch"}).json()
    answer = rep.post("/api/generations", json={**selection(leads), "mode": "batch"})
    assert answer.status_code == 202, answer.text
    run = rep.get(f"/api/generations/{answer.json()['id']}").json()
    assert (run["mode"], run["status"], run["batches"]) == ("batch", "queued", [])
    assert run["estimated"]["seconds"] == dry["batch"]["hours"] * 3600
    assert 0 < float(run["estimated"]["usd"]) < float(dry["estimated"]["usd"])


def test_what_was_sent_as_a_batch_is_shown(rep, leads, room, claude):
    run_id = rep.post("/api/generations", json={**selection(leads), "mode": "batch"}).json()["id"]
    workshop = Workshop(room.services.database, claude)
    workshop.jobs = room.app.state.services.jobs
    workshop.work()
    run = rep.get(f"/api/generations/{run_id}").json()
    assert run["status"] == "completed"
    (batch,) = run["batches"]
    assert (batch["status"], batch["requests"], batch["vendor_batch_id"]) == ("collected", 4, "msgbatch_1")


def test_a_model_that_takes_no_batches_is_refused_with_a_next_step(rep, leads, claude):
    claude.offers = (a_model("claude-sonnet-5-5", batch=False),)
    answer = rep.post("/api/generations", json={**selection(leads), "mode": "batch"})
    assert (answer.status_code, answer.json()["code"]) == (409, "batch_not_available")
    assert "write the texts now" in answer.json()["detail"]
