"""Texts that come from outside: from the model, or ready-made from a list."""

from collections.abc import Mapping
from collections.abc import Sequence as Many
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.sequences.models import Sequence, SequenceVersion, Snippet
from woodpecker_api.features.sequences.rules import Author, SequenceStatus, SnippetKind
from woodpecker_api.features.sequences.service.changing import (
    Made,
    NewSnippet,
    clear_decision,
    flag,
    keep_version,
    lead_follows,
    next_version,
    refuse_locked,
    summary,
    tell,
    version_row,
)
from woodpecker_api.features.sequences.service.facts import facts_for, facts_of
from woodpecker_api.features.sequences.service.reading import snippets_of
from woodpecker_api.features.templates import service as templates
from woodpecker_api.features.templates.rules import SnippetShape
from woodpecker_api.features.templates.service import UsedTemplate
from woodpecker_api.kit.ids import new_id
from woodpecker_api.kit.text import clean_cell
from woodpecker_api.system.audit.service import SYSTEM, Actor, record


@dataclass(frozen=True)
class Written:
    """What a run wrote for one lead. `texts` may be some of the snippets only: the others stay as they are."""

    texts: Mapping[int, str]
    template: UsedTemplate
    run_id: str
    sandbox: bool
    instruction: str | None = None
    sender: Mapping[str, Any] | None = field(default=None)
    author_id: str | None = None


@dataclass
class Together:
    """Leads whose texts are stored in one transaction: what they have is read with one statement, what is new of all of them
    is inserted by `write`, with one statement a table."""

    known: dict[str, Sequence] = field(default_factory=dict)
    """By lead."""
    _snippets: list[dict[str, Any]] = field(default_factory=list)
    _versions: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, db: Session, lead_ids: Many[str]) -> "Together":
        found = db.scalars(sa.select(Sequence).where(Sequence.lead_id.in_(lead_ids)))
        return cls({one.lead_id: one for one in found})

    def add(self, snippets: Many[NewSnippet], version: dict[str, Any]) -> None:
        self._snippets += [snippet.row() for snippet in snippets]
        self._versions.append(version)

    def write(self, db: Session) -> None:
        """To be called before the transaction ends."""
        db.flush()  # the sequences, to which the rows refer
        # Straight into the tables: the session would keep a record of each row, and nobody asks for them again.
        tables: tuple[tuple[Any, list[dict[str, Any]]], ...] = (
            (Snippet.__table__, self._snippets),
            (SequenceVersion.__table__, self._versions),
        )
        for table, rows in tables:
            if rows:
                db.connection().execute(sa.insert(table), rows)
                rows.clear()


def store_generated(
    db: Session, lead: Lead, written: Written, now: datetime, together: Together | None = None
) -> Sequence:
    """The lead's sequence with the new texts as its next version, a draft, flagged. Earlier versions stay. The caller tells
    the pages.

    `together`: this lead is one of several, and the caller writes what is new. Raises `SequenceLockedError` while an export
    holds the lead.
    """
    refuse_locked(lead)
    shared = together if together is not None else Together.of(db, [lead.id])
    present = shared.known.get(lead.id)
    before = summary(present) if present else None
    with db.no_autoflush:
        if present is None:
            sequence = _store_first(db, lead, written, now, shared)
        else:
            sequence = present
            _store_next(db, sequence, lead, written, now)
        lead_follows(sequence, lead, now)
    if together is None:
        shared.write(db)
    record(db, SYSTEM, "sequence.generated", ("sequence", sequence.id), before=before, after=dict(summary(sequence)))
    return sequence


def _store_first(db: Session, lead: Lead, written: Written, now: datetime, shared: Together) -> Sequence:
    content = written.template.content
    sequence = _new(lead, now, sandbox=written.sandbox, version=1)
    _made_by(sequence, written, now)
    texts = {number: clean_cell(text) for number, text in sorted(written.texts.items())}
    snippets = [NewSnippet(**_values(sequence.id, number, text, content.shape)) for number, text in texts.items()]
    facts = facts_of(lead, content.brief, written.sender, written.instruction or "")
    sequence.blocking_flags, sequence.warning_flags = flag(snippets, content.shape, facts, by_model=True)
    db.add(sequence)
    made = Made(Author.MODEL, written.author_id, written.instruction)
    shared.add(snippets, version_row(sequence, snippets, made, now))
    return sequence


