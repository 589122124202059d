"""Whether a campaign's steps use a template's texts where they belong: a note in an e-mail goes to hundreds of people."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from woodpecker_api.features.sequences.rules import SnippetKind

# With or without a fallback: {{SNIPPET_4}}, {{SNIPPET_4 | "text"}}.
_TOKEN = re.compile(r"\{\{\s*SNIPPET_(\d{1,2})\s*(?:\|[^}]*)?\}\}", re.IGNORECASE)
# Woodpecker does not take the spelling without the underscore for a token.
_ODD_TOKEN = re.compile(r"\{\{\s*SNIPPET\d+[^}]*\}\}", re.IGNORECASE)
_LINKEDIN = "LINKEDIN"


@dataclass(frozen=True)
class Planned:
    """One snippet of the template."""

    number: int
    kind: SnippetKind
    day: int


@dataclass(frozen=True)
class StepText:
    """One version of a step; `day` None where Woodpecker does not say."""

    number: int
    kind: str
    day: int | None
    version: str
    subject: str
    body: str


@dataclass(frozen=True)
class Finding:
    """`code` is stable; `step` and `snippet` say where."""

    code: str
    message: str
    step: int | None = None
    snippet: int | None = None


@dataclass(frozen=True)
class Fit:
    """`blocking` would put wrong words into a mail or hold people back; `warnings` are worth a look."""

    blocking: tuple[Finding, ...]
    warnings: tuple[Finding, ...]


def tokens_in(text: str) -> list[int]:
    """Numbers of the snippets that a step's text asks for, in order."""
    return [int(match.group(1)) for match in _TOKEN.finditer(text)]


def fit(steps: Sequence[StepText], template: Sequence[Planned]) -> Fit:
    """Of a campaign whose steps could be read."""
    planned = {snippet.number: snippet for snippet in template}
    used = {number for step in steps for number in (*tokens_in(step.subject), *tokens_in(step.body))}
    blocking: list[Finding] = []
    if not used:
        blocking.append(Finding("no_snippets", "No step of the campaign uses a snippet: our texts would not be sent."))
    for step in steps:
        blocking += _misplaced(step, planned)
    warnings = [finding for step in steps for finding in _odd(step, planned)]
    warnings += [
        Finding("snippet_unused", f"Snippet {number} ({_words(kind.kind)}) is in no step.", snippet=number)
        for number, kind in planned.items()
        if number not in used and used
    ]
    return Fit(_once(blocking), _once(warnings))


def _misplaced(step: StepText, planned: Mapping[int, Planned]) -> Iterator[Finding]:
    is_linkedin = step.kind.upper().startswith(_LINKEDIN)
    for place, text in (("subject", step.subject), ("text", step.body)):
        for number in tokens_in(text):
            snippet = planned.get(number)
            if snippet is None:
                message = f"Step {step.number} asks for snippet {number}, which the template does not write: it would be empty."
                yield Finding("snippet_missing", message, step.number, number)
            elif not _belongs(snippet.kind, place, is_linkedin=is_linkedin):
                where = f"the {place} of step {step.number}" + (" (LinkedIn)" if is_linkedin else "")
                message = f"Snippet {number} is a {_words(snippet.kind)}, but stands in {where}."
                yield Finding("wrong_place", message, step.number, number)


def _belongs(kind: SnippetKind, place: str, *, is_linkedin: bool) -> bool:
    if is_linkedin:
        return kind is SnippetKind.LINKEDIN_NOTE
    if place == "subject":
        return kind is SnippetKind.SUBJECT
    return kind in (SnippetKind.EMAIL, SnippetKind.BUMP, SnippetKind.BREAKUP)


def _odd(step: StepText, planned: Mapping[int, Planned]) -> Iterator[Finding]:
    for match in _ODD_TOKEN.finditer(step.subject + step.body):
        message = f"Step {step.number} has {match.group(0)}, which Woodpecker sends as it is: it lacks the underscore."
        yield Finding("odd_token", message, step.number)
    if not tokens_in(step.subject + step.body):
        yield Finding("step_without_snippet", f"Step {step.number} uses none of our texts.", step.number)
    for number in tokens_in(step.body):
        snippet = planned.get(number)
        if snippet is not None and step.day is not None and snippet.day != step.day:
            message = (
                f"Snippet {number} was written for day {snippet.day}; step {step.number} goes out on day {step.day}."
            )
            yield Finding("day_differs", message, step.number, number)


def _words(kind: SnippetKind) -> str:
    return kind.value.replace("_", " ")


def _once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Several versions of a step mostly say the same."""
    return tuple(dict.fromkeys(findings))
