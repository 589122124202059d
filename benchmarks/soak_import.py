"""An import under many kills: the worker's process is ended by SIGKILL in the middle of a commit, again and again.

`make soak-import` ends 50 of them. Promises: rows of an unfinished import are invisible, the next worker finishes it, nobody is
doubled, the record still verifies. Exit status 1 when one was broken. The last line is the summary as JSON.
"""

import argparse
import io
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.features.imports.lists import a_list

from woodpecker_api.db import migrate
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.session import Database
from woodpecker_api.features.campaigns import models as _campaigns  # noqa: F401  what a preview asks
from woodpecker_api.features.imports.models import Import, ImportStatus
from woodpecker_api.features.imports.service import starting
from woodpecker_api.features.imports.service.keeping import read_upload
from woodpecker_api.features.imports.service.looking import sources
from woodpecker_api.features.imports.service.uploads import Uploads
from woodpecker_api.features.leads.queries.selecting import count
from woodpecker_api.features.leads.rules import LeadFilter
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.system.audit.service import SYSTEM, verify, write_pending
from woodpecker_api.system.auth import models as _users  # noqa: F401  owners of leads

WORKER = """
import sys, threading, time
from pathlib import Path
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.session import Database
from woodpecker_api.features.imports import jobs
from woodpecker_api.features.imports.service.uploads import Uploads
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.system.audit.service import write_pending
from woodpecker_api.system.jobs import Done, JobContext
import woodpecker_api.system.auth.models
jobs.SLICE = int(sys.argv[4])
work = jobs.ImportWork(Database(make_engine(sys.argv[2]), (write_pending,)), Uploads(Path(sys.argv[1])), system_clock)
print('begun', flush=True)
while work.commit(JobContext('key', 0, threading.Event(), lambda: True, time.monotonic()), sys.argv[3]) != Done():
    pass
"""
LONGEST_WAIT = 60.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--rows", type=int, default=3_000)
    parser.add_argument(
        "--slice", type=int, default=25, help="rows of one transaction: few, so that there are many places to die"
    )
    parser.add_argument("--kills-a-round", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance, kills, rounds, broken = random.Random(given.seed), 0, 0, list[str]()
    while kills < given.kills:
        rounds += 1
        with tempfile.TemporaryDirectory(prefix="soak-import-") as folder:
            done, problems = _round(Path(folder), given, chance, min(given.kills_a_round, given.kills - kills), rounds)
        kills += done
        broken += problems
        print(f"round {rounds}: {done} kills, {len(problems)} promises broken", flush=True)
    print(json.dumps({"kills": kills, "rounds": rounds, "rows a round": given.rows, "broken promises": broken}))
    sys.exit(1 if broken else 0)


def _round(home: Path, given: Any, chance: random.Random, wanted: int, number: int) -> tuple[int, list[str]]:
    """One list, killed `wanted` times on its way in and then finished: (kills, broken promises)."""
    url = f"sqlite:///{home / 'soak.sqlite3'}"
    engine = make_engine(url)
    migrate.upgrade(engine)
    database, uploads = Database(engine, (write_pending,)), Uploads(home)
    made = a_list("duplicates", rows=given.rows, seed=number)
    _prepare(database, uploads, made.data)
    command = [sys.executable, "-c", WORKER, str(home), url, "soak", str(given.slice)]
    kills, problems = 0, list[str]()
    while kills < wanted:
        if not _killed_in_the_middle(command, database, chance):
            break  # it was faster than we
        kills += 1
        with database.reading() as db:
            seen, status = count(db, LeadFilter(), None), db.get_one(Import, "soak").status
        if status == ImportStatus.COMMITTING and seen:
            problems.append(f"round {number}: {seen} leads of an unfinished import were visible")
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    problems += [f"round {number}: {problem}" for problem in _broken(database, made.facts)]
    engine.dispose()
    return kills, problems


def _prepare(database: Database, uploads: Uploads, data: bytes) -> None:
    size, digest = uploads.keep("soak", io.BytesIO(data))
    reading = read_upload(uploads, Import(id="soak", file_sha256=digest, choices={}), sources(database, system_clock()))
    with database.writing() as db:
        imported = starting.begin(db, SYSTEM, starting.Upload("soak", "leads.csv", size, digest), system_clock())
        starting.store_reading(db, imported, reading)
        imported.status = ImportStatus.COMMITTING


def _killed_in_the_middle(command: list[str], database: Database, chance: random.Random) -> bool:
    """Lets the worker get on for a moment of chance, then ends it. False when it had finished."""
    worker = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert worker.stdout is not None
    worker.stdout.readline()
    before, ends = _rows_done(database), time.monotonic() + LONGEST_WAIT
    while _rows_done(database) == before and worker.poll() is None and time.monotonic() < ends:
        time.sleep(0.002)
    time.sleep(chance.random() * 0.05)
    alive = worker.poll() is None
    worker.kill()
    worker.communicate()
    return alive


def _rows_done(database: Database) -> int:
    with database.reading() as db:
        return db.get_one(Import, "soak").rows_done


def _broken(database: Database, facts: dict[str, Any]) -> list[str]:
    expected = facts["emails_distinct_trimmed_lower"]
    with database.reading() as db:
        imported, leads = db.get_one(Import, "soak"), count(db, LeadFilter(), None)
        doubles = "SELECT count(*) - count(DISTINCT address_key) FROM leads WHERE deleted_at IS NULL"
        said = {
            f"it is {imported.status}": imported.status == ImportStatus.COMMITTED,
            f"{leads} leads instead of {expected}": leads == expected,
            f"it says {imported.counts.get('created')} were made": imported.counts.get("created") == expected,
            "somebody was doubled": db.connection().exec_driver_sql(doubles).scalar_one() == 0,
            "the record does not verify": list(verify(db))[-1].ok,
        }
    return [problem for problem, kept in said.items() if not kept]


if __name__ == "__main__":
    main()
