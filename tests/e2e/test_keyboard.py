"""The same work without a mouse: Tab, Enter, Space, arrows, and the letters of the review page."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import LONG, Program, picture, write_list
from tests.e2e.conftest import StartProgram

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
MOST_TABS = 80
FOCUSED = """() => {
  const here = document.activeElement
  return here && here !== document.body ? (here.ariaLabel || here.labels?.[0]?.innerText || here.innerText || '').trim() : ''
}"""


_LATE_APPROVALS = """() => {
  const send = window.fetch
  window.fetch = async (...asked) => {
    const url = asked[0] instanceof Request ? asked[0].url : String(asked[0])
    if (url.includes('/approve')) await new Promise((done) => setTimeout(done, 1000))
    return send(...asked)
  }
}"""


@pytest.fixture(scope="module")
def program(start_program: StartProgram) -> Program:
    return start_program("--no-samples")


@pytest.fixture(scope="module")
def with_samples(start_program: StartProgram) -> Program:
    return start_program()


def test_the_main_job_needs_no_mouse(program: Program, page: Page, tmp_path: Path, complaints: list[str]) -> None:
    page.goto(program.url)
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type(program.email)
    page.keyboard.press("Tab")
    page.keyboard.type(program.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()

    _go(page, "Import", "Enter")
    with page.expect_file_chooser() as chooser:
        _go(page, "Choose a file", "Enter")
    chooser.value.set_files(write_list(tmp_path))
    expect(page.get_by_role("heading", name="fair.csv")).to_be_visible(timeout=LONG)
    _go(page, "Import 5 leads", "Enter")
    expect(page.get_by_role("group", name="Result")).to_contain_text(re.compile(r"5\s*new leads"), timeout=LONG)
    _go(page, "Write sequences", "Enter")
    expect(page.get_by_role("button", name="Write 5 sequences")).to_be_enabled(timeout=LONG)
    _go(page, "Write 5 sequences", "Enter")
    expect(page.get_by_role("group", name="Sequences of this run")).to_contain_text(
        re.compile(r"5\s*written"), timeout=LONG
    )
    _go(page, "Review the drafts", "Enter")
    queue = page.get_by_role("navigation", name="Queue").get_by_role("button")
    for left in range(5, 0, -1):
        expect(queue).to_have_count(left, timeout=LONG)
        expect(page.get_by_role("textbox", name=re.compile("^Subject line"))).to_be_visible()
        page.keyboard.press("a")
    expect(page.get_by_role("link", name="Add the approved ones to a campaign")).to_be_visible(timeout=LONG)
    _go(page, "Add the approved ones to a campaign", "Enter")
    _go(page, "Ask again", "Enter")
    expect(page.get_by_role("radio", name="HR directors, DACH")).to_be_visible(timeout=LONG)
    _go(page, "HR directors, DACH", "Space")
    _go(page, "Show the plan", "Enter")
    expect(page.get_by_role("button", name="Add 5 people")).to_be_enabled(timeout=LONG)
    _go(page, "Add 5 people", "Enter")
    expect(page.get_by_text("Finished", exact=True)).to_be_visible(timeout=LONG)
    expect(page.get_by_role("group", name="People by outcome")).to_contain_text(re.compile(r"5\s*Added"))
    picture(page, "by-keyboard-added")


def test_letters_lead_through_the_review(with_samples: Program, page: Page, complaints: list[str]) -> None:
    with_samples.sign_in(page)
    with_samples.wait_for_drafts(page, at_least=12)
    page.goto(f"{with_samples.url}/review")
    here = page.get_by_role("navigation", name="Queue").locator("[aria-current=true]")
    expect(here).to_be_visible(timeout=LONG)
    first = here.inner_text()

    page.keyboard.press("j")
    expect(here).not_to_have_text(first, use_inner_text=True)
    page.keyboard.press("k")
    expect(here).to_have_text(first, use_inner_text=True)

    subject = page.get_by_role("textbox", name=re.compile("^Subject line"))
    expect(subject).to_be_visible(timeout=LONG)
    page.keyboard.press("e")
    expect(subject).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" ajk")  # letters are letters while one types
    expect(subject).to_have_value(re.compile(" ajk$"))
    page.keyboard.press("Escape")
    expect(page.get_by_text("Everything is saved")).to_be_visible(timeout=LONG)

    page.keyboard.press("d")
    expect(page.locator("ins").first).to_have_text(re.compile("ajk"))
    page.keyboard.press("d")
    page.keyboard.press("u")
    expect(subject).not_to_have_value(re.compile("ajk"))

    page.keyboard.press("Shift+?")
    keys = page.get_by_role("dialog", name="Review by keyboard")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).not_to_be_visible()

    page.keyboard.press("r")
    dialog = page.get_by_role("dialog", name="Why is it sent back?")
    expect(dialog.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()
    expect(here).not_to_have_text(first, use_inner_text=True)

    second = here.inner_text()
    expect(subject).to_be_visible()
    page.keyboard.press("a")
    expect(here).not_to_have_text(second, use_inner_text=True)
    # The message before may still be fading out: the newest stands last.
    page.get_by_role("button", name="Undo").last.click()
    queue = page.get_by_role("navigation", name="Queue")
    expect(queue.get_by_role("button", name=re.compile(second.splitlines()[0]))).to_be_visible(timeout=LONG)


def test_quick_letters_end_at_the_empty_queue_though_every_answer_is_late(
    start_program: StartProgram, page: Page, complaints: list[str]
) -> None:
    program = start_program()
    program.sign_in(page)
    program.wait_for_drafts(page, at_least=12)
    drafts = page.request.get(f"{program.url}/api/sequences?status=draft&limit=100").json()["items"]
    most = {"selection": {"ids": [draft["id"] for draft in drafts[4:]]}}
    assert page.request.post(f"{program.url}/api/sequences/approve", data=most).ok
    # Each approval reaches the server a second late: the list that is asked for meanwhile still holds who was decided on.
    page.add_init_script(f"({_LATE_APPROVALS})()")
    page.goto(f"{program.url}/review")
    queue = page.get_by_role("navigation", name="Queue").get_by_role("button")
    expect(queue.first).to_be_visible(timeout=LONG)
    for _ in range(queue.count()):
        expect(page.get_by_role("textbox", name=re.compile("^Subject line"))).to_be_visible()
        page.keyboard.press("a")
        page.wait_for_timeout(600)  # longer than an answer takes, shorter than an approval
    expect(page.get_by_text("Nothing waits for you here")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("0 to decide on · 4 decided today")).to_be_visible(timeout=LONG)
    assert page.request.get(f"{program.url}/api/sequences?status=draft&limit=1").json()["total"] == 0


def _go(page: Page, name: str, key: str) -> None:
    """Tabs on to what is called so, and presses the key there."""
    for _ in range(MOST_TABS):
        if str(page.evaluate(FOCUSED)).split("\n")[0] == name:
            page.keyboard.press(key)
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {name!r}; it is at {page.evaluate(FOCUSED)!r}")
