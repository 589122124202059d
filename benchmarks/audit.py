"""Verifying the record of a million things that were done: `woodpecker-api audit verify` as an administrator runs it.

    python -m benchmarks.audit [--lines 1000000] [--data FOLDER]

FOLDER becomes an installation with so many lines when there is none, and is used again when there is one. The command's own time
is told with its start, by the clock and the processor's; the bar is a minute. Beside it, in the same run: reading the same rows and
taking the same number of digests, without checking anything, which no verification can be faster than.
"""

import argparse
import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.session import Database
from woodpecker_api.kit.hashing import canonical, keyed_bytes_digest
from woodpecker_api.system.audit.models import AuditLine, AuditPayload
from woodpecker_api.system.audit.service import head, line_hash

COMMAND = Path(sys.executable).parent / "woodpecker-api"
FIRST = datetime(2025, 3, 1, tzinfo=UTC)
_SLICE = 50_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = options.data or Path(folder)
        path = data / "woodpecker-api.sqlite3"
        fresh = not path.exists()
        if fresh:
            _command(data, "audit", "verify")  # makes the installation, with the first lines of its record
        database = Database(make_engine(f"sqlite:///{path}"))
        if fresh:
            _fill(database, options.lines)
        _verify(data)
        _read_only(database)
        database.engine.dispose()


def _command(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    surroundings = {"PATH": os.environ["PATH"], "APP_ENVIRONMENT": "sandbox", "APP_DATA_DIR": str(data)}
    return subprocess.run([COMMAND, *words], env=surroundings, check=True, text=True, capture_output=True)


def _fill(database: Database, count: int) -> None:
    """Goes on where the installation's own first lines end. The indexes stay: they are what a real record has."""
    began = time.perf_counter()
    with database.reading() as db:
        last, previous = head(db)
    raw = database.engine.raw_connection()
    try:
        for pragma in ("synchronous=OFF", "cache_size=-500000"):
            raw.execute(f"PRAGMA {pragma}")
        lines = _lines(last, previous, count)
        for _ in range(0, count, _SLICE):
            made = list(islice(lines, _SLICE))
            raw.execute("BEGIN")
            _insert(raw, AuditLine.__table__, [line for line, _ in made])
            _insert(raw, AuditPayload.__table__, [payload for _, payload in made])
            newest = made[-1][0]
            raw.execute("UPDATE audit_head SET line_id = ?, hash = ?", (newest["id"], newest["hash"]))
            raw.execute("COMMIT")
    finally:
        raw.invalidate()  # its pragmas go with it
        raw.close()
    print(f"filled in {time.perf_counter() - began:.0f} s")


def _insert(raw: Any, table: Any, rows: list[dict[str, Any]]) -> None:
    names = [column.name for column in table.columns]
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    raw.executemany(statement, [[row[name] for name in names] for row in rows])


def _lines(last: int, previous: str, count: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Lines and payloads as `record` writes them of edits: a subject, a request, a before and an after with a name in it."""
    for number in range(last + 1, last + 1 + count):
        salt = hashlib.sha256(str(number).encode()).hexdigest()
        change = {
            "before": {"title": "Head of Learning", "version": 1},
            "after": {"title": f"Nº {number}", "version": 2},
        }
        payload = canonical(change)
        moment = (FIRST + timedelta(seconds=30.25 * number)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        line: dict[str, Any] = {
            "id": number,
            "at": moment.replace(".000000Z", "Z"),
            "actor_kind": "user",
            "actor_id": f"user-{number % 20:021}",
            "action": "lead.edited",
            "subject_kind": "lead",
            "subject_id": f"{number % 250_000:026}",
            "request_id": f"{number:026}",
            "count": 1,
            "digest": keyed_bytes_digest(bytes.fromhex(salt), payload),
            "previous_hash": previous,
        }
        line["hash"] = previous = line_hash(line)
        yield line | {"at": moment}, {"line_id": number, "salt": salt, "payload": payload.decode()}


def _verify(data: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = _command(data, "audit", "verify")
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    print("\n".join(f"  {line}" for line in (done.stderr + done.stdout).splitlines()))
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"audit verify ended in {seconds:.1f} s, {processor:.1f} s of processor time, start included")
    print(f"peak memory {after.ru_maxrss / 1024:.0f} MiB")


def _read_only(database: Database) -> None:
    spent = time.process_time()
    with database.reading() as db:
        for table in ("audit_lines", "audit_payloads"):
            found = db.connection().exec_driver_sql(f"SELECT * FROM {table}")
            while rows := found.fetchmany(5_000):
                for _ in rows:
                    hashlib.sha256(b"." * 400).hexdigest()
    print(f"reading and as many digests alone: {time.process_time() - spent:.1f} s of processor time")


if __name__ == "__main__":
    main()
