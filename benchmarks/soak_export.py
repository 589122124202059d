"""The export guarantee under many kills: rounds of the ordeal in tests/e2e/export_lab.py until the kills are used up.

`make soak-export` runs --full: 200 kills on SQLite, 50 on PostgreSQL, one round in three with a vendor that takes 3 s.
With --first-round a soak goes on where an earlier one ended: the same kills in several sittings.
Exit status 1 when a promise was broken. The last line is the summary as JSON.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.e2e.export_lab import Lab, Ordeal, Report
from tests.postgres import fresh_database, running_server

QUICK = {"apply_seconds": 0.04, "settle_seconds": 2.0, "deadline_seconds": 2.0}
SLOW = {"apply_seconds": 3.0, "settle_seconds": 6.0, "deadline_seconds": 5.0}


def main() -> None:
    options = _options()
    began = time.monotonic()
    summary: dict[str, Any] = {}
    broken: list[str] = []
    for name, kills in (("sqlite", options.sqlite_kills), ("postgresql", options.postgresql_kills)):
        if kills:
            reports = _soak(name, kills, options)
            broken += [f"{name}: {problem}" for report in reports for problem in report.problems]
            summary[name] = _summary(reports, options.leads)
    summary |= {"broken promises": broken, "seconds": round(time.monotonic() - began)}
    print(json.dumps(summary))
    sys.exit(1 if broken else 0)


def _soak(name: str, kills: int, options: argparse.Namespace) -> list[Report]:
    """Rounds until `kills` are used up. A round's place is kept when a promise was broken in it."""
    reports: list[Report] = []
    with running_server() if name == "postgresql" else nullcontext("") as server:
        while (left := kills - sum(report.kills for report in reports)) > 0:
            number = options.first_round + len(reports)
            pace = SLOW if number % 3 == 0 else QUICK
            ordeal = Ordeal(
                leads=options.leads, kills=min(left, options.kills_a_round), seed=options.seed + number, **pace
            )
            home = Path(tempfile.mkdtemp(prefix=f"soak-{name}-"))
            with fresh_database(server) if server else nullcontext(None) as url, Lab(home, ordeal, url) as lab:
                report = lab.run()
            reports.append(report)
            print(f"{name} round {number}: {report.kills} kills, {json.dumps(report.figures)}", flush=True)
            if report.problems:
                print(f"  BROKEN in {home}: {report.problems}", flush=True)
            else:
                shutil.rmtree(home)
    return reports


def _summary(reports: list[Report], leads: int) -> dict[str, Any]:
    def each(figure: str) -> list[float]:
        return sorted(report.figures[figure] for report in reports if report.figures.get(figure) is not None)

    settled = each("seconds from the last restart until these were settled")
    going_on = each("seconds from the last restart until the next batch")
    return {
        "rounds": len(reports),
        "kills": sum(report.kills for report in reports),
        "leads exported": leads * len(reports),
        "faults": sum(sum(report.figures["faults"].values()) for report in reports),
        "seconds to settle (least, most)": [settled[0], settled[-1]] if settled else None,
        "seconds to go on (least, most)": [going_on[0], going_on[-1]] if going_on else None,
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="200 kills on SQLite and 50 on PostgreSQL")
    parser.add_argument("--sqlite-kills", type=int, default=15)
    parser.add_argument("--postgresql-kills", type=int, default=5)
    parser.add_argument("--kills-a-round", type=int, default=20)
    parser.add_argument("--leads", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first-round", type=int, default=1)
    options = parser.parse_args()
    if options.full:
        options.sqlite_kills, options.postgresql_kills = 200, 50
    return options


if __name__ == "__main__":
    main()
