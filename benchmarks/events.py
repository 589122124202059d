"""Fifty pages stay open while twenty records change every second: how soon each shows the truth, and what that costs the server.

    python -m benchmarks.events [--pages 50] [--changes 20] [--seconds 30] [--drafts 2000]

Each page listens to the events and asks again as the browser's does: for what an event names (read from the pages' own table,
`frontend/src/app/changes.ts`), at once when it is quiet, else once in its gap. A third of the pages shows Leads, Review and Home
each. A change is a lead whose title becomes the change's number, so that a page is seen to show it. The changes are written by
this process, as a worker would; the server's processor time is that of its own process.
"""

import argparse
import asyncio
import json
import math
import os
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from tests.builders import PASSWORD
from tests.e2e.server import Server

from woodpecker_api.config import Settings
from woodpecker_api.db.session import Database
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.system.changes.service import announce
from woodpecker_api.wiring.program import build

CONSISTENT_WITHIN_SECONDS = 2.0
MOST_OF_A_CORE = 0.25
PAGES = Path(__file__).parent.parent / "frontend/src/app"
_CHANGED = re.compile(r"^change (\d+)$")
# Changes are made to what the pages show: the rest would be easy.
SHOWN = 20


@dataclass(frozen=True)
class Asked:
    """One request of a page, and the name its answer is kept under."""

    room: str
    path: str
    record: tuple[str, str] | None = None
    """(kind, id) for an answer about one record: other records of that kind do not touch it."""


@dataclass
class Change:
    number: int
    lead_id: str
    at: float


@dataclass
class Page:
    """What a tab in the background of somebody's mind does."""

    client: httpx.AsyncClient
    asked: list[Asked]
    gap: float
    rooms_of: dict[str, list[str]]
    is_shown: Callable[[Any, Change], bool] | None
    waits: list[float] = field(default_factory=list)
    requests: int = 0
    _due: list[Change] = field(default_factory=list)
    _wanted: dict[str, Asked] = field(default_factory=dict)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def must_show(self, change: Change) -> None:
        self._due.append(change)

    @property
    def overdue(self) -> int:
        return len(self._due)

    async def listen(self, ready: asyncio.Event) -> None:
        async with self.client.stream("GET", "/api/events") as stream:
            async for line in stream.aiter_lines():
                if line == "event: ready":
                    ready.set()
                elif line.startswith("id: "):
                    self.client.headers["x-at-least"] = line.removeprefix("id: ")
                elif line.startswith('data: {"'):
                    self._hear(json.loads(line.removeprefix("data: ")))

    def _hear(self, told: dict[str, Any]) -> None:
        rooms = self.rooms_of.get(told["kind"], [])
        for one in self.asked:
            other = one.record and told["record_id"] and one.record != (told["kind"], told["record_id"])
            if one.room in rooms and not other:
                self._wanted[one.path] = one
        self._woken.set()

    async def refresh(self) -> None:
        last = -math.inf
        while True:
            await self._woken.wait()
            await asyncio.sleep(max(0.0, last + self.gap - time.monotonic()))
            self._woken.clear()
            last = time.monotonic()
            wanted, self._wanted = list(self._wanted.values()), {}
            due, self._due = self._due, []
            answers = await asyncio.gather(*(self._get(one.path) for one in wanted))
            now = time.monotonic()
            for change in due:
                if self.is_shown is None or any(self.is_shown(answer, change) for answer in answers):
                    self.waits.append(now - change.at)
                else:
                    self._due.append(change)

    async def _get(self, path: str) -> Any:
        self.requests += 1
        return (await self.client.get(path)).raise_for_status().json()


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        server.fill(options.drafts)
        program = build(Settings.model_validate(server.environment()))
        try:
            server.start()
            asyncio.run(_run(server, program.database, options))
        finally:
            program.close()


async def _run(server: Server, database: Database, options: argparse.Namespace) -> None:
    cookie = await _signed_in(server.url)
    lead_ids = await _shown_leads(server.url, cookie)
    pages = [_page(server.url, cookie, lead_ids, number) for number in range(options.pages)]
    tasks = []
    for page in pages:
        ready = asyncio.Event()
        tasks += [asyncio.create_task(page.listen(ready)), asyncio.create_task(page.refresh())]
        await asyncio.wait_for(ready.wait(), 30)
    await asyncio.sleep(2)
    spent, began = _processor(server.pid), time.monotonic()
    made = await _change(database, pages, lead_ids, options)
    spent, lasted = _processor(server.pid) - spent, time.monotonic() - began
    await asyncio.sleep(CONSISTENT_WITHIN_SECONDS + 1)
    for task in tasks:
        task.cancel()
    broken = [error for error in await asyncio.gather(*tasks, return_exceptions=True) if isinstance(error, Exception)]
    _tell(pages, made, spent / lasted, lasted)
    assert not broken, broken[:3]


