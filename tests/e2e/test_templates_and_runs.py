"""Templates and the choices of a run in a browser: preview, differences, who signs, now or as a batch."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import LONG, Program
from tests.e2e.conftest import StartProgram

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

FACT = "Practice sessions of nine minutes for people who lead their first team."
ONLY_NOW = "A workshop at the fair, this spring only."


@pytest.fixture(scope="module")
def program(start_program: StartProgram) -> Program:
    return start_program()


@pytest.fixture
def signed_in(program: Program, page: Page) -> Page:
    program.sign_in(page)
    return page


def test_a_change_is_previewed_on_a_lead_and_shown_as_a_difference(
    program: Program, signed_in: Page, complaints: list[str]
) -> None:
    page = signed_in
    page.goto(f"{program.url}/templates")
    page.get_by_role("table", name="Templates").get_by_role("link").first.click()
    page.get_by_label("What we sell").fill(FACT)
    # Not saved yet, and in the prompt already.
    page.get_by_text("The whole prompt").click()
    expect(page.locator("pre").filter(has_text=FACT)).to_be_visible(timeout=LONG)
    page.get_by_label("What is said of the person").fill("Their shoe size: {{shoe_size}}")
    expect(page.get_by_text(re.compile("shoe_size")).filter(visible=True).first).to_be_visible(timeout=LONG)

    page.get_by_label("What is said of the person").fill("{{first_name}}, {{title}} at {{company}}")
    page.get_by_role("button", name="Save as the next version").click()
    expect(page.get_by_text("The template is saved")).to_be_visible(timeout=LONG)
    difference = page.get_by_role("group", name="What we sell")
    expect(difference.locator("ins").first).to_be_visible(timeout=LONG)
    # Word by word, so what is new stands between what is gone.
    expect(difference.locator("ins").filter(has_text="nine")).to_be_visible()
    expect(difference.locator("ins").filter(has_text="minutes")).to_be_visible()
    page.get_by_role("combobox", name="From version").click()
    page.get_by_role("option").first.click()
    expect(page.get_by_text("They say the same.")).to_be_visible(timeout=LONG)


def test_how_somebody_signs_is_kept_with_them_and_offered_to_their_runs(
    program: Program, signed_in: Page, complaints: list[str]
) -> None:
    page = signed_in
    page.goto(f"{program.url}/templates")
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("menuitem", name="How I sign").click()
    dialog = page.get_by_role("dialog", name="How I sign")
    dialog.get_by_label("Name").fill("Tomasz Baker")
    dialog.get_by_label("Title").fill("Account Executive")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden(timeout=LONG)

    page.reload()
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("menuitem", name="How I sign").click()
    expect(page.get_by_role("dialog", name="How I sign").get_by_label("Title")).to_have_value("Account Executive")
    page.keyboard.press("Escape")

    page.goto(f"{program.url}/generations/new")
    page.get_by_role("combobox", name="Who signs").click()
    expect(page.get_by_role("option", name="Tomasz Baker, Account Executive")).to_be_visible(timeout=LONG)


def test_now_and_a_batch_stand_side_by_side_and_the_batch_is_what_runs(
    program: Program, signed_in: Page, complaints: list[str]
) -> None:
    page = signed_in
    page.goto(f"{program.url}/generations/new")
    now, batch = page.get_by_role("radio", name="Now"), page.get_by_role("radio", name="As a batch")
    expect(now).to_be_checked()
    expect(now).to_contain_text("$", timeout=LONG)
    expect(batch).to_contain_text("$", timeout=LONG)
    batch.click()
    expect(batch).to_be_checked()
    with page.expect_request(lambda r: r.method == "POST" and "dry_run" not in (r.post_data or "")) as sent:
        page.get_by_role("button", name=re.compile("^Write ")).click()
    assert (sent.value.post_data_json or {})["mode"] == "batch"
    page.wait_for_url(re.compile("/generations/(?!new)"), timeout=LONG)
    # The other tests write to the same people.
    page.get_by_role("button", name="Cancel").click()
    program.wait_until_all_are_written(page)


def test_a_template_is_changed_for_one_run_and_stays_as_it_was(
    program: Program, signed_in: Page, complaints: list[str]
) -> None:
    page = signed_in
    page.goto(f"{program.url}/generations/new")
    page.get_by_role("button", name="Change the template for this run only").click()
    page.get_by_label("What we sell").fill(ONLY_NOW)
    page.get_by_label("Instructions", exact=True).press("Control+End")
    page.get_by_label("Instructions", exact=True).press_sequentially(" Mention the fair.")
    page.get_by_role("group", name="Text 2").get_by_label("Limit").fill("1777")
    expect(page.get_by_text("Changed for this run")).to_be_visible()
    with page.expect_request(lambda r: r.method == "POST" and "dry_run" not in (r.post_data or "")) as sent:
        page.get_by_role("button", name=re.compile("^Write ")).click()
    content = (sent.value.post_data_json or {})["content"]
    assert content["brief"]["product"] == ONLY_NOW
    assert content["system_text"].endswith(" Mention the fair.")
    assert next(text["limit"] for text in content["shape"] if text["number"] == 2) == 1777
    page.wait_for_url(re.compile("/generations/(?!new)"), timeout=LONG)
    expect(page.get_by_role("main").get_by_text("Finished").first).to_be_visible(timeout=LONG)

    stored = page.request.get(f"{program.url}/api/templates").json()["items"]
    assert ONLY_NOW not in str([page.request.get(f"{program.url}/api/templates/{one['id']}").json() for one in stored])


def test_every_run_stands_in_the_list_and_moves_by_itself(
    program: Program, signed_in: Page, complaints: list[str]
) -> None:
    page = signed_in
    page.goto(program.url)
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Runs").click()
    rows = page.get_by_role("table", name="Runs").get_by_role("row")
    expect(rows.nth(1)).to_be_visible(timeout=LONG)
    before = rows.count()
    page.evaluate("window.neverLoadedAgain = true")
    wanted = {"selection": {"filter": {}}, "first": 1, "mode": "live", "instruction": "Short."}
    answer = page.request.post(f"{program.url}/api/generations", data=wanted)
    assert answer.ok, answer.text()
    expect(rows).to_have_count(before + 1, timeout=LONG)
    expect(rows.nth(1)).to_contain_text("with an instruction")
    expect(rows.nth(1)).to_contain_text("Finished", timeout=LONG)
    rows.nth(1).get_by_role("link").click()
    expect(page).to_have_url(re.compile(answer.json()["id"]))
    expect(page.get_by_role("heading", name="Writing sequences")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("navigation", name="Pages").get_by_role("link", name="Runs")).to_have_attribute(
        "data-active", "true"
    )
    assert page.evaluate("window.neverLoadedAgain") is True
