"""Notices of the program as it is wired: chosen by HTTP, sent by its watch, and read in a mail server and at a webhook."""

from collections.abc import Iterator

import pytest
from apprise.plugins.slack import NotifySlack
from fastapi.testclient import TestClient
from pydantic import SecretStr

from tests import builders as make
from tests.receivers import MailServer, Webhook, mail_server, webhook
from woodpecker_api.config import Settings
from woodpecker_api.features.exports.rules import ExportStatus
from woodpecker_api.features.operations.rules import notices
from woodpecker_api.http.user import COOKIE
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.system.auth import sessions
from woodpecker_api.system.auth.models import User
from woodpecker_api.web.app import create_app
from woodpecker_api.wiring.program import Program, build

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/"


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as server:
        # The ports of mail need a privilege that tests have not.
        monkeypatch.setattr(notices, "_MAIL_PORTS", {server.port})
        yield server


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhook]:
    with webhook() as hook:
        # Slack's own address stands in Apprise; all else on the way there is as it is.
        monkeypatch.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{hook.port}/services")
        yield hook


@pytest.fixture
def ann(program: Program) -> User:
    with program.database.writing() as db:
        return make.a_user(db, email="ann@team.example")


@pytest.fixture
def client(program: Program, ann: User) -> TestClient:
    client = TestClient(create_app(program.services), raise_server_exceptions=False)
    with program.database.writing() as db:
        cookie = sessions.start_session(db, ann, user_agent="test", now=system_clock(), request_id=None)
    client.cookies.set(COOKIE, cookie)
    return client


def _mail_to_ann(post: MailServer) -> str:
    return f"mailto://127.0.0.1:{post.port}?to=ann@team.example&from=tool@team.example&mode=insecure"


def _choose(client: TestClient, channel: str, *, finished: bool = True, needs_me: bool = True) -> None:
    answer = client.put("/api/notices", json={"finished": finished, "needs_me": needs_me, "channel": channel})
    assert answer.status_code == 200, answer.text


def _finish_an_export(program: Program, by: User) -> None:
    with program.database.writing() as db:
        make.an_export(
            db, created_by=by.id, status=ExportStatus.COMPLETED, finished_at=program.services.clock(), total=12
        )


def test_a_finished_export_arrives_as_a_mail(program: Program, client: TestClient, ann: User, post: MailServer) -> None:
    _choose(client, _mail_to_ann(post))
    _finish_an_export(program, ann)
    program.watch.round()
    program.watch.round()
    assert post.recipients == ["ann@team.example"]
    [mail] = post.mails
    assert "finished" in mail["subject"]
    body = mail.get_body(("plain", "html"))
    assert body is not None
    assert "completed: 12 people." in body.get_content()


def test_an_export_that_stands_still_arrives_in_slack(
    program: Program, client: TestClient, ann: User, slack: Webhook
) -> None:
    _choose(client, SLACK, finished=False)
    _finish_an_export(program, ann)
    with program.database.writing() as db:
        make.an_export(db, created_by=ann.id, status=ExportStatus.PAUSED, reason="campaign_changed")
    program.watch.round()
    program.watch.round()
    [(path, body)] = slack.posts
    assert path == "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
    told = str(body)
    assert "needs you" in told
    assert "stands still: campaign changed" in told
    assert "12 people" not in told, "finished work was not wanted"


def test_trying_an_address_says_what_the_other_end_said(client: TestClient, post: MailServer, slack: Webhook) -> None:
    _choose(client, _mail_to_ann(post))
    assert client.post("/api/notices/test").json() == {"reached": True}
    post.refuses = True
    assert client.post("/api/notices/test").json() == {"reached": False}
    assert len(post.mails) == 1

    _choose(client, SLACK)
    assert client.post("/api/notices/test").json() == {"reached": True}
    slack.status = 404
    assert client.post("/api/notices/test").json() == {"reached": False}


def test_trouble_of_the_program_reaches_the_installations_own_address(settings: Settings, post: MailServer) -> None:
    program = build(settings.model_copy(update={"notify_urls": SecretStr(_mail_to_ann(post))}))
    try:
        with program.database.writing() as db:
            make.an_export(db, status=ExportStatus.COMPLETED, finished_at=program.services.clock(), total=3)
        program.watch.round()
    finally:
        program.close()
    assert [mail["to"] for mail in post.mails] == ["ann@team.example"] * len(post.mails)
    assert any("3 people" in str(mail) for mail in post.mails)
