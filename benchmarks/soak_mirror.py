"""The mirror of a large account under kills: `make soak-mirror` reads 200,000 people with 10 kills.

Exit status 1 when a promise was broken. The last line is the report as JSON.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.e2e.mirror_lab import MirrorLab, MirrorOrdeal


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="soak-mirror-"))
    with MirrorLab(home, MirrorOrdeal(options.people, options.kills, seed=options.seed)) as lab:
        report = lab.run()
    print(json.dumps({"kills": report.kills, "broken promises": report.problems, **report.figures}))
    if not report.problems:
        shutil.rmtree(home)
    sys.exit(1 if report.problems else 0)


if __name__ == "__main__":
    main()
