"""`make test-deploy`: a droplet from nothing, deploys under load, bad releases, cut-off deploys, and who gets in.

--full is the soak: each phase at its full length, and those that only it has. Prints a line for each thing that was seen; ends with 1
when something was not: at once, or in full after the other phases. --only names the phases after the droplet is up, --keep leaves it
running, --again goes on with one that was kept (a mended program is deployed first), --points 1-20 cuts deploys off at these of their
commands only, --kinds leak,slow makes these bad releases only.
"""

import argparse
import http.client
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.deploy.lab.bad import bad_releases
from tests.deploy.lab.cutting import cut_off
from tests.deploy.lab.deploys import deploys_under_load, forged
from tests.deploy.lab.load import Connection, ask, sign_in
from tests.deploy.lab.machine import (
    DOMAIN,
    DROPLET,
    DROPLET6,
    HERE,
    NETWORK,
    OUTSIDER,
    ROOT,
    STATE,
    VENDOR_URL,
    Lab,
    run,
)  # fmt: skip
from tests.deploy.lab.ratio import ratio
from tests.deploy.lab.releases import build_good, build_variant
from tests.deploy.lab.site import Site, see
from tests.deploy.lab.soak import Soak
from tests.deploy.lab.weight import big, memory

ADMIN = "ada@team.test"
PORTS = (22, 80, 443, 2019, 2375, 2376, 3000, 5000, 8000, 8080, 8443, 9001, 9002, 9090, 9093, 9100, 9323)
# Staging may speak to a vendor without TLS. Whatever is cut off at this vendor is known after 5 s instead of 60.
OF_A_SOAK = {
    "APP_ENVIRONMENT": "staging",
    "WOODPECKER_BASE_URL": VENDOR_URL,
    "APP_WOODPECKER_DEADLINE_SECONDS": "20",
    "APP_SETTLE_SECONDS": "105",
}


