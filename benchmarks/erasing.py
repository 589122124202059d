"""The bar of erasing: people in every place that a person can be in, some of them erased, then every byte searched for them.

    python -m benchmarks.erasing [--people 10000] [--erased 100]

Counts whose values are legible in any file of the installation (database, log of writes, uploads, the program's log, every list that
can be downloaded afterwards, a backup made afterwards), verifies the record, and imports the erased once more. Exit status 1 when
anybody is found.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.features.privacy.leaks import download_everything, logging_into_a_file
from tests.features.privacy.world import Privacy, email_of

from woodpecker_api.config import Settings
from woodpecker_api.db.base import Base
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.session import Database
from woodpecker_api.features.imports.service.looking import sources
from woodpecker_api.kit.text import address_key
from woodpecker_api.system.audit.service import verify, write_pending

SLICE = 500


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--erased", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        engine = make_engine(settings.resolved_database_url)
        Base.metadata.create_all(engine)
        world = Privacy(Database(engine, before_commit=(write_pending,)), settings)
        for first in range(0, options.people, SLICE):
            world.fill(first, min(SLICE, options.people - first))
        size = sum(path.stat().st_size for path in world.files())
        print(
            f"{options.people:,} people everywhere, {size / 2**20:,.0f} MiB; legible: {len(world.legible()):,}",
            flush=True,
        )
        gone = set(range(0, options.people, max(1, options.people // options.erased)))
        started = time.process_time()
        with logging_into_a_file(world):
            world.erase(*sorted(gone))
            world.woodpecker_confirms()
        spent = time.process_time() - started
        print(
            f"{len(gone)} erased in {spent:.1f} s of processor time, {1000 * spent / len(gone):.0f} ms each", flush=True
        )
        found = _found(world, gone)
        engine.dispose()
    return 1 if found else 0


def _found(world: Privacy, gone: set[int]) -> int:
    backup = world.settings.data_dir / "backup.sqlite3"
    raw = world.database.engine.raw_connection()
    raw.driver_connection.execute(f"VACUUM INTO '{backup}'")
    raw.close()
    with logging_into_a_file(world):
        lists = download_everything(world)
    legible = world.legible() & gone
    with world.database.reading() as db:
        *_, verdict = verify(db)
    keys = [address_key(email_of(number)) for number in sorted(gone)]
    remarks = sources(world.database, world.now).look_up(keys).remarks
    warned = sum(remark[0] == "erased_before" for remark in remarks.values())
    print(
        f"legible of the erased, in files, log, {lists} downloads and a new backup: {len(legible)}; "
        f"everybody else: {len(world.legible()):,}"
    )
    print(f"the record verifies: {verdict.ok} ({verdict.checked:,} lines); an import warns of {warned} of {len(keys)}")
    return len(legible) + (not verdict.ok) + (warned != len(keys))


if __name__ == "__main__":
    sys.exit(main())
