"""What is true of the account, as people meet it: the first run's question, whom an entry reaches, a mail inside its campaign."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import LONG, Program
from tests.e2e.conftest import StartProgram

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def program(start_program: StartProgram) -> Program:
    return start_program()


def test_the_first_run_asks_how_long_things_are_kept_and_only_until_somebody_said(
    program: Program, page: Page, complaints: list[str]
) -> None:
    program.sign_in(page)
    page.goto(program.url)
    question = page.get_by_text("How long do you want to keep what is about people?")
    expect(question).to_be_visible(timeout=LONG)
    expect(page.get_by_text("removed 180 days after the last planned day")).to_be_visible()
    page.get_by_role("button", name="That is right").click()
    expect(question).to_be_hidden()
    page.reload()
    expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()
    expect(question).to_be_hidden()


def test_before_a_company_is_kept_out_its_campaigns_are_named_and_afterwards_its_leaving(
    program: Program, page: Page, complaints: list[str]
) -> None:
    program.sign_in(page)
    program.read(page, kind="campaigns")
    program.read(page, kind="people", everybody=True)
    page.goto(f"{program.url}/do-not-contact")
    page.get_by_label("Address or domain").fill("fjord.example")
    before = page.get_by_role("status").filter(has_text="People at fjord.example are in 2 campaigns")
    expect(before).to_be_visible(timeout=LONG)
    expect(before).to_contain_text("Q4 warehouse leads")
    expect(before).to_contain_text("Woodpecker as of")
    page.get_by_role("button", name="Add", exact=True).click()
    after = page.get_by_role("status").filter(has_text="Everybody at fjord.example is on the list")
    expect(after).to_contain_text(re.compile("still to leave|left every campaign"), timeout=LONG)


def test_review_shows_each_mail_inside_the_campaign_and_remembers_which(
    program: Program, page: Page, complaints: list[str]
) -> None:
    program.sign_in(page)
    program.wait_for_drafts(page, at_least=12)
    program.read(page, kind="campaigns")
    listed = page.request.get(f"{program.url}/api/campaigns").json()["items"]
    campaign = next(each for each in listed if each["name"] == "HR directors, DACH")
    program.read(page, kind="steps", campaign_id=campaign["id"])
    page.goto(f"{program.url}/review")
    expect(page.get_by_role("button", name="Approve", exact=True)).to_be_visible(timeout=LONG)
    page.keyboard.press("p")
    choice = page.get_by_label("Inside the text of")
    choice.select_option(label="HR directors, DACH")
    first = page.get_by_role("article", name="Step 1, day 1")
    expect(first).to_be_visible(timeout=LONG)
    expect(first.locator("mark").first).not_to_be_empty()
    expect(page.get_by_role("article", name=re.compile("^Step 3"))).to_contain_text("Re: ")
    page.reload()
    expect(page.get_by_role("button", name="Approve", exact=True)).to_be_visible(timeout=LONG)
    page.keyboard.press("p")
    expect(choice).to_have_value(campaign["id"])
    expect(first).to_be_visible()
