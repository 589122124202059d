"""The watch: looks at a real database, tells a real channel, each thing once however many processes look."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tests import builders as make
from tests.room import Room
from woodpecker_api.clients.notify.client import AppriseNotifier
from woodpecker_api.features.exports.service import hold
from woodpecker_api.features.operations.jobs import Watch
from woodpecker_api.features.operations.service.lookout import STARTS, Lookout
from woodpecker_api.kit.starts import StartBook
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.settings.service import set_fact


@dataclass
class Channel:
    """Remembers what it was told; `deaf` reaches nobody."""

    told: list[tuple[str, str, bool]] = field(default_factory=list)
    deaf: bool = False

    def tell(self, title: str, text: str, *, urgent: bool) -> bool:
        if not self.deaf:
            self.told.append((title, text, urgent))
        return not self.deaf


@dataclass
class Stage:
    room: Room
    channel: Channel
    now: datetime = make.NOON

    def watch(self) -> Watch:
        """A process of its own, as far as the database can tell."""
        data_dir = self.room.settings.data_dir
        lookout = Lookout(
            self.room.database, self.room.services.jobs, data_dir, lambda: self.now, expects_backups=False
        )
        return Watch(lookout, self.channel, "Test")

    def hold(self) -> None:
        with self.room.database.writing() as db:
            hold(db, "restored")

    def release(self) -> None:
        with self.room.database.writing() as db:
            set_fact(db, "sending", "ok")


@pytest.fixture
def stage(room_with_jobs: Room) -> Stage:
    return Stage(room_with_jobs, Channel())


def test_trouble_is_told_once_by_however_many_processes_and_once_when_it_is_over(stage: Stage) -> None:
    one, other = stage.watch(), stage.watch()
    one.round()
    assert stage.channel.told == []
    stage.hold()
    one.round(), other.round(), one.round()
    [(title, text, urgent)] = stage.channel.told
    assert (title, urgent) == ("Test: sending held", False)
    assert "restored" in text
    stage.release()
    one.round(), other.round()
    assert [title for title, _, _ in stage.channel.told] == ["Test: sending held", "Test: sending held is over"]


def test_a_channel_that_was_out_of_order_is_told_later(stage: Stage) -> None:
    stage.hold()
    stage.channel.deaf = True
    watch = stage.watch()
    assert watch.round() == []
    stage.channel.deaf = False
    stage.now += timedelta(minutes=1)
    assert len(watch.round()) == 1
    assert len(stage.channel.told) == 1


def test_a_database_that_does_not_answer_is_told_all_the_same(stage: Stage) -> None:
    with stage.room.database.writing() as db:
        db.connection().exec_driver_sql("ALTER TABLE installation_facts RENAME TO gone")
    watch = stage.watch()
    watch.round(), watch.round()
    assert [(title, urgent) for title, _, urgent in stage.channel.told] == [("Test: database", True)]


def test_a_program_that_ends_again_and_again_is_told(stage: Stage) -> None:
    book = StartBook(stage.room.settings.data_dir / STARTS)
    for minute in range(4):
        book.began("worker", stage.now - timedelta(minutes=5 - minute))
    stage.watch().round()
    assert [title for title, _, _ in stage.channel.told] == ["Test: restart loop"]


def test_finished_work_is_told_once(stage: Stage) -> None:
    one, other = stage.watch(), stage.watch()
    with stage.room.database.writing() as db:
        campaign = make.a_campaign(db, name="Spring")
        make.an_export(
            db, campaign=campaign, status="completed", total=12, finished_at=stage.now - timedelta(minutes=1)
        )
        make.an_export(db, campaign=campaign, status="completed", total=9, finished_at=stage.now - timedelta(hours=2))
    one.round(), other.round()
    assert stage.channel.told == [("Test: finished", "Export to Spring completed: 12 people.", False)]


@pytest.fixture
def stub() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An HTTP server, and what was posted to it."""
    posted: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"json://127.0.0.1:{server.server_address[1]}/alerts", posted
        server.shutdown()


def test_a_real_channel_gets_the_sentence(stage: Stage, stub: tuple[str, list[dict[str, Any]]]) -> None:
    address, posted = stub
    stage.hold()
    watch = stage.watch()
    watch.notifier = AppriseNotifier(address)
    assert len(watch.round()) == 1
    [message] = posted
    assert message["title"] == "Test: sending held"
    assert message["message"].startswith("Sending is held (restored)")
    assert message["type"] == "info"


def test_an_address_that_nobody_answers_reaches_nobody_and_raises_nothing() -> None:
    assert AppriseNotifier("json://127.0.0.1:9/").tell("t", "x", urgent=True) is False
    assert AppriseNotifier("what is this").tell("t", "x", urgent=True) is False


def test_the_page_shows_present_alerts_with_when_they_began(stage: Stage) -> None:
    stage.hold()
    stage.watch().round()
    stage.room.now = stage.now + timedelta(minutes=5)
    status = stage.room.client(Role.MANAGER).get("/api/operations/status").json()
    [alert] = status["alerts"]
    assert (alert["code"], alert["severity"], alert["told"]) == ("sending_held", "warning", False)
    assert alert["since"] == "2026-03-02T12:00:00Z"
    assert status["channels"] is False
