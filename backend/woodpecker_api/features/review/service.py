"""Deciding on sequences, one or many at a time; each decision is on record with who, when and which version."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.forgetting import Place
from woodpecker_api.errors import AppError, SelectionChangedError, VersionConflictError
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules.forgetting import Person
from woodpecker_api.features.leads.rules.selection import Selection
from woodpecker_api.features.leads.rules.states import LOCKED, LeadStatus
from woodpecker_api.features.review.models import Decision, ReviewDecision
from woodpecker_api.features.review.queries import Rows, by_ids, by_lead_filter, by_leads
from woodpecker_api.features.review.rules import SENTENCES, Standing, kind_of_approval, why_not_approved
from woodpecker_api.features.sequences import service as sequences
from woodpecker_api.features.sequences.errors import BeingWrittenError, NotApprovableError, SequenceLockedError
from woodpecker_api.features.sequences.models import Sequence
from woodpecker_api.features.sequences.rules import Approval, SequenceStatus
from woodpecker_api.kit.hashing import digest
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.changes.service import announce


@dataclass(frozen=True)
class Decided:
    """`changed` sequences by id; `passed_over`: reason → how many; `approval` how they count, when approved."""

    changed: list[str]
    passed_over: dict[str, int]
    approval: Approval | None = None


@dataclass(frozen=True)
class Shown:
    """The versions that the person saw, by sequence id, as far as they are known."""

    versions: Mapping[str, int] = field(default_factory=dict)


def approve(
    db: Session, actor: Actor, selection: Selection, *, kind: Approval | None, seen: Shown, now: datetime
) -> Decided:
    """Approves what can be; the rest is counted by reason. Bulk passes over everything with a flag.

    When only one was chosen and it cannot be approved, raises `NotApprovableError`, `SequenceLockedError` or
    `VersionConflictError`.
    """
    rows = chosen(db, actor, selection, None if selection.ids else SequenceStatus.DRAFT)
    approval = kind_of_approval(kind, by_ids=selection.ids is not None, count=len(rows))
    reasons: Counter[str] = Counter()
    done: Rows = []
    for sequence, lead in rows:
        reason = why_not_approved(_standing(sequence, lead), approval, seen.versions.get(sequence.id))
        if reason is not None:
            if selection.ids is not None and len(rows) == 1:
                _refuse(db, sequence, reason)
            reasons[reason] += 1
            continue
        sequences.approve(actor, sequence, lead, approval=approval, now=now)
        done.append((sequence, lead))
    _record(db, actor, "sequence.approved", done, (Decision.APPROVED, None, approval), now)
    return Decided([sequence.id for sequence, _ in done], dict(reasons), approval)


def reject(db: Session, actor: Actor, selection: Selection, *, reason: str, now: datetime) -> Decided:
    """Sends them back with the reason."""

    def send_back(sequence: Sequence, lead: Lead) -> None:
        sequences.reject(sequence, lead, reason=reason, now=now)

    return _each(db, actor, selection, ("sequence.rejected", Decision.REJECTED, reason), send_back, now)


def take_back(db: Session, actor: Actor, selection: Selection, *, now: datetime) -> Decided:
    """Undoes an approval or a rejection: drafts again."""

    def return_it(sequence: Sequence, lead: Lead) -> None:
        sequences.return_to_draft(sequence, lead, now=now)

    return _each(db, actor, selection, ("sequence.returned", Decision.RETURNED, None), return_it, now)


def edit(
    db: Session, actor: Actor, sequence_id: str, *, version: int, texts: Mapping[int, str], now: datetime
) -> Sequence:
    """As `sequences.edit`; when it undid a decision, that is on record too."""
    return _noting_returns(
        db,
        actor,
        sequence_id,
        now,
        lambda: sequences.edit(db, actor, sequence_id, version=version, texts=texts, now=now),
    )


def restore(db: Session, actor: Actor, sequence_id: str, *, version: int, wanted: int, now: datetime) -> Sequence:
    """As `sequences.restore`; when it undid a decision, that is on record too."""
    return _noting_returns(
        db,
        actor,
        sequence_id,
        now,
        lambda: sequences.restore(db, actor, sequence_id, version=version, wanted=wanted, now=now),
    )


def lead_changed(db: Session, actor: Actor, lead_ids: Iterable[str], now: datetime) -> None:
    """The name or company of these leads changed: what was decided about texts for them is a draft again, checked anew.

    Exported texts stay as they are: they are on record as what was sent.
    """
    returned: Rows = []
    for sequence, lead in by_leads(db, list(lead_ids)):
        if sequence.status == SequenceStatus.EXPORTED or lead.status in LOCKED:
            continue
        if sequence.status != SequenceStatus.DRAFT:
            sequences.return_to_draft(sequence, lead, now=now)
            returned.append((sequence, lead))
        sequences.recheck(db, sequence, lead, now)
    _record(db, actor, "sequence.returned", returned, (Decision.RETURNED, "lead_changed", None), now)


def places(person: Person) -> list[Place]:
    """Where somebody's decision says something of a person: in the reason they gave."""
    theirs = sa.select(Sequence.id).where(Sequence.lead_id.in_(person.lead_ids))
    return [Place(ReviewDecision, ReviewDecision.sequence_id.in_(theirs), {"reason": None})]