async def _change(database: Database, pages: list[Page], lead_ids: list[str], options: argparse.Namespace) -> int:
    """So many changes a second, evenly; returns how many were made."""
    began, number = time.monotonic(), 0
    for number in count(1):
        due = began + number / options.changes
        if due > began + options.seconds:
            break
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        lead_id = lead_ids[number % len(lead_ids)]
        await asyncio.to_thread(_write, database, lead_id, number)
        change = Change(number, lead_id, time.monotonic())
        for page in pages:
            page.must_show(change)
    return number - 1


def _write(database: Database, lead_id: str, number: int) -> None:
    with database.writing() as db:
        db.execute(sa.update(Lead).where(Lead.id == lead_id).values(title=f"change {number}"))
        announce(db, "lead", lead_id)


def _page(url: str, cookie: str, lead_ids: list[str], number: int) -> Page:
    client = httpx.AsyncClient(base_url=url, cookies={"woodpecker_session": cookie}, timeout=30)
    kind = number % 3
    if kind == 0:
        asked = [Asked("leads", LEADS)]
    elif kind == 1:
        lead_id = lead_ids[number % len(lead_ids)]
        asked = [
            Asked("review", QUEUE),
            Asked("review", f"/api/leads/{lead_id}", ("lead", lead_id)),
        ]
    else:
        asked = [Asked("home", path) for path in HOME]
    return Page(client, asked, _gap_seconds(), _rooms_of(), None if kind == 2 else _shows)


LEADS = "/api/leads?limit=50"
QUEUE = "/api/sequences?status=draft&limit=100&sort=newest"
HOME = ("/api/home",)


def _shows(answer: Any, change: Change) -> bool:
    """A row of the lead with this title or a later one."""
    for row in answer.get("items", ()):
        lead = row.get("lead", row)
        if lead["id"] == change.lead_id and (found := _CHANGED.match(lead["title"] or "")):
            return int(found.group(1)) >= change.number
    return False


def _rooms_of() -> dict[str, list[str]]:
    table = (PAGES / "changes.ts").read_text()
    return {
        kind: re.findall(r"'([a-z-]+)'", rooms)
        for kind, rooms in re.findall(r"^  (\w+): \[(.*)\],$", table, re.MULTILINE)
    }


def _gap_seconds() -> float:
    found = re.search(r"GAP_MS = (\d+)", (PAGES / "live-updates.tsx").read_text())
    assert found is not None
    return int(found.group(1)) / 1000


async def _shown_leads(url: str, cookie: str) -> list[str]:
    """Leads that both lists show."""
    async with httpx.AsyncClient(base_url=url, cookies={"woodpecker_session": cookie}) as client:
        queue = (await client.get(QUEUE)).raise_for_status().json()["items"]
        leads = (await client.get(LEADS)).raise_for_status().json()["items"]
    both = {row["lead"]["id"] for row in queue} & {lead["id"] for lead in leads}
    assert len(both) >= SHOWN
    return sorted(both)[:SHOWN]


async def _signed_in(url: str) -> str:
    async with httpx.AsyncClient(base_url=url, headers={"origin": url}) as client:
        body = {"email": "person0@team.example", "password": PASSWORD}
        answer = (await client.post("/api/session", json=body)).raise_for_status()
        return str(answer.cookies["woodpecker_session"])


def _processor(pid: int) -> float:
    """Seconds of processor time of the process, all threads."""
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def _tell(pages: list[Page], made: int, share: float, lasted: float) -> None:
    waits = sorted(wait for page in pages for wait in page.waits)
    late = sum(page.overdue for page in pages)
    requests = sum(page.requests for page in pages)
    median, most, longest = waits[len(waits) // 2], waits[round(0.99 * (len(waits) - 1))], waits[-1]
    print(f"{made} changes in {lasted:.0f} s, {len(pages)} pages, {requests / lasted:.0f} requests/s")
    print(f"shown after: median {median:.2f} s, p99 {most:.2f} s, longest {longest:.2f} s; never: {late}")
    each = 1000 * share * lasted / max(requests, 1)
    print(f"server: {100 * share:.0f} % of a core ({each:.1f} ms a request, the events included)")
    good = longest < CONSISTENT_WITHIN_SECONDS and share < MOST_OF_A_CORE and late == 0
    print("ok" if good else f"NOT within {CONSISTENT_WITHIN_SECONDS:.0f} s and {100 * MOST_OF_A_CORE:.0f} % of a core")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--changes", type=float, default=20)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--drafts", type=int, default=2000)
    return parser.parse_args()


if __name__ == "__main__":
    main()
