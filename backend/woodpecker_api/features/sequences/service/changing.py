"""What every change of a sequence has in common: the lock, the flags, the next version, the lead that follows."""

from collections.abc import Mapping
from collections.abc import Sequence as Many
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules.states import LOCKED, LeadStatus, may_become
from woodpecker_api.features.sequences.errors import BeingWrittenError, SequenceLockedError
from woodpecker_api.features.sequences.models import Sequence, SequenceVersion, Snippet
from woodpecker_api.features.sequences.rules import (
    Author,
    Facts,
    SequenceStatus,
    check_texts,
    counts,
    status_after_change,
)
from woodpecker_api.features.templates.rules import SnippetKind, SnippetShape, Unit
from woodpecker_api.system.changes.service import announce

LEAD_STATUS = {
    SequenceStatus.DRAFT: LeadStatus.DRAFTED,
    SequenceStatus.APPROVED: LeadStatus.APPROVED,
    SequenceStatus.REJECTED: LeadStatus.REJECTED,
    SequenceStatus.EXPORTED: LeadStatus.EXPORTED,
}
ANY_LENGTH = 10_000


@dataclass(slots=True)
class NewSnippet:
    """A snippet on its way into its table: of a thousand leads these are seven thousand, and as records of the session they
    were the dearest part of storing."""

    sequence_id: str
    number: int
    kind: str
    day: int
    text: str
    original_text: str
    flags: list[dict[str, Any]]

    def row(self) -> dict[str, Any]:
        # Not `asdict`, which copies every flag: that was a twelfth of a lead's time.
        return {name: getattr(self, name) for name in _COLUMNS}


_COLUMNS = tuple(column.name for column in fields(NewSnippet))

AnySnippet = Snippet | NewSnippet


@dataclass(frozen=True)
class Made:
    """Who made a version, and what they asked for."""

    author: Author
    author_id: str | None = None
    instruction: str | None = None


def refuse_locked(lead: Lead) -> None:
    if lead.status in LOCKED:
        raise SequenceLockedError("An export is adding this person right now. Wait until it is over, or cancel it.")


def refuse_being_written(lead: Lead) -> None:
    """Nothing a person writes or decides may be replaced by an answer that is on its way."""
    if lead.status == LeadStatus.GENERATING:
        raise BeingWrittenError("New texts for this lead are being written. Wait for them, or cancel the run.")


def flag(snippets: Many[AnySnippet], shape: Many[SnippetShape], facts: Facts, *, by_model: bool) -> tuple[int, int]:
    """Checks all texts, stores the flags on the snippets, gives back (blocking, warning)."""
    texts = {snippet.number: snippet.text for snippet in snippets}
    originals = None if by_model else {snippet.number: snippet.original_text for snippet in snippets}
    found = check_texts(texts, shape_for(snippets, shape), facts, originals)
    for snippet in snippets:
        snippet.flags = [one.as_json() for one in found[snippet.number]]
    return counts([snippet.flags for snippet in snippets])


def shape_for(snippets: Many[AnySnippet], shape: Many[SnippetShape]) -> list[SnippetShape]:
    """The template's shape for these snippets; a number that it does not know may be of any length."""
    known = {one.number: one for one in shape}
    return [known.get(snippet.number) or unknown_shape(snippet) for snippet in snippets]


def unknown_shape(snippet: AnySnippet) -> SnippetShape:
    kind, size = SnippetKind(snippet.kind), (Unit.CHARACTERS, 1, ANY_LENGTH, ANY_LENGTH)
    return SnippetShape(snippet.number, kind, snippet.day, "", *size)


def next_version(db: Session, sequence: Sequence, snippets: Many[AnySnippet], made: Made, now: datetime) -> None:
    """Counts up, keeps the texts as a version, and makes a draft of what was decided on other words."""
    sequence.version += 1
    keep_version(db, sequence, snippets, made, now)
    sequence.status = status_after_change(SequenceStatus(sequence.status))
    clear_decision(sequence)
    sequence.updated_at = now


def keep_version(db: Session, sequence: Sequence, snippets: Many[AnySnippet], made: Made, now: datetime) -> None:
    db.add(SequenceVersion(**version_row(sequence, snippets, made, now)))


def version_row(sequence: Sequence, snippets: Many[AnySnippet], made: Made, now: datetime) -> dict[str, Any]:
    """The texts as they are, for the table of versions."""
    return {
        "sequence_id": sequence.id,
        "version": sequence.version,
        "author": made.author,
        "author_id": made.author_id,
        "template_version_id": sequence.template_version_id,
        "instruction": made.instruction,
        "sandbox": sequence.sandbox,
        "snippets": [snippet_json(snippet) for snippet in snippets],
        "created_at": now,
    }


def snippet_json(snippet: AnySnippet) -> dict[str, Any]:
    """As versions keep it. `original_text` only where a person changed the words."""
    kept = {"number": snippet.number, "kind": snippet.kind, "day": snippet.day, "text": snippet.text}
    if snippet.original_text != snippet.text:
        kept["original_text"] = snippet.original_text
    return kept


def clear_decision(sequence: Sequence) -> None:
    sequence.approved_by = sequence.approved_at = sequence.approved_version = sequence.approval = None
    sequence.rejected_reason = None


def lead_follows(sequence: Sequence, lead: Lead, now: datetime) -> None:
    """The lead says what its sequence says."""
    target = LEAD_STATUS[SequenceStatus(sequence.status)]
    if may_become(LeadStatus(lead.status), target):
        lead.status, lead.updated_at = target, now


def tell(db: Session, sequence: Sequence) -> None:
    db.flush()
    announce(db, "sequence", sequence.id)
    announce(db, "lead", sequence.lead_id)


def summary(sequence: Sequence) -> Mapping[str, Any]:
    """For audit lines: no texts, which live in the versions."""
    return {"status": sequence.status, "version": sequence.version, "blocking": sequence.blocking_flags}
