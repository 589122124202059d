"""Backups taken while 50 changes a second are written, each restored and compared; then every kind of damage.

`make soak-backup` runs --full: 20 backups, restored 20 times, and each damage on a fresh copy. Exit status 1 when a row was lost or
a damaged copy was taken. The last line is the summary as JSON.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.system.backups import lab

from woodpecker_api.system.backups.errors import BackupDamagedError
from woodpecker_api.system.backups.manifest import Kind
from woodpecker_api.system.backups.service import Backups


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="20 backups instead of 3")
    parser.add_argument("--rows", type=int, default=50_000, help="changes on record before the first backup")
    options = parser.parse_args()
    home, began = Path(tempfile.mkdtemp(prefix="soak-backup-")), time.monotonic()
    _grow(home / "snapshots" / "source", options.rows)
    report = lab.snapshots_under_writes(home / "snapshots", rounds=20 if options.full else 3)
    refused, taken = _damaged_copies(home / "damaged")
    summary = {
        "backups restored": report.rounds,
        "writes a second meanwhile": report.writes_a_second,
        "acknowledged rows older than their copy": report.older_than_the_copy,
        "of these lost": report.lost,
        "seconds for a checked backup (least, most)": [min(report.seconds), max(report.seconds)],
        "megabytes": round((home / "snapshots" / "source" / lab.DATABASE).stat().st_size / 1e6, 1),
        "damaged copies refused": refused,
        "damaged copies taken": taken,
        "seconds": round(time.monotonic() - began),
    }
    shutil.rmtree(home)
    print(json.dumps(summary))
    sys.exit(1 if report.lost or taken else 0)


def _grow(source: Path, rows: int) -> None:
    """A record of some size: a backup of an empty database shows little."""
    from woodpecker_api.system.audit.service import SYSTEM, record

    database = lab.open_database(source)
    for _ in range(rows // 1000):
        with database.writing() as db:
            for number in range(1000):
                record(db, SYSTEM, "lab.grew", ("lab", None), after={"number": number, "text": "x" * 500})
    database.engine.dispose()


def _damaged_copies(home: Path) -> tuple[int, list[str]]:
    """How many were refused with the present database untouched, and the names of those that were not."""
    database = lab.open_database(home)
    for number in range(5):
        lab.write_one(database, number)
    (home / "uploads").mkdir()
    (home / "uploads" / "i1").write_text("Email,Name\n")
    backups, taken, refused = Backups(database.engine, home), [], 0
    for name, damage in lab.damages().items():
        folder = backups.shelf.path(backups.create(Kind.MANUAL).id)
        database.engine.dispose()
        damage(folder)
        before = lab.sha256(home / lab.DATABASE)
        try:
            backups.restore(folder, lambda _: None)
            taken.append(name)
        except BackupDamagedError:
            if lab.sha256(home / lab.DATABASE) == before:
                refused += 1
            else:
                taken.append(name)
    return refused, taken


if __name__ == "__main__":
    main()
