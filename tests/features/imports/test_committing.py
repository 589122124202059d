"""What a commit stores: doubles, merges, drafts, undo, and that a crash leaves neither half nor double."""

import subprocess
import sys
import time
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import builders as make
from tests.features.imports.desk import Desk, a_turn
from tests.features.imports.lists import a_list, text_of
from woodpecker_api.errors import NotFoundError
from woodpecker_api.features.imports import jobs
from woodpecker_api.features.imports.models import Import, ImportChange
from woodpecker_api.features.imports.service.listeners import Listeners
from woodpecker_api.features.leads import service as leads_service
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.leads.service.listeners import listeners as lead_listeners
from woodpecker_api.features.sequences.service import of_lead, snippets_of, store_imported
from woodpecker_api.system.audit.service import Actor, verify
from woodpecker_api.system.jobs import Again, Done, JobError

HEADER = "Email,First Name,Last Name,Company,Title,Notes"


def known(desk: Desk, **values: Any) -> str:
    """Ann of Acme is a lead already; her id."""
    fields = {"email": "ann@acme.example", "first_name": "Ann", "last_name": "", "company": "Acme", "title": "Head"}
    with desk.database.writing() as db:
        return make.a_lead(db, **(fields | values)).id


def counts(done: dict[str, Any]) -> tuple[int, int, int, int]:
    """created, updated, skipped, rejected"""
    return tuple(done["counts"][name] for name in ("created", "updated", "skipped", "rejected"))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("policy", "title", "last_name", "expected"),
    [
        ("skip", "Head", "", (0, 0, 1, 0)),
        ("fill", "Head", "Ames", (0, 1, 0, 0)),
        ("overwrite", "Chief", "Ames", (0, 1, 0, 0)),
    ],
)
def test_people_we_know_are_treated_as_the_user_chose(
    desk: Desk, policy: str, title: str, last_name: str, expected: tuple[int, int, int, int]
) -> None:
    known(desk)
    done = desk.bring_in(text_of(HEADER, "ANN@acme.example,Ann,Ames,Acme,Chief,"), on_duplicate=policy)
    assert counts(done) == expected
    (lead,) = desk.leads()
    assert (lead["title"], lead["last_name"], lead["email"]) == (title, last_name, "ann@acme.example")


def test_a_row_that_says_nothing_new_changes_nothing(desk: Desk) -> None:
    lead_id = known(desk)
    done = desk.bring_in(text_of(HEADER, "ann@acme.example,Ann,,Acme,Head,"), on_duplicate="overwrite")
    assert counts(done) == (0, 0, 1, 0)
    assert desk.client.get(f"/api/leads/{lead_id}").json()["version"] == 1


def test_a_merge_keeps_search_and_sorting_true(desk: Desk) -> None:
    known(desk)
    desk.bring_in(text_of(HEADER, "ann@acme.example,Ann,Zorn,Bolt,,"), on_duplicate="overwrite")
    assert len(desk.leads(q="zorn")) == 1
    assert len(desk.leads(company="bolt")) == 1
    assert desk.leads(q="acme head") != []  # the address and the title still say so


