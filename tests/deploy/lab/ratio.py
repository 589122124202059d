"""What the stack costs beside `make run`: the same people at the same data, in turn, so that a busy moment meets both."""

import contextlib
import http.client
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.deploy.lab.history import remember
from tests.deploy.lab.load import Connection
from tests.deploy.lab.machine import DOMAIN, ROOT, STATE
from tests.deploy.lab.pages import Pages
from tests.deploy.lab.site import PROJECT, Site, see

ATTEMPTS = 100_000
ROUNDS, VISIT_SECONDS = 4, 25.0
WORST_RATIO = 1.3
PORT = 8155
ADDRESS = f"http://127.0.0.1:{PORT}"


def ratio(site: Site) -> None:
    remember(site, ATTEMPTS)
    password = site.lab.on(f"cat {ROOT}/secrets/app_admin_password")
    trust = site.trust  # asked for once, not by each client
    with _beside(site):
        ours = Pages(lambda: Connection(trust), f"https://{DOMAIN}", site.cookie)
        plain = Pages(
            lambda: http.client.HTTPConnection("127.0.0.1", PORT, timeout=30), ADDRESS, _sign_in(site, password)
        )
        for pages in (ours, plain):  # what a first look costs is not asked here
            pages.visit(5)
            pages.seconds.clear()
        middles = [(ours.visit(VISIT_SECONDS), plain.visit(VISIT_SECONDS)) for _ in range(ROUNDS)]
    see(not ours.failures and not plain.failures, "no failed page", (ours.failures[:3], plain.failures[:3]))
    stack, run = (statistics.median(each.seconds) * 1000 for each in (ours, plain))
    slowest = sorted(ours.seconds)[-len(ours.seconds) // 20] * 1000
    site.lab.say(
        f"20 clients, {ATTEMPTS:,} attempts: p50 of the stack {stack:.1f} ms (p95 {slowest:.0f}), of make run {run:.1f} ms, ratio"
        f" {stack / run:.2f} (bar {WORST_RATIO}); {len(ours.seconds)} and {len(plain.seconds)} requests; by round "
        + ", ".join(f"{one:.1f}/{other:.1f}" for one, other in middles)
    )
    site.report["ratio"] = {"stack_ms": round(stack, 1), "run_ms": round(run, 1), "ratio": round(stack / run, 2)}
    see(stack / run <= WORST_RATIO, f"the stack takes at most {WORST_RATIO} of make run's time", middles)


@contextlib.contextmanager
def _beside(site: Site) -> Iterator[None]:
    """`make run`'s program on a copy of the same database, the worker inside as it has it; ended with the block."""
    home = STATE / "beside"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    slot = site.serving()[0]
    copy = site.data / "deploys" / "beside.sqlite3"
    copy.unlink(missing_ok=True)
    site.lab.on(f"docker exec {PROJECT}-{slot}-1 woodpecker-api db clone /data/deploys/beside.sqlite3")
    shutil.move(copy, home / "woodpecker-api.sqlite3")
    ours = ("APP_", "ANTHROPIC_", "WOODPECKER_", "DATABASE_URL")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)} | {
        "APP_DATA_DIR": str(home),
        "APP_PORT": str(PORT),
        # The database remembers what it belongs to, and refuses another.
        "APP_ENVIRONMENT": site.lab.on(f"sed -n 's/^APP_ENVIRONMENT=//p' {ROOT}/.env"),
        "APP_SECRET_KEY": site.lab.on(f"cat {ROOT}/secrets/app_secret_key"),
    }
    with (home / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "woodpecker_api", "serve"], env=environment, stdout=log, stderr=log
        )
    try:
        site.lab.wait_for(_answers, 120, "the program beside the stack")
        yield
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(home, ignore_errors=True)


def _answers() -> bool | None:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
    connection.request("GET", "/readyz")
    return connection.getresponse().status == 200 or None


def _sign_in(site: Site, password: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    body = json.dumps({"email": "ada@team.test", "password": password})
    connection.request("POST", "/api/session", body, {"Origin": ADDRESS, "Content-Type": "application/json"})
    answer = connection.getresponse()
    said = answer.read()
    see(answer.status < 300, "the program beside the stack lets its admin in", said)
    time.sleep(5)  # its start is over
    return str(answer.headers["set-cookie"]).partition(";")[0]
