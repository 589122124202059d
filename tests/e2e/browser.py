"""What the browser tests share: the running program, signing in, sample files."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import APIResponse, Page, expect

SECONDS = 1000
LONG = 60 * SECONDS


@dataclass(frozen=True)
class Program:
    """A running program: where, and its admin."""

    url: str
    email: str
    password: str

    def sign_in(self, page: Page) -> None:
        """By the API: quick, and the cookie is the browser's own."""
        answer: APIResponse = page.request.post(
            f"{self.url}/api/session", data={"email": self.email, "password": self.password}
        )
        assert answer.ok, answer.text()

    def sign_in_by_hand(self, page: Page) -> None:
        page.goto(self.url)
        page.get_by_label("E-mail").fill(self.email)
        page.locator("input[name=password]").fill(self.password)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("navigation", name="Pages")).to_be_visible()

    def wait_for_drafts(self, page: Page, at_least: int) -> None:
        """Until the samples are written."""
        until = time.monotonic() + 120
        while time.monotonic() < until:
            total = page.request.get(f"{self.url}/api/sequences?status=draft&limit=1").json()["total"]
            if total >= at_least:
                return
            time.sleep(0.3)
        raise AssertionError(f"there are no {at_least} drafts")

    def wait_until_all_are_written(self, page: Page) -> None:
        """Until no run writes to anybody; a cancelled batch does until Claude has ended it."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if page.request.get(f"{self.url}/api/leads?status=generating&limit=1").json()["total"] == 0:
                return
            time.sleep(0.3)
        raise AssertionError("somebody is still being written to")

    def read(self, page: Page, **wanted: Any) -> None:
        """Asks Woodpecker's simulator now, and waits until our copy has it."""
        asked = page.request.post(f"{self.url}/api/campaigns/refresh", data=wanted).json()
        until = time.monotonic() + 60
        while time.monotonic() < until:
            state = page.request.get(f"{self.url}/api/campaigns/reads/{asked['id']}").json()["status"]
            if state != "waiting":
                assert state == "done"
                return
            time.sleep(0.2)
        raise AssertionError(f"{wanted} was never read")


PICTURES = Path(__file__).parent.parent.parent / "test-results" / "screenshots"
"""What CI keeps of a run, for whoever wants to see the pages and not only that they passed."""


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


PEOPLE = [
    ("Ann", "Archer", "Lumen Works", "Head of People"),
    ("Ben", "Okafor", "Harbor & Sons", "COO"),
    ("Chloé", "Dubois", "Atelier Nord", "Directrice RH"),
    ("Dmitri", "Sokolov", "Polar Freight", "VP Operations"),
    ("Esi", "Mensah", "Kente Labs", "Chief of Staff"),
]


def write_list(folder: Path) -> Path:
    """Five good rows, one of them twice, and one without a usable address; semicolons, as German Excel writes them."""
    rows = ["Vorname;Nachname;E-Mail;Firma;Title;Met at"]
    rows += [
        f"{first};{last};{_address(first, company)};{company};{title};Fair" for first, last, company, title in PEOPLE
    ]
    rows += [rows[1], "Nobody;Home;not-an-address;Nowhere;None;Fair"]
    path = folder / "fair.csv"
    path.write_text("\r\n".join(rows), encoding="utf-8-sig")
    return path


def _address(first: str, company: str) -> str:
    domain = "".join(letter for letter in company.casefold() if letter.isascii() and letter.isalnum())
    name = "".join(letter for letter in first.casefold() if letter.isascii())
    return f"{name}@{domain}.example"
