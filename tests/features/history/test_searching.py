"""Search: what it finds is what reading every attempt would find, on both databases; few people's attempts are looked up by index."""

import random
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests import builders as make
from tests.either import either_database
from woodpecker_api.db.dialect import is_sqlite
from woodpecker_api.db.session import Database
from woodpecker_api.features.exports.models import Attempt, AttemptPerson
from woodpecker_api.features.exports.rules import AttemptStatus
from woodpecker_api.features.exports.service.attempts import store_people
from woodpecker_api.features.history.queries import counts, listing, searching
from woodpecker_api.features.history.rules import Search, Wanted, read_search
from woodpecker_api.features.leads.rules import fold
from woodpecker_api.features.sequences.rules import SequenceStatus

__all__ = ["either_database"]
NAMES = (
    *(
        "Łukasz",
        "Müller",
        "Strauß",
        "Ørsted",
        "José",
        "İpek",
        "Åsa",
        "ŒUVRE",
        "Ωmega",
        "ﬁlip",
        "李小龍",
        "Анна",
        "O'Brien",
    ),
    *("50%", "a_b", 'Q"uote', "back\\slash", "K-9", "(x)", "AND", "NEAR", "ab", "é", "*", "🙂🙂🙂"),
)
KINDS: tuple[dict[str, Any], ...] = (
    {},
    {"statuses": (AttemptStatus.FAILED, AttemptStatus.ADDED)},
    {"since": make.NOON + timedelta(minutes=20), "until": make.NOON + timedelta(minutes=90)},
)


@pytest.mark.parametrize(("few", "probed"), [(0, 3000), (0, 1), (3, 20), (2000, 5)])
def test_a_search_finds_what_reading_every_attempt_would_find(
    either_database: Database, few: int, probed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "FEW", few)
    monkeypatch.setattr(listing, "PROBED", probed)
    chance = random.Random(few)
    with either_database.writing() as db:
        _people(db, chance, 40)
    with either_database.reading() as db:
        texts = db.execute(sa.select(Attempt.id, Attempt.search_text, Attempt.started_at, Attempt.status)).all()
        hits = 0
        for query in (*NAMES, *(_piece(chance, texts) for _ in range(25))):
            for kind in (KINDS[0], chance.choice(KINDS)):
                wanted = Wanted(search=Search(words=tuple(fold(query).split())), with_sandbox=True, **kind)
                found = [row.id for row in listing.page(db, wanted, newest_first=True, after=None, limit=500)]
                expected = _by_reading(texts, wanted)
                assert found == expected, (query, kind)
                assert listing.count_up_to_cap(db, wanted) == len(expected), (query, kind)
                assert sum(count for *_, count in counts.by_day(db, wanted)) == len(expected), (query, kind)
                hits += len(expected)
    assert hits > 100


