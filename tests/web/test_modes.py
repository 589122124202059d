"""Maintenance and read-only, seen from outside; and that the command line goes on."""

import pytest
from fastapi.testclient import TestClient

from tests import builders as make
from woodpecker_api.cli.local import Local
from woodpecker_api.http.user import COOKIE
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.system.auth import sessions
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.modes.service import Mode, ModeFile
from woodpecker_api.web.app import create_app
from woodpecker_api.wiring.program import Program


@pytest.fixture
def client(program: Program) -> TestClient:
    client = TestClient(create_app(program.services), raise_server_exceptions=False)
    with program.database.writing() as db:
        user = make.a_user(db, role=Role.ADMIN)
        cookie = sessions.start_session(db, user, user_agent="test", now=system_clock(), request_id=None)
    client.cookies.set(COOKIE, cookie)
    return client


def _set(program: Program, mode: Mode, message: str | None = None) -> None:
    ModeFile(program.settings.data_dir).set(mode, message, system_clock())


LEAD = {"email": "ann@acme.example", "first_name": "Ann", "last_name": "Ames"}


def test_in_maintenance_programs_get_a_problem_and_people_a_page(client: TestClient, program: Program) -> None:
    _set(program, Mode.MAINTENANCE, "Back at <b>nine</b>.")
    for answer in (client.get("/api/leads"), client.post("/api/leads", json=LEAD)):
        assert (answer.status_code, answer.json()["code"]) == (503, "maintenance")
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["retry-after"] == "30"
        assert answer.json()["request_id"] == answer.headers["x-request-id"]
    page = client.get("/leads")
    assert (page.status_code, page.headers["retry-after"]) == (503, "30")
    assert "Back at &lt;b&gt;nine&lt;/b&gt;." in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_in_maintenance_probes_and_the_mode_itself_are_answered(client: TestClient, program: Program) -> None:
    _set(program, Mode.MAINTENANCE)
    assert [client.get(path).status_code for path in ("/healthz", "/readyz", "/metrics")] == [200, 200, 200]
    client.cookies.clear()
    assert client.get("/api/mode").json()["mode"] == "maintenance"


def test_read_only_lets_people_look_and_sign_in_and_change_nothing(client: TestClient, program: Program) -> None:
    _set(program, Mode.READ_ONLY)
    assert client.get("/api/leads").status_code == 200
    assert client.post("/api/leads/count", json={"filter": {}}).status_code == 200
    refused = client.post("/api/leads", json=LEAD)
    assert (refused.status_code, refused.json()["code"]) == (503, "read_only")
    assert "Nothing was changed" in refused.json()["detail"]
    user = {"email": "user@team.example", "password": "wrong"}
    assert client.post("/api/session", json=user).status_code == 401


def test_when_it_is_over_everything_goes_on_at_once(client: TestClient, program: Program) -> None:
    _set(program, Mode.MAINTENANCE)
    assert client.get("/api/leads").status_code == 503
    _set(program, Mode.LIVE)
    assert client.post("/api/leads", json=LEAD).status_code == 201
    assert client.get("/api/mode").json() == {"mode": "live", "message": None, "since": None}


def test_who_works_on_the_machine_is_not_kept_out(client: TestClient, program: Program) -> None:
    _set(program, Mode.MAINTENANCE)
    assert Local.as_user(program, None).call("GET", "/api/leads")["items"] == []


def test_the_worker_rests_and_goes_on(program: Program) -> None:
    program.start()
    assert program.worker.wait_until_working(20)
    _set(program, Mode.READ_ONLY)
    assert _eventually(lambda: not program.worker.is_working)
    _set(program, Mode.LIVE)
    assert program.worker.wait_until_working(20)
    program.worker.stop()


def _eventually(is_so: object, seconds: float = 20) -> bool:
    import time

    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if is_so():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False
