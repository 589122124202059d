"""History over HTTP: filters, pages, file, charts, and what we know of a person."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests import builders as make
from tests.room import Room
from woodpecker_api.features.campaigns.models import Campaign
from woodpecker_api.features.exports.models import Attempt
from woodpecker_api.features.exports.rules import AttemptStatus, ItemStatus
from woodpecker_api.features.history.api import listing
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.http.services import VendorMode
from woodpecker_api.system.auth.models import User
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.system.settings.service import Vendor

NOON = make.NOON


def test_a_row_says_who_put_whom_where_and_what_came_of_it(room: Room) -> None:
    with room.database.writing() as db:
        attempt = _attempt(db, "ann@acme.example", by=make.a_user(db, name="Olga"))
    [row] = room.client().get("/api/history").json()["items"]
    assert (row["id"], row["email"], row["user"], row["status"]) == (attempt.id, "ann@acme.example", "Olga", "added")
    assert (row["approval"], row["started_at"]) == ("read", "2026-03-02T12:00:00Z")


def test_pages_follow_each_other_without_a_gap_or_a_repeat_also_at_the_same_moment(room: Room) -> None:
    with room.database.writing() as db:
        item = make.an_item(db, status=ItemStatus.ADDED)
        made = [make.an_attempt(db, item=item, at=NOON + timedelta(minutes=n // 3), attempt=n + 1) for n in range(11)]
    expected = [a.id for a in sorted(made, key=lambda a: (a.started_at, a.id))]
    assert _walk(room, "started_at") == expected
    assert _walk(room, "-started_at") == expected[::-1]


def test_a_cursor_of_another_sorting_or_made_up_is_refused(room: Room) -> None:
    with room.database.writing() as db:
        item = make.an_item(db)
        for number in range(2):
            make.an_attempt(db, item=item, attempt=number)
    client = room.client()
    cursor = client.get("/api/history", params={"limit": 1}).json()["next_cursor"]
    for params in ({"cursor": cursor, "sort": "started_at"}, {"cursor": "made-up"}, {"cursor": "WzEsMiwzXQ"}):
        answer = client.get("/api/history", params=params)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor")


def test_each_filter_leaves_only_what_it_names(room: Room) -> None:
    with room.database.writing() as db:
        olga, carl = make.a_user(db, name="Olga"), make.a_user(db, name="Carl")
        ann = _attempt(db, "Ann@acme.example", by=olga, first_name="Ann", company="Acme")
        bob = _attempt(db, "bob@möbel.example", by=carl, first_name="Bob", company="Möbel Łódź")
        bob.status, bob.started_at = AttemptStatus.FAILED, NOON + timedelta(days=2)
    client = room.client(user=olga)
    for params, found in (
        ({"email": " ANN@Acme.example"}, [ann]),
        ({"q": "mobel"}, [bob]),
        ({"q": "lodz bob"}, [bob]),
        ({"q": "@acme.example"}, [ann]),
        ({"q": "bob@möbel.example"}, [bob]),
        ({"q": "%"}, []),
        ({"campaign_id": ann.campaign_id}, [ann]),
        ({"export_id": bob.export_id}, [bob]),
        ({"lead_id": bob.lead_id}, [bob]),
        ({"status": "failed"}, [bob]),
        ({"status": ["failed", "added"]}, [bob, ann]),
        ({"user": carl.id}, [bob]),
        ({"user": "me"}, [ann]),
        ({"from": "2026-03-03"}, [bob]),
        ({"to": "2026-03-02"}, [ann]),
        ({"from": "2026-03-02T12:00:00Z", "to": "2026-03-02T12:00:01Z"}, [ann]),
        ({"q": "acme", "status": "failed"}, []),
    ):
        answer = client.get("/api/history", params=params).json()
        assert [row["id"] for row in answer["items"]] == [row.id for row in found], params
        assert answer["total"] == len(found)


def test_a_filter_that_cannot_be_read_says_which_one(room: Room) -> None:
    client = room.client()
    for params, field in (({"from": "monday"}, "from"), ({"status": "nice"}, "status.0"), ({"sort": "email"}, "sort")):
        answer = client.get("/api/history", params=params)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_attempts_at_the_simulator_are_hidden_once_woodpecker_is_real(room: Room) -> None:
    with room.database.writing() as db:
        _attempt(db, "ann@acme.example")
        real = make.a_campaign(db, account=make.an_account(db, sandbox=False))
        _attempt(db, "bob@acme.example", campaign=real)
    client = room.client()
    assert client.get("/api/history").json()["total"] == 2
    for mode in (VendorMode.REAL, VendorMode.OFF):
        room.modes[Vendor.WOODPECKER] = mode
        assert [row["email"] for row in client.get("/api/history").json()["items"]] == ["bob@acme.example"]
        assert client.get("/api/contacts/ann@acme.example").json()["contacted"] == "no"


def test_the_total_stops_counting_where_nobody_gains(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    # Ten thousand rows are too many to make here; the cap is the only thing changed.
    monkeypatch.setattr("woodpecker_api.features.history.queries.listing.COUNT_CAP", 3)
    monkeypatch.setattr("woodpecker_api.kit.paging.COUNT_CAP", 3)
    with room.database.writing() as db:
        item = make.an_item(db)
        for number in range(6):
            make.an_attempt(db, item=item, attempt=number)
    answer = room.client().get("/api/history", params={"limit": 2}).json()
    assert (answer["total"], answer["total_capped"]) == (4, True)


def test_nobody_reads_history_without_signing_in(room: Room) -> None:
    for path in ("/api/history", "/api/history.csv", "/api/history/summary", "/api/contacts/a@b.example"):
        assert room.client(None).get(path).status_code == 401
        assert room.client(Role.VIEWER).get(path).status_code == 200


def test_the_file_holds_every_matching_row_across_its_slices_and_no_formula(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "FILE_SLICE", 2)  # a slice of a thousand is too many to make here
    with room.database.writing() as db:
        item = make.an_item(db)
        for number in range(5):
            make.an_attempt(db, item=item, attempt=number, at=NOON + timedelta(seconds=number), error="=1+1")
        _attempt(db, "bob@other.example")
    answer = room.client().get("/api/history.csv", params={"email": item.email})
    assert answer.headers["content-disposition"] == 'attachment; filename="history-2026-03-02.csv"'
    assert answer.content.startswith("\ufeffstarted_at,email".encode())
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["attempt"] for row in rows] == ["4", "3", "2", "1", "0"]
    assert {row["error"] for row in rows} == {"'=1+1"}
    assert rows[0]["started_at"] == "2026-03-02T12:00:04Z"


def test_charts_count_by_status_and_day_and_by_campaign(room: Room) -> None:
    with room.database.writing() as db:
        first, second = make.a_campaign(db, name="First"), make.a_campaign(db, name="Second")
        for day, status, campaign in (
            (0, "added", first),
            (0, "failed", first),
            (1, "added", first),
            (1, "added", second),
        ):
            attempt = _attempt(db, f"p{day}{status}{campaign.name}@acme.example", campaign=campaign)
            attempt.started_at, attempt.status = NOON - timedelta(days=day), status
        _attempt(db, "old@acme.example").started_at = NOON - timedelta(days=100)
    answer = room.client().get("/api/history/summary", params={"to": "2026-03-02"}).json()
    assert answer["totals"] == {"added": 3, "failed": 1}
    assert answer["days"] == [
        {"day": "2026-03-01", "status": "added", "count": 2},
        {"day": "2026-03-02", "status": "added", "count": 1},
        {"day": "2026-03-02", "status": "failed", "count": 1},
    ]
    assert [(c["campaign_name"], c["total"]) for c in answer["campaigns"]] == [("First", 3), ("Second", 1)]
    assert answer["campaigns"][0]["counts"] == {"added": 2, "failed": 1}


def test_a_person_nobody_knows_was_never_contacted(room: Room) -> None:
    answer = room.client().get("/api/contacts/nobody@acme.example").json()
    assert (answer["contacted"], answer["attempts"], answer["account"], answer["as_of"]) == ("no", [], None, None)


def test_a_persons_story_joins_our_record_with_what_woodpecker_says(room: Room) -> None:
    with room.database.writing() as db:
        account = make.an_account(db)
        campaign = make.a_campaign(db, account=account, name="Spring")
        attempt = _attempt(db, "ann@acme.example", campaign=campaign, by=make.a_user(db, name="Olga"))
        make.an_account_person(db, account, "ann@acme.example", status="REPLIED", last_contacted_at=NOON)
        make.a_membership(db, campaign, "ann@acme.example")
        make.a_suppression(db, "acme.example")
        account.people_as_of = NOON - timedelta(hours=3)
    answer = room.client().get("/api/contacts/ANN@acme.example").json()
    assert (answer["contacted"], answer["as_of"]) == ("mailed", "2026-03-02T09:00:00Z")
    assert (answer["account"]["status"], answer["lead_id"]) == ("REPLIED", attempt.lead_id)
    assert [m["campaign_name"] for m in answer["memberships"]] == ["Spring"]
    assert [e["value"] for e in answer["do_not_contact"]] == ["acme.example"]
    [told] = answer["attempts"]
    assert (told["user"], told["template_name"]) == ("Olga", "Default")
    assert told["texts"]["snippet1"].startswith("Snippet 1 for")
    assert "company" not in told["texts"]


def test_an_unknown_outcome_is_a_maybe(room: Room) -> None:
    with room.database.writing() as db:
        _attempt(db, "ann@acme.example").status = AttemptStatus.UNKNOWN
        _attempt(db, "bob@acme.example").status = AttemptStatus.NOT_SENT
    client = room.client()
    assert client.get("/api/contacts/ann@acme.example").json()["contacted"] == "maybe"
    assert client.get("/api/contacts/bob@acme.example").json()["contacted"] == "no"


def test_a_company_lists_everybody_there_from_both_sides(room: Room) -> None:
    with room.database.writing() as db:
        account = make.an_account(db)
        campaign = make.a_campaign(db, account=account)
        _attempt(db, "ann@acme.example", campaign=campaign)
        for email in ("ann@acme.example", "carl@acme.example", "dora@acme.example", "eve@other.example"):
            make.an_account_person(db, account, email)
        make.a_membership(db, campaign, "dora@acme.example")
    answer = room.client().get("/api/contacts", params={"domain": "ACME.example"}).json()
    told = [(p["email"].partition("@")[0], p["contacted"], p["attempts"]) for p in answer["people"]]
    assert told == [("ann", "added", 1), ("carl", "no", 0), ("dora", "added", 0)]
    assert (answer["contacted"], answer["attempted_total"]) == ("added", 1)


def test_a_word_is_no_domain(room: Room) -> None:
    assert room.client().get("/api/contacts", params={"domain": "acme"}).json()["errors"][0]["field"] == "domain"


def _attempt(
    db: Session, email: str, *, campaign: Campaign | None = None, by: User | None = None, **lead: str
) -> Attempt:
    sequence = make.a_sequence(db, lead=make.a_lead(db, email=email, **lead), status=SequenceStatus.APPROVED)
    export = make.an_export(db, campaign=campaign)
    return make.an_attempt(db, item=make.an_item(db, export=export, sequence=sequence), by=by)


def _walk(room: Room, sort: str) -> list[str]:
    client, ids, cursor = room.client(), [], None
    while True:
        more = f"&cursor={cursor}" if cursor else ""
        answer = client.get(f"/api/history?limit=4&sort={sort}{more}").json()
        assert answer["total"] == 11
        ids += [row["id"] for row in answer["items"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            return ids