def _store_next(db: Session, sequence: Sequence, lead: Lead, written: Written, now: datetime) -> None:
    present = {snippet.number: snippet for snippet in snippets_of(db, sequence.id)}
    asked = facts_for(db, sequence, lead).extra
    facts = facts_of(lead, written.template.content.brief, written.sender, f"{asked}\n{written.instruction or ''}")
    _take_over(db, sequence, present, written, now)
    snippets = [present[number] for number in sorted(present)]
    sequence.edited = any(snippet.text != snippet.original_text for snippet in snippets)
    shape = written.template.content.shape
    sequence.blocking_flags, sequence.warning_flags = flag(snippets, shape, facts, by_model=not sequence.edited)
    next_version(db, sequence, snippets, Made(Author.MODEL, written.author_id, written.instruction), now)


def _made_by(sequence: Sequence, written: Written, now: datetime) -> None:
    sequence.template_version_id = written.template.version_id
    sequence.generation_run_id = written.run_id
    sequence.sender = dict(written.sender) if written.sender else None
    sequence.updated_at = now


def _take_over(db: Session, sequence: Sequence, present: dict[int, Snippet], written: Written, now: datetime) -> None:
    """The new texts into `present`, which holds the snippets by number."""
    texts = {number: clean_cell(text) for number, text in written.texts.items()}
    is_partial = bool(present) and set(texts) < set(written.template.content.by_number)
    sequence.sandbox = written.sandbox or (is_partial and sequence.sandbox)
    _made_by(sequence, written, now)
    _replace(db, sequence, present, texts, written.template.content.shape, is_partial=is_partial)


def store_imported(db: Session, actor: Actor, lead: Lead, texts: Mapping[int, str], now: datetime) -> Sequence | None:
    """Ready-made texts of a list become a draft of their own. None when there is nothing to store, or when the lead has texts
    already: what a list brings never replaces them.
    """
    brought = {number: clean_cell(text) for number, text in texts.items() if clean_cell(text)}
    if not brought or db.scalar(sa.select(Sequence.id).where(Sequence.lead_id == lead.id)):
        return None
    used = templates.for_new_run(db, None, now)
    sequence = _new(lead, now, sandbox=False, version=1)
    db.add(sequence)
    db.flush()
    sequence.template_version_id = used.version_id
    # Gaps of the template are stored empty: they block the approval and can be written or generated.
    shape = used.content.shape
    wanted = {**dict.fromkeys(used.content.by_number, ""), **brought}
    snippets = [_snippet(sequence.id, number, text, shape) for number, text in sorted(wanted.items())]
    db.add_all(snippets)
    for snippet in snippets:
        snippet.original_text = snippet.text
    keep_version(db, sequence, snippets, Made(Author.IMPORT, actor.id), now)
    facts = facts_of(lead, used.content.brief, extra="\n".join(brought.values()))
    sequence.blocking_flags, sequence.warning_flags = flag(snippets, shape, facts, by_model=True)
    lead_follows(sequence, lead, now)
    record(db, actor, "sequence.imported", ("sequence", sequence.id), after=dict(summary(sequence)))
    tell(db, sequence)
    return sequence


def _new(lead: Lead, now: datetime, *, sandbox: bool, version: int) -> Sequence:
    sequence = Sequence(
        id=new_id(),
        lead_id=lead.id,
        status=SequenceStatus.DRAFT,
        version=version,
        sandbox=sandbox,
        blocking_flags=0,
        warning_flags=0,
        edited=False,
        created_at=now,
        updated_at=now,
    )
    clear_decision(sequence)
    return sequence


def _replace(
    db: Session,
    sequence: Sequence,
    present: dict[int, Snippet],
    texts: Mapping[int, str],
    shape: Many[SnippetShape],
    *,
    is_partial: bool,
) -> None:
    """A full answer also removes numbers that the template no longer has."""
    for number, text in texts.items():
        if number in present:
            present[number].text = present[number].original_text = text
        else:
            present[number] = _snippet(sequence.id, number, text, shape)
            db.add(present[number])
    for one in shape:
        if one.number in present:
            present[one.number].kind, present[one.number].day = one.kind.value, one.day
    if not is_partial:
        for number in set(present) - set(texts):
            db.delete(present.pop(number))


def _snippet(sequence_id: str, number: int, text: str, shape: Many[SnippetShape]) -> Snippet:
    return Snippet(**_values(sequence_id, number, text, shape))


def _values(sequence_id: str, number: int, text: str, shape: Many[SnippetShape]) -> dict[str, Any]:
    known = next((one for one in shape if one.number == number), None)
    last_day = shape[-1].day if shape else 1
    return {
        "sequence_id": sequence_id,
        "number": number,
        "kind": known.kind.value if known else SnippetKind.EMAIL.value,
        "day": known.day if known else last_day,
        "text": text,
        "original_text": text,
        "flags": [],
    }
