"""Each person is told where they chose, of their own work, once; and nobody makes the program call an address of their making."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests import builders as make
from tests.room import Room
from woodpecker_api.features.exports.models import Export
from woodpecker_api.features.exports.rules import ExportStatus
from woodpecker_api.features.operations.models import NoticeChoice
from woodpecker_api.features.operations.rules.notices import channel_kind, message
from woodpecker_api.features.operations.service.notices import Choice, Noticing, choose
from woodpecker_api.system.audit.models import AuditPayload

SLACK = "slack://token@channel"


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (SLACK, "Slack"),
        ("mailtos://me:secret@smtp.example?to=me@team.example", "Mail"),
        ("mailto://me:secret@smtp.example:587", "Mail"),
        ("discord://id/token", "Discord"),
        ("json://127.0.0.1/secrets", None),
        ("http://169.254.169.254/latest", None),
        ("mailto://smtp.example:6379", None),
        ("file:///etc/passwd", None),
        ("slack://a@b, json://127.0.0.1", None),
        ("slack://a@b json://127.0.0.1", None),
        ("slack:", None),
        ("mailto://[broken", None),
        ("", None),
    ],
)
def test_known_services_may_be_named_and_nothing_else(address: str, kind: str | None) -> None:
    assert channel_kind(address) == kind


def test_a_long_message_says_how_much_it_leaves_out() -> None:
    assert message(["one", "two"]) == "one\ntwo"
    assert message([str(number) for number in range(20)]).endswith("… and 12 more.")


@dataclass
class Letters:
    """What reached whom: address → texts."""

    sent: dict[str, list[str]] = field(default_factory=dict)
    deaf: bool = False

    def __call__(self, address: str) -> Any:
        letters = self

        class Notifier:
            def tell(self, title: str, text: str, *, urgent: bool) -> bool:
                letters.sent.setdefault(address, []).append(f"{'!' if urgent else ''}{text}")
                return not letters.deaf

        return Notifier()


@dataclass
class Team:
    room: Room
    letters: Letters
    now: datetime = make.NOON

    def noticing(self) -> Noticing:
        return Noticing(self.room.database, self.room.secrets, self.letters, lambda: self.now, "Test")

    def person(self, channel: str | None, *, finished: bool = True, needs_me: bool = True, **values: Any) -> str:
        with self.room.database.writing() as db:
            user = make.a_user(db, **values)
            choice = Choice(finished, needs_me, channel)
            choose(db, make.an_actor(user), user.id, choice, self.room.secrets, self.now)
            return user.id

    def export(self, by: str, **values: Any) -> str:
        with self.room.database.writing() as db:
            return make.an_export(db, created_by=by, **values).id

    def change(self, export_id: str, **values: Any) -> None:
        with self.room.database.writing() as db:
            export = db.get_one(Export, export_id)
            for name, value in values.items():
                setattr(export, name, value)


@pytest.fixture
def team(room: Room) -> Team:
    return Team(room, Letters())


def test_who_started_an_export_hears_once_that_it_is_finished(team: Team) -> None:
    mine, _other = team.person(SLACK), team.person("slack://other@channel")
    team.export(mine, status=ExportStatus.COMPLETED, finished_at=team.now, total=12)
    one, two = team.noticing(), team.noticing()
    assert [one.round(), two.round(), one.round()] == [1, 0, 0]
    assert list(team.letters.sent) == [SLACK]
    assert "completed: 12 people." in team.letters.sent[SLACK][0]


def test_an_export_that_stands_still_is_told_again_only_after_it_got_on(team: Team) -> None:
    mine = team.person(SLACK)
    export = team.export(mine, status=ExportStatus.PAUSED, reason="campaign_changed")
    team.noticing().round(), team.noticing().round()
    assert len(team.letters.sent[SLACK]) == 1
    assert team.letters.sent[SLACK][0].startswith("!")
    team.change(export, status=ExportStatus.RUNNING, reason=None)
    assert team.noticing().round() == 0
    team.change(export, status=ExportStatus.PAUSED, reason="campaign_changed")
    team.noticing().round()
    assert len(team.letters.sent[SLACK]) == 2


def test_what_a_person_paused_themselves_is_no_news(team: Team) -> None:
    team.export(team.person(SLACK), status=ExportStatus.PAUSED, reason="by_user")
    assert team.noticing().round() == 0


@pytest.mark.parametrize(("wanted", "told"), [({"finished": False}, 0), ({"needs_me": False}, 1)])
def test_only_what_was_chosen_is_told(team: Team, wanted: dict[str, bool], told: int) -> None:
    mine = team.person(SLACK, **wanted)
    team.export(mine, status=ExportStatus.COMPLETED, finished_at=team.now)
    assert team.noticing().round() == told


def test_nothing_older_than_an_hour_is_news(team: Team) -> None:
    mine = team.person(SLACK)
    team.export(mine, status=ExportStatus.COMPLETED, finished_at=team.now - timedelta(hours=2))
    assert team.noticing().round() == 0


def test_who_may_not_sign_in_any_more_is_told_nothing(team: Team) -> None:
    mine = team.person(SLACK, disabled_at=make.NOON)
    team.export(mine, status=ExportStatus.COMPLETED, finished_at=team.now)
    assert team.noticing().round() == 0


def test_the_address_is_stored_encrypted_and_stands_on_no_record(team: Team) -> None:
    mine = team.person(SLACK)
    with team.room.database.reading() as db:
        assert "token@channel" not in str(db.get_one(NoticeChoice, mine).channel)
        assert all("token@channel" not in str(payload.payload) for payload in db.query(AuditPayload))


def test_a_person_chooses_for_themselves_and_never_reads_the_address_back(room: Room) -> None:
    client = room.client()
    assert client.get("/api/notices").json() == {"finished": True, "needs_me": True, "channel": None}
    chosen = client.put("/api/notices", json={"finished": False, "needs_me": True, "channel": SLACK})
    assert chosen.json() == {"finished": False, "needs_me": True, "channel": "Slack"}
    kept = client.put("/api/notices", json={"finished": True, "needs_me": True})
    assert kept.json()["channel"] == "Slack"
    gone = client.put("/api/notices", json={"finished": True, "needs_me": True, "channel": ""})
    assert gone.json()["channel"] is None


def test_an_address_of_ones_own_making_is_refused(room: Room) -> None:
    answer = room.client().put("/api/notices", json={"finished": True, "needs_me": True, "channel": "json://127.0.0.1"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "channel"


def test_trying_says_whether_somebody_was_reached(room: Room, open_as: Callable[[Letters], Any]) -> None:
    letters = Letters()
    client = open_as(letters)
    assert client.post("/api/notices/test").status_code == 404
    client.put("/api/notices", json={"finished": True, "needs_me": True, "channel": SLACK})
    assert client.post("/api/notices/test").json() == {"reached": True}
    letters.deaf = True
    assert client.post("/api/notices/test").json() == {"reached": False}
    assert len(letters.sent[SLACK]) == 2


@pytest.fixture
def open_as(room: Room) -> Callable[[Letters], Any]:
    def open_it(letters: Letters) -> Any:
        object.__setattr__(room.services, "notifier", letters)
        return room.client()

    return open_it
