"""What the preview found is what the commit stores; where it no longer holds, rows are checked again."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.features.imports.desk import Desk, a_turn
from tests.features.imports.lists import a_list, text_of
from woodpecker_api.features.imports import jobs
from woodpecker_api.features.imports.rules.issues import Issue, Severity
from woodpecker_api.features.imports.rules.prepared import PREPARED, Prepared
from woodpecker_api.features.imports.service.keeping import Keeper, fingerprint, kept_rows
from woodpecker_api.features.leads.rules import Suppressed
from woodpecker_api.system.jobs import Again

HEADER = "Email,First Name,Company"
ANN, BOB = "ann@acme.example,Ann,Acme", "bob@bolt.example,Bob,Bolt"
# What a cell holds once it was cleaned: no control characters, except line feed and tab.
CLEAN = st.text(st.characters(exclude_categories=["Cc"]) | st.sampled_from("\n\t"), max_size=30)


@pytest.fixture
def checked_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes each commit that had to check its rows again."""
    seen: list[str] = []
    real = jobs.checked_rows

    def noted(*given: Any) -> Any:
        seen.append("again")
        return real(*given)

    monkeypatch.setattr(jobs, "checked_rows", noted)
    return seen


def test_a_commit_takes_the_verdicts_of_the_preview(desk: Desk, checked_again: list[str]) -> None:
    done = desk.bring_in(a_list("kitchen-sink", rows=120).data)
    assert checked_again == []
    assert done["counts"]["created"] == len(desk.leads())


def test_both_ways_store_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made = a_list("kitchen-sink", rows=120, snippets=0.3)
    kept = desk.bring_in(made.data)
    first = desk.leads()
    rejected = desk.client.get(f"/api/imports/{kept['id']}/rejects.csv").text
    desk.client.post(f"/api/imports/{kept['id']}/undo")
    monkeypatch.setattr(jobs, "kept_rows", lambda *_: None)
    again = desk.bring_in(made.data)
    ours = ("id", "import_id", "created_at", "updated_at")
    strip = [{name: value for name, value in lead.items() if name not in ours} for lead in first]
    assert [{n: v for n, v in lead.items() if n not in ours} for lead in desk.leads()] == strip
    assert desk.client.get(f"/api/imports/{again['id']}/rejects.csv").text == rejected
    assert kept["counts"] == again["counts"]


def test_a_mapping_changed_at_the_last_moment_counts(desk: Desk, checked_again: list[str]) -> None:
    import_id = desk.upload(text_of("Email,First Name,Notes", "ann@acme.example,Ann,Head"))["id"]
    desk.start(import_id, mapping={"Notes": "title"})
    desk.finish(import_id)
    assert (desk.leads()[0]["title"], checked_again) == ("Head", ["again"])


def test_what_is_told_afterwards_is_of_the_mapping_that_counted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = desk.upload(b"ann@acme.example,Ann,CEO\nnobody,Bob,CTO\n")
    assert ("name_missing", 1) in [(issue["code"], issue["row"]) for issue in shown["issues"]]
    desk.start(shown["id"], mapping={"Column 1": "email", "Column 2": "first_name", "Column 3": "title"})
    with monkeypatch.context() as crash:
        crash.delattr(jobs.starting, "tell_findings")  # the program ends after the reading, before it was told
        with pytest.raises(AttributeError):
            desk.finish(shown["id"])
    done = desk.finish(shown["id"])
    assert [(issue["row"], issue["column"]) for issue in done["issues"] if issue["row"]] == [(2, "Column 1")]
    assert (done["counts"]["created"], done["counts"]["rejected"]) == (1, 1)


def test_who_came_onto_the_do_not_contact_list_since_stays_out(desk: Desk, checked_again: list[str]) -> None:
    import_id = desk.upload(text_of(HEADER, ANN, BOB))["id"]
    desk.client.post("/api/do-not-contact", json={"value": "bolt.example"})
    desk.start(import_id)
    done = desk.finish(import_id)
    assert ([lead["email"] for lead in desk.leads()], done["counts"]["rejected"]) == (["ann@acme.example"], 1)
    assert checked_again == ["again"]


