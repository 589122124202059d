"""Lists: searched, filtered, sorted, and sent to a colleague as an address."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser import LONG, Program, picture
from tests.e2e.conftest import StartProgram

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def program(start_program: StartProgram) -> Program:
    return start_program()


def test_a_view_of_leads_is_an_address(program: Program, page: Page, complaints: list[str]) -> None:
    program.sign_in(page)
    program.wait_for_drafts(page, at_least=12)
    page.goto(f"{program.url}/leads")
    rows = page.get_by_role("table", name="Leads").get_by_role("row")
    expect(rows.nth(1)).to_be_visible(timeout=LONG)

    page.get_by_role("button", name="Company").click()
    expect(page.get_by_role("columnheader", name="Company")).to_have_attribute("aria-sort", "ascending")
    page.get_by_label("Status").select_option("To review")
    expect(rows).to_have_count(13, timeout=LONG)
    page.get_by_label("Search leads").fill("quarry")
    expect(page).to_have_url(re.compile("q=quarry"))
    expect(rows).to_have_count(3, timeout=LONG)

    address, seen = page.url, rows.all_inner_texts()
    page.goto("about:blank")
    page.goto(address)
    expect(rows).to_have_count(len(seen), timeout=LONG)
    assert [row.split("\t")[0] for row in rows.all_inner_texts()] == [row.split("\t")[0] for row in seen]

    page.get_by_label("Select all on this page").check()
    expect(page.get_by_text(re.compile("^2 leads selected$"))).to_be_visible()
    page.get_by_role("link", name="Add to a campaign").click()
    expect(page.get_by_text("2 leads that you ticked")).to_be_visible()


def test_a_pause_in_typing_is_one_request(program: Program, page: Page, complaints: list[str]) -> None:
    # The page's clock is ours: on a busy machine keys come slowly, and each would be a pause of its own.
    page.clock.install()
    program.sign_in(page)
    page.goto(f"{program.url}/leads")
    rows = page.get_by_role("table", name="Leads").get_by_role("row")
    expect(rows.nth(1)).to_be_visible(timeout=LONG)
    asked: list[str] = []
    # While the samples are still being written, the list as it was is read again too.
    page.on("request", lambda request: asked.append(request.url) if "/api/leads?q=" in request.url else None)
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    for letter in "quarry":
        page.get_by_label("Search leads").press(letter)
        page.clock.run_for(40)
    assert asked == []
    page.clock.run_for(40)
    page.clock.resume()
    expect(rows).to_have_count(4, timeout=LONG)
    assert asked == [f"{program.url}/api/leads?q=quarry&limit=50"]


def test_a_view_keeps_filter_and_columns_under_a_name(program: Program, page: Page, complaints: list[str]) -> None:
    program.sign_in(page)
    page.goto(f"{program.url}/leads?q=quarry&sort=company")
    header = page.get_by_role("columnheader")
    expect(header.filter(has_text="Company")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="City").check()
    page.keyboard.press("Escape")
    expect(header.filter(has_text="City")).to_be_visible()
    page.get_by_role("button", name="Views").click()
    page.get_by_role("menuitem", name="Save what is shown as a view…").click()
    page.get_by_label("Name").fill("Quarries by city")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Quarries by city")).to_be_visible(timeout=LONG)

    page.goto(f"{program.url}/leads")
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="City").uncheck()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Views").click()
    page.get_by_role("menuitem", name="Quarries by city", exact=True).click()
    expect(page).to_have_url(re.compile("q=quarry"))
    expect(header.filter(has_text="City")).to_be_visible()
    expect(page.get_by_role("table", name="Leads").get_by_role("row")).to_have_count(4, timeout=LONG)


def with_three_chosen(program: Program, page: Page) -> Locator:
    """The rows of a search that finds three leads, all of them ticked, and what can be done with them unfolded."""
    program.sign_in(page)
    page.goto(f"{program.url}/leads?q=quarry")
    rows = page.get_by_role("table", name="Leads").get_by_role("row")
    expect(rows).to_have_count(4, timeout=LONG)
    page.get_by_label("Select all on this page").check()
    page.get_by_role("button", name="More", exact=True).click()
    return rows


def test_tags_are_put_on_and_filtered_by(program: Program, page: Page, complaints: list[str]) -> None:
    rows = with_three_chosen(program, page)
    page.get_by_role("menuitem", name="Tags…").click()
    put_on = page.locator("input:visible").and_(page.get_by_label("Put on"))
    put_on.fill("fair")
    put_on.press("Enter")
    page.get_by_role("button", name="Change tags").click()
    expect(page.get_by_text("3 leads tagged anew")).to_be_visible(timeout=LONG)
    page.get_by_label("Tag", exact=True).select_option("fair")
    page.get_by_label("Search leads").fill("")
    expect(page).not_to_have_url(re.compile("q="))
    expect(rows).to_have_count(4, timeout=LONG)


def test_leads_deleted_together_come_back_together(program: Program, page: Page, complaints: list[str]) -> None:
    rows = with_three_chosen(program, page)
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_text("3 leads deleted")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("heading", name="No lead matches")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Undo").click()
    expect(rows).to_have_count(4, timeout=LONG)


def test_the_page_of_a_deleted_lead_says_so_and_brings_it_back(program: Program, page: Page) -> None:
    program.sign_in(page)
    program.wait_for_drafts(page, at_least=12)
    lead = page.request.get(f"{program.url}/api/leads?q=quarry").json()["items"][0]["id"]
    page.goto(f"{program.url}/leads/{lead}")
    more = page.get_by_role("button", name="More for this lead")
    more.click(timeout=LONG)
    page.get_by_role("menuitem", name="Delete").click()
    expect(page).to_have_url(re.compile("/leads$"))
    page.goto(f"{program.url}/leads/{lead}")
    expect(page.get_by_text("This lead was deleted")).to_be_visible(timeout=LONG)
    picture(page, "deleted-lead")
    page.get_by_role("button", name="Bring back").click()
    expect(more).to_be_visible(timeout=LONG)
