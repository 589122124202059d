"""An import of many rows against the `sqlite3` shell's `.import` of the same file into an equally indexed table.

    python benchmarks/import_leads.py --rows 100000 [--snippets 0.02] [--rounds 1]

Prints one JSON line a round: processor seconds of each part, wall seconds, peak memory above idle, and the ratio to the shell's.
The shell's table has the file's 40 columns, as many indexes as ours, and an index of letters over address, name, company and title,
which it makes in one statement at the end: the cheapest way there is. `ratio_without_letters` compares with the shell that makes none,
though ours does.
"""

import argparse
import gc
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.fixtures import make_leads_csv as generator

from woodpecker_api.db.base import Base
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.session import Database
from woodpecker_api.features.imports.jobs import ImportWork
from woodpecker_api.features.imports.models import Import, ImportStatus
from woodpecker_api.features.imports.service import starting
from woodpecker_api.features.imports.service.keeping import read_upload
from woodpecker_api.features.imports.service.looking import sources
from woodpecker_api.features.imports.service.uploads import Uploads
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.system.audit.service import SYSTEM, write_pending
from woodpecker_api.system.auth import models as _users  # noqa: F401  owners of leads
from woodpecker_api.system.jobs import Done, JobContext


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--snippets", type=float, default=0.02)
    options.add_argument("--rounds", type=int, default=1)
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="import-"))
    try:
        path = folder / "leads.csv"
        with path.open("wb") as file:
            generator.generate(generator.default_options(rows=given.rows, snippets=given.snippets), file.write)
        for _ in range(given.rounds):
            plain = measured(lambda: import_by_shell(folder, path, letters=False))
            shell = measured(lambda: import_by_shell(folder, path))
            ours = our_import(folder, path)
            cost = ours["read_cpu"] + ours["commit_cpu"]
            said = {"rows": given.rows, "mib": path.stat().st_size >> 20, "shell": shell, "ours": ours}
            said["shell_without_letters"] = plain
            said["ratio"] = round(cost / shell["cpu"], 2)
            said["ratio_without_letters"] = round(cost / plain["cpu"], 2)
            print(json.dumps(said), flush=True)
    finally:
        shutil.rmtree(folder)


def measured(work: Any) -> dict[str, float]:
    """Wall and processor seconds, those of finished children included."""
    before, began = _processor(), time.monotonic()
    work()
    return {"wall": round(time.monotonic() - began, 2), "cpu": round(_processor() - before, 2)}


def _processor() -> float:
    kinds = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in kinds)


def import_by_shell(folder: Path, path: Path, *, letters: bool = True) -> None:
    """As many columns as the file has, and the indexes of our table of leads."""
    target = folder / "shell.sqlite3"
    target.unlink(missing_ok=True)
    columns = ", ".join(f"c{n} TEXT" for n in range(40))
    indexed = ["c4", "c11", "c10", "c15", "c0", "c19", "c20", "c21", "c8", "c9"][: len(Lead.__table__.indexes)]
    indexes = " ".join(f"CREATE INDEX i_{name} ON t ({name});" for name in indexed[1:])
    script = f"CREATE TABLE t ({columns}); CREATE UNIQUE INDEX u ON t (c4); {indexes}"
    command = ["sqlite3", str(target), "PRAGMA journal_mode=WAL;", script, ".mode csv", f".import --skip 1 {path} t"]
    if letters:
        searched = "c4, c9, c10, c11, c15"
        options = "content='t', columnsize=0, tokenize='trigram'"
        command += [f"CREATE VIRTUAL TABLE f USING fts5({searched}, {options}); INSERT INTO f (f) VALUES ('rebuild');"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def our_import(folder: Path, path: Path) -> dict[str, float]:
    home = folder / "ours"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    engine = make_engine(f"sqlite:///{home / 'ours.sqlite3'}")
    Base.metadata.create_all(engine)
    database, uploads = Database(engine, (write_pending,)), Uploads(home)
    gc.collect()
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read = measured(lambda: _read(database, uploads, path))
    with database.writing() as db:
        imported = db.query(Import).one()
        imported.status, import_id = ImportStatus.COMMITTING, imported.id
    turn = JobContext("key", 0, threading.Event(), lambda: True, time.monotonic())
    work = ImportWork(database, uploads, system_clock)

    def commit() -> None:
        while work.commit(turn, import_id) != Done():
            pass

    committed = measured(commit)
    with database.reading() as db:
        counts = {k: v for k, v in db.query(Import).one().counts.items() if k in ("created", "skipped", "rejected")}
    engine.dispose()
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle) / 1024
    parts = {f"read_{k}": v for k, v in read.items()} | {f"commit_{k}": v for k, v in committed.items()}
    return {**parts, "peak_mib_above_idle": round(peak), **counts}


def _read(database: Database, uploads: Uploads, path: Path) -> None:
    with path.open("rb") as source:
        size, digest = uploads.keep("bench", source)
    unread = Import(id="bench", file_sha256=digest, choices={})
    reading = read_upload(uploads, unread, sources(database, system_clock()))
    with database.writing() as db:
        imported = starting.begin(db, SYSTEM, starting.Upload("bench", "leads.csv", size, digest), system_clock())
        starting.store_reading(db, imported, reading)


if __name__ == "__main__":
    main()
