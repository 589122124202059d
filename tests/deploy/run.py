"""`make test-deploy`: a droplet from nothing, deploys under load, bad releases, cut-off deploys, and who gets in. `--full` for the soak.

Prints a line for each thing that was seen; ends with 1 at the first that was not.
"""

import http.client
import json
import os
import signal
import ssl
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.deploy.lab.load import Connection, Load, ask, sign_in
from tests.deploy.lab.machine import DOMAIN, DROPLET, DROPLET6, HERE, NETWORK, OUTSIDER, ROOT, Lab, run
from tests.deploy.lab.releases import build_good, build_variant
from tests.deploy.lab.soak import Soak

FULL = "--full" in sys.argv
ADMIN = "ada@team.test"
# Kind of bad release → a word of the reason that the operator is given.
BAD = {"crash": "crashes", "errors": "server errors", "loses-rows": "loses rows"}
BAD_TOO = {
    "never-ready": "not ready",
    "slow": "read takes",
    "leak": "crashed|memory",
    "broken-migration": "upgrade failed",
    "stalled-worker": "worker|pulse",
    "breaking-then-crash": "crashes",
}
# Where a deploy is made to fail, and where it is killed; in full, at every one of its commands.
FAIL_AT = ("docker pull", "db clone", "--force-recreate app", "stop app", "--force-recreate worker")
REQUESTS = 3000
PORTS = (22, 80, 443, 2019, 2375, 2376, 3000, 5000, 8000, 8080, 8443, 9001, 9002, 9090, 9093, 9100, 9323)
KILL_AT = ("--force-recreate app", "stop app", "pulse")


def main() -> None:
    if os.geteuid() != 0:
        sys.exit("The deployment lab needs root: it starts a Docker engine. (sudo make test-deploy)")
    # Ended from outside, it cleans up all the same.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    lab = Lab()
    try:
        Walk(lab).all()
    finally:
        lab.end()


def see(truth: object, what: str, detail: object = "") -> None:
    if not truth:
        raise SystemExit(f"NOT SEEN: {what}\n{detail}")


