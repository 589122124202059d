"""Woodpecker is away, and somebody imports the CSV there by hand: the record learns of it by two clicks, and nobody is sent again."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.builders import PASSWORD, a_campaign, a_lead, a_sequence, a_template, a_user, an_account, an_export, an_item
from tests.e2e.browser import LONG, Program, picture
from tests.e2e.server import Server
from woodpecker_api.config import Settings
from woodpecker_api.features.exports.rules import ExportStatus
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.wiring.program import build

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
MANAGER = "person0@team.example"
NAMES = ("Ann", "Ben", "Chloe")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path) as server:
        yield server


def test_who_was_imported_by_hand_counts_as_added_and_is_not_sent_again(
    server: Server, page: Page, complaints: list[str], tmp_path: Path
) -> None:
    export = _standing_still(server)
    server.start()
    Program(server.url, MANAGER, PASSWORD).sign_in(page)
    page.goto(f"{server.url}/exports/{export}")
    outcome = page.get_by_role("group", name="People by outcome")
    expect(outcome).to_contain_text(re.compile(r"3\s*Waiting"), timeout=LONG)

    page.get_by_role("button", name="Done by hand…").click()
    dialog = page.get_by_role("dialog", name="Done by hand")
    with page.expect_download() as download:
        dialog.get_by_role("link", name="CSV for Woodpecker").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"), newline="")))
    assert {row["first_name"] for row in rows} == set(NAMES)
    # Woodpecker took two of the three.
    imported = tmp_path / "imported.csv"
    imported.write_text("Email\n" + "\n".join(row["email"] for row in rows if row["first_name"] != "Ben"))
    dialog.get_by_label("Only those in a file").check()
    dialog.locator("input[type=file]").set_input_files(imported)
    expect(dialog.get_by_text("2 addresses found in it.")).to_be_visible()
    picture(page, "done-by-hand")
    dialog.get_by_role("button", name="They are in the campaign").click()
    expect(outcome).to_contain_text(re.compile(r"2\s*Added"), timeout=LONG)
    expect(outcome).to_contain_text(re.compile(r"1\s*Waiting"))

    page.get_by_role("button", name="Done by hand…").click()
    dialog.get_by_label("All 1 person who wait or failed").check()
    dialog.get_by_role("button", name="They are in the campaign").click()
    expect(outcome).to_contain_text(re.compile(r"3\s*Added"), timeout=LONG)
    expect(page.get_by_role("button", name="Done by hand…")).to_have_count(0)
    history = page.request.get(f"{server.url}/api/history").json()["items"]
    assert sorted(row["email"] for row in history) == sorted(row["email"] for row in rows)


def _standing_still(server: Server) -> str:
    """An export of three people that somebody paused before the first was sent."""
    program = build(Settings.model_validate(server.environment()))
    try:
        with program.database.writing() as db:
            user = a_user(db, email=MANAGER, role=Role.MANAGER)
            campaign = a_campaign(db, account=an_account(db, sandbox=True), name="An outage", status="PAUSED")
            export = an_export(db, campaign=campaign, by=user, status=ExportStatus.PAUSED, reason="by_user")
            template = a_template(db)
            for name in NAMES:
                lead = a_lead(db, first_name=name, sandbox=True)
                sequence = a_sequence(
                    db, lead=lead, template=template, by=user, status=SequenceStatus.APPROVED, sandbox=True
                )
                an_item(db, export=export, sequence=sequence)
            return export.id
    finally:
        program.close()
