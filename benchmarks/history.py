"""History at a million attempts: what the room's statements cost beside the same question in raw SQL, in the same run.

    python -m benchmarks.history [--rows 1000000] [--database FILE] [--rounds 7] [--only WORD]
        [--clients 20 [--writes 50] [--seconds 3] [--rest 0.1]]

FILE is filled when it does not exist and used again when it does.
Figures are medians of processor time in milliseconds; compare the ratios, not the times. With --clients so many threads ask,
each with rests (`beside.py` says why), while a writer commits so many attempts a second: then they are the middle one (p50) of
all answers' times, in each of the rounds, and beside it the processor time of the whole process for each answer.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateIndex

from benchmarks import beside
from woodpecker_api.db.base import Base
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.inserting import insert_ignore
from woodpecker_api.db.session import Database
from woodpecker_api.features.exports.models import Attempt, AttemptPerson
from woodpecker_api.features.exports.rules import AttemptStatus
from woodpecker_api.features.history.queries import counts, listing, people
from woodpecker_api.features.history.queries.card import Card
from woodpecker_api.features.history.rules import Contacted, Search, Wanted, paragraph
from woodpecker_api.features.imports import models as _imports
from woodpecker_api.features.leads import models as _leads
from woodpecker_api.features.sequences import models as _sequences
from woodpecker_api.features.templates import models as _templates
from woodpecker_api.kit.hashing import digest
from woodpecker_api.system.auth import models as _auth

# Attempts refer to these tables; importing makes them known.
_TABLES = (_auth, _imports, _leads, _sequences, _templates)
_ATTEMPTS: Any = Attempt.__table__
_PEOPLE: Any = AttemptPerson.__table__
FIRST = datetime(2025, 3, 1, tzinfo=UTC)
SECONDS_BETWEEN = 31.5
_SYLLABLES = [consonant + vowel for consonant in "bklmnrst" for vowel in "aeiou"]
_STATUSES = ["added"] * 85 + ["already_in_campaign"] * 6 + ["rejected"] * 4 + ["failed"] * 3 + ["unknown", "not_sent"]
PEOPLE_PER_ROW = 0.245
# All that a line of the company's page shows, as ours: less would be another question.
_AT_A_DOMAIN = """
SELECT address_key, max(email), max(person_name), count(*), max(started_at), count(first_mailed_at),
    count(CASE WHEN status IN ('added', 'already_in_campaign') THEN 1 END),
    count(CASE WHEN status IN ('sending', 'unknown') THEN 1 END)
