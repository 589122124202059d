"""The site on the simulated droplet, as each phase of the lab uses it: what serves, what its database holds, what was measured."""

import contextlib
import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.deploy.lab.load import Connection, Load, ask
from tests.deploy.lab.machine import ROOT, STATE, Lab, run
from woodpecker_api.db.dialect import sqlite_module

PROJECT = "woodpecker-api"
_KEPT = STATE / "site.json"


def see(truth: object, what: str, detail: object = "") -> None:
    if not truth:
        raise SystemExit(f"NOT SEEN: {what}\n{detail}")


@dataclass
class Site:
    """`digests` names the releases by tag; `report` collects figures; `points` are the commands to be cut off at (None: all),
    `kinds` the bad releases to be made (empty: all), `rounds` how many deploys under load."""

    lab: Lab
    full: bool = False
    points: range | None = None
    kinds: tuple[str, ...] = ()
    rounds: int | None = None
    digests: dict[str, str] = field(default_factory=dict)
    report: dict[str, object] = field(default_factory=dict)
    cookie: str = ""
    _trust: ssl.SSLContext | None = None

    @property
    def trust(self) -> ssl.SSLContext:
        """What a browser would trust; asked for again after the authority was made anew."""
        if self._trust is None:
            self._trust = self.lab.trust()
        return self._trust

    def forget_trust(self) -> None:
        self._trust = None

    # --- from one run of the lab to the next

    def keep(self) -> None:
        _KEPT.write_text(json.dumps({"digests": self.digests, "cookie": self.cookie}))

    def find_again(self) -> None:
        """The site that `--keep` left running."""
        found = json.loads(_KEPT.read_text())
        self.digests, self.cookie = found["digests"], found["cookie"]

    # --- what it is asked

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The JSON that the program answers its admin with; anything but success ends the phase."""
        status, said, _ = ask(Connection(self.trust), method, path, body, self.cookie)
        see(status < 300, f"{method} {path} is answered", (status, said[:500]))
        return json.loads(said) if said else None

    def page_is_there(self) -> None:
        for path in ("/", "/api/session"):
            status, body, _ = ask(Connection(self.trust), "GET", path, cookie=self.cookie)
            see(status == 200, f"{path} is served", (status, body[:300]))

    @contextlib.contextmanager
    def load(self, name: str, *, clients: int = 20, pause: float = 0.05) -> Iterator[Load]:
        """People at work; they stop with the block, whatever ended it."""
        load = Load(self.trust, self.cookie, name, clients=clients, pause=pause)
        load.start()
        try:
            yield load
        finally:
            load.stop()

    # --- what the host knows

    def serving(self) -> tuple[str, str]:
        """Slot and digest."""
        state = json.loads(self.lab.on(f"cat {ROOT}/state/state.json"))
        return state["slot"], state["image"].partition("@")[2]

    def other(self) -> str:
        """The digest of the two good releases that does not serve."""
        return self.digests["two" if self.serving()[1] == self.digests["one"] else "one"]

    def record(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.lab.on(f"cat {ROOT}/state/last-deploy.json"))
        return found

    def watch_for(self, seconds: int) -> None:
        self.lab.on(f"sed -i 's/^DEPLOY_WATCH_SECONDS=.*/DEPLOY_WATCH_SECONDS={seconds}/' {ROOT}/.env")

    def examination(self) -> dict[str, Any]:
        """Of the database that serves: `problems`, and rows by table."""
        container = f"{PROJECT}-{self.serving()[0]}-1"
        # Thoroughly where that takes no minute.
        how = "--quickly --json" if self.database.stat().st_size > 300_000_000 else "--json"
        said = self.lab.on(
            f"docker exec {container} woodpecker-api db examine /data/woodpecker-api.sqlite3 {how}", check=False
        )
        found: dict[str, Any] = json.loads(said[said.index("{") :])
        return found

    # --- its files, from outside

    @property
    def data(self) -> Path:
        """The program's data folder, as this machine sees it."""
        engine = run("docker", "volume", "inspect", "-f", "{{.Mountpoint}}", "lab-droplet-docker")
        return Path(engine) / "volumes" / f"{PROJECT}_data" / "_data"

    @property
    def database(self) -> Path:
        return self.data / "woodpecker-api.sqlite3"

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        """Nobody has the database open meanwhile: so much is written that people would wait for minutes."""
        names = self.lab.on(f"docker ps --format '{{{{.Names}}}}' | grep -E '^{PROJECT}-(app|worker)'").split()
        self.lab.on(f"docker stop {' '.join(names)} >/dev/null", timeout=120)
        try:
            yield
        finally:
            self.lab.on(f"docker start {' '.join(names)} >/dev/null", timeout=120)
            self.lab.wait_for(lambda: self._answers() or None, 120, "the site after it was stopped")

    def _answers(self) -> bool:
        status, _, _ = ask(Connection(self.trust), "GET", "/api/session", cookie=self.cookie)
        return status == 200

    def last_words(self) -> str:
        """For a phase that failed: what the deploy and the containers said last."""
        parts = [self.lab.on(f"tail -60 {ROOT}/state/deploy.log", check=False)]
        parts += [
            f"--- {name}\n" + self.lab.on(f"docker logs --tail 15 {PROJECT}-{name}-1 2>&1", check=False)
            for name in ("app-a", "app-b", "worker")
        ]
        return "\n".join(parts)[-12_000:]


def connect(path: Path) -> Any:
    """By the program's own SQLite: a distribution's may be one that loses writes, and cannot read its index of letters."""
    return sqlite_module.connect(path, isolation_level=None, timeout=60)
