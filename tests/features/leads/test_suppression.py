"""The do-not-contact list over HTTP, and saved views."""

import csv
import io
from datetime import timedelta

import pytest

from tests import builders as make
from tests.room import Room
from woodpecker_api.features.leads.service import suppressed_now
from woodpecker_api.features.leads.service.listeners import listeners
from woodpecker_api.system.auth.permissions import Role


@pytest.mark.parametrize(
    ("value", "kind", "stops"),
    [
        ("Ann@Acme.example", "email", "ann@acme.example"),
        ("acme.example", "domain", "bob@mail.acme.example"),
        ("@ACME.example", "domain", "bob@acme.example"),
        ("*.acme.example", "domain", "bob@acme.example"),
        ("müller.example", "domain", "ann@xn--mller-kva.example"),
    ],
)
def test_an_address_or_a_domain_stops_whom_it_means(room: Room, value: str, kind: str, stops: str) -> None:
    answer = room.client().post("/api/do-not-contact", json={"value": value, "reason": "asked"})
    assert (answer.status_code, answer.json()["kind"]) == (201, kind)
    with room.database.reading() as db:
        assert suppressed_now(db, room.now).reason(stops) is not None
        assert suppressed_now(db, room.now).reason("zed@other.example") is None


@pytest.mark.parametrize("value", ["", "example", "not an address", "@", "a@", "a@@b.example", "com."])
def test_what_is_neither_is_refused(room: Room, value: str) -> None:
    answer = room.client().post("/api/do-not-contact", json={"value": value})
    assert answer.status_code == 422


def test_an_entry_ends_when_it_was_said_to(room: Room) -> None:
    until = (room.now + timedelta(days=30)).isoformat()
    room.client().post("/api/do-not-contact", json={"value": "ann@acme.example", "until": until})
    with room.database.reading() as db:
        assert suppressed_now(db, room.now).reason("ann@acme.example") is not None
        assert suppressed_now(db, room.now + timedelta(days=31)).reason("ann@acme.example") is None


def test_adding_twice_renews_the_one_entry(room: Room) -> None:
    client = room.client()
    first = client.post("/api/do-not-contact", json={"value": "ann@acme.example", "reason": "one"}).json()
    second = client.post("/api/do-not-contact", json={"value": "ANN@acme.example", "reason": "two"}).json()
    assert (first["id"], second["reason"]) == (second["id"], "two")
    assert client.get("/api/do-not-contact").json()["total"] == 1


def test_everybody_adds_and_only_managers_take_away(room: Room) -> None:
    entry = room.client().post("/api/do-not-contact", json={"value": "acme.example"}).json()
    assert room.client(Role.REP).delete(f"/api/do-not-contact/{entry['id']}").status_code == 403
    assert room.client(Role.REP).patch(f"/api/do-not-contact/{entry['id']}", json={}).status_code == 403
    changed = room.client(Role.MANAGER).patch(f"/api/do-not-contact/{entry['id']}", json={"reason": "customer"})
    assert changed.json()["reason"] == "customer"
    assert room.client(Role.MANAGER).delete(f"/api/do-not-contact/{entry['id']}").status_code == 204
    assert (
        room.client(Role.MANAGER).delete(f"/api/do-not-contact/{entry['id']}").json()["code"]
        == "do_not_contact_not_found"
    )


def test_the_list_is_searched_and_paged(room: Room) -> None:
    client = room.client()
    for n in range(7):
        client.post("/api/do-not-contact", json={"value": f"p{n}@acme.example"})
    client.post("/api/do-not-contact", json={"value": "bolt.example"})
    first = client.get("/api/do-not-contact", params={"limit": 5}).json()
    rest = client.get("/api/do-not-contact", params={"limit": 5, "cursor": first["next_cursor"]}).json()
    assert len({entry["id"] for entry in first["items"] + rest["items"]}) == 8
    assert client.get("/api/do-not-contact", params={"q": "ACME"}).json()["total"] == 7


def test_a_customer_list_is_replaced_as_a_whole_and_nothing_else_with_it(room: Room) -> None:
    manager = room.client(Role.MANAGER)
    manager.post("/api/do-not-contact", json={"value": "single@x.example"})
    form = {"list_name": "customers", "replace": "true"}
    one = b"Email,Reason\nann@acme.example,contract\nbolt.example,\nnonsense,\n"
    first = manager.post("/api/do-not-contact/import", files={"file": ("c.csv", one)}, data=form).json()
    assert (first["added"], first["removed"], first["refused_total"]) == (2, 0, 1)
    assert first["refused"][0]["row"] == 4
    two = "\ufeffbolt.example;\nzeta.example;new\n".encode()
    second = manager.post("/api/do-not-contact/import", files={"file": ("c.csv", two)}, data=form).json()
    assert (second["added"], second["removed"]) == (2, 1)
    rows = list(csv.reader(io.StringIO(manager.get("/api/do-not-contact.csv").text.lstrip("\ufeff"))))
    assert {row[0] for row in rows[1:]} == {"single@x.example", "bolt.example", "zeta.example"}
    assert manager.get("/api/do-not-contact", params={"list_name": "customers"}).json()["total"] == 2


