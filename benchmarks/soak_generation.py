"""A live run of many leads whose worker is killed again and again, while the simulated vendor fails as the issue of generation says:
10 % 429, 5 % 529, 3 % 500, 3 % cut, 3 % truncated, 2 % refusals, 2 % not JSON.

`make soak-generation` runs 1,000 leads with 20 kills. Exit status 1 when a promise was broken. The last line is the summary as JSON.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.claude import simulated_claude
from tests.features.generation.lab import Lab


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--leads", type=int, default=1_000)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--budget-micros", type=int, default=None)
    given = options.parse_args()
    home = Path(tempfile.mkdtemp(prefix="soak-generation-"))
    with simulated_claude() as vendor:
        lab = Lab(home, vendor, given.leads, seed=given.seed, budget_micros=given.budget_micros)
        lab.patience = 3_600.0
        lab.run(given.kills)
        counters = vendor.world.counters
    usable_paid = sum(lead.usable for lead in counters.leads.values())
    done = lab.figures["counts"]["done"]
    # What was paid and arrived nowhere because the worker died is charged as uncertain; what was stored is never paid again.
    paid_twice = usable_paid - done - lab.figures["lost"]
    if paid_twice > 0:
        lab.problems.append(f"{paid_twice} usable answers more than leads written and answers lost with a worker")
    print(
        json.dumps(
            {
                "leads": given.leads,
                **lab.figures,
                "vendor": {"paid": counters.paid, "usable": usable_paid, "faults": counters.faults},
                "broken promises": lab.problems,
            }
        )
    )
    shutil.rmtree(home)
    sys.exit(1 if lab.problems else 0)


if __name__ == "__main__":
    main()
