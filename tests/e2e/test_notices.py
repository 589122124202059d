"""Notices in the browser itself: allowed once, shown of one's own work while one looks elsewhere, and a click leads there."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import Program
from tests.e2e.conftest import StartProgram

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

# A page driven by a test is never behind another one, so it is told that it is; what is shown is kept beside being shown.
_ELSEWHERE = """
Object.defineProperty(document, 'hidden', { get: () => window.elsewhere === true })
window.shown = []
const Real = Notification
window.Notification = class extends Real {
  constructor(title, options) {
    super(title, options)
    window.shown.push({ title, body: options.body, notice: this })
  }
}
"""


@pytest.fixture(scope="module")
def program(start_program: StartProgram) -> Program:
    return start_program()


def test_finished_work_is_told_in_the_browser_to_who_looks_elsewhere(
    program: Program, page: Page, complaints: list[str]
) -> None:
    page.context.grant_permissions(["notifications"], origin=program.url)
    page.add_init_script(_ELSEWHERE)
    program.sign_in(page)
    program.wait_for_drafts(page, at_least=12)
    page.goto(f"{program.url}/leads")
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("menuitem", name="Notices").click()
    dialog = page.get_by_role("dialog", name="Notices")
    dialog.get_by_label("in this browser").check(force=True)
    expect(dialog.get_by_label("in this browser")).to_be_checked()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    # Who looks at the page sees it there; nothing more is shown.
    run = _write_for(program, page)
    _wait_until_written(program, page, run)
    page.wait_for_timeout(1500)
    assert page.evaluate("window.shown.length") == 0

    page.evaluate("window.elsewhere = true")
    run = _write_for(program, page)
    # Not `wait_for_function`, which the pages' Content-Security-Policy rightly forbids.
    until = time.monotonic() + 60
    while not page.evaluate("window.shown.length") and time.monotonic() < until:
        page.wait_for_timeout(200)
    told = page.evaluate("window.shown.map(({ title, body }) => [title, body])")
    assert told == [["Writing finished", "1 of 1 leads"]]
    page.evaluate("window.shown[0].notice.onclick()")
    expect(page).to_have_url(re.compile(f"/generations/{run}$"))


def _write_for(program: Program, page: Page) -> str:
    wanted = {"selection": {"filter": {}}, "first": 1, "mode": "live"}
    return str(page.request.post(f"{program.url}/api/generations", data=wanted).json()["id"])


def _wait_until_written(program: Program, page: Page, run: str) -> None:
    for _ in range(120):
        if page.request.get(f"{program.url}/api/generations/{run}").json()["status"] == "completed":
            return
        page.wait_for_timeout(250)
    raise AssertionError("the run never ended")
