"""Two people edit the same sequences at random while the server is killed, the network is cut and pages are loaded again.

Each edit adds a word of its own. When the merge view opens, the lab keeps the words of both, as a careful person would.
In the end every word must be on the server: one that is missing was lost, or silently overwritten.
Used by test_two_people_edit.py (short) and benchmarks/edit_together.py (long).
"""

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
from playwright.sync_api import Browser, BrowserContext, Locator, Page
from playwright.sync_api import Error as PlaywrightError

from tests.builders import PASSWORD
from tests.e2e.server import Server

SETTLED_WITHIN_SECONDS = 120.0
CUT_SECONDS = 1.5
WORD = re.compile(r"w\d+x")
_ONLY_THEIRS = "node => [...node.querySelectorAll('span, ins')].map(part => part.textContent).join('')"


@dataclass(frozen=True)
class Plan:
    seconds: float
    kills: int
    cuts: int
    reloads: int
    seed: int = 1


@dataclass
class Report:
    edits: int = 0
    merges: int = 0
    lost: list[str] = field(default_factory=list)


class EditingLab:
    def __init__(self, server: Server, browser: Browser, ids: list[str], plan: Plan) -> None:
        self._server = server
        self._ids = ids
        self._plan = plan
        self._chance = random.Random(plan.seed)
        self._words: dict[str, tuple[str, int]] = {}
        self._report = Report()
        self._pages = [server.open_page(browser, person) for person in (0, 1)]

    def run(self) -> Report:
        for page in self._pages:
            self._open_all(page)
        self._edit_among_mishaps()
        self._settle()
        found = self._texts()
        self._report.lost = [word for word, place in self._words.items() if word not in found[place]]
        return self._report

    def _open_all(self, page: Page) -> None:
        """Looks at each once: what was never loaded cannot be edited without a network."""
        page.goto(f"{self._server.url}/review")
        for sequence_id in self._ids:
            self._show(page, sequence_id)

    def _edit_among_mishaps(self) -> None:
        began = time.monotonic()
        mishaps = self._mishaps()
        while (now := time.monotonic() - began) < self._plan.seconds or mishaps:
            if mishaps and now >= mishaps[0][0]:
                mishaps.pop(0)[1]()
            self._edit(self._chance.choice(self._pages))

    def _mishaps(self) -> list[tuple[float, Callable[[], None]]]:
        """What goes wrong and when, in seconds from the beginning."""
        kinds = [self._kill] * self._plan.kills + [self._cut] * self._plan.cuts + [self._reload] * self._plan.reloads
        self._chance.shuffle(kinds)
        return [((place + 0.5) * self._plan.seconds / len(kinds), kind) for place, kind in enumerate(kinds)]

    def _kill(self) -> None:
        self._server.kill()
        for page in self._pages:
            self._edit(page)
        self._server.start()

    def _cut(self) -> None:
        page = self._chance.choice(self._pages)
        context: BrowserContext = page.context
        context.set_offline(True)
        until = time.monotonic() + CUT_SECONDS
        while time.monotonic() < until:
            for one in self._pages:
                self._edit(one)
        context.set_offline(False)

    def _reload(self) -> None:
        """A laptop that was closed in the middle of it: what is not saved comes back from the browser's own store."""
        page = self._chance.choice(self._pages)
        self._edit(page)
        self._open_all(page)

    def _edit(self, page: Page) -> None:
        sequence_id = self._chance.choice(self._ids)
        self._show(page, sequence_id)
        self._merge(page)
        fields = page.locator("section > textarea")
        place = self._chance.randrange(fields.count())
        box = fields.nth(place)
        if not box.is_editable():
            return
        word = f"w{len(self._words)}x"
        number = int(str(box.get_attribute("aria-label")).rpartition(" ")[2])
        box.press_sequentially(f" {word}")
        # A text that changed under the hands takes the word where the caret is: it counts when it is in the field.
        if word in box.input_value():
            self._words[word] = (sequence_id, number)
            self._report.edits += 1

    def _show(self, page: Page, sequence_id: str) -> None:
        row = page.locator(f"[data-id='{sequence_id}']")
        row.click()
        page.locator(f"[data-id='{sequence_id}'][aria-current=true]").wait_for()
        page.locator("section > textarea").first.wait_for()

    def _merge(self, page: Page) -> None:
        """Keeps the words of both in each text that clashes."""
        panel = page.get_by_role("alert").filter(has_text="Somebody else changed this sequence")
        if not panel.count():
            return
        try:
            newer = panel.get_by_role("button", name="I have seen their newer words")
            if newer.count():
                newer.click(timeout=2000)
            for part in panel.locator("section").all():
                self._keep_both(part)
            panel.get_by_role("button", name="Save what will stand").click(timeout=2000)
            self._report.merges += 1
        except PlaywrightError:
            # Newer words of theirs came meanwhile: they are compared next time.
            return

    def _keep_both(self, part: Locator) -> None:
        theirs = str(part.locator("[aria-label^='Theirs, text']").evaluate(_ONLY_THEIRS, timeout=2000))
        box = part.get_by_role("textbox")
        mine = box.input_value(timeout=2000)
        missing = [word for word in WORD.findall(theirs) if word not in mine]
        box.fill(" ".join([mine, *missing]), timeout=2000)

    def _settle(self) -> None:
        """Goes through all sequences on both pages until everything arrived."""
        until = time.monotonic() + SETTLED_WITHIN_SECONDS
        while time.monotonic() < until:
            found = self._texts()
            unsettled = {place[0] for word, place in self._words.items() if word not in found[place]}
            if not unsettled and all(self._is_quiet(page) for page in self._pages):
                return
            for page in self._pages:
                for sequence_id in unsettled:
                    self._show(page, sequence_id)
                    self._merge(page)
            time.sleep(0.5)

    def _is_quiet(self, page: Page) -> bool:
        """Nothing of this page waits in the browser."""
        return not page.get_by_text("with words of yours and of somebody else").count()

    def _texts(self) -> dict[tuple[str, int], str]:
        """(sequence, number) → what the server has."""
        with httpx.Client(base_url=self._server.url, timeout=30) as client:
            body = {"email": "person0@team.example", "password": PASSWORD}
            client.post("/api/session", json=body, headers={"origin": self._server.url}).raise_for_status()
            shown = [client.get(f"/api/sequences/{sequence_id}").raise_for_status().json() for sequence_id in self._ids]
        return {(one["id"], snippet["number"]): snippet["text"] for one in shown for snippet in one["snippets"]}
