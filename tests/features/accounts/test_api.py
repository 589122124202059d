"""Sign-in, users and tokens over HTTP."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from tests import builders as make
from tests.room import OpenRoom, Room
from woodpecker_api.features.accounts.api import router
from woodpecker_api.http.user import COOKIE
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.auth.sessions import MAX_FAILURES, SESSION_LIFE


@pytest.fixture
def room(open_room: OpenRoom) -> Room:
    return open_room(router)


def sign_in(client: TestClient, email: str, password: str = make.PASSWORD, **headers: str):
    return client.post("/api/session", json={"email": email, "password": password}, headers=headers)


def test_a_person_signs_in_whatever_the_case_of_the_address(room: Room):
    with room.database.writing() as db:
        make.a_user(db, email="olga@team.example", role=Role.REP, name="Olga")
    client = room.client(None)
    answer = sign_in(client, "Olga@Team.Example")
    assert answer.status_code == 200
    assert answer.json()["name"] == "Olga"
    assert answer.json()["permissions"] == ["read", "work"]
    assert client.get("/api/session").json()["role"] == "rep"


def test_the_cookie_cannot_be_read_by_scripts_and_does_not_travel_to_other_sites(room: Room):
    with room.database.writing() as db:
        make.a_user(db, email="olga@team.example")
    cookie = sign_in(room.client(None), "olga@team.example").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(room: Room):
    with room.database.writing() as db:
        make.a_user(db, email="olga@team.example")
    client = room.client(None)
    wrong, unknown = sign_in(client, "olga@team.example", "not it, surely"), sign_in(client, "nobody@team.example")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["code"] == unknown.json()["code"] == "invalid_credentials"
    assert wrong.json()["detail"] == unknown.json()["detail"]


def test_many_wrong_passwords_close_the_door_for_a_while_and_only_for_that_address(room: Room):
    with room.database.writing() as db:
        make.a_user(db, email="olga@team.example")
        make.a_user(db, email="carl@team.example")
    client = room.client(None)
    for _ in range(MAX_FAILURES):
        assert sign_in(client, "olga@team.example", "guess guess guess").status_code == 401
    assert sign_in(client, "olga@team.example").json()["code"] == "too_many_attempts"
    assert sign_in(client, "carl@team.example").status_code == 200
    room.now += timedelta(minutes=16)
    assert sign_in(client, "olga@team.example").status_code == 200


def test_a_session_ends_when_signed_out_when_it_is_old_and_when_the_user_is_disabled(room: Room):
    client = room.client(Role.REP)
    assert client.delete("/api/session").status_code == 204
    assert room.client(None).get("/api/session").status_code == 401

    old = room.client(Role.REP)
    room.now += SESSION_LIFE + timedelta(seconds=1)
    assert old.get("/api/session").json()["code"] == "not_signed_in"

    with room.database.writing() as db:
        user = make.a_user(db, email="carl@team.example")
    theirs, admin = room.client(user=user), room.client(Role.ADMIN)
    assert theirs.get("/api/session").status_code == 200
    changed = admin.patch(f"/api/users/{user.id}", json={"version": 1, "disabled": True})
    assert changed.json()["disabled"] is True
    assert theirs.get("/api/session").status_code == 401
    assert sign_in(room.client(None), "carl@team.example").status_code == 401


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}]
)
def test_a_change_asked_for_by_another_website_is_refused(room: Room, headers: dict[str, str]):
    answer = room.client(Role.ADMIN).post("/api/tokens", json={"name": "x"}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["code"] == "wrong_origin"


def test_our_own_page_and_programs_without_an_origin_may_change_things(room: Room):
    client = room.client(Role.REP)
    for headers in ({"origin": room.settings.public_url}, {"origin": "http://localhost:5173"}, {}):
        client.base_url = "http://127.0.0.1:8000"
        client.cookies.set(COOKIE, room.cookie(Role.REP))
        assert client.post("/api/tokens", json={"name": "x"}, headers=headers).status_code == 201, headers


def test_a_token_acts_as_its_user_and_is_shown_once(room: Room):
    client = room.client(Role.MANAGER)
    made = client.post("/api/tokens", json={"name": "nightly import"}).json()
    program = room.client(None)
    program.headers["authorization"] = f"Bearer {made['secret']}"
    assert program.get("/api/session").json()["role"] == "manager"
    assert all(token["secret"] is None for token in client.get("/api/tokens").json()["items"])
    assert client.delete(f"/api/tokens/{made['id']}").status_code == 204
    assert program.get("/api/session").status_code == 401


def test_nobody_but_an_admin_sees_or_revokes_another_persons_token(room: Room):
    made = room.client(Role.MANAGER).post("/api/tokens", json={"name": "mine"}).json()
    stranger = room.client(Role.VIEWER)
    assert stranger.get("/api/tokens").json()["items"] == []
    assert stranger.delete(f"/api/tokens/{made['id']}").status_code == 404
    assert room.client(Role.ADMIN).delete(f"/api/tokens/{made['id']}").status_code == 204


def test_only_an_admin_adds_people_and_a_double_is_named(room: Room):
    new = {"email": "new@team.example", "role": "rep", "password": "long enough a password"}
    assert room.client(Role.MANAGER).post("/api/users", json=new).json()["code"] == "permission_denied"
    admin = room.client(Role.ADMIN)
    assert admin.post("/api/users", json=new).status_code == 201
    assert admin.post("/api/users", json={**new, "email": "NEW@team.example"}).json()["code"] == "user_exists"
    short = admin.post("/api/users", json={**new, "email": "b@team.example", "password": "short"})
    assert short.json()["errors"][0]["field"] == "password"
    odd = admin.post("/api/users", json={**new, "email": "not an address"})
    assert odd.json()["errors"][0]["code"] == "invalid_email"


def test_a_change_of_an_old_version_shows_the_present_record(room: Room):
    with room.database.writing() as db:
        user = make.a_user(db, email="carl@team.example")
    admin = room.client(Role.ADMIN)
    assert admin.patch(f"/api/users/{user.id}", json={"version": 1, "name": "Carl"}).status_code == 200
    late = admin.patch(f"/api/users/{user.id}", json={"version": 1, "name": "Karl"})
    assert late.status_code == 409
    assert late.json()["code"] == "version_conflict"
    assert late.json()["current"]["name"] == "Carl"


def test_the_last_admin_stays(room: Room):
    with room.database.writing() as db:
        ada = make.a_user(db, email="ada@team.example", role=Role.ADMIN)
    admin = room.client(user=ada)
    assert admin.patch(f"/api/users/{ada.id}", json={"version": 1, "role": "rep"}).json()["code"] == "last_admin"
    assert admin.patch(f"/api/users/{ada.id}", json={"version": 1, "disabled": True}).json()["code"] == "last_admin"


def test_a_new_password_ends_the_sessions_of_the_old_one(room: Room):
    with room.database.writing() as db:
        user = make.a_user(db, email="carl@team.example")
    theirs, admin = room.client(user=user), room.client(Role.ADMIN)
    changed = admin.put(f"/api/users/{user.id}/password", json={"password": "another good password"})
    assert changed.status_code == 204
    assert theirs.get("/api/session").status_code == 401
    assert sign_in(room.client(None), "carl@team.example", "another good password").status_code == 200
