"""Five faults with the real program, Prometheus and Alertmanager: how long until each alert is heard, and until it is over.

`make soak-alerts`, as root (the data lies on a small disk of its own). Exit status 1 when an alert took longer than two minutes, or
did not clear by itself. The last line is the summary as JSON.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.monitoring.live import Lab, running

WITHIN_SECONDS = 120.0
# Alertmanager speaks of what is over with the next group interval; it may take a look and a minute.
CLEARS_WITHIN_SECONDS = 180.0


def main() -> None:
    figures: dict[str, dict[str, float | None]] = {}
    with running(Path(tempfile.mkdtemp(prefix="soak-alerts-")) / "lab") as lab:
        together: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
            "BackupLate": (lambda: lab.backup(hours_old=27), lambda: lab.backup(hours_old=0)),
            "DiskLow": (lambda: lab.fill_disk(0.92), lab.empty_disk),
            "CertificateEndsSoon": (lambda: lab.certificate(days=5), lambda: lab.certificate(days=90)),
            "QueueStalled": (lambda: _without_worker(lab), lab.start_worker),
        }
        _play(lab, together, figures)
        _play(lab, {"SiteDown": (lambda: lab.stop("app"), lab.start_app)}, figures)
    broken = [name for name, each in figures.items() if None in each.values()]
    print(json.dumps({"seconds": figures, "broken": broken}))
    sys.exit(1 if broken else 0)


def _play(
    lab: Lab,
    faults: dict[str, tuple[Callable[[], None], Callable[[], None]]],
    figures: dict[str, dict[str, float | None]],
) -> None:
    began: dict[str, float] = {}
    for name, (inject, _repair) in faults.items():
        inject()
        began[name] = time.monotonic()
    for name, at in began.items():
        heard = lab.channel.when(name, "firing", at, WITHIN_SECONDS)
        figures[name] = {"heard after": heard and round(heard, 1)}
        print(name, figures[name], flush=True)
    ended: dict[str, float] = {}
    # Backwards: a backup needs the room that the disk is short of.
    for name, (_inject, repair) in reversed(faults.items()):
        repair()
        ended[name] = time.monotonic()
    for name, at in ended.items():
        over = lab.channel.when(name, "resolved", at, CLEARS_WITHIN_SECONDS)
        figures[name]["over after"] = over and round(over, 1)
        print(name, figures[name], flush=True)


def _without_worker(lab: Lab) -> None:
    lab.stop("worker")
    lab.enqueue()


if __name__ == "__main__":
    main()