@pytest.mark.parametrize("probed", [1, 10, 3000])
def test_pages_of_a_search_follow_each_other_without_a_gap_in_either_order(
    either_database: Database, probed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PROBED", probed)
    with either_database.writing() as db:
        _people(db, random.Random(1), 40)
    wanted = Wanted(search=read_search("acme"), with_sandbox=True)
    with either_database.reading() as db:
        for newest_first in (True, False):
            seen: list[str] = []
            after = None
            while rows := listing.page(db, wanted, newest_first=newest_first, after=after, limit=7):
                seen += [row.id for row in rows]
                after = (rows[-1].started_at, rows[-1].id)
            whole = listing.page(db, wanted, newest_first=newest_first, after=None, limit=500)
            assert seen == [row.id for row in whole]
            assert len(seen) > 7


def test_erasing_the_rows_of_an_address_leaves_none_of_its_letters(either_database: Database) -> None:
    with either_database.writing() as db:
        store_people(db, [("ann@a.example", "ann@a.example zyxwvut"), ("bob@a.example", "bob@a.example")])
        store_people(db, [("ann@a.example", "ann@a.example zyxwvut"), ("ann@a.example", "ann@a.example married")])
    with either_database.writing() as db:
        assert _found(db, "zyxwvut") == ["ann@a.example"]
        assert len(db.scalars(sa.select(AttemptPerson.id)).all()) == 3
        db.execute(sa.delete(AttemptPerson).where(AttemptPerson.address_key == "ann@a.example"))
    with either_database.reading() as db:
        assert _found(db, "zyxwvut") == _found(db, "married") == []
        assert _found(db, "a.example") == ["bob@a.example"]
        if is_sqlite(db.connection()):
            sql = "SELECT count(*) FROM attempt_people_trigrams_data WHERE instr(block, 'xwv') OR instr(block, CAST('zyx' AS BLOB))"
            assert db.connection().exec_driver_sql(sql).scalar_one() == 0


@pytest.mark.parametrize("words", [("acme",), ("acme", "an"), ("acme", 'q"x')])
def test_letters_are_looked_up_in_their_index(database: Database, words: tuple[str, ...]) -> None:
    with database.reading() as db:
        plan = _plan(db, searching.people_statement(db.connection(), words, 10))
    assert plan[0].startswith("SCAN attempt_people_trigrams VIRTUAL TABLE INDEX 0:M"), plan
    assert plan[1] == "SEARCH attempt_people USING INTEGER PRIMARY KEY (rowid=?)"


@pytest.mark.parametrize(
    "more",
    [{}, {"campaign_id": "c"}, {"user_id": "u"}, {"export_id": "e"}, {"statuses": (AttemptStatus.ADDED,)}],
)
def test_attempts_of_few_people_are_looked_up_by_their_addresses(database: Database, more: dict[str, Any]) -> None:
    wanted = Wanted(search=Search(words=("ann",)), people=("a", "b"), since=make.NOON, **more)
    with database.reading() as db:
        for statement in (
            listing.page_statement(wanted, listing.Part(newest_first=True, after=(make.NOON, "01"), limit=51)),
            listing.count_statement(wanted),
            counts.by_day_statement(db, wanted),
        ):
            plan = _plan(db, statement)
            assert any("SEARCH attempts USING INDEX ix_attempts_address (address_key=?" in step for step in plan), plan


@pytest.mark.parametrize("words", [("acme",), ("acme", "an")])
def test_attempts_of_many_people_are_counted_by_their_addresses(database: Database, words: tuple[str, ...]) -> None:
    with database.reading() as db:
        wanted = Wanted(search=Search(words=words), since=make.NOON)
        plan = [step for step in _plan(db, listing.count_by_people(db.connection(), wanted)) if "attempt" in step]
    assert plan[-1].startswith("SEARCH attempts USING INDEX ix_attempts_address (address_key=?"), plan
    assert plan[0].startswith("SCAN attempt_people"), plan


def _people(db: Session, chance: random.Random, count: int) -> None:
    """Attempts at random names, some people under two of them."""
    export = make.an_export(db)
    for number in range(count):
        lead = make.a_lead(
            db,
            email=f"person{number}@{chance.choice(('acme', 'möbel', 'x-y'))}.example",
            first_name=chance.choice(NAMES),
            last_name=chance.choice(NAMES),
            company=f"{chance.choice(NAMES)} {chance.choice(NAMES)}",
        )
        item = make.an_item(db, export=export, sequence=make.a_sequence(db, lead=lead, status=SequenceStatus.APPROVED))
        status = chance.choice((AttemptStatus.ADDED, AttemptStatus.FAILED))
        for again in range(1 + number % 2):
            at = make.NOON + timedelta(minutes=chance.randrange(120))
            other = {"search_text": fold(f"{lead.email} {chance.choice(NAMES)}")} if again else {}
            make.an_attempt(db, item=item, at=at, status=status, **other)


def _piece(chance: random.Random, texts: Any) -> str:
    """A part of some text, of one to ten letters, or two of them."""
    parts = []
    for _ in range(chance.choice((1, 1, 2))):
        text = chance.choice(texts).search_text
        start = chance.randrange(len(text))
        parts.append(text[start : start + chance.randrange(1, 11)])
    return " ".join(parts)


def _by_reading(texts: Any, wanted: Wanted) -> list[str]:
    rows = [
        row
        for row in texts
        if all(word in row.search_text for word in wanted.search.words)
        and (not wanted.statuses or row.status in wanted.statuses)
        and (wanted.since is None or row.started_at >= wanted.since)
        and (wanted.until is None or row.started_at < wanted.until)
    ]
    return [row.id for row in sorted(rows, key=lambda row: (row.started_at, row.id), reverse=True)]


def _found(db: Session, word: str) -> list[str]:
    return list(db.scalars(searching.people_statement(db.connection(), (word,), 10)))


def _plan(db: Session, statement: Any) -> list[str]:
    sql = statement.compile(db.get_bind(), compile_kwargs={"literal_binds": True})
    return [row[3] for row in db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")]
