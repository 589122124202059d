"""The right first name in the greeting, and the company named at least once."""

import re
from collections.abc import Iterator, Mapping, Sequence

from woodpecker_api.features.sequences.rules.checks.text import Text
from woodpecker_api.features.sequences.rules.facts import Facts, folded, holds_word
from woodpecker_api.features.sequences.rules.flags import Flag, Severity
from woodpecker_api.features.templates.rules import SnippetKind, SnippetShape

_GREETING = re.compile(
    r"^\s*(?:(?:hi|hello|hey|hiya|dear|greetings|good (?:morning|afternoon|evening|day))\b[ \t]*"
    r"(?P<named>[^,!:;.?\n–—]{0,60}?)[ \t]*(?:[,!:;.?\n–—]|[ \t]-[ \t]|$)"
    r"|(?P<alone>[^\W\d_][^\W\d_'’-]*(?:[ '’-][^\W\d_]+){0,2})[ \t]*[,–—](?=\s*\n))",
    re.IGNORECASE,
)
_GREETED = frozenset({SnippetKind.EMAIL, SnippetKind.BREAKUP})
_MAY_GREET = _GREETED | {SnippetKind.BUMP, SnippetKind.LINKEDIN_NOTE}


def greeted_name(text: Text) -> Iterator[Flag]:
    if text.kind not in _MAY_GREET:
        return
    greeting = _GREETING.match(text.words)
    if greeting is None:
        if text.kind in _GREETED and text.facts.first_name:
            sentence = f"The mail does not greet {text.facts.first_name}."
            yield Flag("no_greeting", Severity.WARNING, sentence)
        return
    group = "named" if greeting.group("named") is not None else "alone"
    said = folded(greeting.group(group)).strip()
    if said in _right_names(text.facts):
        return
    start, end = greeting.span(group)
    if not said:
        yield text.flag("no_name", Severity.BLOCKING, "The greeting has no name.", *greeting.span())
    elif text.vouched(greeting.group(group)):
        yield text.flag("wrong_name", Severity.WARNING, _sentence(text.facts), start, end)
    else:
        yield text.flag("wrong_name", Severity.BLOCKING, _sentence(text.facts), start, end)


def _right_names(facts: Facts) -> set[str]:
    last = folded(facts.lead.get("last_name", "").strip())
    return {*facts.greeting_names, *(f"{first} {last}" for first in facts.greeting_names if last)}


def _sentence(facts: Facts) -> str:
    return (
        f"It greets “{{}}”; the lead is called {facts.first_name}."
        if facts.first_name
        else "It greets “{}”; no name is known."
    )


def company_named(texts: Mapping[int, str], shape: Sequence[SnippetShape], facts: Facts) -> Iterator[tuple[int, Flag]]:
    """At least one text names the company, by its name, without its legal form, or by its nickname."""
    first = next((snippet for snippet in shape if snippet.kind is SnippetKind.EMAIL), None)
    if first is None or not facts.company_names or not texts.get(first.number, "").strip():
        return
    everything = folded("\n".join(texts.values()))
    if not any(holds_word(everything, name) for name in facts.company_names):
        sentence = f"No text names {facts.lead['company'].strip()}. Is it about them?"
        yield first.number, Flag("company_missing", Severity.WARNING, sentence)
