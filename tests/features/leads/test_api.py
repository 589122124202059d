"""Leads over HTTP: the list, single leads, bulk, downloads."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests import builders as make
from tests.room import Room
from woodpecker_api.features.campaigns.models import Membership
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.leads.service.listeners import listeners
from woodpecker_api.system.auth.permissions import Role


@pytest.fixture
def client(room: Room) -> TestClient:
    return room.client()


def some_leads(room: Room, count: int, **values: Any) -> list[str]:
    with room.database.writing() as db:
        return [
            make.a_lead(db, email=f"p{n:03}@x{n % 7}.example", last_name=f"N{n % 5}", **values).id for n in range(count)
        ]


def walk(client: TestClient, **query: Any) -> list[dict[str, Any]]:
    found, cursor = [], None
    while True:
        answer = client.get("/api/leads", params={**query, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            return found


def test_a_lead_is_shown_with_every_field_of_the_contract(room: Room, client: TestClient) -> None:
    with room.database.writing() as db:
        lead_id = make.a_lead(db, email="ann@acme.example", custom={"shoe": "38"}, tags=["spring"], city="Rome").id
    shown = client.get(f"/api/leads/{lead_id}").json()
    contract = (
        "id email first_name last_name company title phone website linkedin_url industry city state country time_zone custom"
        " owner_id sandbox status version created_at updated_at"
    )
    assert set(contract.split()) <= set(shown)
    assert (shown["custom"], shown["tags"], shown["created_at"]) == ({"shoe": "38"}, ["spring"], "2026-03-02T12:00:00Z")


@pytest.mark.parametrize(
    "sort", ["created", "-created", "updated", "-updated", "company", "name", "-name", "email", "-email", "status"]
)
def test_pages_follow_each_other_without_a_gap_or_a_repeat(room: Room, client: TestClient, sort: str) -> None:
    ids = some_leads(room, 23)
    with room.database.writing() as db:
        for n, lead in enumerate(db.query(Lead)):
            lead.updated_at = make.NOON + timedelta(minutes=n // 4)
            lead.status = LeadStatus.DRAFTED if n % 3 else LeadStatus.IMPORTED
    pages = walk(client, sort=sort, limit=4)
    whole = client.get("/api/leads", params={"sort": sort, "limit": 100}).json()
    assert [lead["id"] for lead in pages] == [lead["id"] for lead in whole["items"]]
    assert sorted(lead["id"] for lead in pages) == sorted(ids)
    assert (whole["total"], whole["total_capped"]) == (23, False)


def test_the_opposite_sorting_is_the_opposite_order(room: Room, client: TestClient) -> None:
    some_leads(room, 12)
    for name in ("created", "name", "email"):
        assert walk(client, sort=name) == walk(client, sort=f"-{name}")[::-1]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "jose"}, ["j"]),
        ({"q": "ACME lopez"}, ["j"]),
        ({"q": "x.example"}, ["j", "k"]),
        ({"q": "100%"}, []),
        ({"q": "_"}, ["k"]),
        ({"status": "drafted"}, ["k"]),
        ({"status": "drafted,imported"}, ["j", "k"]),
        ({"company": "acme"}, ["j"]),
        ({"title": "LEARN"}, ["k"]),
        ({"tag": "spring"}, ["j"]),
        ({"custom.shoe": "38"}, ["k"]),
        ({"custom.shoe": ""}, ["k"]),
        ({"owner": "none"}, ["j"]),
        ({"owner": "me"}, ["k"]),
        ({"import_id": "nothing"}, []),
    ],
)
def test_filters_find_what_they_say(room: Room, query: dict[str, str], expected: list[str]) -> None:
    with room.database.writing() as db:
        me = make.a_user(db)
        j = make.a_lead(
            db, email="j@x.example", first_name="José", last_name="López", company="Acme", title="Head", tags=["spring"]
        )
        k = make.a_lead(
            db, email="k_1@x.example", first_name="Kim", company="Bolt", title="Learning Lead", custom={"shoe": "38"},
            status=LeadStatus.DRAFTED, owner_id=me.id,
        )  # fmt: skip
        names = {j.id: "j", k.id: "k"}
    found = walk(room.client(user=me), sort="created", **query)
    assert [names[lead["id"]] for lead in found] == expected


def test_a_campaigns_people_are_found_by_our_copy_of_it(room: Room, client: TestClient) -> None:
    with room.database.writing() as db:
        campaign = make.a_campaign(db)
        make.a_lead(db, email="ann@acme.example")
        make.a_lead(db, email="bob@acme.example")
        account, number = campaign.woodpecker_account_id, campaign.vendor_id
        key = {"woodpecker_account_id": account, "campaign_vendor_id": number, "fetched_at": make.NOON}
        db.add(Membership(address_key="ann@acme.example", **key))
        wanted = campaign.id
    assert [lead["email"] for lead in walk(client, campaign_id=wanted)] == ["ann@acme.example"]


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "shoe_size"},
        {"status": "bored"},
        {"limit": 501},
        {"cursor": "nonsense"},
        {"cursor": "WyJhIiwxXQ", "sort": "updated"},
    ],
)
def test_a_list_that_cannot_be_is_refused(client: TestClient, query: dict[str, Any]) -> None:
    answer = client.get("/api/leads", params=query)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_counts_are_exact_and_take_the_same_filters(room: Room, client: TestClient) -> None:
    some_leads(room, 9)
    assert client.post("/api/leads/count", json={"filter": {"q": "x3.example"}}).json() == {"count": 1}
    assert client.post("/api/leads/count", json={"filter": {"status": "imported"}}).json() == {"count": 9}
    assert client.post("/api/leads/count", json={"filter": {"shoe": 1}}).status_code == 422


def test_a_lead_is_entered_by_hand_and_is_mine(room: Room) -> None:
    with room.database.writing() as db:
        me = make.a_user(db)
    answer = room.client(user=me).post(
        "/api/leads", json={"email": " Ann@Acme.example ", "first_name": "Ann", "tags": ["vip"]}
    )
    assert answer.status_code == 201
    lead = answer.json()
    assert (lead["email"], lead["owner_id"], lead["status"], lead["version"]) == (
        "Ann@Acme.example",
        me.id,
        "imported",
        1,
    )


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"email": "x", "first_name": "Ann"}, "email", "email_invalid"),
        ({"email": "", "first_name": "Ann"}, "email", "required"),
        ({"email": "a@acme.example"}, "first_name", "required"),
        ({"email": "a@acme.example", "first_name": "A", "website": "javascript:alert(1)"}, "website", "link_not_http"),
        ({"email": "a@acme.example", "first_name": "A", "time_zone": "Ohio"}, "time_zone", "time_zone_unclear"),
        ({"email": "a@acme.example", "first_name": "A\nB"}, "first_name", "line_break"),
        ({"email": "a@acme.example", "first_name": "x" * 101}, "first_name", "too_long"),
        (
            {"email": "a@acme.example", "first_name": "A", "custom": {"Shoe Size": "38"}},
            "custom.Shoe Size",
            "key_invalid",
        ),
        ({"email": "a@acme.example", "first_name": "A", "tags": [" "]}, "tags", "tag_invalid"),
    ],
)
def test_a_value_that_cannot_be_stored_is_named(
    client: TestClient, body: dict[str, Any], field: str, code: str
) -> None:
    answer = client.post("/api/leads", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "lead_invalid")
    assert (field, code) in {(problem["field"], problem["code"]) for problem in answer.json()["errors"]}


def test_one_address_is_one_live_lead(room: Room, client: TestClient) -> None:
    with room.database.writing() as db:
        first = make.a_lead(db, email="ann@acme.example").id
        other = make.a_lead(db, email="bob@acme.example").id
    taken = client.post("/api/leads", json={"email": "ANN@acme.example", "first_name": "A"})
    assert (taken.status_code, taken.json()["code"], taken.json()["lead_id"]) == (409, "address_taken", first)
    assert client.patch(f"/api/leads/{other}", json={"version": 1, "email": "Ann@ACME.example"}).status_code == 409
    assert client.delete(f"/api/leads/{first}").status_code == 204
    assert client.patch(f"/api/leads/{other}", json={"version": 1, "email": "ann@acme.example"}).status_code == 200
    back = client.post(f"/api/leads/{first}/restore")
    assert (back.status_code, back.json()["code"]) == (409, "address_taken")


def test_an_edit_changes_only_what_was_sent(room: Room, client: TestClient) -> None:
    with room.database.writing() as db:
        lead_id = make.a_lead(db, email="ann@acme.example", phone="1").id
    edited = client.patch(f"/api/leads/{lead_id}", json={"version": 1, "company": "Zeta", "phone": None}).json()
    assert (edited["company"], edited["phone"], edited["first_name"], edited["version"]) == ("Zeta", "", "Ann", 2)
    assert len(walk(client, q="zeta")) == 1
    assert walk(client, company="acme") == []
    same = client.patch(f"/api/leads/{lead_id}", json={"version": 2, "company": "Zeta"}).json()
    assert same["version"] == 2


def test_of_two_edits_at_once_the_second_learns_of_the_first(room: Room, client: TestClient) -> None:
    with room.database.writing() as db:
        lead_id = make.a_lead(db).id
    client.patch(f"/api/leads/{lead_id}", json={"version": 1, "title": "First"})
    late = client.patch(f"/api/leads/{lead_id}", json={"version": 1, "title": "Second"})
    assert (late.status_code, late.json()["code"]) == (409, "version_conflict")
    assert (late.json()["current"]["title"], late.json()["current"]["version"]) == ("First", 2)


@pytest.mark.parametrize(
    ("change", "told"), [({"company": "Zeta"}, 1), ({"first_name": "Anna"}, 1), ({"title": "Chief"}, 0)]
)
def test_a_changed_name_or_company_sends_texts_back_to_review(
    room: Room, client: TestClient, monkeypatch: pytest.MonkeyPatch, change: dict[str, str], told: int
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(listeners, "changed", [lambda _db, _actor, ids, _now: heard.extend(ids)])
    with room.database.writing() as db:
        lead_id = make.a_lead(db).id
    client.patch(f"/api/leads/{lead_id}", json={"version": 1, **change})
    assert heard == [lead_id] * told


def test_a_deleted_lead_is_gone_and_can_be_brought_back(room: Room, client: TestClient) -> None:
    (lead_id,) = some_leads(room, 1)
    assert client.delete(f"/api/leads/{lead_id}").status_code == 204
    assert client.get(f"/api/leads/{lead_id}").json()["code"] == "lead_deleted"
    assert walk(client) == []
    assert [lead["id"] for lead in walk(client, deleted=True)] == [lead_id]
    assert client.get("/api/leads/never-there").json()["code"] == "lead_not_found"
    assert client.post(f"/api/leads/{lead_id}/restore").json()["deleted_at"] is None
    assert client.post(f"/api/leads/{lead_id}/restore").status_code == 404


def test_what_an_export_holds_stays(room: Room, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = some_leads(room, 3)
    monkeypatch.setattr(listeners, "held", [lambda _db, asked: {ids[1]} & set(asked)])
    single = client.delete(f"/api/leads/{ids[1]}")
    assert (single.status_code, single.json()["code"]) == (409, "export_in_progress")
    many = client.post("/api/leads/bulk", json={"action": "delete", "selection": {"ids": ids}})
    assert (many.status_code, many.json()["lead_ids"]) == (409, [ids[1]])
    assert len(walk(client)) == 3


def test_bulk_changes_reach_all_that_match_except_the_excepted(room: Room, client: TestClient) -> None:
    ids = some_leads(room, 10)
    with room.database.writing() as db:
        olga = make.a_user(db).id
    selection = {"filter": {"q": "example"}, "except_ids": ids[:3], "expected_count": 7}
    assert client.post(
        "/api/leads/bulk", json={"action": "assign", "selection": selection, "owner_id": olga}
    ).json() == {"changed": 7}
    assert {lead["id"] for lead in walk(client, owner=olga)} == set(ids[3:])
    tag = {"action": "tag", "selection": {"filter": {"owner": olga}}, "add": ["spring", " hot  lead "]}
    assert client.post("/api/leads/bulk", json=tag).json() == {"changed": 7}
    assert client.post("/api/leads/bulk", json=tag).json() == {"changed": 0}
    untag = {"action": "tag", "selection": {"ids": ids[3:5]}, "remove": ["spring"]}
    assert client.post("/api/leads/bulk", json=untag).json() == {"changed": 2}
    assert (len(walk(client, tag="spring")), len(walk(client, tag="hot lead"))) == (5, 7)
    gone = client.post("/api/leads/bulk", json={"action": "delete", "selection": {"ids": ids[:2]}}).json()
    assert gone["changed"] == 2
    assert len(walk(client)) == 8


def test_one_deletion_of_many_is_undone_without_those_deleted_before(room: Room, client: TestClient) -> None:
    ids = some_leads(room, 5)
    bulk(client, "delete", {"ids": ids[:1]})
    room.now += timedelta(seconds=1)
    gone = bulk(client, "delete", {"filter": {}, "expected_count": 4})
    assert walk(client) == []
    back = bulk(client, "restore", {"filter": {"deleted": True}}, deleted_at=gone["deleted_at"])
    assert back == {"changed": 4}
    assert {lead["id"] for lead in walk(client)} == set(ids[1:])
    assert bulk(client, "restore", {"ids": ids}) == {"changed": 1}
    assert len(walk(client)) == 5


def test_nobody_comes_back_beside_a_lead_of_the_same_address(room: Room, client: TestClient) -> None:
    person = {"email": "ann@acme.example", "first_name": "Ann"}
    first, second = (_added_and_deleted(room, client, person) for _ in range(2))
    assert bulk(client, "restore", {"filter": {}}) == {"changed": 1}
    assert [lead["id"] for lead in walk(client)] == [second]
    assert bulk(client, "restore", {"ids": [first]}) == {"changed": 0}


def _added_and_deleted(room: Room, client: TestClient, person: dict[str, str]) -> str:
    lead_id: str = client.post("/api/leads", json=person).json()["id"]
    client.delete(f"/api/leads/{lead_id}")
    room.now += timedelta(seconds=1)
    return lead_id


def bulk(client: TestClient, action: str, selection: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = client.post("/api/leads/bulk", json={"action": action, "selection": selection, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    ("selection", "status", "code"),
    [
        ({"filter": {}, "expected_count": 4}, 409, "selection_changed"),
        ({"ids": ["gone"]}, 409, "selection_changed"),
        ({}, 422, "validation_failed"),
        ({"ids": ["a"], "filter": {}}, 422, "validation_failed"),
        ({"ids": []}, 422, "validation_failed"),
    ],
)
def test_a_selection_that_does_not_hold_changes_nothing(
    room: Room, client: TestClient, selection: dict[str, Any], status: int, code: str
) -> None:
    some_leads(room, 3)
    answer = client.post("/api/leads/bulk", json={"action": "delete", "selection": selection})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(walk(client)) == 3


def test_an_owner_who_does_not_exist_is_refused(room: Room, client: TestClient) -> None:
    ids = some_leads(room, 1)
    answer = client.post("/api/leads/bulk", json={"action": "assign", "selection": {"ids": ids}, "owner_id": "nobody"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown_user")
    single = client.patch(f"/api/leads/{ids[0]}", json={"version": 1, "owner_id": "nobody"})
    assert single.status_code == 422


def test_the_download_holds_all_that_match_and_is_safe_for_a_spreadsheet(room: Room, client: TestClient) -> None:
    with room.database.writing() as db:
        make.a_lead(db, email="ann@acme.example", company="=1+1", custom={"shoe": "38"}, tags=["a", "b"])
        make.a_lead(db, email="bob@bolt.example", company="Bolt", custom={"hat": "M"})
    answer = client.get("/api/leads.csv", params={"q": "example"})
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [row["email"] for row in rows] == ["ann@acme.example", "bob@bolt.example"]
    assert (rows[0]["company"], rows[0]["shoe"], rows[0]["hat"], rows[0]["tags"]) == ("'=1+1", "38", "", "a, b")
    assert len(list(csv.reader(io.StringIO(client.get("/api/leads.csv?q=bolt").text)))) == 2


def test_the_timeline_tells_who_changed_what(room: Room) -> None:
    with room.database.writing() as db:
        olga = make.a_user(db, name="Olga")
        lead_id = make.a_lead(db, company="Acme").id
    client = room.client(user=olga)
    client.patch(f"/api/leads/{lead_id}", json={"version": 1, "company": "Zeta", "title": "Chief"})
    (entry,) = client.get(f"/api/leads/{lead_id}/timeline").json()["items"]
    assert (entry["kind"], entry["user"]) == ("lead.edited", "Olga")
    assert entry["text"] == "Edited: Company, Title"
    assert entry["detail"]["before"]["company"] == "Acme"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/leads"),
        ("PATCH", "/api/leads/x"),
        ("DELETE", "/api/leads/x"),
        ("POST", "/api/leads/bulk"),
        ("POST", "/api/do-not-contact"),
    ],
)
def test_a_viewer_changes_nothing_and_a_stranger_sees_nothing(room: Room, method: str, path: str) -> None:
    assert room.client(Role.VIEWER).request(method, path, json={}).status_code == 403
    assert room.client(None).request(method, path, json={}).status_code == 401
    assert room.client(None).get("/api/leads").status_code == 401
