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
_ANY_TOKEN = re.compile(r"\{\{\s*([A-Z0-9_]+)\s*(\|[^}]*)?\}\}", re.IGNORECASE)
# Tokens that the vendor's own validator takes; whatever else stands in braces is sent as it is, or refused.
_STANDARD = frozenset(
    {"FIRST_NAME", "LAST_NAME", "COMPANY", "TITLE", "CITY", "COUNTRY", "INDUSTRY", "PHONE", "EMAIL", "SENDER"}
)
_ALWAYS_FILLED = frozenset({"EMAIL", "FIRST_NAME", "SENDER"})


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
    signature: str = "SENDER"


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


@dataclass(frozen=True)
class Placement:
    """Where a snippet of the template goes: `step` None when no step asks for it."""

    snippet: int
    kind: SnippetKind
    written_for_day: int
    step: int | None = None
    step_day: int | None = None
    place: str = ""
    """subject, text or LinkedIn"""


def placements(steps: Sequence[StepText], template: Sequence[Planned]) -> tuple[Placement, ...]:
    """snippet → step → day, by snippet and then by step; one that is used nowhere stands there without a step."""
    found = []
    for snippet in template:
        uses = [
            Placement(snippet.number, snippet.kind, snippet.day, step.number, step.day, place)
            for step in steps
            for place, text in (("subject", step.subject), ("LinkedIn" if _is_linkedin(step) else "text", step.body))
            if snippet.number in tokens_in(text)
        ]
        found += list(dict.fromkeys(uses)) or [Placement(snippet.number, snippet.kind, snippet.day)]
    return tuple(found)


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
        Finding(
            "snippet_unused",
            f"Snippet {number} ({_words(kind.kind)}) is in no step: nobody would get it.",
            snippet=number,
        )
        for number, kind in planned.items()
        if number not in used and used
    ]
    return Fit(_once(blocking), _once(warnings))


def _misplaced(step: StepText, planned: Mapping[int, Planned]) -> Iterator[Finding]:
    is_linkedin = _is_linkedin(step)
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


def _is_linkedin(step: StepText) -> bool:
    return step.kind.upper().startswith(_LINKEDIN)


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
    yield from _of_a_follow_up(step, planned)
    for name in _unfilled(step):
        message = f"Step {step.number} uses {{{{{name}}}}}, which may be empty for some people and has no fallback."
        yield Finding("field_may_be_empty", message, step.number)
    for name in _unknown(step):
        # Woodpecker's own validator let it into the campaign, so it may fill it; we do not, and it cannot be looked up.
        message = f"Step {step.number} uses {{{{{name}}}}}, which none of our texts or fields fills. Make sure Woodpecker does."
        yield Finding("unknown_token", message, step.number)
    for number in tokens_in(step.body):
        snippet = planned.get(number)
        if snippet is not None and step.day is not None and snippet.day != step.day:
            message = (
                f"Snippet {number} was written for day {snippet.day}; step {step.number} goes out on day {step.day}."
            )
            yield Finding("day_differs", message, step.number, number)


def _of_a_follow_up(step: StepText, planned: Mapping[int, Planned]) -> Iterator[Finding]:
    """What reads oddly although every token has its text."""
    kinds = {planned[number].kind for number in tokens_in(step.body) if number in planned}
    if step.subject.strip() and kinds & {SnippetKind.BUMP, SnippetKind.BREAKUP}:
        message = (
            f"Step {step.number} has a subject of its own, so its {_words(min(kinds))} does not follow in the thread "
            "of the mail before. Leave the subject empty in Woodpecker."
        )
        yield Finding("subject_on_bump", message, step.number)
    if step.signature.upper() == "NO_SIGNATURE" and not _is_linkedin(step) and kinds:
        message = f"Step {step.number} adds no signature, and our texts end without a name unless a run named a sender."
        yield Finding("no_signature", message, step.number)


def _unfilled(step: StepText) -> list[str]:
    """Standard tokens without a fallback whose field a lead may lack."""
    found = []
    for match in _ANY_TOKEN.finditer(step.subject + step.body):
        name, fallback = match.group(1).upper(), match.group(2)
        if name in _STANDARD - _ALWAYS_FILLED and not fallback:
            found.append(name)
    return list(dict.fromkeys(found))


def _unknown(step: StepText) -> list[str]:
    """Tokens that are neither a snippet (in either spelling) nor a field of the person."""
    names = [match.group(1).upper() for match in _ANY_TOKEN.finditer(step.subject + step.body)]
    return [name for name in dict.fromkeys(names) if name not in _STANDARD and not name.startswith("SNIPPET")]


def _words(kind: SnippetKind) -> str:
    return "LinkedIn note" if kind is SnippetKind.LINKEDIN_NOTE else kind.value.replace("_", " ")


def _once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Several versions of a step mostly say the same."""
    return tuple(dict.fromkeys(findings))
