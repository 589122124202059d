"""Texts stored, edited, restored, imported: every version is kept, and every change makes a draft."""

import pytest
import sqlalchemy as sa

from tests import builders as make
from tests.features.sequences.answers import BRIEF, GOOD, LEAD
from woodpecker_api.errors import ValidationFailedError, VersionConflictError
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.sequences import service
from woodpecker_api.features.sequences.errors import BeingWrittenError, NotApprovableError, SequenceLockedError
from woodpecker_api.features.sequences.models import Sequence
from woodpecker_api.features.sequences.rules import Approval, SequenceStatus
from woodpecker_api.features.templates import service as templates
from woodpecker_api.features.templates.rules import DEFAULT_CONTENT, Content
from woodpecker_api.system.audit.models import AuditLine
from woodpecker_api.system.audit.service import SYSTEM, write_pending
from woodpecker_api.system.changes.service import changes_after

NOW = make.NOON
OUR_CONTENT = Content(DEFAULT_CONTENT.system_text, BRIEF, DEFAULT_CONTENT.person_text, DEFAULT_CONTENT.shape)


@pytest.fixture
def db(database):
    with database.writing() as session:
        yield session


@pytest.fixture
def used(db):
    template = templates.create(db, SYSTEM, "Ours", OUR_CONTENT, NOW)
    return templates.for_new_run(db, template.id, NOW)


@pytest.fixture
def lead(db):
    custom = {name: LEAD[name] for name in ("company_nickname", "notes")}
    fields = {name: value for name, value in LEAD.items() if name not in custom}
    return make.a_lead(db, **fields, custom=custom)


@pytest.fixture
def olga(db):
    return make.an_actor(make.a_user(db))


def written(used, texts=GOOD, **values):
    return service.Written(**{"texts": texts, "template": used, "run_id": "run-1", "sandbox": False} | values)


@pytest.fixture
def sequence(db, lead, used):
    return service.store_generated(db, lead, written(used), NOW)


def texts(db, sequence):
    return {s.number: s.text for s in service.snippets_of(db, sequence.id)}


def test_a_good_answer_is_a_draft_without_flags(db, sequence, lead):
    assert (sequence.status, sequence.version, sequence.blocking_flags, sequence.warning_flags) == ("draft", 1, 0, 0)
    assert lead.status == LeadStatus.DRAFTED
    assert texts(db, sequence) == GOOD


def test_a_bad_answer_is_stored_with_its_flags(db, lead, used):
    sequence = service.store_generated(db, lead, written(used, {**GOOD, 4: "Hi [Name], as Nestlé said."}), NOW)
    assert sequence.blocking_flags == 2
    assert sequence.warning_flags >= 1
    shown = service.shown(db, sequence)
    assert {f["code"] for f in shown["snippets"][3]["flags"]} >= {"placeholder", "wrong_name", "invented_name"}


def test_an_edit_is_the_next_version_and_flags_are_found_again(db, lead, used, olga):
    sequence = service.store_generated(db, lead, written(used, {**GOOD, 4: "One thing, [Name]: " + GOOD[4]}), NOW)
    assert sequence.blocking_flags == 1
    service.edit(db, olga, sequence.id, version=1, texts={4: GOOD[4]}, now=NOW)
    assert (sequence.version, sequence.blocking_flags, sequence.edited) == (2, 0, True)
    snippet = service.snippets_of(db, sequence.id)[3]
    assert snippet.original_text.startswith("One thing, [Name]")


def test_the_same_words_make_no_version(db, sequence, olga):
    service.edit(db, olga, sequence.id, version=1, texts={2: GOOD[2] + "\n \n"}, now=NOW)
    assert sequence.version == 1


def test_an_edit_of_approved_texts_makes_a_draft(db, sequence, lead, olga):
    service.approve(olga, sequence, lead, approval=Approval.READ, now=NOW)
    assert (sequence.status, sequence.version, sequence.approved_version) == ("approved", 2, 2)
    assert lead.status == LeadStatus.APPROVED
    service.edit(db, olga, sequence.id, version=2, texts={1: "new leads in the depots"}, now=NOW)
    assert sequence.status == "draft"
    assert (sequence.approved_by, sequence.approved_version, sequence.approval) == (None, None, None)
    assert lead.status == LeadStatus.DRAFTED


def test_an_old_version_is_refused_with_the_present_texts(db, sequence, olga):
    service.edit(db, olga, sequence.id, version=1, texts={1: "mine"}, now=NOW)
    with pytest.raises(VersionConflictError) as caught:
        service.edit(db, olga, sequence.id, version=1, texts={1: "yours"}, now=NOW)
    assert caught.value.extra["current"]["snippets"][0]["text"] == "mine"
    assert caught.value.extra["current"]["version"] == 2


def test_an_unknown_snippet_or_a_book_is_refused(db, sequence, olga):
    with pytest.raises(ValidationFailedError) as caught:
        service.edit(db, olga, sequence.id, version=1, texts={9: "x", 2: "y" * 20_001}, now=NOW)
    assert [p.code for p in caught.value.errors] == ["unknown_snippet", "too_long"]
    assert sequence.version == 1


def test_texts_of_a_lead_in_an_export_do_not_move(db, sequence, lead, olga, used):
    lead.status = LeadStatus.EXPORTING
    db.flush()
    with pytest.raises(SequenceLockedError):
        service.edit(db, olga, sequence.id, version=1, texts={1: "x"}, now=NOW)
    with pytest.raises(SequenceLockedError):
        service.store_generated(db, lead, written(used), NOW)
    with pytest.raises(SequenceLockedError):
        service.return_to_draft(sequence, lead, now=NOW)


