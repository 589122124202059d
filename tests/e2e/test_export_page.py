"""An export as people watch it: numbers and people move by themselves, a pause takes effect within a batch; a plan has its CSV although
Woodpecker is away.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.builders import PASSWORD, a_lead, a_sequence, a_template, a_user
from tests.e2e.browser import LONG, SECONDS, Program, picture
from tests.e2e.server import Server
from woodpecker_api.config import Settings
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.sandbox.woodpecker import WoodpeckerServer, woodpecker_server
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.wiring.program import build

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]
LEADS = 500
SLOW_MS = 1_500
"""As long as each of the vendor's answers takes: ten batches that an eye can follow."""
MANAGER = "person0@team.example"
FORMULA = '=HYPERLINK("http://evil")'


@pytest.fixture(scope="module")
def vendor() -> Iterator[WoodpeckerServer]:
    with woodpecker_server(with_sample=False) as vendor:
        yield vendor


@pytest.fixture(scope="module")
def server(vendor: WoodpeckerServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("export-page")
    with Server(home, {"WOODPECKER_BASE_URL": vendor.base_url}) as server:
        program = build(Settings.model_validate(server.environment()))
        with program.database.writing() as db:
            a_user(db, email=MANAGER, role=Role.MANAGER, name="Person 0")
        program.close()
        server.start()
        yield server


@pytest.fixture
def program(server: Server) -> Program:
    return Program(server.url, MANAGER, PASSWORD)


def test_numbers_and_people_move_by_themselves_and_a_pause_takes_effect_within_a_batch(
    server: Server, vendor: WoodpeckerServer, program: Program, page: Page, complaints: list[str]
) -> None:
    leads = _approved(server, LEADS)
    number = vendor.control.put_campaign(name="A slow afternoon", status="DRAFT")
    program.sign_in(page)
    campaign_id = _campaign(program, page, "A slow afternoon")
    vendor.control.faults(latency_ms=SLOW_MS)
    order = {"campaign_id": campaign_id, "selection": {"ids": leads}, "confirm_sending": False}
    export_id = page.request.post(f"{program.url}/api/exports", data=order).json()["id"]

    page.goto(f"{program.url}/exports/{export_id}")
    page.evaluate("window.neverLoadedAgain = true")
    person = page.get_by_role("table", name="People of this export").get_by_role("row").nth(1)
    for outcome in ("Waiting", "Added"):
        expect(person.get_by_role("cell", name=outcome, exact=True)).to_be_visible(timeout=LONG)
    seen = [_added(page)]
    while len(seen) < 3:
        expect(_chips(page)).not_to_contain_text(re.compile(rf"(?<!\d){seen[-1]}\s*Added"), timeout=LONG)
        seen.append(_added(page))
    assert seen == sorted(set(seen))
    picture(page, "export-running")

    with page.expect_response(lambda answer: answer.url.endswith(f"{export_id}/pause")) as paused:
        page.get_by_role("button", name="Pause").click()
    left = paused.value.json()["counts"]["queued"]
    assert left >= 50, "the test paused too late to see anything"
    expect(page.get_by_text("The export is paused")).to_be_visible(timeout=LONG)
    # What was under way is told in full; longer than a batch takes, nothing more goes out.
    expect(_chips(page)).to_contain_text(re.compile(rf"{LEADS - left}\s*Added"), timeout=LONG)
    page.wait_for_timeout(2 * SLOW_MS)
    expect(_chips(page)).to_contain_text(re.compile(rf"{left}\s*Waiting"))
    assert len(vendor.control.enrolled(number)) == LEADS - left
    picture(page, "export-paused")

    vendor.control.faults(latency_ms=0)
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("Finished", exact=True)).to_be_visible(timeout=LONG)
    expect(_chips(page)).to_contain_text(re.compile(rf"{LEADS}\s*Added"))
    assert page.evaluate("window.neverLoadedAgain") is True
    assert {person["applied"] for person in vendor.control.enrolled(number).values()} == {1}


def test_a_plan_has_its_csv_although_woodpecker_is_away(
    server: Server, vendor: WoodpeckerServer, program: Program, page: Page, complaints: list[str]
) -> None:
    vendor.control.put_campaign(name="An outage", status="DRAFT")
    program.sign_in(page)
    campaign_id = _campaign(program, page, "An outage")
    _approved(server, 3, title=FORMULA)
    vendor.control.faults(rates={"cut_before": 1.0}, on="any")

    page.goto(f"{program.url}/exports/new?status=approved&campaign={campaign_id}")
    page.get_by_role("button", name="Show the plan").click(timeout=LONG)
    expect(page.get_by_role("button", name="Add 3 people")).to_be_visible(timeout=LONG)
    picture(page, "plan-with-csv")
    with page.expect_download(timeout=60 * SECONDS) as download:
        page.get_by_role("link", name="CSV for Woodpecker").click()
    assert download.value.suggested_filename.endswith(".csv")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len({row["email"] for row in rows}) == len(rows) == 3
    assert {row["title"] for row in rows} == {f"'{FORMULA}"}
    assert all(row["first_name"] and row["snippet1"] for row in rows)
    vendor.control.faults()


def _approved(server: Server, count: int, **values: str) -> list[str]:
    program = build(Settings.model_validate(server.environment()))
    try:
        with program.database.writing() as db:
            template, approver, ids = a_template(db), a_user(db, role=Role.MANAGER), []
            for _ in range(count):
                lead = a_lead(db, sandbox=True, **values)
                a_sequence(db, lead=lead, template=template, by=approver, status=SequenceStatus.APPROVED, sandbox=True)
                ids.append(lead.id)
        return ids
    finally:
        program.close()


def _campaign(program: Program, page: Page, name: str) -> str:
    program.read(page, kind="campaigns")
    listed = page.request.get(f"{program.url}/api/campaigns").json()["items"]
    return str(next(each["id"] for each in listed if each["name"] == name))


def _chips(page: Page) -> Locator:
    return page.get_by_role("group", name="People by outcome")


def _added(page: Page) -> int:
    found = re.search(r"(\d+)\s*Added", _chips(page).inner_text())
    return int(found.group(1)) if found else 0
