"""Approve, reject, take back: the verbs that `review` uses, one sequence at a time. Audit lines are written by the caller."""

from datetime import datetime

from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.sequences.errors import NotApprovableError
from woodpecker_api.features.sequences.models import Sequence
from woodpecker_api.features.sequences.rules import Approval, SequenceStatus, may_become
from woodpecker_api.features.sequences.service.changing import (
    clear_decision,
    lead_follows,
    refuse_being_written,
    refuse_locked,
)
from woodpecker_api.system.audit.service import Actor


def approve(actor: Actor, sequence: Sequence, lead: Lead, *, approval: Approval, now: datetime) -> None:
    """Approves the texts as they stand; what is approved stays as it is.

    Raises `NotApprovableError` for blocking flags or a state that allows none, `SequenceLockedError`, `BeingWrittenError`.
    """
    if sequence.status == SequenceStatus.APPROVED:
        return
    refuse_locked(lead)
    refuse_being_written(lead)
    if sequence.blocking_flags:
        raise NotApprovableError("A blocking flag is open on these texts. Correct what it marks, then approve.")
    _move(sequence, SequenceStatus.APPROVED, "These texts were exported. Edit or regenerate them to make new ones.")
    sequence.version += 1
    clear_decision(sequence)
    sequence.approved_by, sequence.approved_at = actor.id, now
    sequence.approved_version, sequence.approval = sequence.version, approval
    _follow(sequence, lead, now)


def reject(sequence: Sequence, lead: Lead, *, reason: str, now: datetime) -> None:
    """Raises `NotApprovableError` for exported texts, and `SequenceLockedError`."""
    refuse_locked(lead)
    _move(sequence, SequenceStatus.REJECTED, "These texts were exported; they cannot be sent back any more.")
    sequence.version += 1
    clear_decision(sequence)
    sequence.rejected_reason = reason
    _follow(sequence, lead, now)


def return_to_draft(sequence: Sequence, lead: Lead, *, now: datetime) -> None:
    """Takes an approval or a rejection back. Raises `NotApprovableError` for exported texts, and `SequenceLockedError`."""
    refuse_locked(lead)
    if sequence.status == SequenceStatus.EXPORTED:
        raise NotApprovableError("These texts were exported; the approval cannot be taken back any more.")
    sequence.status = SequenceStatus.DRAFT
    sequence.version += 1
    clear_decision(sequence)
    _follow(sequence, lead, now)


def _move(sequence: Sequence, target: SequenceStatus, sentence: str) -> None:
    status = SequenceStatus(sequence.status)
    if status is SequenceStatus.EXPORTED or not may_become(status, target):
        raise NotApprovableError(sentence)
    sequence.status = target


def _follow(sequence: Sequence, lead: Lead, now: datetime) -> None:
    sequence.updated_at = now
    lead_follows(sequence, lead, now)
