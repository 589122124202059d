"""The checks of a sequence: pure, the same for what the model wrote, what a person edited and what a list brought.

Each check is a function from a `Text` to flags; `check_texts` runs all of them and those that look at the whole sequence.
"""

from collections.abc import Iterable, Mapping, Sequence

from woodpecker_api.features.sequences.rules.checks import form, greeting, inventions, leftovers, manners, names, orders
from woodpecker_api.features.sequences.rules.checks.text import Text
from woodpecker_api.features.sequences.rules.facts import Facts
from woodpecker_api.features.sequences.rules.flags import Flag, Severity
from woodpecker_api.features.templates.rules import SnippetShape

CHECKS = (
    form.length,
    form.subject_line,
    form.characters,
    form.ending,
    leftovers.braces,
    leftovers.placeholders,
    leftovers.markup,
    leftovers.talk_of_itself,
    inventions.addresses,
    inventions.links,
    inventions.numbers,
    greeting.greeted_name,
    names.unknown_names,
    manners.forbidden_words,
    manners.sign_off,
)

SEVERITIES = tuple(Severity)


def check_texts(
    texts: Mapping[int, str],
    shape: Sequence[SnippetShape],
    facts: Facts,
    originals: Mapping[int, str] | None = None,
) -> dict[int, list[Flag]]:
    """Flags by snippet number, the most severe first; a number without any has an empty list.

    `originals`: the machine's words, when a person has changed them. A fact that is only in the person's own words is
    theirs to answer for, and becomes a note.
    """
    found: dict[int, list[Flag]] = {snippet.number: [] for snippet in shape}
    for snippet in shape:
        words = texts.get(snippet.number, "")
        if not words.strip():
            found[snippet.number].append(form.missing(snippet))
            continue
        original = None if originals is None else originals.get(snippet.number, "")
        found[snippet.number] += _flags_of(Text(words, snippet, facts, original))
    for number, flag in _whole(texts, shape, facts):
        found[number].append(flag)
    return {number: sorted(flags, key=_order) for number, flags in found.items()}


def _flags_of(text: Text) -> list[Flag]:
    flags = [flag for check in CHECKS for flag in check(text)]
    gaps = [(flag.start, flag.end) for flag in flags if flag.code in ("placeholder", "markup", "forbidden_characters")]
    return [flag for flag in flags if not (flag.code.startswith("invented") and _lies_in(flag, gaps))]


def _lies_in(flag: Flag, places: list[tuple[int | None, int | None]]) -> bool:
    """`[First Name]` is a gap; that First is also an unknown name helps nobody."""
    return any((start or 0) <= (flag.start or 0) and (flag.end or 0) <= (end or 0) for start, end in places)


def _whole(texts: Mapping[int, str], shape: Sequence[SnippetShape], facts: Facts) -> Iterable[tuple[int, Flag]]:
    yield from form.repeated(texts, shape)
    yield from greeting.company_named(texts, shape, facts)
    if shape:
        yield from ((shape[0].number, flag) for flag in orders.cells_that_give_orders(facts))


def _order(flag: Flag) -> tuple[int, int]:
    return SEVERITIES.index(flag.severity), flag.start or 0