def test_a_rep_may_add_a_list_but_not_replace_one(room: Room) -> None:
    rep = room.client()
    file = {"file": ("c.csv", b"acme.example\n")}
    assert (
        rep.post("/api/do-not-contact/import", files=file, data={"list_name": "x", "replace": "true"}).status_code
        == 403
    )
    assert rep.post("/api/do-not-contact/import", files=file).json()["added"] == 1
    manager = room.client(Role.MANAGER)
    assert manager.post("/api/do-not-contact/import", files=file, data={"replace": "true"}).status_code == 422


def test_rooms_above_learn_which_of_our_leads_are_concerned(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(listeners, "suppressed", [lambda _db, _actor, keys, _now: heard.extend(keys)])
    with room.database.writing() as db:
        for email in ("ann@acme.example", "bob@mail.acme.example", "cem@notacme.example"):
            make.a_lead(db, email=email)
    room.client().post("/api/do-not-contact", json={"value": "acme.example"})
    assert heard == ["@acme.example", "ann@acme.example", "bob@mail.acme.example"]
    heard.clear()
    # An address is always said: an export may have added it before its lead was deleted.
    room.client().post("/api/do-not-contact", json={"value": "nobody@else.example"})
    assert heard == ["nobody@else.example"]


def test_whom_only_woodpecker_knows_is_concerned_as_well(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    # Registered for one test: what listens is the process's own.
    monkeypatch.setattr(listeners, "suppressed", [lambda db, actor, keys, now: told.extend(keys)])
    with room.database.writing() as db:
        account = make.an_account(db)
        for email in ("ann@acme.example", "bob@mail.acme.example", "eve@notacme.example"):
            make.an_account_person(db, account, email)
    room.client().post("/api/do-not-contact", json={"value": "acme.example"})
    room.client().post("/api/do-not-contact", json={"value": "nobody@elsewhere.example"})
    assert told == ["@acme.example", "ann@acme.example", "bob@mail.acme.example", "nobody@elsewhere.example"]


def test_selected_leads_go_onto_the_list(room: Room) -> None:
    with room.database.writing() as db:
        lead_id = make.a_lead(db, email="ann@acme.example").id
    body = {"action": "do_not_contact", "selection": {"ids": [lead_id]}, "reason": "asked by phone"}
    assert room.client().post("/api/leads/bulk", json=body).json() == {"changed": 1}
    (entry,) = room.client().get("/api/do-not-contact").json()["items"]
    assert (entry["value"], entry["reason"], entry["kind"]) == ("ann@acme.example", "asked by phone", "email")


def test_a_view_is_saved_shared_changed_and_removed_by_its_owner_only(room: Room) -> None:
    with room.database.writing() as db:
        olga, carl = make.a_user(db), make.a_user(db)
    mine, other = room.client(user=olga), room.client(user=carl)
    view = mine.post("/api/views", json={"name": "Spring", "query": {"tag": "spring"}, "shared": True}).json()
    mine.post("/api/views", json={"name": "Private", "query": {}})
    assert [v["name"] for v in mine.get("/api/views", params={"page": "leads"}).json()["items"]] == [
        "Private",
        "Spring",
    ]
    assert [v["name"] for v in other.get("/api/views").json()["items"]] == ["Spring"]
    assert mine.post("/api/views", json={"name": "Spring", "query": {}}).json()["code"] == "view_name_taken"
    assert other.patch(f"/api/views/{view['id']}", json={"version": 1, "name": "Mine"}).status_code == 404
    changed = mine.patch(f"/api/views/{view['id']}", json={"version": 1, "query": {"tag": "x"}, "shared": False}).json()
    assert (changed["version"], changed["query"], changed["shared"]) == (2, {"tag": "x"}, False)
    late = mine.patch(f"/api/views/{view['id']}", json={"version": 1, "name": "Late"})
    assert (late.status_code, late.json()["current"]["version"]) == (409, 2)
    assert mine.patch(f"/api/views/{view['id']}", json={"version": 2, "name": "Private"}).status_code == 409
    assert mine.delete(f"/api/views/{view['id']}").status_code == 204
    assert other.get("/api/views").json()["items"] == []
