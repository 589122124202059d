"""What the stack weighs with a million attempts on record, and with a database of a gigabyte that has to be put back."""

import json
import re
import threading
import time

from tests.deploy.lab.bad import BAD, BAD_TOO, DATABASE_SECONDS, undone
from tests.deploy.lab.history import GIGABYTE, MILLION, grow, remember
from tests.deploy.lab.load import Connection
from tests.deploy.lab.machine import DOMAIN, HERE, HOST, REGISTRY_PORT, ROOT, run
from tests.deploy.lab.pages import Pages
from tests.deploy.lab.site import PROJECT, Site, see

ALONE_MB, WITH_MONITORING_MB = 500, 1000
VISIT_SECONDS = 60.0
# Their images are in no package source: they are counted at their limit in compose.monitoring.yml, above which they are ended.
AT_THEIR_LIMIT_MB = {"logs": 128, "vector": 128}
_UNITS = {"B": 1e-6, "KiB": 1024e-6, "MiB": 1.048576, "GiB": 1073.741824}


def big(site: Site) -> None:
    """Bad releases on a gigabyte: one that had changed the database, one that its rehearsal gives away."""
    remember(site, MILLION)
    grow(site, GIGABYTE)
    size = site.database.stat().st_size
    see(size >= GIGABYTE, "a database of a gigabyte", size)
    site.watch_for(4)
    kinds = site.kinds or ("breaking-then-crash", "loses-rows")
    faults = {fault: word for fault, word in (BAD | BAD_TOO).items() if fault in kinds}
    seconds = {fault: undone(site, fault, word, f"{fault}-big") for fault, word in faults.items()}
    site.report["undone_seconds_with_a_gigabyte"] = seconds
    see(max(seconds.values()) <= DATABASE_SECONDS, f"a gigabyte is back within {DATABASE_SECONDS} s", seconds)


def memory(site: Site) -> None:
    remember(site, MILLION)
    _tell(site, "without", _heaviest(site), ALONE_MB)
    _monitoring_on(site)
    try:
        site.lab.wait_for(lambda: _scraped(site), 120, "Prometheus has asked the program")
        beside = _heaviest(site)
    finally:
        site.lab.on("/usr/local/sbin/woodpecker-deploy monitoring off", check=False)
    _tell(site, "with", beside | AT_THEIR_LIMIT_MB, WITH_MONITORING_MB)


def _tell(site: Site, name: str, weights: dict[str, float], bar: int) -> None:
    total = sum(weights.values())
    parts = ", ".join(f"{service} {weight:.0f}" for service, weight in sorted(weights.items()))
    site.lab.say(f"a million attempts on record, 20 clients, {name} monitoring: {total:.0f} MB (bar {bar}): {parts}")
    site.report[f"memory_mb_{name}_monitoring"] = round(total)
    see(total <= bar, f"the stack {name} monitoring weighs at most {bar} MB", parts)


def _heaviest(site: Site) -> dict[str, float]:
    """By service, in MB, at the moment of the greatest sum while people visit the pages."""
    trust = site.trust  # asked for once, not by each client
    pages = Pages(lambda: Connection(trust), f"https://{DOMAIN}", site.cookie)
    visit = threading.Thread(target=pages.visit, args=(VISIT_SECONDS,))
    visit.start()
    found: list[dict[str, float]] = []
    while visit.is_alive():
        found.append(_weights(site))
        time.sleep(1)
    see(not pages.failures, "no failed page", pages.failures[:3])
    return max(found, key=lambda weights: sum(weights.values()))


def _weights(site: Site) -> dict[str, float]:
    """As `docker stats` tells it."""
    lines = site.lab.on("docker stats --no-stream --format '{{.Name}} {{.MemUsage}}'").splitlines()
    weights = {}
    for line in lines:
        if found := re.match(rf"{PROJECT}-(\S+)-1 ([0-9.]+)([KMG]?i?B)", line):
            weights[found[1]] = float(found[2]) * _UNITS[found[3]]
    # The stand-ins of these do nothing.
    return {service: weight for service, weight in weights.items() if service not in AT_THEIR_LIMIT_MB}


def _monitoring_on(site: Site) -> None:
    """By the operator's one command, with stand-ins for the public images."""
    run(str(HERE / "images.sh"), "monitoring")
    for name, setting in (
        ("prometheus", "PROMETHEUS"), ("alertmanager", "ALERTMANAGER"), ("node", "NODE_EXPORTER"),
        ("blackbox", "BLACKBOX"), ("idle", "VICTORIA_LOGS"), ("idle", "VECTOR"),
    ):  # fmt: skip
        pushed = f"127.0.0.1:{REGISTRY_PORT}/lab-{name}:1"
        run("docker", "tag", f"deploy-lab/{name}", pushed)
        run("docker", "push", "-q", pushed)
        site.lab.on(
            f"sed -i '/^{setting}_IMAGE=/d' {ROOT}/.env; echo '{setting}_IMAGE={HOST}:{REGISTRY_PORT}/lab-{name}:1' >>{ROOT}/.env"
        )
    site.lab.on(f"echo http://{HOST}:1/ >{ROOT}/secrets/alert_webhook_url")
    said = site.lab.on("/usr/local/sbin/woodpecker-deploy monitoring on 2>&1")
    see("Monitoring runs" in said, "monitoring by one command", said)


def _scraped(site: Site) -> bool | None:
    ask = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:9090/api/v1/query?query=up').read().decode())"
    said = site.lab.on(f'python3 -c "{ask}"')
    up = {each["metric"]["job"] for each in json.loads(said)["data"]["result"] if each["value"][1] == "1"}
    return {"app", "host"} <= up or None
