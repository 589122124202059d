"""One answer for all pages that ask the same: never an older one than a page knows of, never somebody else's own."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests import builders as make
from tests.room import Room
from woodpecker_api.config import Settings
from woodpecker_api.db.session import Database
from woodpecker_api.features.accounts.api import router as accounts
from woodpecker_api.features.leads.api import router as leads
from woodpecker_api.features.operations.api import events
from woodpecker_api.features.review.api import router as review
from woodpecker_api.kit.crypto import token_hash
from woodpecker_api.system.audit.service import SYSTEM
from woodpecker_api.system.auth.models import UserSession
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.auth.sessions import end_session
from woodpecker_api.web import shared_answers
from woodpecker_api.web.app import create_app
from woodpecker_api.web.shared_answers import SharedAnswers

LEADS = "/api/leads?limit=10"


class Program:
    """The application behind shared answers, counting how often an answer is made."""

    def __init__(self, room: Room) -> None:
        self.made = 0
        self.seen = 7
        self.now = 0.0
        self._room = room
        self._shared = SharedAnswers(self._count, lambda: self.seen, lambda: self.now)
        self.state = room.app.state

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope["app"] = self._room.app
        await self._shared(scope, receive, send)

    async def _count(self, scope: Any, receive: Any, send: Any) -> None:
        self.made += 1
        await self._room.app(scope, receive, send)

    def ask(self, path: str, knows: int | str | None, role: Role = Role.VIEWER) -> Any:
        cookies = {"woodpecker_session": self._room.cookie(role)}
        headers = {} if knows is None else {"x-at-least": str(knows)}
        return TestClient(self, cookies=cookies, headers=headers).get(path)


@pytest.fixture
def room(database: Database, settings: Settings) -> Room:
    return Room(database, settings, (leads, review, accounts))


@pytest.fixture
def program(room: Room) -> Program:
    with room.database.writing() as db:
        make.a_lead(db, company="Lumen Works")
    return Program(room)


def test_pages_that_know_the_same_get_one_answer_made_once(program: Program) -> None:
    answers = [program.ask(LEADS, 7) for _ in range(3)]
    assert program.made == 1
    assert [answer.json()["items"][0]["company"] for answer in answers] == ["Lumen Works"] * 3


def test_a_page_that_knows_of_more_than_the_answer_gets_a_new_one(program: Program, room: Room) -> None:
    program.ask(LEADS, 7)
    with room.database.writing() as db:
        make.a_lead(db, company="Newer Works")
    program.seen = 8
    assert {lead["company"] for lead in program.ask(LEADS, 8).json()["items"]} == {"Lumen Works", "Newer Works"}
    assert program.made == 2


def test_an_answer_newer_than_what_the_page_knows_serves_it(program: Program) -> None:
    program.seen = 9
    program.ask(LEADS, 9)
    program.ask(LEADS, 7)
    assert program.made == 1


def test_a_process_that_does_not_look_for_changes_shares_nothing(program: Program) -> None:
    program.seen = 0
    program.ask(LEADS, 7)
    program.ask(LEADS, 7)
    assert program.made == 2


def test_an_answer_is_not_kept_longer_than_two_seconds(program: Program) -> None:
    program.ask(LEADS, 7)
    program.now = shared_answers.KEPT_SECONDS + 0.1
    program.ask(LEADS, 7)
    assert program.made == 2


@pytest.mark.parametrize("knows", [None, "", "0", "-1", "x", "9" * 40])
def test_who_does_not_say_what_it_knows_gets_an_answer_of_its_own(program: Program, knows: str | None) -> None:
    program.ask(LEADS, 7)
    assert program.ask(LEADS, knows).status_code == 200
    assert program.made == 2


@pytest.mark.parametrize(
    "path", ["/api/leads?owner=me", "/api/leads?owner=%6d%65", "/api/sequences?sort=random", "/api/session"]
)
def test_what_is_one_persons_own_is_made_for_each(program: Program, path: str) -> None:
    program.ask(path, 7)
    assert program.ask(path, 7).status_code == 200
    assert program.made == 2


def test_nobody_gets_a_kept_answer_without_being_signed_in(program: Program) -> None:
    program.ask(LEADS, 7)
    assert TestClient(program, headers={"x-at-least": "7"}).get(LEADS).status_code == 401


def test_who_was_signed_out_reads_nothing_shared_after_three_seconds(program: Program, room: Room) -> None:
    cookie = room.cookie(Role.VIEWER)
    client = TestClient(program, cookies={"woodpecker_session": cookie}, headers={"x-at-least": "7"})
    assert client.get(LEADS).status_code == 200
    with room.database.writing() as db:
        session = db.query(UserSession).filter_by(token_hash=token_hash(cookie)).one()
        end_session(db, SYSTEM, session.id, make.NOON)
    program.now = shared_answers.KNOWN_SECONDS + 0.1
    assert client.get(LEADS).status_code == 401


def test_a_refusal_is_not_kept(program: Program) -> None:
    wrong = "/api/leads?sort=nonsense"
    assert program.ask(wrong, 7).status_code == 422
    assert program.ask(wrong, 7).status_code == 422
    assert program.made == 2


def test_only_so_many_answers_are_kept(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_answers, "MOST_KEPT", 2)
    for limit in (1, 2, 3):
        program.ask(f"/api/leads?limit={limit}", 7)
    program.ask("/api/leads?limit=3", 7)
    assert program.made == 3
    program.ask("/api/leads?limit=1", 7)
    assert program.made == 4


def test_the_program_shares_from_the_moment_a_page_listens(room: Room) -> None:
    app = create_app(room.services)
    assert "SharedAnswers" in [getattr(layer.cls, "__name__", "") for layer in app.user_middleware]
    assert events.newest_known(app) == 0
