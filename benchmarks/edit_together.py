"""Two browsers edit the same 20 sequences at random while the server is killed three times and the network cut five times.

    python -m benchmarks.edit_together [--seconds 120] [--seed 1]

Counts the edits that are lost or were silently overwritten: there must be none. Needs the built pages and a Chromium.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from tests.e2e.editing_lab import EditingLab, Plan
from tests.e2e.server import Server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    plan = Plan(seconds=options.seconds, kills=3, cuts=5, reloads=4, seed=options.seed)
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server, sync_playwright() as playwright:
        ids = server.fill(drafts=20, people=2)
        server.start()
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        report = EditingLab(server, browser, ids, plan).run()
        browser.close()
    print(f"{report.edits} edits, {report.merges} merge views, {len(report.lost)} lost or overwritten {report.lost}")


if __name__ == "__main__":
    main()
