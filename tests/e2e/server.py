"""The program as a process that can be killed and started again at the same address, with drafts to work on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import httpx
from playwright.sync_api import Browser, Page

from tests.builders import PASSWORD, a_lead, a_sequence, a_template, a_user
from tests.postgres import free_port
from woodpecker_api.config import Settings
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.kit.ids import new_id
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.wiring.program import build

STARTED_WITHIN_SECONDS = 180
COMPANIES = ("Acme", "Beta Works", "Ceta Labs", "Delta Foods", "Epsilon Air")


class Server:
    """A context manager: nothing outlives it. `settings` are more of its environment."""

    def __init__(self, home: Path, settings: dict[str, str] | None = None) -> None:
        self.home = home
        self._settings = settings or {}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()

    def fill(self, drafts: int, people: int = 1) -> list[str]:
        """So many drafts, and managers `person0@team.example` onwards. Returns the sequences' ids."""
        program = build(Settings.model_validate(self.environment()))
        ids = []
        try:
            with program.database.writing() as db:
                for number in range(people):
                    a_user(db, email=f"person{number}@team.example", role=Role.MANAGER, name=f"Person {number}")
                template = a_template(db)
                for number in range(drafts):
                    lead = self._lead(db, number)
                    ids.append(a_sequence(db, lead=lead, template=template, sandbox=True).id)
        finally:
            program.close()
        return ids

    def start(self) -> None:
        with (self.home / "serve.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "woodpecker_api", "serve", "--no-samples"],
                env={name: value for name, value in os.environ.items() if not name.startswith("APP_")}
                | self.environment(),
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + STARTED_WITHIN_SECONDS
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.url}/healthz", timeout=2).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise RuntimeError(f"The server did not start; see {self.home / 'serve.log'}")

    def kill(self) -> None:
        """As a power cut does it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def open_page(self, browser: Browser, person: int = 0) -> Page:
        """A page in a browser context of its own, signed in."""
        page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB").new_page()
        answer = page.request.post(
            f"{self.url}/api/session", data={"email": f"person{person}@team.example", "password": PASSWORD}
        )
        assert answer.ok, answer.text()
        return page

    def _lead(self, db: object, number: int) -> Lead:
        return a_lead(
            db,  # type: ignore[arg-type]
            id=new_id(),
            first_name=f"Person{number}",
            last_name="Sample",
            company=COMPANIES[number % len(COMPANIES)],
            sandbox=True,
        )

    def environment(self) -> dict[str, str]:
        return {"APP_DATA_DIR": str(self.home / "data"), "APP_PORT": str(self.port), "APP_ENVIRONMENT": "sandbox"} | (
            self._settings
        )
