"""The duplicate check of a plan: 1,000 addresses against a campaign with a million people on record.

    python -m benchmarks.duplicates [--rows 1000000] [--addresses 1000] [--rounds 40] [--erased 0] [--database FILE]

FILE is filled when it does not exist and used again when it does; --erased so many of its people are held under a hash only.
Beside it, in the same run: the fastest single query with json_each there is. It answers who of the addresses is taken, as half of
them are; ours answers besides who is in an unfinished export of whatever campaign, and finds people who were erased.
Figures are medians of processor time in milliseconds; compare the ratio, not the times.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateIndex

from woodpecker_api.db.base import Base
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.session import Database
from woodpecker_api.features.campaigns import models as _campaigns
from woodpecker_api.features.exports.models import ExportItem
from woodpecker_api.features.exports.queries.claims import claims_of
from woodpecker_api.features.imports import models as _imports
from woodpecker_api.features.leads import models as _leads
from woodpecker_api.features.leads.rules.forgetting import stand_in
from woodpecker_api.features.leads.service.erasing import SUPPRESSION_KEY
from woodpecker_api.features.sequences import models as _sequences
from woodpecker_api.features.templates import models as _templates
from woodpecker_api.system.auth import models as _auth

# Items refer to these tables; importing makes them known.
_TABLES = (_auth, _campaigns, _imports, _leads, _sequences, _templates)
_ITEMS: Any = ExportItem.__table__
ACCOUNT, CAMPAIGN = "account", 2_100_001
_RAW = (
    "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM export_items WHERE address_key = value"
    " AND woodpecker_account_id = ? AND campaign_vendor_id = ?"
    # In the order of the partial index: only then does SQLite see that it applies (2.5 times as fast).
    " AND status IN ('added', 'already_in_campaign', 'queued', 'sending', 'unknown'))"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--addresses", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--erased", type=int, default=0)
    parser.add_argument("--database", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.database or Path(folder) / "duplicates.sqlite3"
        fresh = not path.exists()
        database = Database(make_engine(f"sqlite:///{path}"))
        database.info[SUPPRESSION_KEY] = b"k" * 32  # as every installation has
        if fresh:
            _fill(database, options.rows, options.erased)
        with database.reading() as db:
            _measure(db, options.rows, options.addresses, options.rounds, options.erased)
        database.engine.dispose()


def _measure(db: Session, rows: int, addresses: int, rounds: int, erased: int) -> None:
    chance = random.Random(1)
    mine, theirs = [], []
    for number in range(rounds):  # in turn, so that a busy moment meets both; other addresses each time
        half = addresses // 2
        keys = [_address(chance.randrange(erased, rows)) for _ in range(half)]
        keys += [f"stranger{chance.randrange(rows)}@acme.example" for _ in range(addresses - half)]
        ours, raw = partial(claims_of, db, ACCOUNT, CAMPAIGN, keys), partial(_raw, db, json.dumps(keys))
        # Who comes second finds the pages in memory: each is first every other time.
        answers = {work: _timed(work) for work in ((ours, raw) if number % 2 else (raw, ours))}
        mine.append(answers[ours][0])
        theirs.append(answers[raw][0])
        if answers[ours][1].taken != {row[0] for row in answers[raw][1]}:
            raise RuntimeError("the two answers differ")
    one, other = statistics.median(mine), statistics.median(theirs)
    print(
        f"{addresses:,} addresses among {rows:,}: ours {one:.2f} ms, one json_each query {other:.2f} ms, × {one / other:.2f}"
    )


def _raw(db: Session, keys: str) -> Any:
    return db.connection().exec_driver_sql(_RAW, (keys, ACCOUNT, CAMPAIGN)).fetchall()


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    answer = work()
    return (time.process_time() - started) * 1000, answer


def _address(number: int) -> str:
    return f"person{number}@company{number % 40_000}.example"


def _fill(database: Database, rows: int, erased: int) -> None:
    Base.metadata.create_all(database.engine)
    columns = [column.name for column in _ITEMS.columns]
    statement = f"INSERT INTO export_items ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    raw = database.engine.raw_connection()
    try:
        # Only items are needed here; what they refer to is not. Indexes afterwards: they are made faster in one go.
        for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-500000"):
            raw.execute(f"PRAGMA {pragma}")
        raw.execute("BEGIN")
        for index in _ITEMS.indexes:
            raw.execute(f"DROP INDEX {index.name}")
        raw.executemany(statement, ([item[name] for name in columns] for item in _items(rows, erased)))
        for index in _ITEMS.indexes:
            raw.execute(str(CreateIndex(index).compile(database.engine)))
        raw.execute("COMMIT")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.execute("PRAGMA cache_size=-16000")
    finally:
        raw.close()


def _items(rows: int, erased: int) -> Iterator[dict[str, Any]]:
    shared = dict.fromkeys((column.name for column in _ITEMS.columns), None) | {
        "woodpecker_account_id": ACCOUNT,
        "campaign_vendor_id": CAMPAIGN,
        "sequence_version": 1,
        "fields": '{"first_name":"Ann","company":"Acme"}',
        "fields_hash": "f" * 64,
        "attempts": 1,
        "tries": 1,
        "content_differs": 0,
        "updated_at": "2026-03-31T12:00:00.000000Z",
    }
    for number in range(rows):
        yield shared | {
            "id": f"{number:026}",
            "export_id": f"export-{number // 1000:019}",
            "position": number % 1000,
            "lead_id": f"lead-{number:021}",
            "sequence_id": f"sequence-{number:017}",
            "email": _address(number),
            "address_key": _address(number) if number >= erased else stand_in(f"{number:064x}"),
            "status": "already_in_campaign" if number % 10 == 0 else "queued" if number % 100 == 1 else "added",
        }


if __name__ == "__main__":
    main()
