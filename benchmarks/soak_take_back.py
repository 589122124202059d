"""Taking 500 people back while the worker dies five times and answers are lost, over and over with other chances.

python -m benchmarks.soak_take_back [--people 500] [--kills 5] [--rounds 3]
"""

import argparse
import tempfile
import time
from pathlib import Path

from tests.features.exports.kills import take_back_under_kills
from tests.features.exports.world import World

from woodpecker_api.db.base import Base
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.session import Database
from woodpecker_api.system.audit.service import write_pending


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for seed in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            started = time.process_time()
            engine = make_engine(f"sqlite:///{Path(folder) / 'soak.sqlite3'}")
            Base.metadata.create_all(engine)
            data_dir = Path(folder) / "data"
            data_dir.mkdir()
            world = World(Database(engine, before_commit=(write_pending,)), data_dir)
            kills = take_back_under_kills(world, options.people, options.kills, seed)
            spent = time.process_time() - started
            print(
                f"chance {seed}: {options.people} taken back, {kills} kills, all gone and free; {spent:.0f} s",
                flush=True,
            )
            engine.dispose()


if __name__ == "__main__":
    main()
