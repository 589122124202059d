"""The list of leads at any size: by which way its questions are answered, and that every way finds the same."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests import builders as make
from tests.either import either_database
from tests.room import Room
from woodpecker_api.db.session import Database
from woodpecker_api.errors import SelectionChangedError
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.queries import reading, searching
from woodpecker_api.features.leads.rules import LeadFilter, LeadStatus, Selection, fold
from woodpecker_api.features.leads.service import resolve_selection
from woodpecker_api.kit.paging import decode_cursor

__all__ = ["either_database"]
WORDS = ["Ørsted", "Quarry", "Müller", "Lumen", "learning", "Head", "50%", "a_b", 'O"Neil', "Ann", "Bo", "Łódź"]


def some_leads(db: Session, count: int) -> None:
    chance = random.Random(5)
    for number in range(count):
        make.a_lead(
            db,
            email=f"p{number}@{chance.choice(['acme', 'bolt', 'quarry'])}.example",
            first_name=chance.choice(WORDS),
            last_name=chance.choice(WORDS),
            company=f"{chance.choice(WORDS)} {chance.choice(WORDS)}",
            title=f"{chance.choice(WORDS)} of {chance.choice(WORDS)}",
            status=chance.choice(list(LeadStatus)),
            updated_at=make.NOON + timedelta(minutes=chance.randrange(9)),
            deleted_at=make.NOON if number % 11 == 0 else None,
        )


def found(db: Session, wanted: LeadFilter, sort: str = "-created") -> tuple[list[str], int]:
    """As the list asks: the ids of the first fifty, and how many there are."""
    named = searching.few_named(db, wanted)
    page = reading.page(db, wanted, None, sort=sort, after=None, limit=50, named=named)
    return [row["id"] for row in page.rows], reading.count_up_to(db, wanted, None, 10_001, named)


QUERIES = [
    "ørsted",
    "orsted",
    "quarry",
    "head müller",
    "an",
    "a",
    "zzz",
    "50%",
    "a_b",
    'o"neil',
    "@acme",
    "lodz learning",
    "%",
    "ann bo",
]


@pytest.mark.parametrize("few", [0, 5, 1000])
def test_words_find_the_same_by_either_way(
    either_database: Database, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(searching, "FEW", few)
    with either_database.writing() as db:
        some_leads(db, 120)
    with either_database.reading() as db:
        everybody = db.query(Lead).where(Lead.deleted_at.is_(None)).order_by(Lead.id.desc()).all()
        for query in QUERIES:
            expected = [lead.id for lead in everybody if all(word in lead.search_text for word in fold(query).split())]
            assert found(db, LeadFilter(q=query)) == (expected[:50], len(expected)), query
        for name in ("Ørsted", "quarry lumen", "50%"):
            expected = [lead.id for lead in everybody if fold(name) in fold(lead.company)]
            assert found(db, LeadFilter(company=name)) == (expected[:50], len(expected)), name


def test_a_lead_is_found_by_what_it_says_now(room: Room) -> None:
    client = room.client()
    made = client.post(
        "/api/leads", json={"email": "kim@acme.example", "first_name": "Kim", "company": "Obsidian"}
    ).json()

    def named(word: str) -> int:
        return int(client.get("/api/leads", params={"q": word}).json()["total"])

    assert (named("obsidian"), named("granite")) == (1, 0)
    client.patch(f"/api/leads/{made['id']}", json={"version": made["version"], "company": "Granite"})
    assert (named("obsidian"), named("granite")) == (0, 1)
    client.delete(f"/api/leads/{made['id']}")
    assert named("granite") == 0
    client.post(f"/api/leads/{made['id']}/restore")
    assert named("granite") == 1


def test_every_lead_gets_a_number_whoever_makes_it(room: Room) -> None:
    with room.database.writing() as db:
        for number in (None, 40, None):
            make.a_lead(db, number=number)
    with room.database.reading() as db:
        assert list(db.scalars(sa.select(Lead.number).order_by(Lead.id))) == [1, 40, 41]


def test_letters_of_a_lead_that_is_emptied_or_gone_are_in_the_index_no_more(room: Room) -> None:
    with room.database.writing() as db:
        one, two = (make.a_lead(db, email=f"{name}@acme.example", company="Obsidian") for name in ("one", "two"))
        db.flush()
        one.search_text = ""
        db.flush()
        db.delete(two)
    with room.database.reading() as db:
        matches = "SELECT count(*) FROM leads_trigrams WHERE leads_trigrams MATCH '\"obsidian\"'"
        assert db.connection().exec_driver_sql(matches).scalar_one() == 0


@pytest.mark.parametrize("sort", [f"{way}{name}" for name in reading.SORTS for way in ("", "-")])
@pytest.mark.parametrize("deep", [False, True])
def test_every_sorting_is_an_index_that_is_walked(room: Room, sort: str, deep: bool) -> None:
    with room.database.writing() as db:
        some_leads(db, 8)
    with room.database.reading() as db:
        after = None
        if deep:
            first = reading.page(db, LeadFilter(), None, sort=sort, after=None, limit=2)
            assert first.next_cursor is not None
            after = decode_cursor(first.next_cursor, 2)
        with plans(db) as seen:
            reading.page(db, LeadFilter(), None, sort=sort, after=after, limit=50)
        (plan,) = seen
        assert len(plan) == 1
        assert ("SEARCH leads USING INDEX" if deep else "leads USING INDEX") in plan[0]


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        ({"status": [LeadStatus.DRAFTED]}, "ix_leads_status (status=?)"),
        ({"owner": "none"}, "ix_leads_owner (owner_id=?)"),
        ({"owner": "somebody"}, "ix_leads_owner (owner_id=?)"),
        ({"import_id": "one"}, "ix_leads_import (import_id=?)"),
    ],
)
def test_a_filter_is_answered_in_order_by_its_index(room: Room, filters: dict[str, Any], index: str) -> None:
    with room.database.reading() as db, plans(db) as seen:
        reading.page(db, LeadFilter(**filters), None, sort="-created", after=None, limit=50)
        reading.count_up_to(db, LeadFilter(**filters), None, 10_001, None)
    assert all(index in " ".join(plan) for plan in seen)
    assert "TEMP B-TREE" not in str(seen[0])


def test_a_rare_word_reads_no_other_leads(room: Room) -> None:
    with room.database.writing() as db:
        some_leads(db, 30)
    with room.database.reading() as db, plans(db) as seen:
        found(db, LeadFilter(q="orsted", company="lumen"), sort="company")
    for plan in seen:
        assert not [line for line in plan if line.startswith("SCAN leads") and "VIRTUAL" not in line], plan
    assert "leads_trigrams VIRTUAL TABLE" in " ".join(seen[0])


@contextmanager
def plans(db: Session) -> Iterator[list[list[str]]]:
    """How SQLite goes about each statement of the block."""
    asked: list[tuple[str, Any]] = []
    connection = db.connection()

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    sa.event.listen(connection, "before_cursor_execute", note)
    seen: list[list[str]] = []
    yield seen
    sa.event.remove(connection, "before_cursor_execute", note)
    for statement, parameters in asked:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        seen.append([row[3] for row in rows])


def test_leads_of_an_unfinished_import_can_be_neither_seen_nor_chosen(room: Room) -> None:
    with room.database.writing() as db:
        imported = make.an_import(db)
        lead_id = make.a_lead(db, company="Obsidian", import_id=imported.id, pending_import_id=imported.id).id
    with room.database.reading() as db:
        assert found(db, LeadFilter(q="obsidian")) == ([], 0)
        assert resolve_selection(db, Selection(filter=LeadFilter(import_id=imported.id)), user_id=None) == []
        with pytest.raises(SelectionChangedError):
            resolve_selection(db, Selection(ids=[lead_id]), user_id=None)