def chosen(db: Session, actor: Actor, selection: Selection, status: SequenceStatus | None) -> Rows:
    """The sequences that are meant. Raises `SelectionChangedError` when ids are gone or the count differs."""
    if selection.ids is not None:
        rows = by_ids(db, selection.ids)
        missing = len(set(selection.ids)) - len(rows)
        if missing:
            raise SelectionChangedError(
                f"{missing} of the chosen sequences are gone. Reload the list and choose again."
            )
        return rows
    rows = by_lead_filter(db, selection, status, actor.id or "")
    if selection.expected_count is not None and selection.expected_count != len(rows):
        raise SelectionChangedError(
            f"{len(rows):,} sequences match now, not {selection.expected_count:,}. Look at the list again and repeat.",
            count=len(rows),
        )
    return rows


def _each(
    db: Session,
    actor: Actor,
    selection: Selection,
    what: tuple[str, Decision, str | None],
    decide: Callable[[Sequence, Lead], None],
    now: datetime,
) -> Decided:
    action, decision, reason = what
    rows = chosen(db, actor, selection, None)
    reasons: Counter[str] = Counter()
    done: Rows = []
    for sequence, lead in rows:
        try:
            decide(sequence, lead)
        except (NotApprovableError, SequenceLockedError) as error:
            if len(rows) == 1:
                raise
            reasons[error.code] += 1
        else:
            done.append((sequence, lead))
    _record(db, actor, action, done, (decision, reason, None), now)
    return Decided([sequence.id for sequence, _ in done], dict(reasons))


def _noting_returns(
    db: Session, actor: Actor, sequence_id: str, now: datetime, change: Callable[[], Sequence]
) -> Sequence:
    was = sequences.by_id(db, sequence_id)[0].status
    sequence = change()
    if was in (SequenceStatus.APPROVED, SequenceStatus.REJECTED) and sequence.status == SequenceStatus.DRAFT:
        db.add(_decision(sequence, actor, (Decision.RETURNED, "edited", None), now))
        db.flush()
    return sequence


def _standing(sequence: Sequence, lead: Lead) -> Standing:
    return Standing(
        SequenceStatus(sequence.status),
        sequence.version,
        sequence.blocking_flags,
        sequence.warning_flags,
        lead.status in LOCKED,
        lead.status == LeadStatus.GENERATING,
    )


def _refuse(db: Session, sequence: Sequence, reason: str) -> None:
    """For the only one that was chosen; "already approved" is what was wanted, so no error."""
    sentence = SENTENCES.get(reason)
    if sentence is None:
        return
    if reason == "version_conflict":
        raise VersionConflictError(sentence, current=sequences.shown(db, sequence))
    raise _REFUSALS.get(reason, NotApprovableError)(sentence)


_REFUSALS: dict[str, type[AppError]] = {"export_in_progress": SequenceLockedError, "being_written": BeingWrittenError}


def _record(
    db: Session,
    actor: Actor,
    action: str,
    rows: Iterable[tuple[Sequence, Lead]],
    what: tuple[Decision, str | None, Approval | None],
    now: datetime,
) -> None:
    """A decision for each; one audit line for one, and one line with count and digest for many."""
    done = [sequence for sequence, _ in rows]
    if not done:
        return
    decision, reason, approval = what
    db.add_all([_decision(sequence, actor, what, now) for sequence in done])
    after: dict[str, Any] = {
        "decision": decision.value,
        "reason": reason,
        "approval": approval.value if approval else None,
    }
    if len(done) == 1:
        record(db, actor, action, ("sequence", done[0].id), after={**after, "version": done[0].version})
        announce(db, "sequence", done[0].id)
        announce(db, "lead", done[0].lead_id)
    else:
        versions = {sequence.id: sequence.version for sequence in done}
        after |= {"sequences": versions, "digest": digest(versions)}
        record(db, actor, action, ("sequence", None), after=after, count=len(done))
        announce(db, "sequence", None)
        announce(db, "lead", None)
    db.flush()


def _decision(
    sequence: Sequence, actor: Actor, what: tuple[Decision, str | None, Approval | None], now: datetime
) -> ReviewDecision:
    decision, reason, approval = what
    return ReviewDecision(
        sequence_id=sequence.id,
        version=sequence.version,
        decision=decision,
        approval=approval,
        reason=reason,
        decided_by=actor.id,
        created_at=now,
    )
