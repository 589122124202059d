"""Years of history in the site's database: attempts by the hundred thousand, and a gigabyte where a size is asked for."""

import itertools
import time
from typing import Any

from benchmarks.history import attempts

from tests.builders import a_batch, a_campaign, a_lead, a_sequence, a_template, a_user, an_export, an_item
from tests.deploy.lab.machine import VENDOR_URL
from tests.deploy.lab.site import Site, connect
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.session import Database
from woodpecker_api.features.campaigns.service import ensure_account
from woodpecker_api.features.exports.models import Attempt
from woodpecker_api.features.exports.rules import ExportStatus, ItemStatus
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.kit.hashing import digest
from woodpecker_api.system.audit.service import write_pending

MILLION = 1_000_000
GIGABYTE = 1_000_000_000
# A thousand people in a thousand batches are a million different tries: what attempts refer to must be there, or a deploy
# rightly calls the database unsound.
PEOPLE = BATCHES = 1000
_OURS = "00001"  # ids of the benchmark's attempts begin with zeros, those of the program with the time


def remember(site: Site, rows: int) -> None:
    """So many attempts on record, those that are there included; the site rests meanwhile."""
    started = time.monotonic()
    have = _ours(site)
    if have < rows:
        with site.stopped():
            _fill(site, have, rows)
    size = site.database.stat().st_size
    site.lab.say(f"{rows:,} attempts on record, {size / 1e6:,.0f} MB, filled in {time.monotonic() - started:.0f} s")


def grow(site: Site, size: int) -> None:
    """At least so many bytes, with a table of the lab's where attempts are not enough."""
    missing = size - site.database.stat().st_size
    if missing <= 0:
        return
    with site.stopped():
        database = connect(site.database)
        database.execute("CREATE TABLE IF NOT EXISTS lab_padding (id INTEGER PRIMARY KEY, filling BLOB)")
        database.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            " INSERT INTO lab_padding (filling) SELECT randomblob(3800) FROM n",
            (missing // 4000 + 1000,),
        )
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()


def _ours(site: Site) -> int:
    database = connect(site.database)
    try:
        return int(database.execute("SELECT count(*) FROM attempts WHERE id < ?", (_OURS,)).fetchone()[0])
    finally:
        database.close()


def _fill(site: Site, have: int, rows: int) -> None:
    items, batches, shared = _what_they_refer_to(site)
    columns = [column.name for column in Attempt.__table__.columns]
    database = connect(site.database)
    # Written once and checked by the deploy: the way of a benchmark, not of the program.
    for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-1000000"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("BEGIN IMMEDIATE")
    indexes = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'attempts' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in indexes:
        database.execute(f"DROP INDEX {name}")
    new = itertools.islice(enumerate(attempts(rows)), have, None)
    filled = (
        row | shared | {"item_id": items[number % PEOPLE], "batch_id": batches[number // PEOPLE]} for number, row in new
    )
    statement = f"INSERT INTO attempts ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    database.executemany(statement, ([row[name] for name in columns] for row in filled))
    for _, sql in indexes:
        database.execute(sql)
    _people(database)
    database.execute("COMMIT")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _people(database: Any) -> None:
    """What a search looks through."""
    found = database.execute("SELECT DISTINCT address_key, search_text FROM attempts").fetchall()
    database.executemany(
        "INSERT OR IGNORE INTO attempt_people (address_key, text_digest, search_text) VALUES (?, ?, ?)",
        ((key, digest(text), text) for key, text in found),
    )


def _what_they_refer_to(site: Site) -> tuple[list[str], list[str], dict[str, str]]:
    """Ids of items and batches of one export, and what all attempts have in common."""
    engine = make_engine(f"sqlite:///{site.database}")
    try:
        with Database(engine, before_commit=(write_pending,)).writing() as db:
            account = ensure_account(db, VENDOR_URL, sandbox=False)
            campaign = a_campaign(db, account=account, vendor_id=time.time_ns() // 1000)
            export = an_export(db, campaign=campaign, status=ExportStatus.COMPLETED)
            template, approver = a_template(db), a_user(db, email=f"historian{time.time_ns()}@team.test")
            items = []
            for number in range(PEOPLE):
                lead = a_lead(db, email=f"past{time.time_ns()}@past{number}.example")
                sequence = a_sequence(
                    db, lead=lead, template=template, by=approver, status=SequenceStatus.EXPORTED, sandbox=False
                )
                items.append(an_item(db, export=export, sequence=sequence, status=ItemStatus.ADDED).id)
            batches = [a_batch(db, export, size=PEOPLE).id for _ in range(BATCHES)]
            return items, batches, {"export_id": export.id, "woodpecker_account_id": account.id}
    finally:
        engine.dispose()
