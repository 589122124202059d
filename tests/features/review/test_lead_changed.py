"""A changed name or company returns what was decided about texts to review."""

from sqlalchemy.orm import Session

from tests import builders as make
from woodpecker_api.db.session import Database
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.review import service
from woodpecker_api.features.review.models import Decision, ReviewDecision
from woodpecker_api.features.sequences.models import Sequence, Snippet
from woodpecker_api.features.sequences.rules import SequenceStatus


def changed(db: Session, sequence: Sequence, status: LeadStatus) -> Sequence:
    lead = db.get_one(make.Lead, sequence.lead_id)
    lead.status = status
    lead.first_name = "Renamed"
    db.flush()
    service.lead_changed(db, make.an_actor(make.a_user(db)), [lead.id], make.NOON)
    return sequence


def test_an_approved_sequence_is_a_draft_again_and_the_reason_is_on_record(database: Database):
    with database.writing() as db:
        sequence = changed(db, make.a_sequence(db, status=SequenceStatus.APPROVED), LeadStatus.APPROVED)
        assert sequence.status == SequenceStatus.DRAFT
        decision = db.query(ReviewDecision).filter_by(sequence_id=sequence.id, reason="lead_changed").one()
        assert decision.decision == Decision.RETURNED


def test_the_texts_are_checked_with_the_new_name(database: Database):
    with database.writing() as db:
        sequence = make.a_sequence(db, status=SequenceStatus.DRAFT)
        mail = db.query(Snippet).filter_by(sequence_id=sequence.id, number=2).one()
        mail.text, mail.original_text, mail.flags = "Hello Somebody,\n\nI [NAME] …", "x", []
        changed(db, sequence, LeadStatus.DRAFTED)
        assert db.get_one(Snippet, (sequence.id, 2)).flags
        assert sequence.blocking_flags + sequence.warning_flags > 0


def test_exported_texts_stay_as_they_are_on_record(database: Database):
    with database.writing() as db:
        sequence = changed(db, make.a_sequence(db, status=SequenceStatus.EXPORTED), LeadStatus.EXPORTED)
        assert sequence.status == SequenceStatus.EXPORTED


def test_texts_that_an_export_is_sending_are_left_to_it(database: Database):
    with database.writing() as db:
        sequence = changed(db, make.a_sequence(db, status=SequenceStatus.APPROVED), LeadStatus.EXPORTING)
        assert sequence.status == SequenceStatus.APPROVED
