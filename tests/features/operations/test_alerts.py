"""What deserves an alert, and how often somebody is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOON
from woodpecker_api.features.operations.rules.alerts import (
    CODES,
    Alert,
    Known,
    News,
    Severity,
    Signals,
    Telling,
    find_alerts,
    step,
    untold,
)

WELL = Signals(at=NOON, newest_backup=NOON - timedelta(hours=10), backups_since=NOON - timedelta(days=90))
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def test_all_is_well_when_nothing_is_the_matter() -> None:
    assert find_alerts(WELL) == []
    assert find_alerts(Signals(at=NOON)) == []


@pytest.mark.parametrize(
    ("changed", "code", "severity"),
    [
        ({"database_answers": False}, "database", "critical"),
        ({"disk_free_share": 0.10}, "disk", "warning"),
        ({"disk_free_share": 0.05}, "disk", "critical"),
        ({"stalled_queues": {"imports": 5.0, "accounts": 61.0}}, "queue_stalled", "critical"),
        ({"oldest_unknown": NOON - timedelta(minutes=16)}, "export_unknown", "critical"),
        ({"newest_backup": NOON - timedelta(hours=27)}, "backup_late", "critical"),
        ({"newest_backup": None}, "backup_late", "critical"),
        ({"crashes": 3}, "restart_loop", "critical"),
        ({"troubled_exports": {"Spring": "woodpecker_unavailable"}}, "vendor_trouble", "warning"),
        ({"held": "restored"}, "sending_held", "warning"),
    ],
)
def test_each_trouble_has_an_alert_that_says_what_to_do(changed: dict[str, object], code: str, severity: str) -> None:
    [alert] = find_alerts(replace(WELL, **changed))  # type: ignore[arg-type]
    assert (alert.code, alert.severity) == (code, severity)
    assert alert.message.endswith((".", "?", "doctor", "--free", "create"))


@pytest.mark.parametrize(
    "changed",
    [
        {"disk_free_share": 0.11},
        {"stalled_queues": {"imports": 60.0}},
        {"oldest_unknown": NOON - timedelta(minutes=15)},
        {"newest_backup": NOON - timedelta(hours=26)},
        {"newest_backup": None, "backups_since": NOON - timedelta(hours=20)},
        {"newest_backup": None, "backups_since": None},
        {"crashes": 2},
    ],
)
def test_what_passes_by_itself_wakes_nobody(changed: dict[str, object]) -> None:
    assert find_alerts(replace(WELL, **changed)) == []  # type: ignore[arg-type]


def test_every_code_is_found_by_a_rule() -> None:
    worst = Signals(
        at=NOON,
        database_answers=False,
        stalled_queues={"default": 999.0},
        oldest_unknown=NOON - HOUR,
        troubled_exports={"A": "x", "B": "y"},
        held="restored",
        backups_since=NOON - timedelta(days=9),
        disk_free_share=0.01,
        crashes=9,
    )
    found = find_alerts(worst)
    assert sorted(alert.code for alert in found) == sorted(CODES)
    severities = [alert.severity for alert in found]
    assert severities == sorted(severities, key=lambda severity: severity is not Severity.CRITICAL)
    assert any("A and 1 more" in alert.message for alert in found)


URGENT = Alert("disk", Severity.CRITICAL, "Full.")
MILD = Alert("sending_held", Severity.WARNING, "Held.")


def _told(hours_ago: float, **values: object) -> dict[str, Known]:
    return {"disk": replace(Known(NOON - timedelta(days=2), NOON - timedelta(hours=hours_ago)), **values)}  # type: ignore[arg-type]


def test_a_new_alert_is_told_once() -> None:
    known, tellings = step([URGENT, MILD], {}, NOON)
    assert tellings == [Telling("disk", News.BEGAN), Telling("sending_held", News.BEGAN)]
    assert step([URGENT, MILD], known, NOON + MINUTE) == (known, [])


def test_what_lasts_is_told_again_after_six_hours_or_a_day() -> None:
    assert step([URGENT], _told(5.9), NOON)[1] == []
    assert step([URGENT], _told(6), NOON)[1] == [Telling("disk", News.LASTS)]
    mild = {"sending_held": Known(NOON - timedelta(days=2), NOON - timedelta(hours=23))}
    assert step([MILD], mild, NOON)[1] == []
    assert step([MILD], mild, NOON + HOUR)[1] == [Telling("sending_held", News.LASTS)]


def test_the_end_is_told_once_and_forgotten_after_an_hour() -> None:
    known, tellings = step([], _told(1), NOON)
    assert tellings == [Telling("disk", News.OVER)]
    assert step([], known, NOON + MINUTE) == (known, [])
    assert step([], known, NOON + HOUR) == ({}, [])


def test_what_flaps_is_not_told_each_time() -> None:
    known, _ = step([], _told(1), NOON)
    known, tellings = step([URGENT], known, NOON + 10 * MINUTE)
    assert tellings == []
    assert known["disk"].since == NOON - timedelta(days=2)


def test_nobody_reached_means_that_it_is_tried_again() -> None:
    known, tellings = step([URGENT], {}, NOON)
    known = untold(known, tellings)
    assert step([URGENT], known, NOON + MINUTE)[1] == [Telling("disk", News.BEGAN)]


def test_an_end_is_not_told_to_those_who_never_heard_of_the_beginning() -> None:
    known = untold(*step([URGENT], {}, NOON))
    assert step([], known, NOON + MINUTE)[1] == []
