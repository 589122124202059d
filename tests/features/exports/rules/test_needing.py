"""What stands on Home, and what passes by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from woodpecker_api.features.exports.rules.needing import Button, Need, Standing, need_of
from woodpecker_api.features.exports.rules.states import ExportStatus

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
FINE = Standing(ExportStatus.RUNNING, None, NOW, failed=0, oldest_in_flight_at=None)
LONG_AGO = NOW - timedelta(minutes=16)


@pytest.mark.parametrize(
    "standing",
    [
        FINE,
        replace(FINE, reason="vendor_unreachable"),
        replace(FINE, oldest_in_flight_at=NOW - timedelta(minutes=14)),
        replace(FINE, status=ExportStatus.PAUSED, reason="by_user", last_moved_at=LONG_AGO),
        replace(FINE, status=ExportStatus.COMPLETED, last_moved_at=LONG_AGO),
    ],
)
def test_what_passes_by_itself_needs_nobody(standing: Standing):
    assert need_of(standing, NOW) is None


@pytest.mark.parametrize(
    ("standing", "need"),
    [
        (
            replace(FINE, status=ExportStatus.PAUSED, reason="vendor_key_refused"),
            Need("vendor_key_refused", Button.RESUME),
        ),
        (replace(FINE, oldest_in_flight_at=LONG_AGO), Need("checking_too_long", Button.LOOK)),
        (replace(FINE, last_moved_at=LONG_AGO), Need("not_getting_on", Button.DOWNLOAD)),
        (replace(FINE, last_moved_at=LONG_AGO, reason="vendor_fault"), Need("vendor_fault", Button.DOWNLOAD)),
        (replace(FINE, status=ExportStatus.COMPLETED, failed=2), Need("people_failed", Button.RETRY)),
        (replace(FINE, status=ExportStatus.FAILED, failed=2), Need("people_failed", Button.DOWNLOAD)),
    ],
)
def test_what_does_not_pass_has_a_cause_and_one_button(standing: Standing, need: Need):
    assert need_of(standing, NOW) == need
