"""How an approval counts, and whom a bulk approval passes over."""

from collections.abc import Mapping
from dataclasses import dataclass

from woodpecker_api.features.sequences.rules import Approval, SequenceStatus


@dataclass(frozen=True)
class Standing:
    """What a decision needs to know of a sequence."""

    status: SequenceStatus
    version: int
    blocking_flags: int
    warning_flags: int
    is_locked: bool
    is_being_written: bool = False


def kind_of_approval(asked: Approval | None, *, by_ids: bool, count: int) -> Approval:
    """One that was named was read; many, or whatever matches a filter, were not, unless the person says so."""
    if asked is not None:
        return asked
    return Approval.READ if by_ids and count == 1 else Approval.BULK


def why_not_approved(standing: Standing, approval: Approval, shown_version: int | None) -> str | None:
    """The reason to pass it over; None when it may be approved."""
    reasons = {
        "export_in_progress": standing.is_locked,
        "being_written": standing.is_being_written,
        "already_approved": standing.status is SequenceStatus.APPROVED,
        "exported": standing.status is SequenceStatus.EXPORTED,
        "version_conflict": shown_version is not None and shown_version != standing.version,
        "blocking_flags": standing.blocking_flags > 0,
        "flags": approval is Approval.BULK and standing.warning_flags > 0,
        "rejected": approval is Approval.BULK and standing.status is SequenceStatus.REJECTED,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


SENTENCES: Mapping[str, str] = {
    "export_in_progress": "An export is adding this person right now. Wait until it is over, or cancel it.",
    "being_written": "New texts for this lead are being written. Wait for them, or cancel the run.",
    "exported": "These texts were exported. Edit or regenerate them to make new ones.",
    "version_conflict": "Somebody else changed these texts meanwhile. Look at the present ones first.",
    "blocking_flags": "A blocking flag is open on these texts. Correct what it marks, then approve.",
}
"""What a person is told when the only one they chose cannot be approved."""
