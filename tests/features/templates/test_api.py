"""Templates over HTTP: versions are made, never changed; who may; what is refused."""

import pytest
import sqlalchemy as sa

from tests.room import Room
from woodpecker_api.features.templates import service
from woodpecker_api.features.templates.api import router
from woodpecker_api.features.templates.models import Template, TemplateVersion
from woodpecker_api.system.audit.models import AuditLine
from woodpecker_api.system.auth.permissions import Role


@pytest.fixture
def room(database, settings):
    with database.writing() as db:
        service.ensure_default(db)
    return Room(database, settings, (router,))


@pytest.fixture
def manager(room):
    return room.client(Role.MANAGER)


@pytest.fixture
def default(manager):
    (row,) = manager.get("/api/templates").json()["items"]
    return manager.get(f"/api/templates/{row['id']}").json()


def body_of(template, **changes):
    parts = ("system_text", "brief", "person_text", "shape")
    return {"name": template["name"], **{name: template["content"][name] for name in parts}} | changes


def test_the_default_is_there_and_says_what_it_lacks(default):
    assert default["is_default"] is True
    assert len(default["content"]["shape"]) == 7
    assert {p["code"] for p in default["problems"]} >= {"brief_incomplete"}


def test_ensuring_the_default_twice_makes_one(database, room):
    with database.writing() as db:
        service.ensure_default(db)
        assert db.scalar(sa.select(sa.func.count()).select_from(Template)) == 1


def test_a_change_makes_the_next_version_and_leaves_the_earlier_one(manager, default, database):
    change = body_of(default, person_text="Write to {{first_name}} at {{company}}.", version=default["version"])
    answer = manager.put(f"/api/templates/{default['id']}", json=change)
    assert answer.status_code == 200, answer.text
    assert answer.json()["current_version"] == 2
    versions = manager.get(f"/api/templates/{default['id']}/versions").json()["items"]
    assert [v["number"] for v in versions] == [2, 1]
    assert versions[1]["person_text"] == default["content"]["person_text"]
    assert manager.get(f"/api/templates/{default['id']}/versions/1").json() == versions[1]
    with database.reading() as db:
        assert db.scalars(sa.select(AuditLine.action).order_by(AuditLine.id)).all()[-1] == "template.edited"


def test_a_new_name_alone_makes_no_version(manager, default):
    answer = manager.put(f"/api/templates/{default['id']}", json=body_of(default, name="Ours", version=1)).json()
    assert (answer["name"], answer["current_version"], answer["version"]) == ("Ours", 1, 2)


def test_two_people_do_not_overwrite_each_other(manager, default):
    change = body_of(default, name="Mine", version=1)
    manager.put(f"/api/templates/{default['id']}", json=change)
    answer = manager.put(f"/api/templates/{default['id']}", json=body_of(default, name="Yours", version=1))
    assert answer.status_code == 409
    assert answer.json()["code"] == "version_conflict"
    assert answer.json()["current"]["name"] == "Mine"


def test_errors_are_told_by_field_and_nothing_is_saved(manager, default, database):
    answer = manager.post("/api/templates", json=body_of(default, name=" ", person_text="Hi {{first name}}"))
    assert answer.status_code == 422
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [
        ("name", "required"),
        ("person_text", "broken_variable"),
    ]
    with database.reading() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(TemplateVersion)) == 1


def test_a_content_can_be_checked_without_saving(manager, default):
    body = body_of(default, person_text="Hi {{nick}}")
    del body["name"]
    answer = manager.post("/api/templates/check", json=body)
    assert "unknown_variable" in {p["code"] for p in answer.json()["problems"]}


def test_a_clone_is_a_template_of_its_own(manager, default):
    clone = manager.post(f"/api/templates/{default['id']}/clone", json={"name": "Copy"}).json()
    assert clone["id"] != default["id"]
    assert (clone["name"], clone["current_version"], clone["is_default"]) == ("Copy", 1, False)
    assert clone["content"]["shape"] == default["content"]["shape"]


def test_the_default_is_archived_only_after_another_took_its_place(manager, default):
    refused = manager.post(f"/api/templates/{default['id']}/archive", json={"version": 1})
    assert (refused.status_code, refused.json()["code"]) == (409, "default_template")
    clone = manager.post(f"/api/templates/{default['id']}/clone", json={"name": "Copy"}).json()
    made = manager.post(f"/api/templates/{clone['id']}/default", json={"version": clone["version"]})
    assert made.json()["is_default"] is True
    now = manager.get(f"/api/templates/{default['id']}").json()
    assert now["is_default"] is False
    archived = manager.post(f"/api/templates/{default['id']}/archive", json={"version": now["version"]}).json()
    assert archived["archived"] is True
    assert [t["name"] for t in manager.get("/api/templates").json()["items"]] == ["Copy"]
    assert manager.get("/api/templates?archived=true").json()["total"] == 2
    changed = manager.put(f"/api/templates/{default['id']}", json=body_of(default, version=archived["version"]))
    assert changed.json()["code"] == "template_archived"
    back = manager.post(f"/api/templates/{default['id']}/bring-back", json={"version": archived["version"]})
    assert back.json()["archived"] is False


def test_reps_read_templates_and_only_managers_change_them(room, default):
    rep = room.client(Role.REP)
    assert rep.get(f"/api/templates/{default['id']}").status_code == 200
    assert rep.put(f"/api/templates/{default['id']}", json=body_of(default, version=1)).status_code == 403
    assert rep.post("/api/templates", json=body_of(default)).status_code == 403


def test_what_is_not_there_is_not_found(manager):
    assert manager.get("/api/templates/none").status_code == 404
    assert manager.get("/api/templates/none/versions").status_code == 404


def test_two_versions_are_compared_word_by_word(manager, default, room):
    change = body_of(default, person_text="Write to {{first_name}}.", version=default["version"])
    manager.put(f"/api/templates/{default['id']}", json=change)
    path = f"/api/templates/{default['id']}/versions/2/differences"
    found = room.client(Role.VIEWER).get(path, params={"since": 1}).json()
    assert (found["before"], found["after"]) == (1, 2)
    (one,) = found["changes"]
    assert one["field"] == "person_text"
    assert one["after"] == "Write to {{first_name}}."
    assert {piece["kind"] for piece in one["pieces"]} == {"same", "removed", "added"}
    assert manager.get(path, params={"since": 9}).status_code == 404
    same = manager.get(f"/api/templates/{default['id']}/versions/1/differences", params={"since": 1}).json()
    assert same["changes"] == []
