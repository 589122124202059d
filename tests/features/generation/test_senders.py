"""Who signs: written down by each user, chosen for a run, copied into it, and checked in its texts."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests import builders as make
from tests.features.generation.fakes import KeptJobs, ScriptedClaude, Workshop, a_model
from woodpecker_api.db.session import Database
from woodpecker_api.features.generation.api import router
from woodpecker_api.features.sequences.models import Sequence, Snippet
from woodpecker_api.features.templates import service as templates
from woodpecker_api.system.auth.models import User
from woodpecker_api.system.auth.permissions import Role

RITA = {"name": "Rita Rep", "title": "Account Executive", "email": "rita@team.example", "voice": "Dry humour."}


@pytest.fixture
def claude() -> ScriptedClaude:
    return ScriptedClaude(offers=(a_model(),))


@pytest.fixture
def room(open_room: Callable[..., Any], claude: ScriptedClaude) -> Any:
    room = open_room(router)
    room.app.state.services = replace(room.services, claude=lambda: claude, jobs=KeptJobs())
    return room


@pytest.fixture
def rep(room: Any) -> Any:
    return room.client(Role.REP)


@pytest.fixture
def rita(rep: Any, database: Database) -> str:
    """The id of the user behind `rep`."""
    with database.reading() as db:
        return str(db.query(User).filter_by(role=Role.REP.value).one().id)


def test_one_writes_down_how_one_signs(rep: Any, rita: str) -> None:
    answer = rep.put(f"/api/senders/{rita}", json=RITA)
    assert answer.status_code == 200, answer.text
    assert answer.json()["version"] == 1
    (listed,) = rep.get("/api/senders").json()["items"]
    assert {name: listed[name] for name in RITA} == RITA


def test_a_change_needs_the_version_it_was_made_on(rep: Any, rita: str) -> None:
    rep.put(f"/api/senders/{rita}", json=RITA)
    stale = rep.put(f"/api/senders/{rita}", json=RITA)
    assert (stale.status_code, stale.json()["code"]) == (409, "version_conflict")
    assert stale.json()["current"]["name"] == "Rita Rep"
    changed = rep.put(f"/api/senders/{rita}", json={**RITA, "title": "Boss", "version": 1})
    assert (changed.json()["title"], changed.json()["version"]) == ("Boss", 2)


def test_a_rep_changes_no_other_and_a_manager_may(room: Any, rep: Any, rita: str, database: Database) -> None:
    with database.writing() as db:
        other = make.a_user(db).id
    assert rep.put(f"/api/senders/{other}", json=RITA).status_code == 403
    assert rep.delete(f"/api/senders/{other}").status_code == 403
    manager = room.client(Role.MANAGER)
    assert manager.put(f"/api/senders/{rita}", json=RITA).status_code == 200
    assert manager.delete(f"/api/senders/{rita}").status_code == 204
    assert manager.delete(f"/api/senders/{rita}").status_code == 204
    assert rep.get("/api/senders").json()["items"] == []


def test_nobody_signs_without_a_name_or_without_being_a_user(room: Any, rep: Any, rita: str) -> None:
    empty = rep.put(f"/api/senders/{rita}", json={**RITA, "name": "  "})
    assert (empty.status_code, empty.json()["errors"][0]["field"]) == (422, "name")
    assert room.client(Role.MANAGER).put("/api/senders/nobody", json=RITA).status_code == 404


@pytest.fixture
def leads(database: Database) -> list[str]:
    with database.writing() as db:
        templates.ensure_default(db, make.NOON, sample=True)
        return [make.a_lead(db, first_name="Ann").id]


def test_a_run_takes_a_copy_of_who_signs(rep: Any, rita: str, leads: list[str]) -> None:
    rep.put(f"/api/senders/{rita}", json=RITA)
    run = rep.post("/api/generations", json={"selection": {"ids": leads}, "sender_user_id": rita}).json()
    assert run["sender"] == {**RITA, "user_id": rita}
    rep.put(f"/api/senders/{rita}", json={**RITA, "name": "Somebody Else", "version": 1})
    assert rep.get(f"/api/generations/{run['id']}").json()["sender"]["name"] == "Rita Rep"


def test_somebody_who_wrote_nothing_down_cannot_sign(rep: Any, rita: str, leads: list[str]) -> None:
    answer = rep.post("/api/generations", json={"selection": {"ids": leads}, "sender_user_id": rita})
    assert answer.status_code == 404
    assert "written down how they sign" in answer.json()["detail"]


def test_the_prompt_names_who_signs_and_how_they_write(rep: Any, rita: str, leads: list[str]) -> None:
    rep.put(f"/api/senders/{rita}", json=RITA)
    system = rep.post("/api/generations/preview", json={"lead_id": leads[0], "sender_user_id": rita}).json()["system"]
    assert "signed by Rita Rep, Account Executive" in system
    assert "Dry humour." in system


@pytest.mark.parametrize(("signed", "is_flagged"), [("Best,\nRita", False), ("Best,\nMallory", True)])
def test_any_other_sign_off_is_flagged(
    rita: str, signing: Callable[[str, str], list[str]], signed: str, is_flagged: bool
) -> None:
    assert ("sign_off" in signing(rita, signed)) is is_flagged


@pytest.fixture
def signing(rep: Any, room: Any, leads: list[str], claude: ScriptedClaude) -> Callable[[str, str], list[str]]:
    """Has a sequence written that ends like this, for this sender; gives back the flags of its first mail."""
    database = room.services.database

    def write(user_id: str, signed: str) -> list[str]:
        rep.put(f"/api/senders/{user_id}", json=RITA)
        rep.post("/api/generations", json={"selection": {"ids": leads}, "sender_user_id": user_id})
        with database.reading() as db:
            shape = templates.for_new_run(db, None, make.NOON).content.shape
        claude.script.append({f"snippet_{one.number}": f"Hi Ann,\n\nShort.\n\n{signed}" for one in shape})
        workshop = Workshop(database, claude)
        workshop.jobs = room.app.state.services.jobs
        workshop.work()
        with database.reading() as db:
            mail = db.get_one(Snippet, (db.query(Sequence).one().id, 2))
        return [flag["code"] for flag in mail.flags]

    return write
