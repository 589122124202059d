"""Reading the record, and checking it, over HTTP."""

import sqlalchemy as sa

from tests import builders as make
from tests.room import Room
from woodpecker_api.features.operations import queries
from woodpecker_api.system.audit.models import AuditPayload
from woodpecker_api.system.audit.service import SYSTEM, Actor, record
from woodpecker_api.system.auth.permissions import Role


def test_a_line_says_who_did_what_to_what(room: Room) -> None:
    with room.database.writing() as db:
        olga = make.a_user(db, name="Olga")
        record(
            db, make.an_actor(olga), "lead.edited", ("lead", "l1"), before={"title": "Boss"}, after={"title": "Chief"}
        )
        record(db, SYSTEM, "lead.purged", ("import", "i1"), count=40)
    items = room.client(Role.MANAGER).get("/api/audit").json()["items"]
    purged, edited = items[-2:]
    assert (edited["actor"], edited["action"], edited["subject_kind"], edited["subject_id"]) == (
        "Olga",
        "lead.edited",
        "lead",
        "l1",
    )
    assert (edited["before"], edited["after"], edited["erased"]) == ({"title": "Boss"}, {"title": "Chief"}, False)
    assert (purged["actor"], purged["count"], purged["before"]) == ("the program", 40, None)


def test_an_erased_line_still_shows_what_was_done(room: Room) -> None:
    with room.database.writing() as db:
        record(db, SYSTEM, "lead.edited", ("lead", "l1"), after={"email": "ann@acme.example"})
    with room.database.writing() as db:
        db.execute(sa.delete(AuditPayload))
    [line] = room.client(Role.ADMIN).get("/api/audit", params={"action": "lead.edited"}).json()["items"]
    assert (line["after"], line["erased"]) == (None, True)


def test_each_filter_leaves_only_what_it_names(room: Room) -> None:
    with room.database.writing() as db:
        olga = make.a_user(db)
        record(db, make.an_actor(olga), "lead.edited", ("lead", "l1"))
        record(db, SYSTEM, "lead.purged", ("lead", "l2"))
        record(db, Actor("token", olga.id), "export.created", ("export", "l1"))
    client = room.client(Role.MANAGER)
    for params, found in (
        ({"actor": olga.id}, {"export.created", "lead.edited"}),
        ({"actor": "system"}, {"lead.purged"}),
        ({"actor": "token"}, {"export.created"}),
        ({"action": "lead.edited"}, {"lead.edited"}),
        ({"subject": "lead"}, {"lead.purged", "lead.edited"}),
        ({"subject": "lead:l1"}, {"lead.edited"}),
        ({"subject": "lead:l1", "action": "lead.purged"}, set()),
    ):
        answer = client.get("/api/audit", params=params).json()
        assert {line["action"] for line in answer["items"]} == found, params
        assert answer["total"] == len(found)


def test_pages_follow_each_other_newest_first(room: Room) -> None:
    with room.database.writing() as db:
        for number in range(7):
            record(db, SYSTEM, "lead.edited", ("lead", f"l{number}"))
    client, seen, cursor = room.client(Role.MANAGER), [], ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        answer = client.get(f"/api/audit?subject=lead&limit=3{more}").json()
        seen += [line["subject_id"] for line in answer["items"]]
        cursor = answer["next_cursor"]
    assert seen == ["l6", "l5", "l4", "l3", "l2", "l1", "l0"]
    assert client.get("/api/audit?cursor=WyJhIl0").status_code == 422


def test_no_filter_of_the_record_makes_sqlite_sort(room: Room) -> None:
    filters = (
        queries.AuditFilter(),
        queries.AuditFilter(actor="olga"),
        queries.AuditFilter(actor="system"),
        queries.AuditFilter(action="lead.edited"),
        queries.AuditFilter(subject_kind="lead"),
        queries.AuditFilter(subject_kind="lead", subject_id="l1"),
        queries.AuditFilter(actor="olga", action="lead.edited", subject_kind="lead", subject_id="l1"),
    )
    with room.database.reading() as db:
        for wanted in filters:
            statement = queries.audit_page_statement(wanted, before_id=9, limit=51)
            sql = statement.compile(db.get_bind(), compile_kwargs={"literal_binds": True})
            plan = [row[3] for row in db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")]
            assert not [step for step in plan if "TEMP B-TREE" in step or step.startswith("SCAN")], (wanted, plan)


def test_checking_names_the_first_line_that_does_not_stand_and_is_itself_recorded(room: Room) -> None:
    client = room.client(Role.MANAGER)
    with room.database.writing() as db:
        record(db, SYSTEM, "lead.edited", ("lead", "l1"), after=1)
        record(db, SYSTEM, "lead.edited", ("lead", "l2"), after=2)
    verdict = client.post("/api/audit/verify").json()
    assert (verdict["ok"], verdict["first_bad_id"]) == (True, None)
    with room.database.writing() as db:
        line_id = verdict["checked"]
        db.execute(sa.update(AuditPayload).where(AuditPayload.line_id == line_id).values(payload={"after": 3}))
    again = client.post("/api/audit/verify").json()
    assert again == {"ok": False, "checked": line_id - 1, "first_bad_id": str(line_id)}
    newest = client.get("/api/audit", params={"action": "audit.verified"}).json()["items"][0]
    assert newest["after"] == {"ok": False, "checked": line_id - 1, "first_bad_id": line_id}


def test_reps_and_viewers_do_not_read_the_record(room: Room) -> None:
    for role in (Role.REP, Role.VIEWER):
        assert room.client(role).get("/api/audit").json()["code"] == "permission_denied"
        assert room.client(role).post("/api/audit/verify").status_code == 403
    assert room.client(None).get("/api/audit").status_code == 401
