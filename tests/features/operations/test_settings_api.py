"""Settings and keys over HTTP: what may be changed, by whom, and that no key ever comes back."""

import pytest

from tests.room import Room
from woodpecker_api.http.services import VendorMode
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.settings.service import Vendor, vendor_key

KEY = "sk-ant-api03-very-secret-0042"


def test_a_change_is_in_force_and_on_record(room: Room) -> None:
    client = room.client(Role.ADMIN)
    answer = client.patch("/api/settings", json={"export_batch_size": 20, "month_budget_usd": "12.5"})
    assert answer.json()["values"]["export_batch_size"] == 20
    assert client.get("/api/settings").json()["values"]["month_budget_usd"] == "12.500000"


def test_one_bad_value_stops_all_of_them(room: Room) -> None:
    client = room.client(Role.ADMIN)
    answer = client.patch("/api/settings", json={"export_batch_size": 1000, "countdown_seconds": 5, "colour": "red"})
    assert answer.status_code == 422
    assert {problem["field"] for problem in answer.json()["errors"]} == {"export_batch_size", "colour"}
    assert client.get("/api/settings").json()["values"]["countdown_seconds"] == 60


def test_only_admins_change_settings(room: Room) -> None:
    for role in (Role.VIEWER, Role.REP, Role.MANAGER):
        client = room.client(role)
        assert client.get("/api/settings").status_code == 200
        assert client.patch("/api/settings", json={"countdown_seconds": 5}).status_code == 403
        assert client.put("/api/settings/keys/anthropic", json={"key": KEY}).status_code == 403
        assert client.delete("/api/settings/keys/anthropic").status_code == 403


def test_an_entered_key_is_stored_encrypted_and_never_answered(room: Room) -> None:
    client = room.client(Role.ADMIN)
    answers = [
        client.put("/api/settings/keys/woodpecker", json={"key": f" {KEY}\n"}),
        client.get("/api/settings"),
        client.put("/api/settings/keys/woodpecker", json={"key": KEY + "\nX-Header: 1"}),
        client.put("/api/settings/keys/woodpecker", json={"key": "short"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 422, 422]
    assert not [answer for answer in answers if KEY in answer.text]
    with room.database.reading() as db:
        assert vendor_key(db, room.secrets, Vendor.WOODPECKER) == KEY
    assert KEY.encode() not in b"".join(path.read_bytes() for path in room.settings.data_dir.glob("*.sqlite3*"))


def test_a_removed_key_is_gone(room: Room) -> None:
    client = room.client(Role.ADMIN)
    client.put("/api/settings/keys/anthropic", json={"key": KEY})
    assert client.delete("/api/settings/keys/anthropic").status_code == 200
    with room.database.reading() as db:
        assert vendor_key(db, room.secrets, Vendor.ANTHROPIC) is None


def test_a_key_from_the_server_wins_and_cannot_be_changed_here(room: Room) -> None:
    room.modes[Vendor.ANTHROPIC] = VendorMode.REAL
    client = room.client(Role.ADMIN)
    for answer in (
        client.put("/api/settings/keys/anthropic", json={"key": KEY}),
        client.delete("/api/settings/keys/anthropic"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "key_set_by_server")


@pytest.mark.parametrize(("role", "last_four"), [(Role.ADMIN, "1234"), (Role.MANAGER, None), (Role.VIEWER, None)])
def test_everybody_sees_the_modes_and_only_admins_the_last_four(room: Room, role: Role, last_four: str | None) -> None:
    room.modes = {Vendor.ANTHROPIC: VendorMode.REAL, Vendor.WOODPECKER: VendorMode.OFF}
    vendors = room.client(role).get("/api/settings").json()["vendors"]
    assert vendors["anthropic"] == {"mode": "real", "source": "server", "last_four": last_four}
    assert vendors["woodpecker"]["mode"] == "off"


def test_an_unknown_vendor_is_no_place_for_a_key(room: Room) -> None:
    assert room.client(Role.ADMIN).put("/api/settings/keys/mailchimp", json={"key": KEY}).status_code == 422
