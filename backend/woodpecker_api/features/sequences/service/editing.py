"""Words changed by a person, and earlier versions taken up again."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.errors import FieldProblem, NotFoundError, ValidationFailedError, VersionConflictError
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.sequences.models import Sequence, SequenceVersion, Snippet
from woodpecker_api.features.sequences.rules import Author
from woodpecker_api.features.sequences.service.changing import (
    Made,
    flag,
    lead_follows,
    next_version,
    refuse_being_written,
    refuse_locked,
    summary,
    tell,
)
from woodpecker_api.features.sequences.service.facts import facts_for
from woodpecker_api.features.sequences.service.reading import by_id, shown, snippets_of
from woodpecker_api.features.templates import service as templates
from woodpecker_api.features.templates.rules import SnippetShape
from woodpecker_api.kit.text import clean_cell
from woodpecker_api.system.audit.service import Actor, record

TEXT_LIMIT = 20_000


def edit(
    db: Session, actor: Actor, sequence_id: str, *, version: int, texts: Mapping[int, str], now: datetime
) -> Sequence:
    """The next version with these words; the same words change nothing. Whatever was decided is a draft again.

    Raises `VersionConflictError` with the present record, `SequenceLockedError`, `BeingWrittenError`, and
    `ValidationFailedError` for a number that the sequence does not have.
    """
    sequence, lead = _for_change(db, sequence_id, version)
    snippets = {snippet.number: snippet for snippet in snippets_of(db, sequence.id)}
    _refuse_unknown(texts, snippets)
    wanted = {number: clean_cell(text) for number, text in texts.items()}
    changed = [number for number, text in wanted.items() if snippets[number].text != text]
    if not changed:
        return sequence
    before = {**summary(sequence), "texts": {str(number): snippets[number].text for number in changed}}
    for number in changed:
        snippets[number].text = wanted[number]
    _changed_by_person(db, actor, (sequence, lead), list(snippets.values()), now)
    after = {**summary(sequence), "texts": {str(number): wanted[number] for number in changed}}
    record(db, actor, "sequence.edited", ("sequence", sequence.id), before=before, after=after)
    return sequence


def restore(db: Session, actor: Actor, sequence_id: str, *, version: int, wanted: int, now: datetime) -> Sequence:
    """An earlier version's texts as the next version; what stands now stays restorable. Raises as `edit` does."""
    sequence, lead = _for_change(db, sequence_id, version)
    kept = db.get(SequenceVersion, (sequence.id, wanted))
    if kept is None:
        raise NotFoundError("There is no such version of these texts. Choose one from the list of versions.")
    before = dict(summary(sequence))
    snippets = _as_in(db, sequence.id, kept)
    sequence.sandbox, sequence.template_version_id = kept.sandbox, kept.template_version_id
    _changed_by_person(db, actor, (sequence, lead), snippets, now)
    after = {**summary(sequence), "restored": wanted}
    record(db, actor, "sequence.restored", ("sequence", sequence.id), before=before, after=after)
    return sequence


def check_version(db: Session, sequence: Sequence, version: int) -> None:
    if sequence.version != version:
        raise VersionConflictError(
            "Somebody else changed these texts meanwhile. Look at the present ones and make your change again.",
            current=shown(db, sequence),
        )


def _for_change(db: Session, sequence_id: str, version: int) -> tuple[Sequence, Lead]:
    sequence, lead = by_id(db, sequence_id)
    check_version(db, sequence, version)
    refuse_locked(lead)
    refuse_being_written(lead)
    return sequence, lead


def _changed_by_person(
    db: Session, actor: Actor, whose: tuple[Sequence, Lead], snippets: list[Snippet], now: datetime
) -> None:
    sequence, lead = whose
    sequence.edited = any(snippet.text != snippet.original_text for snippet in snippets)
    next_version(db, sequence, snippets, Made(Author.PERSON, actor.id), now)
    facts = facts_for(db, sequence, lead)
    sequence.blocking_flags, sequence.warning_flags = flag(snippets, _shape(db, sequence), facts, by_model=False)
    lead_follows(sequence, lead, now)
    tell(db, sequence)


def _shape(db: Session, sequence: Sequence) -> tuple[SnippetShape, ...]:
    if sequence.template_version_id is None:
        return ()
    return templates.used_cached(db, sequence.template_version_id).content.shape


def _as_in(db: Session, sequence_id: str, kept: SequenceVersion) -> list[Snippet]:
    """The snippets made the same as in the version: changed, added, removed."""
    present = {snippet.number: snippet for snippet in snippets_of(db, sequence_id)}
    wanted = {int(part["number"]): part for part in kept.snippets}
    for number in set(present) - set(wanted):
        db.delete(present.pop(number))
    for number, part in wanted.items():
        if number not in present:
            present[number] = Snippet(sequence_id=sequence_id, number=number, flags=[])
            db.add(present[number])
        snippet = present[number]
        snippet.kind, snippet.day, snippet.text = part["kind"], part["day"], part["text"]
        snippet.original_text = part.get("original_text", part["text"])
    return [present[number] for number in sorted(present)]


def _refuse_unknown(texts: Mapping[int, str], snippets: Mapping[int, Snippet]) -> None:
    problems = [
        FieldProblem(f"snippets.{number}", "unknown_snippet", f"This sequence has no snippet {number}.")
        for number in texts
        if number not in snippets
    ]
    problems += [
        FieldProblem(f"snippets.{number}", "too_long", f"More than {TEXT_LIMIT} characters. Shorten the text.")
        for number, text in texts.items()
        if len(text) > TEXT_LIMIT
    ]
    if problems:
        raise ValidationFailedError("Some of these texts cannot be stored.", errors=tuple(problems))
