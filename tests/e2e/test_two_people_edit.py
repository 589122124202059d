"""Nobody's words are lost: two people on the same texts, a server that is killed, a network that is cut, pages closed midway."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browser import LONG
from tests.e2e.editing_lab import EditingLab, Plan
from tests.e2e.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_no_edit_is_lost_and_none_is_overwritten_unseen(browser: Browser, tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        ids = server.fill(drafts=20, people=2)
        server.start()
        report = EditingLab(server, browser, ids, Plan(seconds=20, kills=3, cuts=5, reloads=2)).run()
    assert report.edits >= 20
    assert report.lost == []


def test_the_last_keys_before_a_page_is_left_come_back_though_its_database_had_no_time(
    browser: Browser, tmp_path: Path
) -> None:
    with Server(tmp_path) as server:
        server.fill(drafts=1, people=1)
        server.start()
        page = server.open_page(browser, 0)
        saves = page.context
        saves.route(
            "**/api/sequences/*", lambda route: route.abort() if route.request.method == "PATCH" else route.fallback()
        )
        page.goto(f"{server.url}/review")
        page.evaluate("() => { IDBObjectStore.prototype.put = () => { throw new Error('no time') } }")
        box = page.locator("section > textarea").first
        box.press_sequentially("In haste: ")
        words = box.input_value()
        page.goto(f"{server.url}/review")
        expect(page.locator("section > textarea").first).to_have_value(words)
        saves.unroute_all()
        expect(page.get_by_text("Everything is saved")).to_be_visible(timeout=LONG)
        page.evaluate("indexedDB.deleteDatabase('woodpecker')")
        page.goto(f"{server.url}/review")
        expect(page.locator("section > textarea").first).to_have_value(words)
        assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('woodpecker-left'))") == []
