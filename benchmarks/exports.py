"""An export of many leads by the real worker against the simulator without latency: rate, our own processor time, memory.

    python -m benchmarks.exports [--leads 20000]

The vendor is a process of its own, so that its work is not counted as ours. Processor time is the worker's from the first batch to
the last; on a busy machine it says more than the rate. Exit status 1 when somebody was not added exactly once.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.e2e.export_lab import Lab, Ordeal

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Sample:
    """What a process had used, and how far its export was. Times in seconds, memory in MiB."""

    at: float
    processor: float
    memory: float
    added: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--leads", type=int, default=20_000)
    leads: int = parser.parse_args().leads
    ordeal = Ordeal(leads=leads, kills=0, apply_seconds=0.0, settle_seconds=6.0, deadline_seconds=10.0, faults={})
    with tempfile.TemporaryDirectory() as home, Lab(Path(home), ordeal) as lab:
        export_id, vendor_campaign = lab.prepare()
        with lab.worker("worker") as worker:
            samples = _watch(lab, worker, export_id)
        lab.check(export_id, vendor_campaign)
        _tell(samples, leads, lab.report.problems)
    sys.exit(1 if lab.report.problems else 0)


def _watch(lab: Lab, worker: "subprocess.Popen[bytes]", export_id: str) -> list[Sample]:
    """From the first batch to the end, about 100 of them."""
    samples: list[Sample] = []
    step = max(1, lab.ordeal.leads // 100)
    while True:
        added = lab.added(export_id)
        if added and (not samples or added >= samples[-1].added + step or added == lab.ordeal.leads):
            samples.append(Sample(time.monotonic(), _processor(worker.pid), _memory(worker.pid), added))
        if added == lab.ordeal.leads:
            return samples
        if worker.poll() is not None:
            raise RuntimeError("the worker ended by itself")
        time.sleep(0.1)


def _tell(samples: list[Sample], leads: int, problems: list[str]) -> None:
    first, last = samples[0], samples[-1]
    done, seconds = last.added - first.added, last.at - first.at
    print(f"{leads:,} leads: {done / seconds:,.0f} leads/s, {seconds:.0f} s from the first batch to the last")
    print(f"our processor time: {1000 * (last.processor - first.processor) / done:.2f} ms per lead")
    half = samples[: len(samples) // 2], samples[len(samples) // 2 :]
    for name, part in zip(("first", "second"), half, strict=True):
        spent, count = part[-1].processor - part[0].processor, part[-1].added - part[0].added
        print(f"  {name} half: {1000 * spent / max(count, 1):.2f} ms per lead")
    quarters = [samples[len(samples) * part // 4 - 1 if part else 0].memory for part in range(5)]
    print("memory at 0, 25, 50, 75 and 100 %, MiB:", ", ".join(f"{each:.0f}" for each in quarters))
    print(f"broken promises: {problems}")


def _processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _memory(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


if __name__ == "__main__":
    main()
