"""A server that answers 500: every page says so with the id that finds it in the logs and a next step, and shows the rest."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.browser import LONG, SECONDS, Program, picture
from tests.e2e.conftest import StartProgram

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
REQUEST_ID = "01failingserver"
PROBLEM = {
    "title": "Internal error",
    "status": 500,
    "code": "internal_error",
    "detail": "Something went wrong on the server. Try again; if it stays, report the id.",
    "request_id": REQUEST_ID,
}
# What a page needs to stand at all; the rest is its content.
STANDS = ("/api/session", "/api/mode", "/api/events")
PAGES = (
    "/",
    "/import/some",
    "/leads",
    "/leads/some",
    "/runs",
    "/generations/some",
    "/review",
    "/exports",
    "/exports/some",
    "/exports/new?status=approved",
    "/history",
    "/contacts/ann@acme.example",
    "/companies/acme.example",
    "/templates",
    "/templates/some",
    "/do-not-contact",
    "/audit",
    "/team",
    "/settings",
    "/operations",
)


@pytest.fixture(scope="module")
def program(start_program: StartProgram) -> Program:
    return start_program()


def test_every_page_names_the_failure_and_the_way_on(program: Program, page: Page) -> None:
    program.sign_in(page)
    _answer(page, lambda path: path not in STANDS)
    silent = []
    for path in PAGES:
        page.goto(program.url + path)
        try:
            expect(page.get_by_text(REQUEST_ID).first).to_be_visible(timeout=20 * SECONDS)
            expect(page.get_by_role("main").get_by_role("button", name="Try again").first).to_be_visible()
            expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=20 * SECONDS)
        except AssertionError as error:
            silent.append(f"{path}: {str(error).splitlines()[0]}")
    picture(page, "failing-server")
    assert silent == [], silent


def test_a_part_that_fails_leaves_the_rest_of_home_standing(program: Program, page: Page) -> None:
    program.sign_in(page)
    program.wait_for_drafts(page, at_least=12)
    _answer(page, lambda path: path == "/api/exports/needs-help")
    page.goto(program.url)
    expect(page.get_by_text("What needs help could not be loaded")).to_be_visible(timeout=LONG)
    expect(page.get_by_text(REQUEST_ID)).to_be_visible()
    expect(page.get_by_text("drafts to review")).to_be_visible()
    page.unroute("**/api/**")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("What needs help could not be loaded")).to_have_count(0)


def test_a_server_that_is_away_ends_every_wait_and_mends_itself(program: Program, page: Page) -> None:
    program.sign_in(page)
    program.wait_for_drafts(page, at_least=12)
    page.goto(f"{program.url}/leads")
    expect(page.get_by_role("table")).to_be_visible(timeout=LONG)
    page.context.set_offline(True)
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Leads").click()
    expect(page.get_by_text("You are offline")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("table")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("You are offline")).to_have_count(0, timeout=LONG)


def _answer(page: Page, fails: Callable[[str], bool]) -> None:
    def handle(route: Route) -> None:
        path = route.request.url.partition("/api/")[2].partition("?")[0]
        if fails(f"/api/{path}"):
            route.fulfill(status=500, content_type="application/problem+json", body=json.dumps(PROBLEM))
        else:
            route.fallback()

    page.route("**/api/**", handle)
