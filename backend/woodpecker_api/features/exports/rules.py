"""States of exports, items, batches and attempts."""

from enum import StrEnum


class ExportStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"


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

CLAIMING = OPEN | {ItemStatus.ADDED, ItemStatus.ALREADY_IN_CAMPAIGN}
"""The address and the campaign belong to this item: no other may add it."""


class BatchStatus(StrEnum):
    """intended: may have gone out; answered: the rows said what happened; settled: we asked; dropped: certainly not sent."""

    INTENDED = "intended"
    ANSWERED = "answered"
    SETTLED = "settled"
    DROPPED = "dropped"


class AttemptStatus(StrEnum):
    SENDING = "sending"
    UNKNOWN = "unknown"
    ADDED = "added"
    ALREADY_IN_CAMPAIGN = "already_in_campaign"
    REJECTED = "rejected"
    FAILED = "failed"
    NOT_SENT = "not_sent"
    """The request certainly did not go out, or was turned away unread (429)."""