def main() -> None:
    options = _options()
    if os.geteuid() != 0:
        sys.exit("The deployment lab needs root: it starts a Docker engine. (sudo make test-deploy)")
    # Ended from outside, it cleans up all the same; not by SystemExit, which in a soak ends one phase.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    lab = Lab()
    site = Site(lab, full=options.full, points=options.points, kinds=options.kinds, rounds=options.rounds)
    try:
        failed = Walk(site).all(options.only, again=options.again)
    finally:
        site.keep() if options.keep else lab.end()
    sys.exit(f"Not seen: {', '.join(failed)}" if failed else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", type=lambda text: tuple(text.split(",")), default=())
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--points", type=_points, help="such as 1-20; with --full")
    parser.add_argument("--rounds", type=int, help="of deploys under load")
    parser.add_argument("--kinds", type=lambda text: tuple(text.split(",")), default=(), help="of bad releases")
    options = parser.parse_args()
    if unknown := set(options.only) - {*EVER, *IN_FULL}:
        parser.error(f"no such phase: {', '.join(sorted(unknown))}; there are {', '.join((*EVER, *IN_FULL))}")
    return options


def _points(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


class Walk:
    def __init__(self, site: Site) -> None:
        self.site = site
        self.lab = site.lab

    def all(self, only: tuple[str, ...], *, again: bool) -> list[str]:
        """Gives the phases in which something was not seen."""
        if again:
            self.go_on()
        else:
            self.from_nothing()
        failed = []
        for name, phase in (EVER | (IN_FULL if self.site.full or only else {})).items():
            if only and name not in only:
                continue
            try:
                phase(self.site)
            except (SystemExit, Exception) as error:
                if not self.site.full:
                    raise
                # The other phases are worth hours: they go on, from a site that was put in order.
                failed.append(name)
                self.lab.say(f"{name}: {error}")
                if not isinstance(error, SystemExit):
                    traceback.print_exc()
                (STATE / f"failed-{name}.log").write_text(self.site.last_words())
                self.lab.on("/usr/local/sbin/woodpecker-deploy repair", check=False)
        self.lab.say(json.dumps(self.site.report, indent=2))
        self.lab.say("All seen." if not failed else f"Not seen: {', '.join(failed)}")
        return failed

    def from_nothing(self) -> None:
        self.lab.prepare()
        (STATE / "vendor.sqlite3").unlink(missing_ok=True)
        self.releases()
        self.sizes()
        self.lab.start_droplet()
        self.fresh_droplet()

    def go_on(self) -> None:
        """With the program as it is now, when it was mended since."""
        os.environ["DOCKER_HOST"] = f"unix://{STATE}/docker.sock"
        self.site.find_again()
        self.releases()
        if self.site.serving()[1] not in self.site.digests.values():
            done = self.lab.deploy(self.site.digests["one"])
            see(done.returncode == 0, "the mended program is deployed", done.stdout + done.stderr)

    def releases(self) -> None:
        build_good("one")
        self.lab.say("the image is built")
        build_variant("two", "one")
        self.site.digests |= {tag: self.lab.publish(tag) for tag in ("one", "two")}

    def sizes(self) -> None:
        size = self.lab.compressed_bytes(self.site.digests["one"])
        see(size <= 150_000_000, "the image has at most 150 MB compressed", size)
        self.site.report["image_mb_compressed"] = round(size / 1e6, 1)
        shell = run("sh", "-c", "docker run --rm --entrypoint sh woodpecker-api:one -c true 2>&1 || true")
        see("not found" in shell, "no shell in the image", shell)

    def fresh_droplet(self) -> None:
        lab, site, started = self.lab, self.site, time.monotonic()
        lab.give_image("caddy:2.11.7")
        lab.bootstrap(OF_A_SOAK if site.full else {})
        lab.say("bootstrapped")
        see(lab.bootstrap_again().startswith("0 changes"), "a second bootstrap changes nothing")
        if site.full:
            lab.on(f"echo lab >{ROOT}/secrets/woodpecker_api_key")
        done = lab.deploy(site.digests["one"])
        see(done.returncode == 0, "the first deploy", done.stdout + done.stderr)
        lab.say(done.stdout.strip().replace("\n", "\n           "))
        lab.wait_for(self._https_answers, 60, "HTTPS with a certificate")
        password = lab.on(f"cat {ROOT}/secrets/app_admin_password")
        site.cookie = sign_in(site.trust, ADMIN, password)
        site.report["fresh_droplet_to_signed_in_seconds"] = round(time.monotonic() - started)
        lab.say("a fresh droplet serves over HTTPS, and its admin is signed in")

    def _https_answers(self) -> bool:
        status, _, _ = ask(Connection(self.site.trust), "GET", "/")
        if status != 200:
            raise ValueError(f"the page answers {status}")
        return True


def who_gets_in(site: Site) -> None:
    lab = site.lab
    _, _, headers = ask(Connection(site.trust), "GET", "/")
    see("max-age=31536000" in headers["strict-transport-security"], "HSTS")
    plain = http.client.HTTPConnection(DROPLET, 80, timeout=10)
    plain.request("GET", "/leads?x=1", headers={"Host": DOMAIN})
    answer = plain.getresponse()
    location = answer.headers["location"]
    see(answer.status in (301, 308) and location == f"https://{DOMAIN}/leads?x=1", "HTTP goes to HTTPS", location)
    for path in ("/metrics", "/healthz", "/readyz", "/readyz/", "//readyz", "/%72eadyz"):
        status, body, _ = ask(Connection(site.trust), "GET", path)
        see(status == 404 or b"<html" in body, f"{path} is not reachable from outside", (status, body[:200]))
    see(b"reasons" not in body, "no probe's answer outside")
    _outsider(lab)
    both = "over IPv4 and IPv6" if lab.has_ipv6 else "over IPv4 (IPv6 is not possible here: the kernel has none)"
    lab.say(f"HTTPS, redirect, HSTS; probes hidden; an outsider is refused with their address, {both}")


def _outsider(lab: Lab) -> None:
    """From another address: refused, told which address it has, and no header helps. Ports: 80 and 443 (and SSH), nothing else."""
    six = DROPLET6 if lab.has_ipv6 else ""
    said = _as_outsider(six, *map(str, PORTS))
    see(said["plain"][0] == 403 and OUTSIDER in said["plain"][1], "an outsider is told why", said["plain"])
    see(all(status == 403 for status in said["spoofed"].values()), "no header lets an outsider in", said["spoofed"])
    see(set(said["open4"]) == {22, 80, 443}, "IPv4: SSH, HTTP, HTTPS and nothing else", said["open4"])
    see(set(said["open6"]) <= {22}, "IPv6: nothing but SSH", said["open6"])
    lab.on(f"/usr/local/sbin/woodpecker-deploy allow {OUTSIDER}")
    lab.wait_for(lambda: _as_outsider("")["plain"][0] == 200 or None, 30, "leave for a day by one command")
    lab.on(f"/usr/local/sbin/woodpecker-deploy allow --remove {OUTSIDER}/32")


def _as_outsider(six: str, *ports: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(
        run(
            "docker", "run", "--rm", "-i", "--name", "lab-outsider", "--network", NETWORK, "--ip", OUTSIDER,
            "python:3.13-slim-trixie", "python3", "-", DROPLET, six, DOMAIN, *ports,
            stdin=(HERE / "outsider.py").read_text(), timeout=180,
        )
    )  # fmt: skip
    return said


def pipeline_key(site: Site) -> None:
    lab = site.lab
    see("Serving:" in lab.over_ssh("status").stdout, "the pipeline's key can look")
    for forbidden in ("sh", "deploy latest", "deploy sha256:abc; id", "rm -rf /", "allow 0.0.0.0/0"):
        done = lab.over_ssh(forbidden)
        see(done.returncode != 0 and "uid=" not in done.stdout, f"the pipeline's key cannot: {forbidden}", done.stdout)
    done = lab.over_ssh("rollback")
    see(done.returncode == 0, "back by one command", done.stdout + done.stderr)
    site.page_is_there()
    lab.say("the pipeline's key deploys and goes back, and can do nothing else")


EVER: dict[str, Callable[[Site], None]] = {
    "outsider": who_gets_in,
    "deploys": deploys_under_load,
    "forged": forged,
    "bad": bad_releases,
    "cut-off": cut_off,
    "key": pipeline_key,
}
# The certificates last: they are good for 90 seconds from then on.
IN_FULL: dict[str, Callable[[Site], None]] = {
    "kills": lambda site: Soak(site).kills(),
    "breaking": lambda site: Soak(site).breaking(),
    "ratio": ratio,
    "memory": memory,
    "big": big,
    "certificates": lambda site: Soak(site).certificates(),
}

if __name__ == "__main__":
    main()