FROM attempts WHERE domain = '{}' AND sandbox = 0
GROUP BY address_key ORDER BY max(started_at) DESC, address_key LIMIT 100
"""


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        path = options.database or Path(folder) / "history.sqlite3"
        fresh = not path.exists()
        database = Database(make_engine(f"sqlite:///{path}"))
        if fresh:
            _fill(database, options.rows)
        with database.reading() as db:
            rows = db.connection().exec_driver_sql("SELECT count(*) FROM attempts").scalar_one()
            print(f"{rows:,} attempts, {path.stat().st_size / 2**20:,.0f} MiB")
            if not options.clients:
                _measure(db, rows, options)
        if options.clients:
            beside.measure(database, lambda db: _questions(db, rows), options)
        database.engine.dispose()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--database", type=Path)
    parser.add_argument("--only", default="", help="questions whose name has this in it")
    parser.add_argument("--clients", type=int, default=0)
    parser.add_argument("--writes", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rest", type=float, default=0.1)
    return parser.parse_args()


def _measure(db: Session, rows: int, options: argparse.Namespace) -> None:
    print(f"{'question':42} {'ours':>9} {'raw SQL':>9} {'ratio':>6}  rows")
    for name, ours, raw in _questions(db, rows):
        if options.only not in name:
            continue
        mine, theirs, found = [], [], 0
        for _ in range(options.rounds):  # in turn, so that a busy moment meets both
            mine.append(_timed(ours)[0])
            spent, answer = _timed(raw if callable(raw) else _asked(db, raw))
            theirs.append(spent)
            found = len(answer)
        one, other = statistics.median(mine), statistics.median(theirs)
        print(f"{name:42} {one:9.2f} {other:9.2f} {one / other:6.1f}  {found}")


def _asked(db: Session, sql: str) -> Callable[[], Any]:
    return lambda: db.connection().exec_driver_sql(sql).fetchall()


def _questions(db: Session, rows: int) -> Iterator[tuple[str, Callable[[], Any], Any]]:
    campaign, user = f"campaign-{3:017}", f"user-{3:021}"
    middle = FIRST + timedelta(seconds=SECONDS_BETWEEN * rows / 2)
    end = FIRST + timedelta(seconds=SECONDS_BETWEEN * rows)
    person = db.connection().exec_driver_sql("SELECT address_key, domain FROM attempts LIMIT 1").one()
    newest = "sandbox = 0 ORDER BY started_at DESC, id DESC LIMIT 50"

    def page(after: listing.Key | None = None, **filters: Any) -> Callable[[], Any]:
        return lambda: listing.page(db, Wanted(**filters), newest_first=True, after=after, limit=50)

    def select(where: str) -> str:
        return f"SELECT {', '.join(column.name for column in listing.COLUMNS)} FROM attempts WHERE {where}"

    yield "the latest 50", page(), select(newest)
    yield "50 from the middle", page((middle, "")), select(f"(started_at, id) < ('{_text(middle)}', '') AND {newest}")
    yield "50 of a campaign", page(campaign_id=campaign), select(f"campaign_id = '{campaign}' AND {newest}")
    yield "50 of a user", page(user_id=user), select(f"user_id = '{user}' AND {newest}")
    yield "50 that failed", page(statuses=(AttemptStatus.FAILED,)), select(f"status = 'failed' AND {newest}")
    yield "50 of an export", page(export_id=f"export-{7:019}"), select(f"export_id = 'export-{7:019}' AND {newest}")
    yield (
        "50 of a campaign by a user",
        page(campaign_id=campaign, user_id=user),
        select(f"campaign_id = '{campaign}' AND user_id = '{user}' AND {newest}"),
    )
    yield "a searched domain", page(search=Search(domain=person[1])), select(f"domain = '{person[1]}' AND {newest}")
    yield "one address", page(address=person[0]), select(f"address_key = '{person[0]}' AND {newest}")
    for word in ("bake", "bakelo", "nowhere", "ake", "ba", "xq"):
        yield (
            f"search {word!r}",
            page(search=Search(words=(word,))),
            select(f"search_text LIKE '%{word}%' ESCAPE '/' AND {newest}"),
        )
    for word in ("bake", "ake", "ba"):
        yield (
            f"count {word!r}, up to 10,001",
            lambda word=word: listing.count_up_to_cap(db, Wanted(search=Search(words=(word,)))),
            f"SELECT count(*) FROM (SELECT 1 FROM attempts WHERE search_text LIKE '%{word}%' AND sandbox = 0 LIMIT 10001)",
        )
    yield (
        "search 'bake' in a campaign",
        page(search=Search(words=("bake",)), campaign_id=campaign),
        select(f"campaign_id = '{campaign}' AND search_text LIKE '%bake%' AND {newest}"),
    )
    for name, filters, where in (
        ("all", {}, ""),
        ("of a campaign", {"campaign_id": campaign}, f"campaign_id = '{campaign}' AND"),
    ):
        yield (
            f"count {name}, up to 10,001",
            lambda filters=filters: listing.count_up_to_cap(db, Wanted(**filters)),
            f"SELECT count(*) FROM (SELECT 1 FROM attempts WHERE {where} sandbox = 0 LIMIT 10001)",
        )
    quarter = Wanted(since=end - timedelta(days=90), until=end)
    days = f"started_at >= '{_text(quarter.since)}' AND started_at < '{_text(quarter.until)}' AND sandbox = 0"
    yield (
        "status × day, 90 days",
        lambda: counts.by_day(db, quarter),
        f"SELECT substr(started_at, 1, 10), status, count(*) FROM attempts WHERE {days} GROUP BY 1, 2",
    )
    yield (
        "status × campaign, 90 days",
        lambda: counts.by_campaign(db, quarter),
        f"SELECT campaign_id, status, count(*) FROM attempts WHERE {days} GROUP BY 1, 2",
    )
    yield (
        "everybody at a domain",
        lambda: people.tried_at(db, person[1], 100, with_sandbox=False),
        _AT_A_DOMAIN.format(person[1]),
    )
    yield from _card(db, person[0])


def _card(db: Session, key: str) -> Iterator[tuple[str, Callable[[], Any], Any]]:
    """The contact card's six questions together, beside the same six as raw SQL in one text each."""
    of_account = "JOIN woodpecker_accounts w ON w.id = p.woodpecker_account_id AND w.sandbox = 0"
    newest = "a.sandbox = 0 ORDER BY a.started_at DESC, a.id DESC LIMIT 100"
    items = "LEFT JOIN export_items i ON i.id = a.item_id"
    campaigns = "LEFT JOIN campaigns c ON c.vendor_id = p.campaign_vendor_id"
    listed = f"(kind = 'email' AND value_key = '{key}') OR (kind = 'domain' AND value_key = 'x')"
    raw = [
        f"SELECT a.*, i.fields FROM attempts a {items} WHERE a.address_key = '{key}' AND {newest}",
        f"SELECT p.* FROM account_people p {of_account} WHERE p.address_key = '{key}'",
        f"SELECT p.*, c.name FROM memberships p {campaigns} {of_account} WHERE p.address_key = '{key}'",
        f"SELECT value FROM do_not_contact WHERE {listed}",
        "SELECT max(people_as_of) FROM woodpecker_accounts WHERE sandbox = 0",
        f"SELECT id FROM leads WHERE address_key = '{key}' AND deleted_at IS NULL",
    ]

    def ours() -> None:
        card = Card(db, key, with_sandbox=False)
        rows, person = card.attempts(100), card.person()
        card.memberships(), card.suppressions("x"), card.lead_id()
        paragraph(key, Contacted.ADDED, rows, person, [], card.as_of())

    def theirs() -> list[Any]:
        connection = db.connection()
        return [row for statement in raw for row in connection.exec_driver_sql(statement).fetchall()]

    yield "contact card, all of it", ours, theirs


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    answer = work()
    return (time.process_time() - started) * 1000, answer


