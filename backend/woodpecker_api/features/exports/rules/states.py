"""States of exports, items, batches and attempts."""

from enum import StrEnum


class ExportStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"


ACTIVE = frozenset({ExportStatus.QUEUED, ExportStatus.RUNNING})
"""The account's loop may send for these."""

ENDED = frozenset({ExportStatus.COMPLETED, ExportStatus.CANCELLED, ExportStatus.FAILED})


class ItemStatus(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ADDED = "added"
    ALREADY_IN_CAMPAIGN = "already_in_campaign"
    REJECTED = "rejected"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


OPEN = frozenset({ItemStatus.QUEUED, ItemStatus.SENDING, ItemStatus.UNKNOWN})
"""Not decided yet: the person cannot be in a second export meanwhile."""

IN_FLIGHT = frozenset({ItemStatus.SENDING, ItemStatus.UNKNOWN})
"""A request may have gone out for it."""

CLAIMING = OPEN | {ItemStatus.ADDED, ItemStatus.ALREADY_IN_CAMPAIGN}
"""The address and the campaign belong to this item: no other may add it."""


class BatchStatus(StrEnum):
    """What is known of a written intent."""

    INTENDED = "intended"
    """May have gone out; nobody has written down an outcome."""
    UNCLEAR = "unclear"
    """Went out, and for some of its people nobody knows what came of it."""
    ANSWERED = "answered"
    """The answer's rows said what happened to everybody."""
    SETTLED = "settled"
    """We asked, and now know."""
    DROPPED = "dropped"
    """Certainly not sent, or turned away unread."""


UNSETTLED = frozenset({BatchStatus.INTENDED, BatchStatus.UNCLEAR})


class AttemptStatus(StrEnum):
    SENDING = "sending"
    UNKNOWN = "unknown"
    ADDED = "added"
    ALREADY_IN_CAMPAIGN = "already_in_campaign"
    REJECTED = "rejected"
    FAILED = "failed"
    NOT_SENT = "not_sent"
    """The request certainly did not go out, or was turned away unread (429)."""
    NOT_APPLIED = "not_applied"
    """It may have gone out, but Woodpecker was asked twice and has nothing of it."""


class RemovalCause(StrEnum):
    """Why a person is taken out of a campaign at Woodpecker."""

    TAKE_BACK = "take_back"
    DO_NOT_CONTACT = "do_not_contact"


class RemovalStatus(StrEnum):
    """`waiting` until Woodpecker was asked and does not have the person there any more; it is never given up."""

    WAITING = "waiting"
    DONE = "done"
