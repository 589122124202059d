"""The list of leads at 100,000: what a page costs beside the same question in raw SQL, in the same run.

    python -m benchmarks.leads [--rows 100000] [--database FILE] [--rounds 7] [--plans]

FILE is filled when it does not exist and used again when it does. Figures are medians of processor time in milliseconds;
compare the ratios, not the times.
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

from woodpecker_api.db.base import Base
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.inserting import insert_texts_ignore
from woodpecker_api.db.session import Database
from woodpecker_api.features.campaigns import models as _campaigns
from woodpecker_api.features.imports import models as _imports
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.queries import reading
from woodpecker_api.features.leads.queries.searching import few_named
from woodpecker_api.features.leads.rules import FIELD_NAMES, LeadFilter, LeadStatus, derived
from woodpecker_api.kit.paging import COUNT_CAP, decode_cursor
from woodpecker_api.system.auth import models as _auth

# Leads refer to these tables; importing makes them known.
_TABLES = (_auth, _campaigns, _imports)
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
_SYLLABLES = [consonant + vowel for consonant in "bklmnrst" for vowel in "aeiou"]
_STATUSES = ["imported"] * 60 + ["drafted"] * 20 + ["approved"] * 5 + ["exported"] * 14 + ["failed"]
_TITLES = ["Head of People", "Chief Learning Officer", "VP Operations", "Director, Talent & Culture", "Founder"]
_LIVE = "deleted_at IS NULL AND pending_import_id IS NULL"
PAGE = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--database", type=Path)
    parser.add_argument("--plans", action="store_true", help="how SQLite goes about each question")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.database or Path(folder) / "leads.sqlite3"
        fresh = not path.exists()
        database = Database(make_engine(f"sqlite:///{path}"))
        if fresh:
            _fill(database, given.rows)
        with database.reading() as db:
            _measure(db, given.rounds, plans=given.plans)
        database.engine.dispose()


def _measure(db: Session, rounds: int, *, plans: bool) -> None:
    rows = db.connection().exec_driver_sql("SELECT count(*) FROM leads").scalar_one()
    print(f"{rows:,} leads\n{'question':38} {'ours':>8} {'raw SQL':>8} {'ratio':>6}  rows")
    for name, ours, raw in _questions(db):
        mine, theirs, found = [], [], 0
        for _ in range(rounds):  # in turn, so that a busy moment meets both
            spent, found = _timed(ours)
            mine.append(spent)
            theirs.append(_timed(lambda raw=raw: [db.connection().exec_driver_sql(sql).fetchall() for sql in raw])[0])
        one, other = statistics.median(mine), statistics.median(theirs)
        print(f"{name:38} {one:8.2f} {other:8.2f} {one / other:6.1f}  {found}", flush=True)
        if plans:
            for line in db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {raw[0]}"):
                print("      ", line[3])


def _questions(db: Session) -> Iterator[tuple[str, Callable[[], int], list[str]]]:
    """A page and its count, as one call of the list asks for them; the same in SQL written by hand."""
    company, domain_word = db.connection().exec_driver_sql("SELECT company, domain FROM leads LIMIT 1 OFFSET 77").one()

    def ask(sort: str = "-created", after: list[Any] | None = None, **filters: Any) -> Callable[[], int]:
        def asked() -> int:
            wanted = LeadFilter(**filters)
            named = few_named(db, wanted)
            found = reading.page(db, wanted, None, sort=sort, after=after, limit=PAGE, named=named)
            reading.count_up_to(db, wanted, None, COUNT_CAP + 1, named)
            return len(found.rows)

        return asked

    def sql(where: str = "", order: str = "id DESC", beyond: str = "") -> list[str]:
        wanted = f"{where} AND {_LIVE}" if where else _LIVE
        page = f"SELECT {', '.join(reading.SHOWN)} FROM leads WHERE {wanted}{beyond} ORDER BY {order} LIMIT {PAGE + 1}"
        return [page, f"SELECT count(*) FROM (SELECT 1 FROM leads WHERE {wanted} LIMIT {COUNT_CAP + 1})"]

    yield "the newest 50", ask(), sql()
    for name, key in (
        ("company", "company_sort"),
        ("name", "name_sort"),
        ("email", "address_key"),
        ("updated", "updated_at"),
    ):
        yield f"by {name}", ask(name), sql(order=f"{key}, id")
        yield f"by {name}, downwards", ask(f"-{name}"), sql(order=f"{key} DESC, id DESC")
    yield "by status", ask("status"), sql(order="status, id")
    for name, key in (("company", "company_sort"), ("name", "name_sort")):
        middle = decode_cursor(_cursor(db, name, 90_000), 2)
        said = str(middle[0]).replace("'", "''")
        yield (
            f"by {name}, 90,000 deep",
            ask(name, after=middle),
            sql(order=f"{key}, id", beyond=f" AND ({key}, id) > ('{said}', '{middle[1]}')"),
        )
    yield "drafted ones", ask(status=[LeadStatus.DRAFTED]), sql("status = 'drafted'")
    yield (
        "drafted ones by company",
        ask("company", status=[LeadStatus.DRAFTED]),
        sql("status = 'drafted'", "company_sort, id"),
    )
    yield "failed ones", ask(status=[LeadStatus.FAILED]), sql("status = 'failed'")
    yield "owner", ask(owner="user-3"), sql("owner_id = 'user-3'")
    yield "owner, by name", ask("name", owner="user-3"), sql("owner_id = 'user-3'", "name_sort, id")
    yield "import", ask(import_id="import-2"), sql("import_id = 'import-2'")
    yield "custom field", ask(custom={"shoe": "7"}), sql("json_extract(custom, '$.shoe') = '7'")
    yield "tag", ask(tag="tag_5"), sql("tags LIKE '%\"tag\\_5\"%' ESCAPE '\\'")
    for word in (company.lower(), domain_word, "people", "nowhere", company[:3].lower(), "ba"):
        yield f"search {word!r}", ask(q=word), sql(f"search_text LIKE '%{word}%' ESCAPE '/'")
    yield (
        "search two words, by name",
        ask("name", q=f"head {company[:4]}"),
        sql(f"search_text LIKE '%head%' AND search_text LIKE '%{company[:4].lower()}%'", "name_sort, id"),
    )
    yield "company contains", ask(company=company), sql(f"company_sort LIKE '%{company.lower()}%'")
    yield "title contains", ask(title="founder"), sql("lower(title) LIKE '%founder%'")


def _cursor(db: Session, name: str, place: int) -> str:
    key = reading.SORTS[name].key
    statement = f"SELECT {key}, id FROM leads WHERE {_LIVE} ORDER BY {key}, id LIMIT 1 OFFSET ?"
    found = db.connection().exec_driver_sql(statement, (place,)).one_or_none()
    return reading.encode_cursor(*(found or ("", "")))


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    answer = work()
    return (time.process_time() - started) * 1000, answer


def _fill(database: Database, rows: int) -> None:
    started = time.process_time()
    Base.metadata.create_all(database.engine)
    chance = random.Random(1)
    names = ("id", "number", *FIELD_NAMES, *derived("", {}), "tags", "custom", "status", "owner_id", "import_id")
    names = (*names, "created_at", "updated_at")
    companies = [_word(chance, 4).title() for _ in range(max(1, rows // 6))]
    with database.engine.connect() as connection:
        raw: Any = connection.connection
        raw.execute("PRAGMA foreign_keys=OFF")  # owners and imports do not matter here
        with connection.begin():
            for begin in range(0, rows, 5000):
                part = [_lead(chance, number, companies) for number in range(begin, min(rows, begin + 5000))]
                values = [tuple(lead[name] for name in names) for lead in part]
                insert_texts_ignore(connection, Lead.__table__, names, values, {"sandbox": False, "version": 1})
        raw.execute("PRAGMA foreign_keys=ON")
    print(f"filled in {time.process_time() - started:.0f} s of processor time")


def _lead(chance: random.Random, number: int, companies: list[str]) -> dict[str, Any]:
    first, last, company = _word(chance, 2).title(), _word(chance, 3).title(), chance.choice(companies)
    email = f"{first}.{last}{number}@{company}.example".lower()
    moment = (FIRST + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    fields = dict.fromkeys(FIELD_NAMES, "")
    fields |= {
        "email": email,
        "first_name": first,
        "last_name": last,
        "company": company,
        "title": chance.choice(_TITLES),
    }
    return {
        "id": f"{number:026}",
        "number": number + 1,
        **fields,
        **derived(email, fields),
        "tags": f'["tag_{number % 40}"]',
        "custom": f'{{"shoe": "{number % 60}", "note": "met at the fair"}}',
        "status": chance.choice(_STATUSES),
        "owner_id": f"user-{number % 8}",
        "import_id": f"import-{number // 20_000}",
        "created_at": moment,
        "updated_at": moment,
    }


def _word(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choice(_SYLLABLES) for _ in range(syllables))


if __name__ == "__main__":
    main()
