"""What takes too long for every change: kills in the middle of a switch, a breaking release there and back, certificates that end."""

import json
import socket
import ssl
import threading
import time
from functools import partial

from tests.deploy.lab.load import Connection, ask
from tests.deploy.lab.machine import AUTHORITY, DOMAIN, DROPLET, ROOT, STATE, run
from tests.deploy.lab.releases import build_variant
from tests.deploy.lab.site import PROJECT, Site, see

CERTIFICATE_SECONDS = 90


class Soak:
    """On the droplet that the walk has made."""

    def __init__(self, site: Site) -> None:
        self.site, self.lab = site, site.lab

    # --- kill -9 of what runs, while a deploy switches

    def kills(self) -> None:
        """By what was killed: how the deploy ended, and how long until the site answered again."""
        victims = ("new slot", "old slot", "worker", "caddy")
        self.site.report["kills"] = {
            victim: self._kill(number, victim) for number, victim in enumerate(victims, start=1)
        }

    def _kill(self, number: int, victim: str) -> str:
        old, _ = self.site.serving()
        target = self.site.other()
        service = {"new slot": "app-a" if old == "app-b" else "app-b", "old slot": old}.get(victim, victim)
        code: list[int] = []
        deploy = threading.Thread(target=self._deploy_into, args=(target, code))
        with self.site.load(f"kill{number}-{time.time_ns()}", clients=4, pause=0.1) as load:
            deploy.start()
            self.lab.wait_for(lambda: "switching" in self._journal() or None, 120, "the switch")
            self.lab.on(f"kill -9 $(docker inspect -f '{{{{.State.Pid}}}}' {PROJECT}-{service}-1)", check=False)
            killed = time.monotonic()
            seconds = self.lab.wait_for(partial(self._answers, killed), 60, f"the site after a kill of the {victim}")
            deploy.join(600)
            self.lab.on("/usr/local/sbin/woodpecker-deploy repair")
        lost, twice = load.lost()
        see(not lost and not twice, f"kill of the {victim}: no acknowledged write lost", (lost, twice))
        see(
            self.site.serving()[1] in self.site.digests.values(),
            f"kill of the {victim}: one of both serves",
            self.site.serving(),
        )
        problems = self.site.examination()["problems"]
        see(not problems, f"kill of the {victim}: a sound database", problems)
        outcome = f"deploy ended with {code[0]}, site back in {seconds:.1f} s, failures {dict(load.failures)}"
        self.lab.say(f"kill -9 of the {victim} in mid-switch: {outcome}; {len(load.acknowledged)} writes, 0 lost")
        return outcome

    def _deploy_into(self, digest: str, code: list[int]) -> None:
        code.append(self.lab.deploy(digest).returncode)

    def _answers(self, since: float) -> float | None:
        status, _, _ = ask(Connection(self.site.trust), "GET", "/api/session", cookie=self.site.cookie)
        return time.monotonic() - since if status == 200 else None

    def _journal(self) -> str:
        return self.lab.on(f"cat {ROOT}/state/journal.json 2>/dev/null || true")

    # --- a release whose migration the old one cannot work with

    def breaking(self) -> None:
        """There, refused on the way back, and back with the database of then."""
        build_variant("breaking", "one", "breaking")
        digest = self.lab.publish("breaking")
        with self.site.load(f"breaking{time.time_ns()}", clients=4, pause=0.1) as load:
            done = self.lab.deploy(digest)
        see(done.returncode == 0, "a breaking release is deployed", done.stdout + done.stderr)
        other = [
            text
            for text in load.failures
            if "503" not in text or ("maintenance" not in text and "Upgrading" not in text)
        ]
        see(not other, "people saw nothing but the maintenance page", load.failures)
        lost, twice = load.lost()
        see(not lost and not twice, "no acknowledged write lost by it", (lost, twice))
        see("broken_by_test" in self.site.examination()["tables"], "the database is the new one")
        refused = self.lab.over_ssh("rollback")
        see("--with-database" in refused.stderr, "the way back says what it costs", refused.stderr)
        back = self.lab.on("/usr/local/sbin/woodpecker-deploy rollback 1 --with-database 2>&1", check=False)
        see("Live after" in back, "back with the database of then", back)
        see("broken_by_test" not in self.site.examination()["tables"], "the database is the old one", back)
        lost, _ = load.lost()
        record = self.site.record()
        self.lab.say(
            f"a breaking release and back: {record['seconds'].get('live')} s; {len(lost)} writes since are set aside, "
            f"reported as {record['lost_rows']}"
        )
        self.site.report["breaking"] = {"back_seconds": record["seconds"].get("live"), "set_aside": len(lost)}

    # --- certificates

    def certificates(self) -> None:
        """Renewal of one that ends in 90 seconds, and a certificate authority that is away for a while."""
        self._authority(CERTIFICATE_SECONDS)
        self.lab.on(
            f"sed -i 's/^{{$/{{\\n\\trenew_interval 3s/;t;' {ROOT}/proxy/Caddyfile; "
            f"docker stop {PROJECT}-caddy-1 >/dev/null; rm -rf $(docker volume inspect -f '{{{{.Mountpoint}}}}' {PROJECT}_certificates)/caddy; "
            f"docker start {PROJECT}-caddy-1 >/dev/null"
        )
        first = self.lab.wait_for(_served, 60, "a certificate for 90 seconds")
        began = time.monotonic()
        second = self.lab.wait_for(lambda: self._other_than(first), CERTIFICATE_SECONDS, "its renewal")
        renewed = time.monotonic() - began
        run("docker", "stop", "lab-authority")
        time.sleep(40)
        see(_served() == second, "with the authority away the site serves on")
        self._authority(CERTIFICATE_SECONDS)
        began = time.monotonic()
        self.lab.wait_for(lambda: self._other_than(second), 300, "a renewal once the authority is back")
        back = time.monotonic() - began
        self.lab.say(
            f"a certificate renewed after {renewed:.0f} s; authority away: served on, renewed {back:.0f} s after it came back"
        )
        self.site.report["certificates"] = {"renewed_seconds": round(renewed), "after_outage_seconds": round(back)}

    def _authority(self, seconds: int) -> None:
        """Pebble again, with certificates that are good for so long; it forgets what it was."""
        path = STATE / "authority" / "config.json"
        config = json.loads(path.read_text())
        config["pebble"]["certificateValidityPeriod"] = seconds
        path.write_text(json.dumps(config))
        run("docker", "restart", "lab-authority")
        self.site.forget_trust()
        self.lab.wait_for(self.lab.trust, 30, f"the authority at {AUTHORITY}")

    def _other_than(self, pem: str) -> str | None:
        now = _served()
        return now if now != pem else None


def _served() -> str:
    """The certificate that is served now, whoever signed it."""
    context = ssl._create_unverified_context()
    with (
        socket.create_connection((DROPLET, 443), 10) as plain,
        context.wrap_socket(plain, server_hostname=DOMAIN) as tls,
    ):
        found = tls.getpeercert(binary_form=True)
    assert found is not None
    return ssl.DER_cert_to_PEM_cert(found)
