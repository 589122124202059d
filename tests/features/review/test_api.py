"""The review over HTTP: the queue, decisions, edits that never overwrite each other, versions, regeneration."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from tests import builders as make
from tests.features.generation.fakes import KeptJobs, ScriptedClaude, a_model
from woodpecker_api.features.generation.api import router as generation
from woodpecker_api.features.generation.models import GenerationRun
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.review.api import router
from woodpecker_api.features.review.models import ReviewDecision
from woodpecker_api.features.sequences.models import Sequence
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.system.audit.models import AuditLine
from woodpecker_api.system.auth.permissions import Role


@pytest.fixture
def room(open_room):
    room = open_room(router, generation)
    claude = ScriptedClaude(offers=(a_model(),))
    room.app.state.services = replace(room.services, claude=lambda: claude, jobs=KeptJobs())
    return room


@pytest.fixture
def rep(room):
    return room.client(Role.REP)


@pytest.fixture
def drafts(database):
    """Three drafts: the first clean, the second with a warning, the third blocked."""
    with database.writing() as db:
        template = make.a_template(db)
        names = ("Acme", "Beta", "Ceta")
        flags = ((0, 0), (0, 1), (1, 0))
        return [
            make.a_sequence(
                db,
                lead=make.a_lead(db, company=name),
                template=template,
                blocking_flags=blocking,
                warning_flags=warning,
            ).id
            for name, (blocking, warning) in zip(names, flags, strict=True)
        ]


def ids_of(answer):
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["items"]]


def decided(database, sequence_id):
    with database.reading() as db:
        wanted = sa.select(ReviewDecision).where(ReviewDecision.sequence_id == sequence_id).order_by(ReviewDecision.id)
        return [(row.decision, row.version, row.approval, row.reason) for row in db.scalars(wanted)]


def status_of(database, sequence_id):
    with database.reading() as db:
        return db.get_one(Sequence, sequence_id).status


def test_the_queue_shows_the_most_severe_first(rep, drafts):
    clean, warned, blocked = drafts
    assert ids_of(rep.get("/api/sequences")) == [blocked, warned, clean]
    row = rep.get("/api/sequences").json()["items"][0]
    assert row["lead"]["company"] == "Ceta"
    assert row["blocking_flags"] == 1


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("flagged=true", [2, 1]),
        ("flagged=false", [0]),
        ("company=bet", [1]),
        ("status=approved", []),
        ("status=draft&status=approved", [2, 1, 0]),
        ("owner=none", [2, 1, 0]),
        ("owner=me", []),
        ("sort=company", [0, 1, 2]),
        ("sort=oldest", [0, 1, 2]),
        ("sort=newest", [2, 1, 0]),
        ("q=bet", [1]),
        ("q=nobody", []),
    ],
)
def test_the_queue_can_be_narrowed_and_sorted(rep, drafts, query, wanted):
    answer = rep.get(f"/api/sequences?{query}")
    assert ids_of(answer) == [drafts[place] for place in wanted]
    assert answer.json()["total"] == len(wanted)


@pytest.mark.parametrize("sort", ["flags", "company", "imported", "newest", "oldest"])
def test_pages_hold_every_sequence_once(rep, drafts, sort):
    seen, cursor = [], ""
    for _ in range(4):
        page = rep.get(f"/api/sequences?limit=1&sort={sort}{cursor}").json()
        seen += [row["id"] for row in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert sorted(seen) == sorted(drafts)


def test_a_few_of_many_are_drawn_at_random_without_a_page_after_them(rep, drafts):
    drawn = [rep.get("/api/sequences?sort=random&limit=2").json() for _ in range(30)]
    assert {page["next_cursor"] for page in drawn} == {None}
    assert {page["total"] for page in drawn} == {3}
    assert all(len({row["id"] for row in page["items"]}) == 2 for page in drawn)
    # Thirty draws that leave out the same one by chance happen once in 10^14 times.
    assert {row["id"] for page in drawn for row in page["items"]} == set(drafts)


def test_the_queue_can_hold_just_those_that_are_named(rep, drafts):
    clean, _, blocked = drafts
    assert ids_of(rep.get(f"/api/sequences?only={clean}&only={blocked}")) == [blocked, clean]
    assert rep.get("/api/sequences", params={"only": ["x"] * 101}).status_code == 422


def test_a_sequence_shows_texts_and_flags_by_either_address(rep, drafts):
    shown = rep.get(f"/api/sequences/{drafts[0]}").json()
    assert rep.get(f"/api/leads/{shown['lead_id']}/sequence").json() == shown
    assert (shown["status"], shown["version"], shown["template_version"]) == ("draft", 1, 1)
    assert [s["number"] for s in shown["snippets"]] == [1, 2, 3, 4, 5, 6, 7]
    assert {"number", "kind", "day", "text", "original_text", "flags"} == set(shown["snippets"][0])


def test_one_that_is_named_counts_as_read_although_it_has_a_warning(rep, drafts, database):
    answer = rep.post("/api/sequences/approve", json={"selection": {"ids": [drafts[1]]}})
    assert answer.json() == {"changed": 1, "ids": [drafts[1]], "passed_over": {}, "approval": "read"}
    assert status_of(database, drafts[1]) == SequenceStatus.APPROVED
    assert decided(database, drafts[1]) == [("approved", 2, "read", None)]


def test_bulk_passes_over_every_flag(rep, drafts, database):
    answer = rep.post("/api/sequences/approve", json={"selection": {"ids": drafts}}).json()
    assert (answer["changed"], answer["approval"]) == (1, "bulk")
    assert answer["passed_over"] == {"flags": 1, "blocking_flags": 1}
    assert [status_of(database, one) for one in drafts] == ["approved", "draft", "draft"]


def test_all_that_match_a_filter_of_leads_are_approved_in_bulk(rep, drafts, database):
    answer = rep.post("/api/sequences/approve", json={"selection": {"filter": {"company": "acme"}}}).json()
    assert (answer["ids"], answer["approval"]) == ([drafts[0]], "bulk")
    with database.reading() as db:
        line = db.scalars(sa.select(AuditLine).where(AuditLine.action == "sequence.approved")).one()
        assert line.subject_id == drafts[0]


def test_many_decisions_are_one_audit_line_with_their_count(rep, database):
    with database.writing() as db:
        many = [make.a_sequence(db).id for _ in range(5)]
    rep.post("/api/sequences/approve", json={"selection": {"ids": many}})
    with database.reading() as db:
        line = db.scalars(sa.select(AuditLine).where(AuditLine.action == "sequence.approved")).one()
        assert line.count == 5


def test_a_filter_that_matches_another_number_is_refused(rep, drafts):
    answer = rep.post("/api/sequences/approve", json={"selection": {"filter": {}, "expected_count": 2}})
    assert (answer.status_code, answer.json()["code"]) == (409, "selection_changed")


def test_a_blocked_one_is_refused_with_a_sentence(rep, drafts):
    answer = rep.post("/api/sequences/approve", json={"selection": {"ids": [drafts[2]]}})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_approvable")


def test_what_changed_since_it_was_seen_is_not_approved(rep, drafts):
    body = {"selection": {"ids": [drafts[0]]}, "versions": {drafts[0]: 7}}
    answer = rep.post("/api/sequences/approve", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "version_conflict")
    assert answer.json()["current"]["version"] == 1


def test_approving_twice_changes_nothing(rep, drafts, database):
    body = {"selection": {"ids": [drafts[0]]}}
    rep.post("/api/sequences/approve", json=body)
    assert rep.post("/api/sequences/approve", json=body).json()["passed_over"] == {"already_approved": 1}
    assert len(decided(database, drafts[0])) == 1


def test_sent_back_with_a_reason_and_taken_up_again(rep, drafts, database):
    selection = {"ids": drafts[:2]}
    answer = rep.post("/api/sequences/reject", json={"selection": selection, "reason": "wrong angle"})
    assert answer.json()["changed"] == 2
    assert rep.get(f"/api/sequences/{drafts[0]}").json()["rejected_reason"] == "wrong angle"
    rep.post("/api/sequences/return", json={"selection": selection})
    assert status_of(database, drafts[0]) == "draft"
    assert [d[0] for d in decided(database, drafts[0])] == ["rejected", "returned"]


def test_an_edit_of_an_approved_sequence_is_on_record_as_returned(rep, drafts, database):
    rep.post("/api/sequences/approve", json={"selection": {"ids": [drafts[0]]}})
    body = {
        "version": 2,
        "snippets": [{"number": 2, "text": "Hi Ann, one question about Acme: who looks after new leads?"}],
    }
    edited = rep.patch(f"/api/sequences/{drafts[0]}", json=body).json()
    assert (edited["status"], edited["version"], edited["edited"]) == ("draft", 3, True)
    assert edited["snippets"][1]["original_text"] != edited["snippets"][1]["text"]
    assert [d[0] for d in decided(database, drafts[0])] == ["approved", "returned"]


def test_two_people_on_one_sequence_never_overwrite_each_other(room, drafts):
    one, other = room.client(Role.REP), room.client(Role.MANAGER)
    first = one.patch(f"/api/sequences/{drafts[0]}", json={"version": 1, "snippets": [{"number": 1, "text": "mine"}]})
    assert first.status_code == 200
    second = other.patch(
        f"/api/sequences/{drafts[0]}", json={"version": 1, "snippets": [{"number": 1, "text": "yours"}]}
    )
    assert (second.status_code, second.json()["code"]) == (409, "version_conflict")
    assert second.json()["current"]["snippets"][0]["text"] == "mine"


def test_an_edit_finds_the_flags_again(rep, drafts):
    body = {"version": 1, "snippets": [{"number": 2, "text": "Hi Ann, about [Company]."}]}
    edited = rep.patch(f"/api/sequences/{drafts[0]}", json=body).json()
    (flag,) = [f for f in edited["snippets"][1]["flags"] if f["code"] == "placeholder"]
    assert (flag["severity"], flag["excerpt"], flag["start"]) == ("blocking", "[Company]", 14)
    assert edited["blocking_flags"] >= 1


def test_versions_are_listed_and_restored(rep, drafts):
    rep.patch(f"/api/sequences/{drafts[0]}", json={"version": 1, "snippets": [{"number": 1, "text": "second"}]})
    versions = rep.get(f"/api/sequences/{drafts[0]}/versions").json()["items"]
    assert [(v["version"], v["author"]) for v in versions] == [(2, "person"), (1, "model")]
    back = rep.post(f"/api/sequences/{drafts[0]}/restore", json={"version": 2, "to": 1}).json()
    assert back["snippets"][0]["text"] == versions[1]["snippets"][0]["text"]
    assert rep.post(f"/api/sequences/{drafts[0]}/restore", json={"version": 3, "to": 9}).status_code == 404


def test_writing_again_starts_a_run_of_one_lead(rep, drafts, database, room):
    body = {"instruction": "shorter", "numbers": [4, 4]}
    answer = rep.post(f"/api/sequences/{drafts[0]}/regenerate", json=body, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 202, answer.text
    again = rep.post(f"/api/sequences/{drafts[0]}/regenerate", json=body, headers={"Idempotency-Key": "k"})
    assert again.json() == answer.json()
    with database.reading() as db:
        run = db.scalars(sa.select(GenerationRun)).one()
        assert (run.total, run.numbers, run.instruction) == (1, [4], "shorter")
        sequence = db.get_one(Sequence, drafts[0])
        assert run.template_version_id == sequence.template_version_id
        assert db.get_one(make.Lead, sequence.lead_id).status == LeadStatus.GENERATING
    assert rep.get(f"/api/generations/{answer.json()['id']}").json()["counts"]["queued"] == 1


def test_an_unknown_snippet_is_not_written_again(rep, drafts):
    answer = rep.post(f"/api/sequences/{drafts[0]}/regenerate", json={"numbers": [8]})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown_snippet")


def test_viewers_look_and_do_not_touch(room, drafts):
    viewer = room.client(Role.VIEWER)
    assert viewer.get(f"/api/sequences/{drafts[0]}").status_code == 200
    assert viewer.post("/api/sequences/approve", json={"selection": {"ids": [drafts[0]]}}).status_code == 403
    assert (
        viewer.patch(
            f"/api/sequences/{drafts[0]}", json={"version": 1, "snippets": [{"number": 1, "text": "x"}]}
        ).status_code
        == 403
    )


def test_a_lead_without_texts_says_so(rep, database):
    with database.writing() as db:
        lead_id = make.a_lead(db).id
    answer = rep.get(f"/api/leads/{lead_id}/sequence")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
