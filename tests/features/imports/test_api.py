"""Imports over HTTP: upload, correction, commit, undo, downloads."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from tests import builders as make
from tests.features.imports.desk import Desk, a_turn
from tests.features.imports.lists import SMALL_PRESETS, a_list, a_workbook, text_of
from woodpecker_api.features.imports import api
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.system.audit.models import AuditLine
from woodpecker_api.system.audit.service import verify
from woodpecker_api.system.auth.permissions import Role

TWO = text_of("Email,First Name,Company", "ann@acme.example,Ann,Acme", "bob@bolt.example,Bob,Bolt")
MIXED = text_of(
    "Email,First Name,Company",
    "ann@acme.example,Ann,Acme",
    "not an address,Nob,Nowhere",
    "ANN@acme.example,Anna,Acme",
    "bob@bolt.example,Bob,Bolt",
)


def test_an_upload_is_shown_before_anything_is_stored(desk: Desk) -> None:
    shown = desk.upload(MIXED, "C:\\lists\\Spring Leads.csv")
    assert (shown["status"], shown["filename"]) == ("parsed", "Spring Leads.csv")
    assert (shown["encoding"], shown["delimiter"], shown["header_row"], shown["row_count"]) == ("utf-8", ",", 1, 4)
    assert shown["columns"][0] == {
        "name": "Email",
        "sample": ["ann@acme.example", "not an address", "ANN@acme.example", "bob@bolt.example"],
        "field": "email",
    }
    counts = {name: shown["counts"][name] for name in ("ok", "duplicate_in_file", "duplicate_in_database", "invalid")}
    assert counts == {"ok": 2, "duplicate_in_file": 1, "duplicate_in_database": 0, "invalid": 1}
    assert shown["issues"][0]["code"] == "email_invalid"
    assert shown["issues"][0]["row"] == 3
    assert shown["issues_total"] == 2
    assert desk.leads() == []


@pytest.mark.parametrize("preset", SMALL_PRESETS)
def test_every_list_of_the_generator_gets_an_answer_that_adds_up(desk: Desk, preset: str) -> None:
    made = a_list(preset)
    answer = desk.client.post("/api/imports", files={"file": ("x.csv", made.data)})
    if preset == "zero-bytes":
        assert (answer.status_code, answer.json()["reason"]) == (422, "file_empty")
        return
    shown = answer.json()
    counts = shown["counts"]
    assert shown["row_count"] == made.facts["rows"]
    assert counts["ok"] + counts["duplicate_in_file"] + counts["invalid"] == made.facts["rows"]
    if preset not in ("no-header", "big-cells"):
        assert counts["ok"] == made.facts["emails_distinct_trimmed_lower"]


def test_a_commit_stores_what_can_be_used_and_accounts_for_the_rest(desk: Desk) -> None:
    import_id = desk.upload(MIXED)["id"]
    desk.start(import_id, on_duplicate="skip", note="Met at the fair")
    assert desk.leads() == []
    done = desk.finish(import_id)
    assert done["status"] == "committed"
    assert {k: done["counts"][k] for k in ("created", "updated", "skipped", "rejected")} == {
        "created": 2, "updated": 0, "skipped": 1, "rejected": 1,
    }  # fmt: skip
    assert done["note"] == "Met at the fair"
    ann, bob = desk.leads(import_id=import_id)
    assert (ann["email"], ann["first_name"], ann["owner_id"], ann["status"]) == (
        "ann@acme.example", "Ann", desk.user.id, "imported",
    )  # fmt: skip
    assert bob["company"] == "Bolt"


def test_rejected_rows_come_back_with_line_reason_and_cells(desk: Desk) -> None:
    import_id = desk.upload(MIXED)["id"]
    before = _csv(desk, f"/api/imports/{import_id}/rejects.csv")
    desk.start(import_id)
    desk.finish(import_id)
    after = _csv(desk, f"/api/imports/{import_id}/rejects.csv")
    assert before == after
    assert after[0] == ["import_row", "import_code", "import_reason", "Email", "First Name", "Company"]
    assert [(row[0], row[1], row[3]) for row in after[1:]] == [
        ("3", "email_invalid", "not an address"),
        ("4", "duplicate_in_file", "ANN@acme.example"),
    ]


def test_a_rejected_cell_is_no_formula_in_a_spreadsheet(desk: Desk) -> None:
    import_id = desk.upload(text_of("Email,First Name", "=1+1,Ann"))["id"]
    assert _csv(desk, f"/api/imports/{import_id}/rejects.csv")[1][3] == "'=1+1"


def test_problems_are_paged_filtered_and_downloadable(desk: Desk) -> None:
    rows = [f"nobody{n},Ann,Acme" for n in range(120)] + [f"a{n}@acme.example,,Acme" for n in range(5)]
    import_id = desk.upload(text_of("Email,First Name,Company", *rows))["id"]
    assert len(desk.get(import_id)["issues"]) == 100
    url = f"/api/imports/{import_id}/issues"
    first = desk.client.get(url, params={"limit": 100}).json()
    second = desk.client.get(url, params={"limit": 100, "cursor": first["next_cursor"]}).json()
    assert [issue["row"] for issue in first["items"] + second["items"]] == list(range(2, 127))
    assert (first["total"], second["next_cursor"]) == (125, None)
    names = desk.client.get(url, params={"code": "name_missing"}).json()
    assert (names["total"], names["items"][0]["column"]) == (5, "First Name")
    assert len(_csv(desk, f"{url}.csv")) == 126


def test_a_correction_reads_the_file_again(desk: Desk) -> None:
    data = "Email;Vorname;Größe\nann@acme.example;José;38\n".encode("cp1252")
    shown = desk.upload(data)
    assert shown["columns"][2]["name"] == "Größe"
    wrong = desk.patch(shown["id"], encoding="cp1251")
    assert wrong["columns"][2]["name"] != "Größe"
    right = desk.patch(shown["id"], encoding="cp1252")
    assert right["columns"][2]["name"] == "Größe"
    other = desk.patch(shown["id"], delimiter=",")
    assert len(other["columns"]) == 1
    again = desk.patch(shown["id"], delimiter=None)
    assert again["counts"]["ok"] == 1


def test_a_mapping_is_corrected_column_by_column(desk: Desk) -> None:
    shown = desk.upload(text_of("Mail,Who,Firm", "ann@acme.example,Ann,Acme"))
    assert shown["counts"]["invalid"] == 1
    mapped = desk.patch(shown["id"], mapping={"Who": "first_name"})
    assert mapped["counts"]["ok"] == 1
    renamed = desk.patch(shown["id"], mapping={"Firm": "custom.employer"})
    assert [column["field"] for column in renamed["columns"]] == ["email", "first_name", "custom.employer"]
    desk.start(shown["id"])
    desk.finish(shown["id"])
    (lead,) = desk.leads()
    assert lead["custom"] == {"employer": "Acme"}


def test_a_confirmed_mapping_is_remembered_for_the_next_list_of_that_shape(desk: Desk) -> None:
    desk.bring_in(
        text_of("Mail,Who", "ann@acme.example,Ann"), mapping={"Mail": "email", "Who": "first_name"}, on_duplicate="skip"
    )
    shown = desk.upload(text_of("MAIL,who", "bob@bolt.example,Bob"))
    assert shown["counts"]["ok"] == 0  # the names differ in case, so only the shape is the same
    same = desk.upload(text_of("Mail,Who", "bob@bolt.example,Bob"))
    assert same["counts"]["ok"] == 1


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"Nowhere": "email"}, "column_unknown"),
        ({"Email": "shoe_size"}, "field_unknown"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_by_name(desk: Desk, mapping: dict[str, str], code: str) -> None:
    import_id = desk.upload(TWO)["id"]
    answer = desk.client.patch(f"/api/imports/{import_id}", json={"mapping": mapping})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == code
    assert desk.get(import_id)["status"] == "parsed"


def test_a_commit_without_address_or_name_is_refused(desk: Desk) -> None:
    import_id = desk.upload(TWO)["id"]
    answer = desk.client.post(f"/api/imports/{import_id}/commit", json={"mapping": {"Email": None}})
    assert (answer.status_code, answer.json()["code"]) == (422, "mapping_invalid")


def test_an_import_is_committed_once(desk: Desk) -> None:
    import_id = desk.upload(TWO)["id"]
    desk.start(import_id)
    again = desk.client.post(f"/api/imports/{import_id}/commit", json={})
    assert (again.status_code, again.json()["code"]) == (409, "import_state")
    change = desk.client.patch(f"/api/imports/{import_id}", json={"encoding": "cp1252"})
    assert (change.status_code, change.json()["code"]) == (409, "import_state")


def test_a_repeated_call_with_its_key_is_answered_from_memory(desk: Desk) -> None:
    first = desk.upload(TWO, **{"Idempotency-Key": "upload-1"})
    second = desk.upload(TWO, **{"Idempotency-Key": "upload-1"})
    assert second["id"] == first["id"]
    assert desk.client.get("/api/imports").json()["total"] == 1
    other = desk.client.post("/api/imports", files={"file": ("x.csv", MIXED)}, headers={"Idempotency-Key": "upload-1"})
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_mismatch")
    headers = {"Idempotency-Key": "commit-1"}
    answers = [desk.client.post(f"/api/imports/{first['id']}/commit", json={}, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert desk.uploads.ids() == [first["id"]]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "file_empty"),
        (b"\n\n", "file_empty"),
        (b"\x00\x01" * 900, "file_not_text"),
        (b"PK\x03\x04x", "workbook_unreadable"),
    ],
)
def test_a_file_that_is_no_list_is_refused_and_not_kept(desk: Desk, data: bytes, reason: str) -> None:
    answer = desk.client.post("/api/imports", files={"file": ("x.csv", data)})
    assert (answer.status_code, answer.json()["code"], answer.json()["reason"]) == (422, "import_unreadable", reason)
    assert desk.uploads.ids() == []


def test_a_workbook_is_imported_like_a_text_file(desk: Desk) -> None:
    book = a_workbook({"Cover": [["x"]], "People": [["Email", "First Name"], ["ann@acme.example", "Ann"]]})
    shown = desk.upload(book, "leads.xlsx")
    assert (shown["sheet"], shown["encoding"]) == ("Cover", None)
    people = desk.patch(shown["id"], sheet="People")
    assert (people["sheet"], people["counts"]["ok"]) == ("People", 1)


def test_a_large_file_is_read_in_the_background(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "READ_AT_ONCE", 10)  # five megabytes would only be slower
    shown = desk.upload(TWO)
    assert (shown["status"], shown["columns"]) == ("parsing", [])
    desk.work.parse(a_turn(), shown["id"])
    assert desk.get(shown["id"])["counts"]["ok"] == 2
    changed = desk.patch(shown["id"], header_row=0)
    assert changed["status"] == "parsing"
    desk.work.parse(a_turn(), shown["id"])
    assert desk.get(shown["id"])["row_count"] == 3


def test_a_large_file_that_cannot_be_read_says_why(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "READ_AT_ONCE", 1)
    shown = desk.upload(b"\n\n\n")
    desk.work.parse(a_turn(), shown["id"])
    failed = desk.get(shown["id"])
    assert (failed["status"], failed["error_code"]) == ("failed", "file_empty")
    assert failed["error"]


def test_people_that_we_know_are_counted_and_what_would_change_with_them(desk: Desk) -> None:
    with desk.database.writing() as db:
        make.a_lead(db, email="ann@acme.example", title="", company="Acme")
        make.a_lead(db, email="bob@bolt.example", title="Chief", company="Bolt")
    shown = desk.upload(
        text_of(
            "Email,First Name,Last Name,Company,Title",
            "ann@acme.example,Ann,Ames,Acme,Head",
            "bob@bolt.example,Ann,Ames,Bolt,Boss",
        )
    )
    counts = shown["counts"]
    assert (counts["ok"], counts["duplicate_in_database"]) == (0, 2)
    assert (counts["changed_by_fill"], counts["changed_by_overwrite"]) == (1, 2)


def test_do_not_contact_is_seen_before_and_at_the_commit(desk: Desk) -> None:
    with desk.database.writing() as db:
        make.a_suppression(db, "acme.example")
    import_id = desk.upload(TWO)["id"]
    assert desk.get(import_id)["issue_counts"] == {"do_not_contact": 1}
    desk.client.post("/api/do-not-contact", json={"value": "bob@bolt.example"})
    desk.start(import_id)
    assert desk.finish(import_id)["counts"]["rejected"] == 2
    assert desk.leads() == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"status": "REPLIED"}, "woodpecker_replied"),
        ({"status": "ACTIVE", "last_replied_at": make.NOON}, "woodpecker_replied"),
        ({"status": "BOUNCED"}, "woodpecker_bounced"),
        ({"status": "BLACKLIST"}, "woodpecker_blacklisted"),
        ({"status": "ACTIVE", "last_contacted_at": make.NOON}, "woodpecker_contacted_recently"),
        ({"status": "ACTIVE", "last_contacted_at": make.NOON - timedelta(days=90)}, "woodpecker_contacted"),
        ({"status": "INVALID"}, "woodpecker_called_invalid"),
        ({"status": "SNOOZED"}, "woodpecker_unknown_status"),
    ],
)
def test_what_woodpecker_knows_of_a_person_is_shown_in_time(desk: Desk, said: dict[str, Any], code: str) -> None:
    with desk.database.writing() as db:
        make.an_account_person(db, make.an_account(db), "ann@acme.example", **said)
    shown = desk.upload(TWO)
    assert shown["issue_counts"] == {code: 1}
    (issue,) = shown["issues"]
    assert "(Woodpecker as of 20" in issue["message"]
    assert shown["counts"]["ok"] == 2  # shown, not refused: the user decides


def test_whom_an_export_would_keep_out_is_told_apart_before_money_is_spent(desk: Desk) -> None:
    with desk.database.writing() as db:
        account = make.an_account(db)
        running = make.a_campaign(db, account=account, name="Autumn")
        ended = make.a_campaign(db, account=account, name="Spring", status="COMPLETED")
        make.a_membership(db, running, "ann@acme.example")
        make.a_membership(db, ended, "bob@bolt.example")
        make.an_account_person(db, account, "boss@corp.example")
        make.a_membership(db, running, "boss@corp.example")
    people = ("ann@acme.example", "bob@bolt.example", "cy@corp.example", "dee@free.example")
    shown = desk.upload(text_of("Email,First Name,Company,Title", *(f"{email},Kim,Acme,Head" for email in people)))
    said = {issue["row"]: (issue["code"], issue["message"]) for issue in shown["issues"]}
    assert {row: code for row, (code, _) in said.items()} == {
        2: "woodpecker_in_campaign",
        3: "woodpecker_was_in_campaign",
        4: "woodpecker_same_company",
    }
    assert "“Autumn” of olga@team.example" in said[2][1]
    assert "boss@corp.example in “Autumn”" in said[4][1]


def test_a_row_tells_all_that_woodpecker_knows_under_what_weighs_most(desk: Desk) -> None:
    with desk.database.writing() as db:
        account = make.an_account(db)
        make.a_membership(db, make.a_campaign(db, account=account, name="Autumn"), "ann@acme.example")
        make.an_account_person(db, account, "ann@acme.example", last_contacted_at=make.NOON, status="BLACKLIST")
    (issue,) = desk.upload(TWO)["issues"]
    assert issue["code"] == "woodpecker_blacklisted"
    assert all(word in issue["message"] for word in ("Blacklisted", "Autumn", "Last contacted"))


def test_of_whom_woodpecker_said_nothing_nothing_is_said(desk: Desk) -> None:
    with desk.database.writing() as db:
        make.an_account_person(db, make.an_account(db), "ann@acme.example", status="ACTIVE")
    assert desk.upload(TWO)["issue_counts"] == {}


def test_colleagues_in_one_list_are_counted_by_company(desk: Desk) -> None:
    people = [
        "ann@acme.example",
        "bob@ACME.example",
        "cy@bolt.example",
        "dee@gmail.com",
        "eve@gmail.com",
        "bob@acme.example",
        "bad",
    ]
    shown = desk.upload(text_of("Email,First Name", *(f"{email},Kim" for email in people)))
    assert shown["companies"] == [{"domain": "acme.example", "people": 2}]
    assert not [name for name in shown["counts"] if "acme" in name]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/imports"),
        ("PATCH", "/api/imports/x"),
        ("POST", "/api/imports/x/commit"),
        ("POST", "/api/imports/x/undo"),
    ],
)
def test_a_viewer_looks_and_changes_nothing(desk: Desk, method: str, path: str) -> None:
    viewer = desk.room.client(Role.VIEWER)
    body = {"files": {"file": ("x.csv", TWO)}} if path == "/api/imports" else {"json": {}}
    assert viewer.request(method, path, **body).status_code == 403
    assert viewer.get("/api/imports").status_code == 200


@pytest.mark.parametrize("path", ["", "/issues", "/issues.csv", "/rejects.csv"])
def test_an_import_that_is_not_there_is_not_found(desk: Desk, path: str) -> None:
    answer = desk.client.get(f"/api/imports/nothing{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "import_not_found")


def test_imports_are_listed_newest_first(desk: Desk) -> None:
    ids = [desk.upload(TWO)["id"] for _ in range(3)]
    first = desk.client.get("/api/imports", params={"limit": 2}).json()
    second = desk.client.get("/api/imports", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [item["id"] for item in first["items"] + second["items"]] == ids[::-1]


def test_the_record_says_who_did_what_and_still_verifies(desk: Desk) -> None:
    done = desk.bring_in(MIXED)
    with desk.database.reading() as db:
        lines = db.query(AuditLine).filter_by(subject_kind="import", subject_id=done["id"]).order_by(AuditLine.id).all()
        assert [line.action for line in lines] == [
            "import.uploaded",
            "import.started",
            "import.slice",
            "import.committed",
        ]
        assert {line.actor_id for line in lines} == {desk.user.id}
        assert list(verify(db))[-1].ok


def test_an_import_is_undone_until_something_was_exported(desk: Desk) -> None:
    done = desk.bring_in(TWO)
    with desk.database.writing() as db:
        lead = db.query(Lead).filter_by(email="ann@acme.example").one()
        lead.status = LeadStatus.EXPORTED
    refused = desk.client.post(f"/api/imports/{done['id']}/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "import_exported")
    with desk.database.writing() as db:
        db.query(Lead).filter_by(email="ann@acme.example").one().status = LeadStatus.IMPORTED
    undone = desk.client.post(f"/api/imports/{done['id']}/undo")
    assert undone.json()["status"] == "undone"
    assert desk.leads() == []
    again = desk.client.post(f"/api/imports/{done['id']}/undo")
    assert (again.status_code, again.json()["code"]) == (409, "import_state")


def test_an_undone_address_can_come_in_again(desk: Desk) -> None:
    done = desk.bring_in(TWO)
    desk.client.post(f"/api/imports/{done['id']}/undo")
    assert desk.bring_in(TWO)["counts"]["created"] == 2


def _csv(desk: Desk, url: str) -> list[list[str]]:
    answer = desk.client.get(url)
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))


def test_a_bad_address_is_told_under_the_column_in_which_it_stands(desk: Desk) -> None:
    rows = ("ann@acme.example,Ann,", ",Bob,bob@acme.example", "mailto:cy@acme.example,Cy,", ",Dee,dee@@acme.example")
    issues = desk.upload(text_of("E-Mail,First Name,E-Mail", *rows))["issues"]
    found = {issue["row"]: issue["column"] for issue in issues if issue["code"] == "email_invalid"}
    assert found == {4: "E-Mail", 5: "E-Mail (2)"}


def test_a_file_name_is_shown_as_what_it_is(desk: Desk) -> None:
    assert desk.upload(TWO, name="leads\u202evsc.exe")["filename"] == "leadsvsc.exe"