def test_texts_about_a_renamed_person_go_back_to_review(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(lead_listeners, "changed", [lambda _db, _actor, ids, _now: told.extend(ids)])
    lead_id = known(desk)
    desk.bring_in(text_of(HEADER, "ann@acme.example,Anna,,,,"), on_duplicate="fill")
    assert told == []
    desk.bring_in(text_of(HEADER, "ann@acme.example,Anna,,,,"), on_duplicate="overwrite")
    assert told == [lead_id]


def test_a_lead_that_an_export_holds_is_left_as_it_is(desk: Desk) -> None:
    known(desk, status=LeadStatus.EXPORTING)
    done = desk.bring_in(text_of(HEADER, "ann@acme.example,Anna,Ames,,,"), on_duplicate="overwrite")
    assert counts(done) == (0, 0, 1, 0)
    assert desk.leads()[0]["first_name"] == "Ann"


def test_a_deleted_person_comes_in_again_as_a_new_lead(desk: Desk) -> None:
    lead_id = known(desk)
    desk.client.delete(f"/api/leads/{lead_id}")
    assert counts(desk.bring_in(text_of(HEADER, "ann@acme.example,Ann,,,,"))) == (1, 0, 0, 0)


def test_plus_tags_are_other_people(desk: Desk) -> None:
    done = desk.bring_in(
        text_of(HEADER, "ann@acme.example,Ann,,,,", "ann+list@acme.example,Ann,,,,", "ANN@ACME.example,A,,,,")
    )
    assert counts(done) == (2, 0, 1, 0)


def test_leads_stand_in_the_order_of_the_file(desk: Desk) -> None:
    made = a_list(rows=300)
    desk.bring_in(made.data)
    assert [lead["email"] for lead in desk.leads()] == [row[4] for row in made.meant]


def test_ready_made_texts_reach_whoever_keeps_them(desk: Desk, heard: Listeners) -> None:
    taken: list[tuple[str, dict[int, str]]] = []

    def keep(_db: Session, _actor: Actor, lead: Lead, texts: dict[int, str], _now: object) -> bool:
        taken.append((lead.email, dict(texts)))
        return True

    heard.drafts_brought.append(keep)  # type: ignore[arg-type]
    made = a_list(rows=30, snippets=0.4)
    desk.bring_in(made.data)
    expected = [row[4] for row in made.meant if any(row[25:40])]
    assert [email for email, _ in taken] == expected
    assert all(min(texts) == 1 for _, texts in taken)


def test_without_a_keeper_ready_made_texts_are_not_lost(desk: Desk) -> None:
    desk.bring_in(text_of("Email,First Name,Snippet 1", "ann@acme.example,Ann,Hello there"))
    assert desk.leads()[0]["custom"] == {"snippet_1": "Hello there"}


def test_undo_puts_back_what_was_changed_unless_somebody_changed_it_since(desk: Desk) -> None:
    lead_id = known(desk)
    done = desk.bring_in(
        text_of(HEADER, "ann@acme.example,Anna,Ames,Acme,Chief,x", "bob@bolt.example,Bob,,,,"), on_duplicate="overwrite"
    )
    changed = desk.client.get(f"/api/leads/{lead_id}").json()
    desk.client.patch(f"/api/leads/{lead_id}", json={"version": changed["version"], "title": "Chair"})
    assert desk.client.post(f"/api/imports/{done['id']}/undo").status_code == 200
    (lead,) = desk.leads()
    assert (lead["first_name"], lead["last_name"], lead["title"], lead["custom"]) == ("Ann", "", "Chair", {})


def test_undo_is_barred_when_somebody_above_says_so(desk: Desk, heard: Listeners) -> None:
    heard.undo_barred.append(lambda _db, ids: len(ids) == 1)
    done = desk.bring_in(text_of(HEADER, "ann@acme.example,Ann,,,,"))
    assert desk.client.post(f"/api/imports/{done['id']}/undo").json()["code"] == "import_exported"


def test_rows_are_invisible_until_the_whole_import_is_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SLICE", 10)
    import_id = _started(desk, rows=45)
    slices = _stop_after(desk, monkeypatch, 3)
    with pytest.raises(_CrashError):
        desk.work.commit(a_turn(), import_id)
    assert (len(slices), desk.leads(), desk.get(import_id)["rows_done"]) == (3, [], 30)
    monkeypatch.undo()
    assert counts(desk.finish(import_id)) == (45, 0, 0, 0)
    assert len(desk.leads()) == 45


@pytest.mark.parametrize("slices_done", range(6))
def test_a_crash_after_any_slice_is_made_good(desk: Desk, monkeypatch: pytest.MonkeyPatch, slices_done: int) -> None:
    monkeypatch.setattr(jobs, "SLICE", 20)
    import_id = _started(desk, preset="duplicates")
    _stop_after(desk, monkeypatch, slices_done)
    with pytest.raises(_CrashError):
        desk.work.commit(a_turn(), import_id)
    monkeypatch.undo()
    done = desk.finish(import_id)
    assert counts(done) == (141, 0, 59, 0)
    keys = [lead["email"].strip().lower() for lead in desk.leads()]
    assert len(keys) == len(set(keys)) == 141
    with desk.database.reading() as db:
        assert list(verify(db))[-1].ok


def test_a_process_killed_in_the_middle_neither_loses_nor_doubles_a_lead(desk: Desk) -> None:
    import_id = _started(desk, rows=1500)
    program = (
        "import sys, threading, time; from pathlib import Path;"
        "from woodpecker_api.db.dialect import make_engine; from woodpecker_api.db.session import Database;"
        "from woodpecker_api.features.imports import jobs; from woodpecker_api.kit.clock import system_clock;"
        "from woodpecker_api.features.imports.service.uploads import Uploads;"
        "from woodpecker_api.system.audit.service import write_pending; from woodpecker_api.system.jobs import JobContext;"
        "import woodpecker_api.system.auth.models;"
        "jobs.SLICE = 20; folder = Path(sys.argv[1]);"
        "engine = make_engine(sys.argv[2]); work = jobs.ImportWork(Database(engine, (write_pending,)), Uploads(folder), system_clock);"
        "print('begun', flush=True);"
        "work.commit(JobContext('key', 0, threading.Event(), lambda: True, time.monotonic()), sys.argv[3])"
    )
    settings = desk.room.settings
    kills = 0
    for rest in (0.02, 0.05, 0.1, 0.03, 0.15):
        command = [sys.executable, "-c", program, str(settings.data_dir), settings.resolved_database_url, import_id]
        worker = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert worker.stdout is not None
        worker.stdout.readline()
        before = desk.get(import_id)["rows_done"]
        deadline = time.monotonic() + 20
        while desk.get(import_id)["rows_done"] == before and worker.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)  # until it is in the middle of its work
        time.sleep(rest / 10)
        kills += worker.poll() is None
        worker.kill()
        worker.communicate()
        if desk.get(import_id)["status"] == "committing":
            assert desk.leads() == []
    assert kills >= 1
    done = desk.finish(import_id)
    assert counts(done) == (1500, 0, 0, 0)
    emails = [lead["email"] for lead in desk.leads()]
    assert len(emails) == len(set(emails)) == 1500


