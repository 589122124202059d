"""Verifying the record of a million things that were done: how long it takes, and what it needs.

    python -m benchmarks.audit [--lines 1000000] [--database FILE]

FILE is filled when it does not exist (some minutes) and used again when it does. Beside it, in the same run: reading the same rows
and taking the same number of digests, without checking anything, which no verification can be faster than.
"""

import argparse
import hashlib
import resource
import tempfile
import time
from pathlib import Path

from sqlalchemy.orm import Session

from woodpecker_api.db.base import Base
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.session import Database
from woodpecker_api.system.audit import models as _models
from woodpecker_api.system.audit.service import SYSTEM, record, verify, write_pending

_TABLES = (_models,)
_SLICE = 2_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--database", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.database or Path(folder) / "audit.sqlite3"
        fresh = not path.exists()
        database = Database(make_engine(f"sqlite:///{path}"), before_commit=(write_pending,))
        if fresh:
            Base.metadata.create_all(database.engine)
            for start in range(0, options.lines, _SLICE):
                _fill(database, start, min(_SLICE, options.lines - start))
        with database.reading() as db:
            _verify(db)
            _read_only(db)
        database.engine.dispose()


def _fill(database: Database, start: int, count: int) -> None:
    """Lines like those of edits: a subject, a request, a before and an after with a name in it."""
    with database.writing() as db:
        for number in range(start, start + count):
            before, after = {"title": "Head of Learning", "version": 1}, {"title": f"Nº {number}", "version": 2}
            record(db, SYSTEM, "lead.edited", ("lead", f"{number:026}"), before=before, after=after)


def _verify(db: Session) -> None:
    began, spent = time.perf_counter(), time.process_time()
    verdicts = list(verify(db))
    seconds, processor = time.perf_counter() - began, time.process_time() - spent
    last = verdicts[-1]
    print(f"{last.checked:,} lines stand: {last.ok}; {len(verdicts)} reports of progress")
    print(
        f"verified in {seconds:.1f} s, {processor:.1f} s of processor time ({1e6 * processor / last.checked:.1f} µs a line)"
    )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def _read_only(db: Session) -> None:
    spent = time.process_time()
    connection = db.connection()
    for table in ("audit_lines", "audit_payloads"):
        found = connection.exec_driver_sql(f"SELECT * FROM {table}")
        while rows := found.fetchmany(5_000):
            for _ in rows:
                hashlib.sha256(b"." * 400).hexdigest()
    print(f"reading and as many digests alone: {time.process_time() - spent:.1f} s of processor time")


if __name__ == "__main__":
    main()
