"""The page of an import before anything is stored: columns corrected by mouse and by keyboard, remarks by kind."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import LONG, Program
from tests.e2e.conftest import StartProgram

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ROWS = [
    "Mail;Wer;Wo;Anmerkung",
    "ann@acme.example;Ann;Acme;=1+1",
    "ben@acme.example;Ben;Acme;fine",
    "nobody;Cy;Bolt;fine",
]


@pytest.fixture(scope="module")
def program(start_program: StartProgram) -> Program:
    return start_program("--no-samples")


@pytest.fixture
def opened(program: Program, page: Page, tmp_path: Path) -> Page:
    """A list whose columns nobody recognises, except the address."""
    path = tmp_path / "liste.csv"
    path.write_text("\n".join(ROWS), encoding="utf-8")
    program.sign_in(page)
    page.goto(f"{program.url}/import")
    page.get_by_label("Spreadsheet of leads").set_input_files(path)
    expect(page.get_by_text("Say which column holds the first name")).to_be_visible(timeout=LONG)
    # The last part of the page: from now on nothing moves under the pointer.
    expect(page.get_by_role("table", name="Remarks about rows")).to_be_visible(timeout=LONG)
    return page


def test_a_field_is_dragged_onto_its_column(opened: Page, complaints: list[str]) -> None:
    opened.get_by_role("button", name="First name", exact=True).drag_to(opened.locator("[data-column='Wer']"))
    expect(opened.locator("input[aria-label='What Wer becomes']")).to_have_value("First name", timeout=LONG)
    expect(opened.get_by_text("Say which column holds the first name")).not_to_be_visible()
    expect(opened.get_by_role("button", name="First name", exact=True)).to_have_count(0)
    expect(opened.get_by_role("button", name="Import 2 leads")).to_be_enabled(timeout=LONG)


def test_the_same_by_keyboard(opened: Page, complaints: list[str]) -> None:
    opened.get_by_role("button", name="Company", exact=True).press("Enter")
    expect(opened.get_by_text("Choose the column that becomes Company")).to_be_visible()
    opened.keyboard.press("Escape")
    expect(opened.get_by_text("Drag a field onto its column:")).to_be_visible()
    opened.get_by_role("button", name="Company", exact=True).press("Enter")
    opened.get_by_role("button", name="Wo becomes Company").press("Enter")
    expect(opened.locator("input[aria-label='What Wo becomes']")).to_have_value("Company", timeout=LONG)


def test_remarks_of_one_kind_and_colleagues_are_shown(opened: Page, complaints: list[str]) -> None:
    opened.get_by_role("button", name="First name", exact=True).drag_to(opened.locator("[data-column='Wer']"))
    expect(opened.get_by_role("button", name="Import 2 leads")).to_be_enabled(timeout=LONG)
    expect(opened.get_by_text("acme.example · 2")).to_be_visible()
    remarks = opened.get_by_role("table", name="Remarks about rows").get_by_role("row")
    expect(remarks).to_have_count(3)
    opened.get_by_role("button", name="Formula 1").click()
    expect(remarks).to_have_count(2)
    expect(remarks.nth(1)).to_contain_text("Anmerkung")