def test_a_second_worker_on_the_same_import_gives_way(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SLICE", 10)
    import_id = _started(desk, rows=50)
    first = desk.work._commit_slice

    def overtaken(record_id: str, batch: list[Any], done: int) -> None:
        first(record_id, batch, done)
        if done == 10:  # another worker does the next slice before this one comes to it
            first(record_id, [], done + len(batch))
            with desk.database.writing() as db:
                db.get_one(Import, record_id).rows_done += 10

    monkeypatch.setattr(desk.work, "_commit_slice", overtaken)
    assert desk.work.commit(a_turn(), import_id) == Done()
    assert desk.get(import_id)["status"] == "committing"


def test_a_worker_that_is_asked_to_stop_leaves_the_rest_for_the_next(desk: Desk) -> None:
    import_id = _started(desk, rows=20)
    assert desk.work.commit(a_turn(stopping=True), import_id) == Again()
    assert desk.get(import_id)["rows_done"] == 0
    assert counts(desk.finish(import_id)) == (20, 0, 0, 0)


def test_an_import_that_cannot_be_finished_leaves_nothing_behind(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SLICE", 2)
    lead_id = known(desk)
    data = text_of(HEADER, "ann@acme.example,Anna,Ames,,,", *(f"p{n}@x.example,Pat,,,," for n in range(9)))
    import_id = desk.upload(data)["id"]
    desk.start(import_id, on_duplicate="overwrite")
    _stop_after(desk, monkeypatch, 2)
    with pytest.raises(_CrashError):
        desk.work.commit(a_turn(), import_id)
    monkeypatch.undo()
    desk.work.commit_failed(import_id, JobError("disk_full", "The disk is full."))
    failed = desk.get(import_id)
    assert (failed["status"], failed["error_code"], failed["error"]) == ("failed", "disk_full", "The disk is full.")
    (lead,) = desk.leads()
    assert (lead["id"], lead["first_name"], lead["last_name"]) == (lead_id, "Ann", "")
    assert counts(desk.bring_in(data)) == (9, 0, 1, 0)


def test_two_imports_of_one_list_make_each_person_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SLICE", 10)
    data = a_list(rows=40).data
    one, two = desk.upload(data)["id"], desk.upload(data)["id"]
    desk.start(one)
    desk.start(two)
    _stop_after(desk, monkeypatch, 2)
    with pytest.raises(_CrashError):
        desk.work.commit(a_turn(), one)  # 20 of its rows are in, and not visible yet
    monkeypatch.undo()
    assert counts(desk.finish(two)) == (20, 0, 20, 0)
    assert counts(desk.finish(one)) == (20, 0, 20, 0)
    assert len(desk.leads()) == 40


def test_what_an_import_changed_is_kept_once_however_often_its_slice_is_tried(desk: Desk) -> None:
    known(desk)
    done = desk.bring_in(text_of(HEADER, "ann@acme.example,Ann,Ames,,,"), on_duplicate="fill")
    desk.work.commit(a_turn(), done["id"])  # the engine may call once more
    with desk.database.reading() as db:
        assert db.query(ImportChange).count() == 1
    assert counts(desk.get(done["id"])) == (0, 1, 0, 0)


def test_files_are_kept_for_a_week_after_the_import_was_settled(desk: Desk) -> None:
    from datetime import timedelta

    settled = desk.bring_in(text_of(HEADER, "ann@acme.example,Ann,,,,"))
    assert jobs.drop_old_files(desk.room.services) == 0
    desk.room.now += timedelta(days=8)
    waiting = desk.upload(text_of(HEADER, "bob@bolt.example,Bob,,,,"))
    assert jobs.drop_old_files(desk.room.services) == 1
    assert desk.uploads.ids() == [waiting["id"]]
    assert desk.client.get(f"/api/imports/{settled['id']}/rejects.csv").status_code == 200


def test_the_note_and_the_owner_stay_with_the_leads(desk: Desk) -> None:
    done = desk.bring_in(text_of(HEADER, "ann@acme.example,Ann,,,,"), note="From the fair")
    (lead,) = desk.leads(owner="me")
    assert lead["import_id"] == done["id"]
    kinds = {entry["kind"] for entry in desk.client.get(f"/api/leads/{lead['id']}/timeline").json()["items"]}
    assert "import.committed" in kinds


def _started(desk: Desk, preset: str = "normal", **options: Any) -> str:
    import_id: str = desk.upload(a_list(preset, **options).data)["id"]
    desk.start(import_id)
    return import_id


class _CrashError(BaseException):
    """What a power cut is to a program: nothing catches it."""


def _stop_after(desk: Desk, monkeypatch: pytest.MonkeyPatch, slices: int) -> list[int]:
    """Makes the worker break off inside the transaction of the next slice."""
    seen: list[int] = []
    real = jobs.committing.commit_slice

    def breaking(db: Session, imported: Import, items: Any, now: Any) -> None:
        real(db, imported, items, now)
        if len(seen) == slices:
            raise _CrashError
        seen.append(len(items))

    monkeypatch.setattr(jobs.committing, "commit_slice", breaking)
    return seen


def test_listeners_are_registered_once() -> None:
    before = list(lead_listeners.subjects)

    def subjects(_db: Session, _lead_id: str) -> list[tuple[str, str]]:
        return []

    leads_service.listen(subjects=subjects)
    leads_service.listen(subjects=subjects)
    try:
        assert lead_listeners.subjects == [*before, subjects]
    finally:
        lead_listeners.subjects[:] = before


def test_ready_made_texts_become_drafts_that_are_seen_when_the_import_is_done(
    desk: Desk, heard: Listeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard.drafts_brought.append(store_imported)
    monkeypatch.setattr(jobs, "SLICE", 1)
    with desk.database.writing() as db:
        make.a_template(db, is_default=True)
    rows = ["ann@acme.example,Ann,Hello Ann,Dear Ann", "bob@acme.example,Bob,,"]
    import_id = desk.upload(text_of("Email,First Name,Snippet 1,Snippet 2", *rows))["id"]
    desk.start(import_id)
    _stop_after(desk, monkeypatch, 1)
    with pytest.raises(_CrashError):
        desk.work.commit(a_turn(), import_id)
    with desk.database.reading() as db:
        lead_id = db.query(Lead).filter_by(email="ann@acme.example").one().id
        with pytest.raises(NotFoundError):
            of_lead(db, lead_id)
    monkeypatch.undo()
    desk.finish(import_id)
    with desk.database.reading() as db:
        sequence, lead = of_lead(db, lead_id)
        texts = {snippet.number: snippet.text for snippet in snippets_of(db, sequence.id)}
    assert (texts[1], texts[2], lead.status) == ("Hello Ann", "Dear Ann", LeadStatus.DRAFTED)
    assert [lead["status"] for lead in desk.leads()] == ["drafted", "imported"]
