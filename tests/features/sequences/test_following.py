"""Texts follow their export into a campaign and out of it; nobody's later decision is overruled, and no version changes."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests import builders as make
from tests.either import either_database
from woodpecker_api.db.session import Database
from woodpecker_api.features.leads import service as leads
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.sequences import service as sequences
from woodpecker_api.features.sequences.models import Sequence
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.system.changes.models import Change

__all__ = ["either_database"]


def some(database: Database, *statuses: SequenceStatus) -> tuple[list[str], list[str]]:
    """Sequence ids and their leads' ids."""
    with database.writing() as db:
        template = make.a_template(db)
        made = [make.a_sequence(db, lead=make.a_lead(db), template=template, status=status) for status in statuses]
        return [each.id for each in made], [each.lead_id for each in made]


def statuses(database: Database, ids: list[str]) -> list[str]:
    with database.reading() as db:
        found = {row.id: row.status for row in db.execute(sa.select(Sequence.id, Sequence.status))}
        return [found[each] for each in ids]


def versions_of(db: Session) -> dict[str, int]:
    return {row.id: row.version for row in db.execute(sa.select(Sequence.id, Sequence.version))}


def test_approved_texts_are_exported_and_others_stay_what_somebody_made_of_them(either_database: Database) -> None:
    ids, _ = some(either_database, *SequenceStatus)
    with either_database.writing() as db:
        before = versions_of(db)
        sequences.entered_campaign(db, ids, make.NOON)
        after = versions_of(db)
    expected = {each: "exported" if each == SequenceStatus.APPROVED else each.value for each in SequenceStatus}
    assert statuses(either_database, ids) == list(expected.values())
    assert before == after, "a new version would make the plan that is being sent look out of date"


def test_texts_that_left_are_approved_again_and_others_untouched(either_database: Database) -> None:
    ids, _ = some(either_database, *SequenceStatus)
    with either_database.writing() as db:
        sequences.left_campaign(db, ids, make.NOON)
    expected = ["approved" if each == SequenceStatus.EXPORTED else each.value for each in SequenceStatus]
    assert statuses(either_database, ids) == expected


def test_more_than_one_statement_takes_are_all_moved(database: Database) -> None:
    ids, lead_ids = some(database, *[SequenceStatus.APPROVED] * 501)
    with database.writing() as db:
        sequences.entered_campaign(db, ids, make.NOON)
        assert {status: len(found) for status, found in sequences.lead_statuses(db, lead_ids).items()} == {
            LeadStatus.EXPORTED: 501
        }


def test_nobody_is_nothing_to_move(database: Database) -> None:
    with database.writing() as db:
        sequences.entered_campaign(db, [], make.NOON)
        sequences.left_campaign(db, [], make.NOON)
        assert sequences.lead_statuses(db, []) == {}


def test_leads_without_texts_are_in_no_list(database: Database) -> None:
    with database.writing() as db:
        assert sequences.lead_statuses(db, [make.a_lead(db).id]) == {}


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_lead_that_moves_on_keeps_its_version_and_pages_hear_of_it(database: Database, count: int) -> None:
    _, lead_ids = some(database, *[SequenceStatus.APPROVED] * count)
    with database.writing() as db:
        db.execute(sa.delete(Change))
        versions = {row.id: row.version for row in db.execute(sa.select(Lead.id, Lead.version))}
        leads.mark(db, lead_ids, LeadStatus.EXPORTING, make.NOON)
    with database.reading() as db:
        rows = db.execute(sa.select(Lead.id, Lead.status, Lead.version)).all()
        assert {row.status for row in rows} <= {"exporting"}
        assert {row.id: row.version for row in rows} == versions, "a form that is open must not conflict with it"
        told = db.scalars(sa.select(Change.kind)).all()
        assert list(told) == (["lead"] if count else [])
