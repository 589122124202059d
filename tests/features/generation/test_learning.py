"""What came of each template version: decisions, edits, money, and what Woodpecker says of the people."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from tests import builders as make
from woodpecker_api.db.session import Database
from woodpecker_api.features.campaigns.models import WoodpeckerAccount
from woodpecker_api.features.generation.api import router
from woodpecker_api.features.generation.models import CallStatus, GenerationCall, GenerationItem, ItemStatus
from woodpecker_api.features.generation.rules.learning import Learned, changed_share, usual_share
from woodpecker_api.features.generation.service.learning import learn, variables
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.sequences.models import Sequence, Snippet
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.features.templates.models import Template
from woodpecker_api.system.auth.permissions import Role

LATER = make.NOON + timedelta(days=1)


def written(
    db: Session, template: Template, status: SequenceStatus = SequenceStatus.DRAFT, *, edit: str = "", **values: Any
) -> Sequence:
    """A sequence of a run of this template; `edit` replaces the text of its second snippet."""
    lead = make.a_lead(db)
    version_id = make.the_version_of(db, template).id
    usual = {"sandbox": True, "generation_run_id": "a-run", "template_version_id": version_id}
    if status in (SequenceStatus.APPROVED, SequenceStatus.EXPORTED):
        usual |= {"approved_at": make.NOON}
    sequence = make.a_sequence(db, lead=lead, status=status, **(usual | values))
    if edit:
        sequence.edited = True
        db.flush()
        snippet = db.get_one(Snippet, (sequence.id, 2))
        snippet.text = edit
    db.flush()
    return sequence


def learned(database: Database, **values: Any) -> list[Learned]:
    with database.reading() as db:
        return learn(db, None, **({"sandbox": True, "sandbox_account": True} | values))[0]


def test_what_was_decided_is_counted_by_version(database: Database) -> None:
    with database.writing() as db:
        template = make.a_template(db)
        written(db, template)
        written(db, template, SequenceStatus.APPROVED)
        written(db, template, SequenceStatus.EXPORTED)
        written(db, template, SequenceStatus.APPROVED, edit="Quite another text")
        written(db, template, SequenceStatus.REJECTED)
    (one,) = learned(database)
    assert (one.written, one.approved, one.approved_unedited, one.rejected) == (5, 3, 2, 1)
    assert one.unedited_share == 0.5
    assert one.edited_words is not None
    assert 0 < one.edited_words < 1


def test_texts_of_the_other_world_do_not_count(database: Database) -> None:
    with database.writing() as db:
        template = make.a_template(db)
        written(db, template, SequenceStatus.APPROVED)
        written(db, template, SequenceStatus.APPROVED, sandbox=False)
        written(db, template, SequenceStatus.APPROVED, sandbox=False)
    assert [one.approved for one in learned(database)] == [1]
    assert [one.approved for one in learned(database, sandbox=False)] == [2]


def test_texts_that_a_list_brought_are_not_the_models(database: Database) -> None:
    with database.writing() as db:
        written(db, make.a_template(db), SequenceStatus.APPROVED, generation_run_id=None)
    assert learned(database) == []


def test_the_cost_of_a_lead_is_all_calls_by_answered_leads(database: Database) -> None:
    with database.writing() as db:
        template = make.a_template(db)
        lead, failed = make.a_lead(db), make.a_lead(db)
        run = make.a_run(db, template=template, leads=(lead, failed))
        done, lost = db.query(GenerationItem).filter_by(run_id=run.id).order_by(GenerationItem.id)
        done.status, lost.status = ItemStatus.DONE, ItemStatus.FAILED
        a_call(db, done, CallStatus.SETTLED, 4_000)
        a_call(db, lost, CallStatus.UNCERTAIN, 6_000)
        a_call(db, lost, CallStatus.RELEASED, 0)
        a_call(db, lost, CallStatus.RESERVED, 0)
    (one,) = learned(database)
    assert (one.micros, one.answered, one.micros_per_lead) == (10_000, 1, 10_000)


def a_call(db: Session, item: GenerationItem, status: CallStatus, micros: int) -> None:
    db.add(
        GenerationCall(
            run_id=item.run_id,
            item_id=item.id,
            status=status,
            model="claude-sonnet-5-5",
            reserved_micros=micros,
            charged_micros=micros,
            sandbox=True,
            created_at=make.NOON,
        )
    )
    db.flush()


def mailed(db: Session, sequence: Sequence, account: WoodpeckerAccount, **values: Any) -> None:
    email = db.get_one(Lead, sequence.lead_id).email
    make.an_account_person(db, account, email, **({"last_contacted_at": LATER} | values))


def test_mailed_are_those_contacted_after_the_approval(database: Database) -> None:
    with database.writing() as db:
        template, account = make.a_template(db), make.an_account(db)
        some = [written(db, template, SequenceStatus.EXPORTED) for _ in range(5)]
        mailed(db, some[0], account, status="ACTIVE")
        mailed(db, some[1], account, status="REPLIED")
        mailed(db, some[2], account, status="BOUNCED")
        mailed(db, some[3], account, status="ACTIVE", last_contacted_at=make.NOON - timedelta(days=9))
    (one,) = learned(database)
    assert (one.mailed, one.replied, one.bounced) == (3, 1, 1)


def test_a_reply_is_one_by_its_time_too(database: Database) -> None:
    with database.writing() as db:
        template, account = make.a_template(db), make.an_account(db)
        sequence = written(db, template, SequenceStatus.EXPORTED)
        mailed(db, sequence, account, status="ACTIVE", last_replied_at=LATER)
        other = written(db, template, SequenceStatus.EXPORTED)
        mailed(db, other, account, status="ACTIVE", last_replied_at=make.NOON - timedelta(days=30))
    (one,) = learned(database)
    assert (one.mailed, one.replied) == (2, 1)


def test_an_account_of_the_other_world_says_nothing(database: Database) -> None:
    with database.writing() as db:
        template, account = make.a_template(db), make.an_account(db, sandbox=False)
        mailed(db, written(db, template, SequenceStatus.EXPORTED), account, status="REPLIED")
    (one,) = learned(database)
    assert one.mailed == 0


@pytest.mark.parametrize(("count", "is_told"), [(99, False), (100, True)])
def test_below_a_hundred_mailed_no_share_is_told(count: int, is_told: bool) -> None:
    one = Learned("t", "T", 1, False, make.NOON, mailed=count, replied=10, bounced=5)
    assert one.too_few is not is_told
    assert (one.reply_share is not None) is is_told
    assert (one.bounce_share is not None) is is_told


def test_without_decisions_and_answers_there_is_no_share() -> None:
    one = Learned("t", "T", 1, False, make.NOON, written=3)
    assert (one.unedited_share, one.micros_per_lead, one.edited_words) == (None, None, None)


@pytest.mark.parametrize(
    ("pairs", "share"),
    [
        ([("one two three four", "one two three four")], 0.0),
        ([("one two three four", "one two three five")], 0.25),
        ([("one two", "one two three four")], 0.5),
        ([("one two three four", "")], 1.0),
        ([("a b", "a b"), ("c d", "x y")], 0.5),
        ([], 0.0),
    ],
)
def test_the_size_of_an_edit_is_the_share_of_words(pairs: list[tuple[str, str]], share: float) -> None:
    assert changed_share(pairs) == pytest.approx(share)


def test_the_usual_edit_is_the_middle_one() -> None:
    assert usual_share([0.01, 0.02, 0.9]) == 0.02
    assert usual_share([]) is None


def test_columns_of_lists_can_be_named_most_common_first(database: Database) -> None:
    with database.writing() as db:
        make.a_lead(db, custom={"research_link": "https://example.org/a", "attachments": "deck.pdf"})
        make.a_lead(db, custom={"research_link": "https://example.org/b"})
        make.a_lead(db, custom={"secret": "x"}, deleted_at=make.NOON)
    with database.reading() as db:
        assert variables(db) == ["research_link", "attachments"]


@pytest.fixture
def viewer(open_room: Callable[..., Any]) -> TestClient:
    client: TestClient = open_room(router).client(Role.VIEWER)
    return client


def test_the_comparison_over_http(viewer: TestClient, database: Database) -> None:
    with database.writing() as db:
        one, other = make.a_template(db), make.a_template(db)
        written(db, one, SequenceStatus.APPROVED)
        written(db, other)
    found = viewer.get("/api/generations/learning").json()
    assert found["sandbox"] is True
    assert {row["template_id"]: row["unedited_share"] for row in found["items"]} == {one.id: 1.0, other.id: None}
    assert all(row["too_few"] and row["reply_share"] is None for row in found["items"])
    only = viewer.get("/api/generations/learning", params={"template_id": one.id}).json()
    assert [row["template_id"] for row in only["items"]] == [one.id]
    assert viewer.get("/api/generations/variables").json()["fields"][0] == "first_name"