def test_verdicts_that_are_gone_or_cut_off_are_not_used(desk: Desk, checked_again: list[str]) -> None:
    for spoil in (lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:-20])):
        import_id = desk.upload(text_of(HEADER, ANN, BOB))["id"]
        spoil(desk.uploads.verdicts(import_id))
        desk.start(import_id)
        desk.finish(import_id)
    assert checked_again == ["again", "again"]
    assert len(desk.leads()) == 2


def test_the_file_of_verdicts_goes_with_the_commit_and_with_the_upload(desk: Desk) -> None:
    done = desk.bring_in(text_of(HEADER, ANN))
    assert not desk.uploads.verdicts(done["id"]).exists()
    waiting = desk.upload(text_of(HEADER, BOB))["id"]
    assert desk.uploads.verdicts(waiting).exists()
    assert waiting in desk.uploads.ids()
    desk.uploads.drop(waiting)
    assert not desk.uploads.verdicts(waiting).exists()


def test_a_commit_that_was_broken_off_goes_on_in_the_kept_rows(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SLICE", 7)
    made = a_list("duplicates")
    import_id = desk.upload(made.data)["id"]
    desk.start(import_id)
    monkeypatch.setattr(jobs, "TURN_SECONDS", -1.0)
    assert desk.work.commit(a_turn(), import_id) == Again()
    monkeypatch.setattr(jobs, "TURN_SECONDS", 40.0)
    done = desk.finish(import_id)
    assert done["counts"]["created"] == made.facts["emails_distinct_trimmed_lower"] == len(desk.leads())


@given(
    texts=st.lists(CLEAN, min_size=len(PREPARED), max_size=len(PREPARED)),
    cells=st.lists(st.text(max_size=8), min_size=1),
)
def test_any_row_is_read_back_as_it_was_kept(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], cells: list[str]
) -> None:
    path = tmp_path_factory.mktemp("kept") / "one.rows"
    raw = "j" + json.dumps(cells)
    fine = Prepared(7, "ann@acme.example", None, False, tuple(texts), '{"1": "Hi"}', raw)
    issue = Issue(9, "Email", "email_invalid", "No \x1f address.", Severity.ERROR)
    refused = Prepared(9, "", issue, False, (), "", raw)
    double = refused.as_double(Issue(9, None, "duplicate_in_file", "Twice.", Severity.NOTE))
    with Keeper(path) as keeper:
        for one in (fine, refused, double):
            keeper.add(one)
        keeper.finish("mark")
    rows = kept_rows(path, "mark")
    assert rows is not None
    assert list(rows) == [fine, refused, double]
    assert fine.cells == cells
    assert kept_rows(path, "another") is None


def test_a_reading_that_is_broken_off_leaves_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("kept")
    with pytest.raises(KeyError), Keeper(folder / "one.rows"):
        raise KeyError
    assert list(folder.iterdir()) == []


def test_the_fingerprint_follows_all_that_a_verdict_depends_on() -> None:
    nobody = Suppressed()
    same = fingerprint("sha", {}, {"Email": "email"}, nobody)
    assert same == fingerprint("sha", {"mapping": {"Email": "email"}}, {"Email": "email"}, nobody)
    others = [
        fingerprint("other", {}, {"Email": "email"}, nobody),
        fingerprint("sha", {"header_row": 2}, {"Email": "email"}, nobody),
        fingerprint("sha", {}, {"Email": None}, nobody),
        fingerprint("sha", {}, {"Email": "email"}, Suppressed(addresses={"ann@acme.example": ""})),
        fingerprint("sha", {}, {"Email": "email"}, Suppressed(domains={"acme.example": ""})),
    ]
    assert len({same, *others}) == 6
