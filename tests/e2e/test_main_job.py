"""A stranger's first ten minutes: from a spreadsheet to people in a campaign, with the mouse."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import LONG, PEOPLE, Program, picture, write_list
from tests.e2e.conftest import StartProgram

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def program(start_program: StartProgram) -> Program:
    return start_program("--no-samples")


def test_a_list_becomes_people_in_a_campaign(
    program: Program, page: Page, tmp_path: Path, complaints: list[str]
) -> None:
    program.sign_in_by_hand(page)
    _import(page, write_list(tmp_path))
    _write(page)
    _review(page)
    _export(page)
    _see_in_history(page)


def _import(page: Page, path: Path) -> None:
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Import").click()
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_role("heading", name="fair.csv")).to_be_visible(timeout=LONG)
    figures = page.get_by_role("group", name="What is in the file")
    expect(figures).to_contain_text(re.compile(r"5\s*can be imported"))
    expect(figures).to_contain_text(re.compile(r"1\s*twice in the file"))
    expect(figures).to_contain_text(re.compile(r"1\s*not usable"))
    page.get_by_label("How do we know these people?").fill("Met at the fair in March")
    picture(page, "main-job-1-import")
    page.get_by_role("button", name="Import 5 leads").click()
    expect(page.get_by_role("group", name="Result")).to_contain_text(re.compile(r"5\s*new leads"), timeout=LONG)


def _write(page: Page) -> None:
    page.get_by_role("link", name="Write sequences").click()
    page.get_by_role("button", name="Write 5 sequences").click()
    page.get_by_role("heading", name="Writing sequences").wait_for()
    expect(page.get_by_role("group", name="Sequences of this run")).to_contain_text(
        re.compile(r"5\s*written"), timeout=LONG
    )
    picture(page, "main-job-2-written")
    page.get_by_role("link", name="Review the drafts").click()


def _review(page: Page) -> None:
    expect(page.get_by_role("heading", name="Review", exact=True)).to_be_visible()
    subject = page.get_by_role("textbox", name=re.compile("^Subject line"))
    subject.fill("Five minutes about your people")
    expect(page.get_by_text("Everything is saved")).to_be_visible(timeout=LONG)
    picture(page, "main-job-3-review")
    queue = page.get_by_role("navigation", name="Queue").get_by_role("button")
    for left in range(len(PEOPLE), 0, -1):
        expect(queue).to_have_count(left)
        page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_role("heading", name="Nothing waits for you here")).to_be_visible()


def _export(page: Page) -> None:
    page.get_by_role("link", name="Add the approved ones to a campaign").click()
    page.get_by_role("button", name="Ask again").click()
    page.get_by_role("radio", name="HR directors, DACH").click(timeout=LONG)
    page.get_by_role("button", name="Show the plan").click()
    page.get_by_role("button", name=re.compile("^Show what is sent for")).first.click(timeout=LONG)
    picture(page, "main-job-4-plan")
    page.get_by_role("button", name="Add 5 people").click()
    expect(page.get_by_role("group", name="People by outcome")).to_contain_text(re.compile(r"5\s*Added"), timeout=LONG)
    expect(page.get_by_text("Finished", exact=True)).to_be_visible(timeout=LONG)
    picture(page, "main-job-5-added")


def _see_in_history(page: Page) -> None:
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="History").click()
    rows = page.get_by_role("table", name="History").get_by_role("row")
    expect(rows).to_have_count(len(PEOPLE) + 1)
    page.get_by_label("Search history").fill("Mensah")
    expect(rows).to_have_count(2)
    expect(page).to_have_url(re.compile("q=Mensah"))
    picture(page, "main-job-6-history")