def _text(moment: datetime | None) -> str:
    assert moment is not None
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _fill(database: Database, rows: int) -> None:
    started = time.perf_counter()
    Base.metadata.create_all(database.engine)
    raw = database.engine.raw_connection()
    columns = [column.name for column in Attempt.__table__.columns]
    statement = f"INSERT INTO attempts ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    try:
        # Only attempts are needed here; what they refer to is not.
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("PRAGMA synchronous=OFF")
        raw.execute("PRAGMA cache_size=-1000000")
        raw.execute("BEGIN")
        for index in _ATTEMPTS.indexes:
            raw.execute(f"DROP INDEX {index.name}")
        raw.executemany(statement, ([row[name] for name in columns] for row in attempts(rows)))
        for index in _ATTEMPTS.indexes:
            raw.execute(str(CreateIndex(index)))
        raw.execute("COMMIT")
        print(f"filled in {time.perf_counter() - started:.0f} s")
        started = time.perf_counter()
        found = raw.execute("SELECT DISTINCT address_key, search_text FROM attempts").fetchall()
        people = [{"address_key": key, "text_digest": digest(text), "search_text": text} for key, text in found]
        raw.execute("PRAGMA cache_size=-16000")
    finally:
        raw.close()
    with database.writing() as db:
        db.execute(insert_ignore(_PEOPLE, db.connection()), people)
    print(f"{len(people):,} people, and their letters' index, in {time.perf_counter() - started:.1f} s")


def attempts(rows: int) -> Iterator[dict[str, Any]]:
    """The same ones each time, as they are stored; `benchmarks.duplicates` and the deployment lab fill with them too."""
    chance = random.Random(1)
    people = _people(chance, max(1, int(rows * PEOPLE_PER_ROW)))
    for number in range(rows):
        email, name, company = chance.choice(people)
        moment = _text(FIRST + timedelta(seconds=SECONDS_BETWEEN * number))
        yield dict.fromkeys(column.name for column in Attempt.__table__.columns) | {
            "id": f"{number:026}",
            "item_id": f"item-{number:021}",
            "batch_id": f"batch-{number // 50:020}",
            "export_id": f"export-{number // 1000:019}",
            "lead_id": email[:32],
            "woodpecker_account_id": "account",
            "campaign_id": f"campaign-{int(chance.random() ** 2 * 200):017}",
            "campaign_name": "Campaign",
            "email": email,
            "address_key": email,
            "domain": email.partition("@")[2],
            "person_name": name.title(),
            "company": company.title(),
            "search_text": f"{email} {name} {company}",
            "attempt": 1,
            "sandbox": 0,
            "status": chance.choice(_STATUSES),
            "user_id": f"user-{chance.randrange(20):021}",
            "user_name": "Olga",
            "sequence_id": f"sequence-{number:017}",
            "sequence_version": 1,
            "template_name": "Default",
            "template_version": 1,
            "approved_by_name": "Carl",
            "approved_at": moment,
            "approval": "read",
            "fields_hash": "f" * 64,
            "started_at": moment,
            "finished_at": moment,
        }


def _people(chance: random.Random, count: int) -> list[tuple[str, str, str]]:
    """address, name, company."""

    def word(syllables: int) -> str:
        return "".join(chance.choice(_SYLLABLES) for _ in range(syllables))

    companies = [word(4) for _ in range(max(1, count // 6))]
    found = []
    for number in range(count):
        first, last, company = word(2), word(3), chance.choice(companies)
        found.append((f"{first}.{last}{number % 97}@{company}.com", f"{first} {last}", company))
    return found


if __name__ == "__main__":
    main()
