"""What surrounds every route: ids, headers, error bodies, health, pages."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from tests import builders as make
from woodpecker_api.config import Settings
from woodpecker_api.http.user import COOKIE
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.system.auth import sessions
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.web.app import create_app
from woodpecker_api.web.pages import pages_router
from woodpecker_api.wiring.program import Program, build


@pytest.fixture
def client(program: Program) -> TestClient:
    return TestClient(create_app(program.services), raise_server_exceptions=False)


@pytest.fixture
def signed_in(client: TestClient, program: Program) -> TestClient:
    with program.database.writing() as db:
        user = make.a_user(db, role=Role.ADMIN)
        client.cookies.set(
            COOKIE, sessions.start_session(db, user, user_agent="test", now=system_clock(), request_id=None)
        )
    return client


def test_an_unknown_api_address_is_a_problem_and_not_the_page(client: TestClient):
    for path in ("/api/nothing", "/api", "/api/leads/x/y/z"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "not_found"


def test_every_error_carries_the_id_that_finds_its_log_line(client: TestClient, capsys: pytest.CaptureFixture[str]):
    answer = client.get("/api/leads", headers={"x-request-id": "my-own-request-1"})
    assert answer.status_code == 401
    assert answer.json()["request_id"] == answer.headers["x-request-id"] == "my-own-request-1"


def test_an_id_that_could_break_a_log_line_is_replaced(client: TestClient):
    answer = client.get("/healthz", headers={"x-request-id": 'x" evil'})
    assert answer.headers["x-request-id"] != 'x" evil'


def test_a_crash_is_answered_without_its_text(program: Program):
    app = create_app(program.services)

    @app.get("/api/crash")
    def crash() -> None:
        raise RuntimeError("the password is hunter2")

    # Before the pages, which take every other address.
    app.router.routes.insert(0, app.router.routes.pop())
    answer = TestClient(app, raise_server_exceptions=False).get("/api/crash")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert answer.json()["request_id"]
    assert "hunter2" not in answer.text


def test_every_answer_forbids_foreign_scripts_and_frames(client: TestClient):
    for path in ("/healthz", "/api/session", "/leads"):
        headers = client.get(path).headers
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_personal_answers_are_not_kept_by_browsers(signed_in: TestClient):
    assert signed_in.get("/api/users").headers["cache-control"] == "no-store"


def test_a_bad_field_is_named(signed_in: TestClient):
    answer = signed_in.get("/api/leads", params={"limit": 501})
    assert answer.status_code == 422
    assert answer.json()["code"] == "validation_failed"
    assert answer.json()["errors"][0]["field"] == "limit"


def test_health_says_alive_and_ready_and_draining(client: TestClient):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").status_code == 200
    client.app.state.draining = True  # type: ignore[attr-defined]
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["reasons"] == ["draining"]


def test_a_lost_database_is_said_by_readyz(client: TestClient, program: Program):
    with program.database.writing() as db:
        db.connection().exec_driver_sql("ALTER TABLE users RENAME TO users_gone")
    assert client.get("/readyz").json()["reasons"] == ["database"]


def test_metrics_count_requests_by_route_and_not_by_address(client: TestClient):
    client.get("/api/leads/01a2b3c4")
    text = client.get("/metrics").text
    assert 'route="/api/leads/{lead_id}"' in text
    assert "01a2b3c4" not in text


def test_the_page_is_asked_for_each_time_and_hashed_files_and_the_icon_are_kept(tmp_path: Path, program: Program):
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>page</title>")
    (tmp_path / "assets" / "app-1a2b.js").write_text("1")
    (tmp_path / "favicon.svg").write_text("<svg/>")
    app = create_app(program.services)
    app.router.routes.pop()
    app.include_router(pages_router(tmp_path))
    client = TestClient(app)
    assert client.get("/leads?status=approved").headers["cache-control"] == "no-cache"
    assert client.get("/index.html").headers["cache-control"] == "no-cache"
    assert "immutable" in client.get("/assets/app-1a2b.js").headers["cache-control"]
    assert "max-age=86400" in client.get("/favicon.svg").headers["cache-control"]
    assert client.get("/assets/gone.js").status_code == 404
    assert client.get("/..%2f..%2fetc/passwd").text == "<title>page</title>"


def test_the_description_of_the_api_names_every_operation_once(client: TestClient):
    paths = client.get("/api/openapi.json").json()["paths"]
    names = [operation["operationId"] for path in paths.values() for operation in path.values()]
    assert len(names) == len(set(names))
    assert len(names) > 50


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/leads", '{"email": "ann@acme.example", "first_name": "\\ud800"}'),
        ("/api/do-not-contact", '{"value": "ann@acme.example", "until": "0001-01-01T00:00:00+14:00"}'),
        ("/api/tokens", '{"name": "t", "expires_at": "9999-12-31T23:59:59-14:00"}'),
    ],
)
def test_what_no_database_can_hold_is_the_callers_mistake(signed_in: TestClient, path: str, body: str):
    answer = signed_in.post(path, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


def test_a_path_with_a_nul_is_no_file(client: TestClient):
    assert client.get("/%00").status_code == 404


def test_a_full_disk_is_called_by_its_name(signed_in: TestClient, program: Program):
    with program.database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    event.listen(program.database.engine, "begin", lambda db: db.exec_driver_sql(f"PRAGMA max_page_count={pages}"))
    body = {"email": "ann@acme.example", "first_name": "Ann", "custom": {"notes": "x" * 9000}}
    answers = [signed_in.post("/api/leads", json={**body, "email": f"a{n}@acme.example"}) for n in range(40)]
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (507, "disk_full")


def test_a_process_told_by_a_file_to_drain_says_so_and_still_answers(settings: Settings, tmp_path: Path):
    """The deploy takes traffic away with it before it stops the process."""
    told = tmp_path / "drain"
    program = build(settings.model_copy(update={"drain_file": told}))
    client = TestClient(create_app(program.services))
    assert client.get("/readyz").status_code == 200
    told.touch()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["draining"])
    assert client.get("/api/session").status_code == 401
    told.unlink()
    assert client.get("/readyz").status_code == 200
    program.close()


def test_a_file_of_the_release_before_is_given_out_after_a_deploy(settings: Settings, client: TestClient):
    kept = settings.data_dir / "page-assets" / "old-12ab.js"
    kept.parent.mkdir()
    kept.write_text("let old = 1")
    answer = client.get("/assets/old-12ab.js")
    assert answer.text == "let old = 1"
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/assets/never-was.js").status_code == 404
