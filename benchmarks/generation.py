"""A live run against the Claude simulator, each in a process of its own, beside what latency and concurrency allow, and beside
a bare client (threads that send one prepared request and throw the answer away) in the same minutes on the same machine.

    python benchmarks/generation.py [--leads 600] [--latency-ms 300] [--at-once 20]

Prints one JSON line: leads a second and their ratio to the limit (concurrency / latency) in the middle of the run, where
neither the beginning nor the last stragglers count, and the same over the whole run; what the bare client reached, half of it
before and half of it after the run, measured in the same way; the worker's processor time per lead from the run's start to its
end. A small run comes first, because the first one loads the vendor's SDK; it is told apart. Where the bare client does not
reach the limit, the machine or the simulator does not allow it.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import httpx2
import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests import builders as make
from tests.features.generation.conftest import OFFER

from woodpecker_api.clients.anthropic.wire.requests import message_body
from woodpecker_api.config import Environment, Settings
from woodpecker_api.db.session import Database
from woodpecker_api.features.generation import service
from woodpecker_api.features.generation.models import GenerationItem, ItemStatus
from woodpecker_api.features.generation.rules.prompt import Wish, build_prompt
from woodpecker_api.features.generation.service.prompting import Setup, request_for
from woodpecker_api.features.templates.rules import DEFAULT_CONTENT
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.system.audit.service import SYSTEM
from woodpecker_api.system.jobs.jobs import Jobs
from woodpecker_api.wiring.installation import open_database, prepare, upgrade_database

COMMAND = Path(sys.executable).parent / "woodpecker-api"
FIXED_WORK, FIXED_WORK_IDLE = 100_000, 0.0073
"""Numbers squared, and the least seconds that took on this kind of machine, which was never quite idle; measure again on another."""
ENDED = ("completed", "failed", "paused")
WARM = 60
"""Leads after which calls are at their full number: the pace begins with eight at a time."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--leads", type=int, default=600)
    options.add_argument("--latency-ms", type=int, default=300)
    options.add_argument("--at-once", type=int, default=20)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="generation-") as folder:
        print(json.dumps(measured(Path(folder), given.leads, given.latency_ms, given.at_once)), flush=True)


