"""Backups over HTTP: who may, what the list says, and that the worker's job makes what was asked for."""

import threading

import pytest

from tests.room import Room
from woodpecker_api.features.operations.jobs import backup_job, nightly_backup
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.backups.service import Backups
from woodpecker_api.system.jobs import Done, JobContext


@pytest.fixture
def backups(room_with_jobs: Room) -> Backups:
    return Backups(room_with_jobs.database.engine, room_with_jobs.settings.data_dir)


def _context() -> JobContext:
    return JobContext("k", 0, threading.Event(), lambda: True, 0.0)


def test_what_is_asked_for_is_made_by_the_worker_checked_and_listed(room_with_jobs: Room, backups: Backups) -> None:
    client = room_with_jobs.client(Role.ADMIN)
    asked = client.post("/api/backups", headers={"Idempotency-Key": "once"})
    assert (asked.status_code, asked.json()["status"]) == (202, "making")
    assert client.post("/api/backups", headers={"Idempotency-Key": "once"}).json() == asked.json()
    job = backup_job(room_with_jobs.database, backups)
    assert job.handler(_context(), asked.json()["id"]) == Done()
    assert job.handler(_context(), asked.json()["id"]) == Done(), "a turn done again makes no second one"
    [item] = client.get("/api/backups").json()["items"]
    assert (item["id"], item["status"], item["verified"]["ok"]) == (asked.json()["id"], "verified", True)
    assert item["counts"]["users"] == 1
    assert client.post(f"/api/backups/{item['id']}/verify").json()["ok"] is True
    actions = [line["action"] for line in client.get("/api/audit").json()["items"]]
    assert {"backup.asked", "backup.verified"} <= set(actions)


def test_a_damaged_one_is_said_to_be_damaged(room_with_jobs: Room, backups: Backups) -> None:
    nightly_backup(room_with_jobs.database, backups).handler(_context(), "2026-03-02T02:30:00Z")
    [made] = backups.shelf.all()
    file = backups.shelf.path(made.id) / "database.sqlite3"
    file.write_bytes(file.read_bytes()[:-1])
    client = room_with_jobs.client(Role.ADMIN)
    verdict = client.post(f"/api/backups/{made.id}/verify").json()
    assert (verdict["ok"], len(verdict["problems"])) == (False, 1)
    assert client.get("/api/backups").json()["items"][0]["status"] == "damaged"
    assert client.get("/api/operations/status").json()["last_backup"] is None


def test_the_status_page_names_the_newest_sound_one(room_with_jobs: Room, backups: Backups) -> None:
    nightly_backup(room_with_jobs.database, backups).handler(_context(), "2026-03-02T02:30:00Z")
    last = room_with_jobs.client(Role.MANAGER).get("/api/operations/status").json()["last_backup"]
    assert last["id"] == backups.shelf.all()[0].id
    assert last["bytes"] > 10_000


def test_managers_may_look_and_only_admins_may_do(room_with_jobs: Room) -> None:
    assert room_with_jobs.client(Role.REP).get("/api/backups").status_code == 403
    manager = room_with_jobs.client(Role.MANAGER)
    assert manager.get("/api/backups").json() == {"items": []}
    assert manager.post("/api/backups").status_code == 403
    assert manager.post("/api/backups/20261122-000000-manual-abcdef/verify").status_code == 403


def test_one_that_is_not_there_is_not_found(room_with_jobs: Room) -> None:
    answer = room_with_jobs.client(Role.ADMIN).post("/api/backups/..%2f..%2fetc/verify")
    assert answer.status_code == 404
    answer = room_with_jobs.client(Role.ADMIN).post("/api/backups/20261122-000000-manual-abcdef/verify")
    assert (answer.status_code, answer.json()["code"]) == (404, "backup_not_found")
