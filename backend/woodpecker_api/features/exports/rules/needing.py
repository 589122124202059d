"""When something that should pass has not: how old each passing state may grow before a person has to look."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from woodpecker_api.features.exports.rules.states import ACTIVE, ExportStatus

CHECKING_AT_MOST = timedelta(minutes=15)
"""Settling takes some four minutes; three times that, with a vendor that is slow, is no accident any more."""
STANDING_AT_MOST = timedelta(minutes=15)
LEAVING_AT_MOST = timedelta(hours=1)


class Button(StrEnum):
    """The one thing that helps."""

    RESUME = "resume"
    RETRY = "retry"
    DOWNLOAD = "download_csv"
    LOOK = "look"


@dataclass(frozen=True)
class Standing:
    """An export as it stands: how many of it need somebody, and since when nothing came of it."""

    status: ExportStatus
    reason: str | None
    last_moved_at: datetime
    failed: int
    oldest_in_flight_at: datetime | None


@dataclass(frozen=True)
class Need:
    """`cause` is a stable code: the export's own reason where it has one."""

    cause: str
    button: Button


def need_of(standing: Standing, now: datetime) -> Need | None:
    """What a person has to do about this export, the most urgent first; None when it passes by itself."""
    if standing.status is ExportStatus.PAUSED and standing.reason == "vendor_changed":
        # Going on would be refused while sending is held; the list can be imported by hand meanwhile.
        return Need("vendor_changed", Button.DOWNLOAD)
    if standing.status is ExportStatus.PAUSED and standing.reason not in (None, "by_user"):
        return Need(standing.reason or "paused", Button.RESUME)
    if standing.oldest_in_flight_at is not None and now - standing.oldest_in_flight_at > CHECKING_AT_MOST:
        return Need("checking_too_long", Button.LOOK)
    if standing.status in ACTIVE and now - standing.last_moved_at > STANDING_AT_MOST:
        return Need(standing.reason or "not_getting_on", Button.DOWNLOAD)
    if standing.failed:
        return Need("people_failed", Button.RETRY if standing.status is not ExportStatus.FAILED else Button.DOWNLOAD)
    return None
