"""Texts that come from outside: from the model, or ready-made from a list."""

from collections.abc import Mapping
from collections.abc import Sequence as Many
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.sequences.models import Sequence, Snippet
from woodpecker_api.features.sequences.rules import Author, SequenceStatus, SnippetKind
from woodpecker_api.features.sequences.service.changing import (
    Made,
    clear_decision,
    flag,
    keep_version,
    lead_follows,
    next_version,
    refuse_locked,
    summary,
    tell,
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


def sequences_of(db: Session, lead_ids: Many[str]) -> dict[str, Sequence]:
    """By lead, for `store_generated`: those of some leads with one statement."""
    return {one.lead_id: one for one in db.scalars(sa.select(Sequence).where(Sequence.lead_id.in_(lead_ids)))}


def store_generated(
    db: Session, lead: Lead, written: Written, now: datetime, known: Mapping[str, Sequence] | None = None
) -> Sequence:
    """The lead's sequence with the new texts as its next version, a draft, flagged. Earlier versions stay. The caller tells
    the pages, and the session writes when it likes: of many leads in one transaction all rows go together.

    `known`: what `sequences_of` gave for this lead among others, in this transaction. Raises `SequenceLockedError` while an
    export holds the lead.
    """
    refuse_locked(lead)
    sequence = (sequences_of(db, [lead.id]) if known is None else known).get(lead.id)
    with db.no_autoflush:
        before = summary(sequence) if sequence else None
        present: dict[int, Snippet] = {}
        if sequence is None:
            sequence = _new(lead, now, sandbox=written.sandbox, version=0)
            db.add(sequence)
            facts = facts_of(lead, written.template.content.brief, written.sender, written.instruction or "")
        else:
            present = {snippet.number: snippet for snippet in snippets_of(db, sequence.id)}
            asked = facts_for(db, sequence, lead).extra
            extra = f"{asked}\n{written.instruction or ''}"
            facts = facts_of(lead, written.template.content.brief, written.sender, extra)
        _take_over(db, sequence, present, written, now)
        snippets = [present[number] for number in sorted(present)]
        sequence.edited = any(snippet.text != snippet.original_text for snippet in snippets)
        shape = written.template.content.shape
        sequence.blocking_flags, sequence.warning_flags = flag(snippets, shape, facts, by_model=not sequence.edited)
        made = Made(Author.MODEL, written.author_id, written.instruction)
        next_version(db, sequence, snippets, made, now)
        lead_follows(sequence, lead, now)
    record(db, SYSTEM, "sequence.generated", ("sequence", sequence.id), before=before, after=dict(summary(sequence)))
    return sequence


def _take_over(db: Session, sequence: Sequence, present: dict[int, Snippet], written: Written, now: datetime) -> None:
    """The new texts into `present`, which holds the snippets by number."""
    texts = {number: clean_cell(text) for number, text in written.texts.items()}
    is_partial = bool(present) and set(texts) < set(written.template.content.by_number)
    sequence.sandbox = written.sandbox or (is_partial and sequence.sandbox)
    sequence.template_version_id = written.template.version_id
    sequence.generation_run_id = written.run_id
    sequence.sender = dict(written.sender) if written.sender else None
    sequence.updated_at = now
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
    known = next((one for one in shape if one.number == number), None)
    last_day = shape[-1].day if shape else 1
    return Snippet(
        sequence_id=sequence_id,
        number=number,
        kind=known.kind.value if known else SnippetKind.EMAIL.value,
        day=known.day if known else last_day,
        text=text,
        original_text=text,
        flags=[],
    )