class Walk:
    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.digests: dict[str, str] = {}
        self.trust: ssl.SSLContext
        self.cookie = ""
        self.report: dict[str, object] = {}

    def all(self) -> None:
        lab = self.lab
        lab.prepare()
        build_good("one")
        lab.say("the image is built")
        for tag in ("one", "two"):
            if tag != "one":
                build_variant(tag, "one")
            self.digests[tag] = lab.publish(tag)
        self.sizes()
        lab.start_droplet()
        self.fresh_droplet()
        self.who_gets_in()
        self.deploys_under_load()
        self.forged()
        self.bad_releases()
        self.cut_off()
        self.pipeline_key()
        if FULL:
            self.soak()
        lab.say(json.dumps(self.report, indent=2))
        lab.say("All seen.")

    def sizes(self) -> None:
        size = self.lab.compressed_bytes(self.digests["one"])
        see(size <= 150_000_000, "the image has at most 150 MB compressed", size)
        self.report["image_mb_compressed"] = round(size / 1e6, 1)
        shell = run("sh", "-c", "docker run --rm --entrypoint sh woodpecker-api:one -c true 2>&1 || true")
        see("not found" in shell, "no shell in the image", shell)

    def fresh_droplet(self) -> None:
        lab, started = self.lab, time.monotonic()
        lab.give_image("caddy:2.11.7")
        lab.bootstrap()
        lab.say("bootstrapped")
        see(lab.bootstrap_again().startswith("0 changes"), "a second bootstrap changes nothing")
        done = lab.deploy(self.digests["one"])
        see(done.returncode == 0, "the first deploy", done.stdout + done.stderr)
        lab.say(done.stdout.strip().replace("\n", "\n           "))
        self.trust = lab.wait_for(self._https_answers, 60, "HTTPS with a certificate")
        password = lab.on(f"cat {ROOT}/secrets/app_admin_password")
        self.cookie = sign_in(self.trust, ADMIN, password)
        self.report["fresh_droplet_to_signed_in_seconds"] = round(time.monotonic() - started)
        lab.say("a fresh droplet serves over HTTPS, and its admin is signed in")

    def _https_answers(self) -> ssl.SSLContext:
        trust = self.lab.trust()
        status, _, _ = ask(Connection(trust), "GET", "/")
        if status != 200:
            raise ValueError(f"the page answers {status}")
        return trust

    def who_gets_in(self) -> None:
        lab = self.lab
        _, _, headers = ask(Connection(self.trust), "GET", "/")
        see("max-age=31536000" in headers["strict-transport-security"], "HSTS")
        plain = http.client.HTTPConnection(DROPLET, 80, timeout=10)
        plain.request("GET", "/leads?x=1", headers={"Host": DOMAIN})
        answer = plain.getresponse()
        location = answer.headers["location"]
        see(answer.status in (301, 308) and location == f"https://{DOMAIN}/leads?x=1", "HTTP goes to HTTPS", location)
        for path in ("/metrics", "/healthz", "/readyz", "/readyz/", "//readyz", "/%72eadyz"):
            status, body, _ = ask(Connection(self.trust), "GET", path)
            see(status == 404 or b"<html" in body, f"{path} is not reachable from outside", (status, body[:200]))
        see(b"reasons" not in body, "no probe's answer outside")
        self._outsider()
        both = "over IPv4 and IPv6" if lab.has_ipv6 else "over IPv4 (IPv6 is not possible here: the kernel has none)"
        lab.say(f"HTTPS, redirect, HSTS; probes hidden; an outsider is refused with their address, {both}")

    def _outsider(self) -> None:
        """From another address: refused, told which address it has, and no header helps. Ports: 80 and 443 (and SSH), nothing else."""
        six = DROPLET6 if self.lab.has_ipv6 else ""
        said = self._as_outsider(six, *map(str, PORTS))
        see(said["plain"][0] == 403 and OUTSIDER in said["plain"][1], "an outsider is told why", said["plain"])
        see(all(status == 403 for status in said["spoofed"].values()), "no header lets an outsider in", said["spoofed"])
        see(set(said["open4"]) == {22, 80, 443}, "IPv4: SSH, HTTP, HTTPS and nothing else", said["open4"])
        see(set(said["open6"]) <= {22}, "IPv6: nothing but SSH", said["open6"])
        self.lab.on(f"/usr/local/sbin/woodpecker-deploy allow {OUTSIDER}")
        self.lab.wait_for(
            lambda: self._as_outsider("")["plain"][0] == 200 or None, 30, "leave for a day by one command"
        )
        self.lab.on(f"/usr/local/sbin/woodpecker-deploy allow --remove {OUTSIDER}/32")

    def _as_outsider(self, six: str, *ports: str) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(
            run(
                "docker", "run", "--rm", "-i", "--name", "lab-outsider", "--network", NETWORK, "--ip", OUTSIDER,
                "python:3.13-slim-trixie", "python3", "-", DROPLET, six, DOMAIN, *ports,
                stdin=(HERE / "outsider.py").read_text(), timeout=180,
            )
        )  # fmt: skip
        return said

    def deploys_under_load(self) -> None:
        rounds = 10 if FULL else 2
        switches, totals = [], []
        for number in range(rounds):
            load = Load(self.trust, self.cookie, f"r{number}", pause=0.0 if FULL else 0.02)
            load.start()
            time.sleep(2)
            done = self.lab.deploy(self.digests["two" if number % 2 == 0 else "one"])
            self._wait_for_requests(load)
            load.stop()
            see(done.returncode == 0, "a deploy under load", done.stdout + done.stderr)
            see(not load.failures, "no failed request", load.failures)
            lost, twice = load.lost()
            see(not lost and not twice, "no acknowledged write lost or doubled", (lost, twice))
            record = json.loads(self.lab.on(f"cat {ROOT}/state/last-deploy.json"))
            seconds = record["seconds"]
            switches.append(seconds["switch"])
            totals.append(seconds["switched"])
            self.lab.say(
                f"deploy {number + 1} under 20 clients: {load.requests} requests, 0 failed, {len(load.acknowledged)} writes, 0 lost,"
                f" slowest {load.slowest:.1f} s; on the host {totals[-1]:.0f} s (bar 60), switch {switches[-1]:.1f} s (bar 5)\n"
                f"           {', '.join(f'{name} {taken:.1f}' for name, taken in seconds.items())}"
            )
        self.report |= {"switch_seconds": switches, "on_host_seconds": totals}

    def _wait_for_requests(self, load: Load) -> None:
        """So that each deploy is measured on as many; a slow machine may have fewer, and the line says how many."""
        end = time.monotonic() + (3600 if FULL else 60)
        while load.requests < REQUESTS and time.monotonic() < end:
            time.sleep(0.2)

    def forged(self) -> None:
        for tag, key in (("forged", "theirs"), ("unsigned", None)):
            build_variant(tag, "one")
            done = self.lab.deploy(self.lab.publish(tag, key=key))
            see(done.returncode == 1 and "cosign verify" in done.stderr, f"a {tag} image is refused", done.stderr)
            see("docker pull" not in self.lab.on(f"tail -3 {ROOT}/state/deploy.log"), "and not even pulled")
        self.lab.say("a forged and an unsigned image are refused before they are pulled")

    def bad_releases(self) -> None:
        self.lab.on(f"sed -i 's/^DEPLOY_WATCH_SECONDS=.*/DEPLOY_WATCH_SECONDS=60/' {ROOT}/.env")
        undone = {}
        for fault, word in (BAD | BAD_TOO if FULL else BAD).items():
            build_variant(fault, "one", fault)
            digest = self.lab.publish(fault)
            before = self._serving()
            load = Load(self.trust, self.cookie, f"bad-{fault}", clients=4, pause=0.2)
            load.start()
            done = self.lab.deploy(digest)
            load.stop()
            see(done.returncode == 1, f"{fault} is undone", done.stdout + done.stderr)
            see(
                any(part in done.stderr for part in word.split("|")),
                f"{fault} is undone for its own reason",
                done.stderr,
            )
            see(self._serving() == before, f"after {fault} the old release serves")
            lost, twice = load.lost()
            see(not lost and not twice, f"after {fault} every acknowledged write is there", (lost, twice))
            record = json.loads(self.lab.on(f"cat {ROOT}/state/last-deploy.json"))
            seconds = record["seconds"]
            undone[fault] = round(seconds.get("old_serves", seconds["undone"]) - seconds["detected"], 1)
            tidy = seconds["undone"] - seconds["detected"]
            self.lab.say(
                f"bad release {fault}: the old one serves {undone[fault]} s after it was detected (bar 30), the worker too after"
                f" {tidy:.1f} s ({' '.join(done.stderr.split())[:160]})"
            )
        self.report["undone_seconds"] = undone
        self.lab.on(f"sed -i 's/^DEPLOY_WATCH_SECONDS=.*/DEPLOY_WATCH_SECONDS=4/' {ROOT}/.env")

    def cut_off(self) -> None:
        numbers = [str(n) for n in range(1, self._commands_of_a_deploy() + 1)] if FULL else []
        load = Load(self.trust, self.cookie, "cut-off", clients=2, pause=0.2)
        load.start()
        for name, points in (("DEPLOY_TEST_FAIL_AT", numbers or FAIL_AT), ("DEPLOY_TEST_KILL_AT", numbers or KILL_AT)):
            for point in points:
                self._cut_off_at(name, point)
        load.stop()
        lost, twice = load.lost()
        see(not load.failures and not lost and not twice, "people noticed nothing of it", (load.failures, lost, twice))
        self.lab.say(
            f"cut off at {len(numbers or FAIL_AT)} commands, killed at {len(numbers or KILL_AT)}: {load.requests} requests, 0 failed, 0 writes lost"
        )

    def _cut_off_at(self, name: str, point: str) -> None:
        before = self._serving()
        target = self.digests["two" if before[1] == self.digests["one"] else "one"]
        done = self.lab.deploy(target, f"{name}='{point}'")
        see(done.returncode != 0, f"{name}={point} ends the deploy", done.stdout)
        self._page_is_there()
        self.lab.on("/usr/local/sbin/woodpecker-deploy repair")
        self._page_is_there()
        after = self._serving()[1]
        see(after == before[1] or (name.endswith("KILL_AT") and after == target), f"{name}={point}: one of both", after)
        see(self.lab.on(f"ls {ROOT}/state/journal.json 2>/dev/null || true") == "", "nothing is left half done")

    def _commands_of_a_deploy(self) -> int:
        self.lab.on(f": >{ROOT}/state/deploy.log")
        before = self._serving()
        done = self.lab.deploy(self.digests["two" if before[1] == self.digests["one"] else "one"])
        see(done.returncode == 0, "a deploy", done.stderr)
        lines = self.lab.on(f"cat {ROOT}/state/deploy.log").splitlines()
        live = next(number for number, line in enumerate(lines) if " Live after " in line)
        return sum("] docker" in line or "] cosign" in line for line in lines[:live])

    def pipeline_key(self) -> None:
        see("Serving:" in self.lab.over_ssh("status").stdout, "the pipeline's key can look")
        for forbidden in ("sh", "deploy latest", "deploy sha256:abc; id", "rm -rf /", "allow 0.0.0.0/0"):
            done = self.lab.over_ssh(forbidden)
            see(
                done.returncode != 0 and "uid=" not in done.stdout,
                f"the pipeline's key cannot: {forbidden}",
                done.stdout,
            )
        done = self.lab.over_ssh("rollback")
        see(done.returncode == 0, "back by one command", done.stdout + done.stderr)
        self._page_is_there()
        self.lab.say("the pipeline's key deploys and goes back, and can do nothing else")

    def soak(self) -> None:
        soak = Soak(self.lab, self.trust, self.cookie, see)
        self.report["kills"] = soak.kills((self.digests["one"], self.digests["two"]))
        self.report["breaking"] = soak.breaking()
        self.report["certificates"] = soak.certificates()

    def _serving(self) -> tuple[str, str]:
        state = json.loads(self.lab.on(f"cat {ROOT}/state/state.json"))
        return state["slot"], state["image"].partition("@")[2]

    def _page_is_there(self) -> None:
        for path in ("/", "/api/session"):
            status, body, _ = ask(Connection(self.trust), "GET", path, cookie=self.cookie)
            see(status == 200, f"{path} is served", (status, body[:300]))


if __name__ == "__main__":
    main()
