"""What takes too long for every change: kills in the middle of a switch, a breaking release there and back, certificates that end."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from functools import partial

from tests.deploy.lab.load import Connection, Load, ask
from tests.deploy.lab.machine import AUTHORITY, DOMAIN, DROPLET, ROOT, STATE, Lab, run
from tests.deploy.lab.releases import build_variant

PROJECT = "woodpecker-api"
CERTIFICATE_SECONDS = 90


class Soak:
    """On the droplet that the walk has made. `see(truth, what, detail)` ends everything at the first untruth."""

    def __init__(self, lab: Lab, trust: ssl.SSLContext, cookie: str, see: Callable[..., None]) -> None:
        self.lab, self.trust, self.cookie, self.see = lab, trust, cookie, see

    # --- kill -9 of what runs, while a deploy switches

    def kills(self, digests: tuple[str, str]) -> dict[str, str]:
        """By what was killed: how the deploy ended, and how long until the site answered again."""
        outcomes: dict[str, str] = {}
        for number, victim in enumerate(("new slot", "old slot", "worker", "caddy")):
            state = self._state()
            target = digests[0] if state["image"].endswith(digests[1]) else digests[1]
            old = state["slot"]
            new = "app-a" if old == "app-b" else "app-b"
            service = {"new slot": new, "old slot": old}.get(victim, victim)
            load = Load(self.trust, self.cookie, f"kill{number}", clients=4, pause=0.1)
            load.start()
            code: list[int] = []
            deploy = threading.Thread(target=self._deploy_into, args=(target, code))
            self.lab.on(f": >{ROOT}/state/deploy.log")
            deploy.start()
            self.lab.wait_for(lambda: "switching" in self._journal() or None, 120, "the switch")
            self.lab.on(
                f"kill -9 $(docker inspect -f '{{{{.State.Pid}}}}' {PROJECT}-{service}-1) || true; date +%T.%N",
                check=False,
            )
            killed = time.monotonic()
            seconds = self.lab.wait_for(partial(self._answers, killed), 60, f"the site after a kill of the {victim}")
            deploy.join(600)
            self.lab.on("/usr/local/sbin/woodpecker-deploy repair")
            load.stop()
            lost, twice = load.lost()
            self.see(not lost and not twice, f"kill of the {victim}: no acknowledged write lost", (lost, twice))
            self.see(self._state()["image"].split("@")[1] in digests, f"kill of the {victim}: one of both serves")
            self.see("problems: none" in self._sound(), f"kill of the {victim}: a sound database", self._sound())
            outcomes[victim] = (
                f"deploy ended with {code[0]}, site back in {seconds:.1f} s, failures {dict(load.failures)}"
            )
            self.lab.say(
                f"kill -9 of the {victim} in mid-switch: {outcomes[victim]}; {len(load.acknowledged)} writes, 0 lost"
            )
        return outcomes

    def _deploy_into(self, digest: str, code: list[int]) -> None:
        code.append(self.lab.deploy(digest).returncode)

    def _answers(self, since: float) -> float | None:
        status, _, _ = ask(Connection(self.trust), "GET", "/api/session", cookie=self.cookie)
        return time.monotonic() - since if status == 200 else None

    def _journal(self) -> str:
        return self.lab.on(f"cat {ROOT}/state/journal.json 2>/dev/null || true")

    def _state(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.lab.on(f"cat {ROOT}/state/state.json"))
        return found

    def _sound(self) -> str:
        slot = self._state()["slot"]
        said = self.lab.on(
            f"docker exec {PROJECT}-{slot}-1 woodpecker-api db examine /data/woodpecker-api.sqlite3 --json", check=False
        )
        found = json.loads(said[said.index("{") :])
        return f"problems: {found['problems'] or 'none'}"

    # --- a release whose migration the old one cannot work with

    def breaking(self) -> dict[str, float]:
        """There, refused on the way back, and back with the database of then."""
        build_variant("breaking", "one", "breaking")
        digest = self.lab.publish("breaking")
        load = Load(self.trust, self.cookie, "breaking", clients=4, pause=0.1)
        load.start()
        done = self.lab.deploy(digest)
        load.stop()
        self.see(done.returncode == 0, "a breaking release is deployed", done.stdout + done.stderr)
        other = [
            text
            for text in load.failures
            if "503" not in text or ("maintenance" not in text and "Upgrading" not in text)
        ]
        self.see(not other, "people saw nothing but the maintenance page", load.failures)
        lost, twice = load.lost()
        self.see(not lost and not twice, "no acknowledged write lost by it", (lost, twice))
        self.see(self._tables("broken_by_test"), "the database is the new one")
        refused = self.lab.over_ssh("rollback")
        self.see("--with-database" in refused.stderr, "the way back says what it costs", refused.stderr)
        back = self.lab.on("/usr/local/sbin/woodpecker-deploy rollback 1 --with-database 2>&1", check=False)
        self.see("Live after" in back, "back with the database of then", back)
        self.see(not self._tables("broken_by_test"), "the database is the old one", back)
        lost, _ = load.lost()
        record = json.loads(self.lab.on(f"cat {ROOT}/state/last-deploy.json"))
        self.lab.say(
            f"a breaking release and back: {record['seconds'].get('live')} s; {len(lost)} writes since are set aside, "
            f"reported as {record['lost_rows']}"
        )
        return {"back_seconds": record["seconds"].get("live", -1.0), "set_aside": len(lost)}

    def _tables(self, name: str) -> bool:
        slot = self._state()["slot"]
        said = self.lab.on(
            f"docker exec {PROJECT}-{slot}-1 woodpecker-api db examine /data/woodpecker-api.sqlite3 --json", check=False
        )
        return name in json.loads(said[said.index("{") :])["tables"]

    # --- certificates

    def certificates(self) -> dict[str, float]:
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
        self.see(_served() == second, "with the authority away the site serves on")
        self._authority(CERTIFICATE_SECONDS)
        began = time.monotonic()
        self.lab.wait_for(lambda: self._other_than(second), 300, "a renewal once the authority is back")
        back = time.monotonic() - began
        self.lab.say(
            f"a certificate renewed after {renewed:.0f} s; authority away: served on, renewed {back:.0f} s after it came back"
        )
        return {"renewed_seconds": round(renewed), "after_outage_seconds": round(back)}

    def _authority(self, seconds: int) -> None:
        """Pebble again, with certificates that are good for so long; it forgets what it was."""
        path = STATE / "authority" / "config.json"
        config = json.loads(path.read_text())
        config["pebble"]["certificateValidityPeriod"] = seconds
        path.write_text(json.dumps(config))
        run("docker", "restart", "lab-authority")
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
