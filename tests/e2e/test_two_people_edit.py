"""Nobody's words are lost: two people on the same texts, a server that is killed, a network that is cut, pages closed midway."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

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