def measured(home: Path, leads: int, latency_ms: int, at_once: int) -> dict[str, Any]:
    settings = Settings(data_dir=home / "data", environment=Environment.SANDBOX)
    database = open_database(settings)
    upgrade_database(settings, database)
    prepare(settings, database)
    with simulator(home, latency_ms) as url, worker(home, url) as process:
        idle = settled_processor_seconds(process)
        begin(database, WARM)
        wait_for_end(database, process)
        first = processor_seconds(process.pid) - idle
        bare = middle_rate(bare_client(url, leads // 2, at_once), at_once)
        idle, began = processor_seconds(process.pid), begin(database, leads)
        slowness = wait_for_end(database, process)
        used = processor_seconds(process.pid) - idle
        bare = (bare + middle_rate(bare_client(url, leads // 2, at_once), at_once)) / 2
    times = [moment for moment in finished(database) if moment > began]
    database.engine.dispose()
    a_second = middle_rate(times, at_once)
    limit = at_once / (latency_ms / 1000)
    return {
        "leads": leads,
        "done": len(times),
        "leads a second": round(a_second, 1),
        "limit": round(limit, 1),
        "ratio": round(a_second / limit, 3),
        "ratio over all": round(len(times) / (times[-1] - began) / limit, 3),
        "a bare client's": round(bare / limit, 3),
        "ratio to the bare client": round(a_second / bare, 3),
        "processor ms a lead": round(used * 1000 / leads, 2),
        "the same on an idle machine, about": round(used * 1000 / leads / slowness, 2),
        f"processor seconds of the first {WARM} leads": round(first, 2),
        "seconds": round(times[-1] - times[0], 1),
    }


def middle_rate(times: list[float], at_once: int) -> float:
    """Leads a second where neither the beginning nor the last stragglers count."""
    middle = times[WARM:-at_once]
    return (len(middle) - 1) / (middle[-1] - middle[0])


def bare_client(url: str, requests: int, at_once: int) -> list[float]:
    """When each answer was there, in order. Nothing is reserved, checked or stored."""
    prompt = build_prompt(DEFAULT_CONTENT, {"first_name": "Ann", "industry": "Logistics", "city": "Hamburg"}, Wish())
    body = json.dumps(
        message_body(request_for(Setup(DEFAULT_CONTENT, OFFER.id, "low", Wish()), prompt, 8_000))
    ).encode()
    headers = {"x-api-key": "sandbox", "anthropic-version": "2023-06-01", "content-type": "application/json"}
    numbers, times = iter(range(requests)), list[float]()

    def ask() -> None:
        connection = http.client.HTTPConnection(urlsplit(url).netloc)
        for _ in numbers:
            connection.request("POST", "/v1/messages", body, headers)
            answer = connection.getresponse()
            assert answer.status == 200, answer.read()
            answer.read()
            times.append(time.monotonic())
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(times)


def begin(database: Database, leads: int) -> float:
    """Gives back the Unix time at which the run could begin."""
    with database.writing() as db:
        ids = [make.a_lead(db, first_name="Ann", industry="Logistics", city="Hamburg").id for _ in range(leads)]
    with database.writing() as db:
        order = service.Order(ids, OFFER, "low", sandbox=True, budget_micros=10**12)
        service.start(db, Jobs(database), SYSTEM, order, system_clock())
    return time.time()


def wait_for_end(database: Database, process: "subprocess.Popen[bytes]") -> float:
    """Gives back how much more processor time a fixed piece of work took meanwhile than on an idle machine: two busy threads
    of one core, or a full cache, make every program's time grow alike."""
    taken = []
    while True:
        refuse_dead(process)
        time.sleep(0.5)
        began = time.process_time()
        sum(number * number for number in range(FIXED_WORK))
        taken.append(time.process_time() - began)
        with database.reading() as db:
            (run,), _ = service.runs(db, limit=1, after=None)
        if run.status in ENDED:
            return max(1.0, median(taken) / FIXED_WORK_IDLE)


def finished(database: Database) -> list[float]:
    """When each lead's texts were stored, in Unix time, in order."""
    with database.reading() as db:
        done = sa.select(GenerationItem.finished_at).where(GenerationItem.status == ItemStatus.DONE)
        return sorted(moment.timestamp() for moment in db.scalars(done) if moment is not None)


@contextmanager
def simulator(home: Path, latency_ms: int) -> Iterator[str]:
    script = (
        "from woodpecker_api.sandbox.claude.app import make_app\n"
        "from woodpecker_api.sandbox.server import SimulatorServer\n"
        "server = SimulatorServer(make_app()).start()\n"
        "print(server.url, flush=True)\n"
        "server.join()\n"
    )
    with running([sys.executable, "-c", script], home, {}, is_heard=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().decode().strip()
        plan = {"latency_ms": latency_ms}
        answer = httpx2.request("PUT", f"{url}/_control/faults", json=plan, trust_env=False)
        answer.raise_for_status()
        # Enough for the whole run: here the pace shall be set by latency and concurrency.
        limits = {"limits": {"requests": 100_000, "input-tokens": 10**9, "output-tokens": 10**9}}
        httpx2.request("PUT", f"{url}/_control/settings", json=limits, trust_env=False).raise_for_status()
        yield url


@contextmanager
def worker(home: Path, url: str) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {"APP_ENVIRONMENT": "sandbox", "APP_DATA_DIR": str(home / "data"), "ANTHROPIC_BASE_URL": url}
    with running([COMMAND, "worker"], home, environment) as process:
        yield process


@contextmanager
def running(
    command: list[Any], home: Path, environment: dict[str, str], *, is_heard: bool = False
) -> Iterator["subprocess.Popen[bytes]"]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    with (home / "log").open("ab") as log:
        out = subprocess.PIPE if is_heard else log
        process = subprocess.Popen(command, env=kept | environment, stdout=out, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


def refuse_dead(process: "subprocess.Popen[bytes]") -> None:
    """Nobody would ever finish the run."""
    if process.poll() is not None:
        sys.exit(f"The worker ended by itself with status {process.returncode}.")


def settled_processor_seconds(process: "subprocess.Popen[bytes]") -> float:
    """Once the process has started: what it uses in two seconds is next to nothing."""
    while True:
        before = processor_seconds(process.pid)
        time.sleep(2)
        refuse_dead(process)
        after = processor_seconds(process.pid)
        if after > 0.3 and after - before < 0.15:
            return after


def processor_seconds(pid: int) -> float:
    """User and system time of the process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