def test_nobody_edits_or_approves_what_is_being_replaced(db, sequence, lead, olga):
    lead.status = LeadStatus.GENERATING
    db.flush()
    with pytest.raises(BeingWrittenError):
        service.edit(db, olga, sequence.id, version=1, texts={1: "x"}, now=NOW)
    with pytest.raises(BeingWrittenError):
        service.restore(db, olga, sequence.id, version=1, wanted=1, now=NOW)
    with pytest.raises(BeingWrittenError):
        service.approve(olga, sequence, lead, approval=Approval.READ, now=NOW)


def test_writing_again_keeps_what_a_person_wrote_as_a_version(db, sequence, lead, used, olga):
    service.edit(db, olga, sequence.id, version=1, texts={1: "my own subject"}, now=NOW)
    service.store_generated(db, lead, written(used, instruction="shorter"), NOW)
    assert texts(db, sequence)[1] == GOOD[1]
    kept = {v.version: v for v in service.versions_of(db, sequence.id)}
    assert sorted(kept) == [1, 2, 3]
    assert kept[2].snippets[0]["text"] == "my own subject"
    assert (kept[2].author, kept[2].author_id) == ("person", olga.id)
    assert (kept[3].author, kept[3].instruction) == ("model", "shorter")
    assert sequence.edited is False


def test_one_snippet_written_again_leaves_the_others(db, sequence, lead, used, olga):
    service.edit(db, olga, sequence.id, version=1, texts={1: "my own subject"}, now=NOW)
    service.store_generated(
        db, lead, written(used, {4: "Would a list of such talks help you, or is this not yours?"}), NOW
    )
    now = texts(db, sequence)
    assert now[1] == "my own subject"
    assert now[4].startswith("Would a list")
    assert sequence.edited is True


def test_a_sandbox_text_marks_the_sequence_until_all_of_it_is_real(db, lead, used):
    sequence = service.store_generated(db, lead, written(used, sandbox=True), NOW)
    service.store_generated(db, lead, written(used, {4: GOOD[4]}), NOW)
    assert sequence.sandbox is True
    service.store_generated(db, lead, written(used), NOW)
    assert sequence.sandbox is False


def test_an_earlier_version_can_be_taken_up_again(db, sequence, olga):
    service.edit(db, olga, sequence.id, version=1, texts={1: "second", 2: "Hi Renata"}, now=NOW)
    service.restore(db, olga, sequence.id, version=2, wanted=1, now=NOW)
    assert texts(db, sequence) == GOOD
    assert (sequence.version, sequence.edited, sequence.blocking_flags) == (3, False, 0)
    service.restore(db, olga, sequence.id, version=3, wanted=2, now=NOW)
    assert texts(db, sequence)[1] == "second"
    assert service.snippets_of(db, sequence.id)[0].original_text == GOOD[1]


def test_blocking_flags_keep_from_approval_and_exported_texts_from_rejection(db, sequence, lead, olga):
    service.edit(db, olga, sequence.id, version=1, texts={1: "{{"}, now=NOW)
    with pytest.raises(NotApprovableError):
        service.approve(olga, sequence, lead, approval=Approval.READ, now=NOW)
    sequence.status = SequenceStatus.EXPORTED
    with pytest.raises(NotApprovableError):
        service.reject(sequence, lead, reason="no", now=NOW)


def test_texts_of_a_list_become_a_draft_of_their_own(db, lead, olga):
    brought = {n: GOOD[n] for n in (1, 2, 3, 4, 5, 6)}
    sequence = service.store_imported(db, olga, lead, brought, NOW)
    assert sequence is not None
    assert (sequence.status, sequence.blocking_flags, sequence.sandbox) == ("draft", 1, False)
    assert texts(db, sequence) == {**brought, 7: ""}
    assert lead.status == LeadStatus.DRAFTED
    assert service.versions_of(db, sequence.id)[0].author == "import"


def test_a_list_never_replaces_texts(db, sequence, lead, olga):
    assert service.store_imported(db, olga, lead, {1: "other"}, NOW) is None
    assert texts(db, sequence) == GOOD


def test_empty_cells_bring_no_sequence(db, lead, olga):
    assert service.store_imported(db, olga, lead, {1: " ", 2: "\n"}, NOW) is None
    assert db.scalar(sa.select(Sequence)) is None


def test_a_number_beyond_the_template_is_kept(db, lead, olga):
    sequence = service.store_imported(
        db, olga, lead, {**GOOD, 9: "A ninth text, which the template does not know."}, NOW
    )
    assert sequence is not None
    assert texts(db, sequence)[9].startswith("A ninth")
    assert sequence.blocking_flags == 0


def test_each_change_is_audited_and_what_a_person_changes_is_announced(db, sequence, olga):
    """What a run writes is announced by the run, for many leads in one statement."""
    service.edit(db, olga, sequence.id, version=1, texts={1: "second"}, now=NOW)
    write_pending(db)
    wanted = sa.select(AuditLine.action).where(AuditLine.subject_id == sequence.id).order_by(AuditLine.id)
    assert db.scalars(wanted).all() == ["sequence.generated", "sequence.edited"]
    announced = [(kind, record) for _, kind, record in changes_after(db, 0)]
    assert announced.count(("sequence", sequence.id)) == 1
    assert ("lead", sequence.lead_id) in announced
