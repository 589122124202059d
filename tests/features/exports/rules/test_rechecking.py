"""The last look."""

from dataclasses import replace

import pytest

from woodpecker_api.features.exports.rules.machine import Event
from woodpecker_api.features.exports.rules.rechecking import ExportBar, Recheck, bar_for, recheck

FINE = Recheck(
    lead_live=True,
    same_address=True,
    suppressed=False,
    sequence_status_ok=True,
    same_version=True,
    sandbox=False,
    real=True,
    member=False,
    person_status="ACTIVE",
)


def test_who_is_as_planned_goes_out():
    assert recheck(FINE) is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"member": True}, (Event.KNOWN_MEMBER, "known_member")),
        ({"lead_live": False}, (Event.WITHDRAWN, "lead_deleted")),
        ({"same_address": False}, (Event.WITHDRAWN, "address_changed")),
        ({"suppressed": True}, (Event.WITHDRAWN, "do_not_contact")),
        ({"person_status": "BLACKLISTED"}, (Event.WITHDRAWN, "do_not_contact")),
        ({"person_status": "REPLIED"}, (Event.WITHDRAWN, "replied")),
        ({"person_status": "BOUNCED"}, (Event.WITHDRAWN, "bounced")),
        ({"same_version": False}, (Event.WITHDRAWN, "edited_after_approval")),
        ({"sequence_status_ok": False}, (Event.WITHDRAWN, "not_approved")),
        ({"sandbox": True}, (Event.WITHDRAWN, "sandbox_text")),
    ],
    ids=str,
)
def test_who_changed_since_the_plan_is_kept_out(change: dict[str, object], expected: tuple[Event, str]):
    assert recheck(replace(FINE, **change)) == expected  # type: ignore[arg-type]


def test_sandbox_texts_stay_in_the_sandbox():
    assert recheck(replace(FINE, sandbox=True, real=False)) is None


@pytest.mark.parametrize(
    ("confirmed", "now", "bar"),
    [
        ("DRAFT", "DRAFT", None),
        ("DRAFT", "EDITED", None),
        ("RUNNING", "COMPLETED", None),
        ("COMPLETED", "RUNNING", None),
        ("DRAFT", "RUNNING", ExportBar.CAMPAIGN_CHANGED),
        ("RUNNING", "PAUSED", ExportBar.CAMPAIGN_CHANGED),
        ("RUNNING", "STOPPED", ExportBar.CAMPAIGN_CHANGED),
        ("STOPPED", "STOPPED", ExportBar.CAMPAIGN_CHANGED),
    ],
)
def test_an_export_goes_on_while_the_status_means_what_was_confirmed(confirmed: str, now: str, bar: ExportBar | None):
    assert bar_for(held=False, gone=False, status=now, confirmed_status=confirmed) is bar


def test_a_hold_comes_before_everything_and_a_campaign_that_is_gone_before_its_status():
    assert bar_for(held=True, gone=True, status="X", confirmed_status="DRAFT") is ExportBar.SENDING_HELD
    assert bar_for(held=False, gone=True, status="RUNNING", confirmed_status="RUNNING") is ExportBar.CAMPAIGN_GONE
