"""Every page with data in it, in light and dark: no violation of WCAG 2.2 A and AA that axe can see."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import LONG, Program, picture
from tests.e2e.conftest import StartProgram

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}

PAGES = {
    "/": "Home",
    "/import": "Import leads",
    "/import/{import}": "sample_leads.csv",
    "/leads": "Leads",
    "/leads/{lead}": None,
    "/runs": "Runs",
    "/generations/new?status=imported": "Write sequences",
    "/generations/{generation}": "Writing sequences",
    "/review": "Review",
    "/exports": "Exports",
    "/exports/new?status=approved": "Add to a campaign",
    "/exports/{export}": None,
    "/history": "History",
    "/templates": "Templates",
    "/templates/{template}": None,
    "/do-not-contact": "Do not contact",
    "/audit": "Audit",
    "/team": "Team",
    "/settings": "Settings",
    "/operations": "Operations",
}


@pytest.fixture(scope="module")
def program(start_program: StartProgram) -> Program:
    return start_program()


@pytest.fixture(scope="module")
def ids(program: Program, browser: Browser) -> Iterator[dict[str, str]]:
    """The samples, a few of them approved and added to a campaign, so that no page is empty."""
    page = browser.new_page()
    program.sign_in(page)
    program.wait_for_drafts(page, at_least=12)
    program.read(page, kind="campaigns")

    def ask(path: str, **body: Any) -> Any:
        url = f"{program.url}/api{path}"
        return (page.request.post(url, data=body) if body else page.request.get(url)).json()

    drafts = [row["id"] for row in ask("/sequences?status=draft&limit=3")["items"]]
    ask("/sequences/approve", selection={"ids": drafts})
    ask("/do-not-contact", value="example.org", reason="asked us to stop")
    campaign = next(one for one in ask("/campaigns")["items"] if one["status"] == "PAUSED")
    plan = ask("/exports", campaign_id=campaign["id"], selection={"filter": {"status": ["approved"]}}, dry_run=True)
    export = ask("/exports", campaign_id=campaign["id"], plan_id=plan["plan_id"])["id"]
    page.goto(f"{program.url}/exports/{export}")
    expect(page.get_by_text("Finished", exact=True)).to_be_visible(timeout=LONG)
    yield {
        "import": ask("/imports")["items"][0]["id"],
        "lead": ask("/leads?status=exported")["items"][0]["id"],
        "generation": ask("/generations")["items"][0]["id"],
        "export": export,
        "template": ask("/templates")["items"][0]["id"],
    }
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_used_by_everybody(
    program: Program, ids: dict[str, str], page: Page, complaints: list[str], scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    program.sign_in(page)
    found = []
    for path in PAGES:
        found += [f"{path}: {violation}" for violation in _violations(page, program, path, ids)]
        picture(page, f"{scheme}-{re.sub('[^a-z]+', '-', path).strip('-') or 'home'}")
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signing_in_can_be_used_by_everybody(program: Program, page: Page, complaints: list[str], scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(program.url)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert list(_axe(page)) == []


def _violations(page: Page, program: Program, path: str, ids: dict[str, str]) -> Iterator[str]:
    page.goto(program.url + path.format(**ids))
    title = PAGES[path]
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(title or re.compile("."), timeout=LONG)
    # axe finds nothing wrong with a page that is still empty.
    expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=LONG)
    page.wait_for_load_state("load")
    yield from _axe(page)


def _axe(page: Page) -> Iterator[str]:
    for violation in Axe().run(page, options=RULES).response["violations"]:
        nodes = [f"{node['target']} {node['failureSummary']}" for node in violation["nodes"][:3]]
        yield f"{violation['id']}: {nodes}"
