"""Words the team does not use, and signatures that Woodpecker adds itself."""

import re
from collections.abc import Iterator
from functools import lru_cache

from woodpecker_api.features.sequences.rules.checks.text import Text
from woodpecker_api.features.sequences.rules.facts import folded
from woodpecker_api.features.sequences.rules.flags import Flag, Severity

_FORMULA = (
    r"(?:(?:all the |very |my )?best(?: regards| wishes)?|(?:kind|kindest|warm|warmest|best)? ?regards|cheers|"
    r"(?:many |with )?thanks(?: again| so much| in advance)?|thank you|sincerely(?: yours)?|yours(?: truly| sincerely| faithfully)?|"
    r"warmly|take care|talk soon|speak soon|respectfully|cordially|mit freundlichen gr[üu](?:ß|ss)en|viele gr[üu](?:ß|ss)e)"
)
_SIGN_OFF = re.compile(
    rf"(?:^|\n)[ \t]*(?:{_FORMULA}[ \t]*[,.!–—-]*[ \t]*(?P<name>[^\n.!?]{{0,60}})(?:\n[^\n]{{0,60}}){{0,4}})\s*\Z"
    r"|\n[ \t]*[-–—~][ \t]?(?P<dashed>[^\n.!?]{1,40})\s*\Z",
    re.IGNORECASE,
)
_FORMULAS = (
    "all the |very |my |best|kind|warm|regards|cheers|many |with |thank|sincerely|yours|take care|talk soon|speak soon|respectfully|"
    "cordially|mit freundlichen|viele gr|-|–|—|~"
)
_FORMULA_BEGINNINGS, _FORMULA_LINES = tuple(_FORMULAS.split("|")), 5
"""With one of these, written small, begins one of the last lines of every text in which `_SIGN_OFF` finds something."""
_NAME_ALONE = re.compile(r"\n\s*\n?[ \t]*(?P<name>[^\W\d_a-z][\w'’.-]*(?:[ \t][^\W\d_a-z][\w'’.-]*){0,2})[ \t]*\Z")


def forbidden_words(text: Text) -> Iterator[Flag]:
    words = text.facts.brief.forbidden_words
    if not words or not text.holds_any(_beginnings(words)):
        return  # nearly every text
    for word in words:
        if not word.strip():
            continue
        for found in _forms(word.strip().casefold()).finditer(text.words):
            yield text.flag("forbidden_word", Severity.WARNING, "The brief does not want “{}”.", *found.span())


@lru_cache(maxsize=32)
def _beginnings(words: tuple[str, ...]) -> tuple[str, ...]:
    """What stands in a text wherever a form of one of the words does: its stem up to the first gap, as in `Text.lowered`."""
    return tuple(_parts(word.strip().casefold())[0].replace("’", "'") for word in words if word.strip())


@lru_cache(maxsize=2000)
def _forms(word: str) -> re.Pattern[str]:
    return re.compile(_pattern_of(word), re.IGNORECASE)


def _pattern_of(word: str) -> str:
    """`leverage` finds leverages, leveraged, leveraging; spaces and hyphens are the same."""
    parts = r"[\s-]+".join(re.escape(part) for part in _parts(word))
    tail = r"(?:e|es|ed|ing)?" if _loses_its_e(word) else r"(?:s|es|d|ed|ing)?"
    return rf"(?<!\w){parts}{tail}(?!\w)"


def _parts(word: str) -> list[str]:
    """The stem, apart at spaces and hyphens; a word that is nothing else has one empty part."""
    stem = word[:-1] if _loses_its_e(word) else word
    return [part for part in re.split(r"[\s-]+", stem) if part] or [""]


def _loses_its_e(word: str) -> bool:
    return word.endswith("e") and len(word) > 4


def sign_off(text: Text) -> Iterator[Flag]:
    if text.is_subject:
        return
    words = text.words.rstrip()
    may_have = text.has_last_line_with(_FORMULA_BEGINNINGS, _FORMULA_LINES)
    found = (_SIGN_OFF.search(words) if may_have else None) or _NAME_ALONE.search(words)
    if found is None:
        return
    sender = folded(text.facts.sender_name).split()
    if sender and sender[0] in folded(found.group(0)):
        return
    start = found.start() + (len(found.group(0)) - len(found.group(0).lstrip()))
    sentence = "It signs off (“{}”). Woodpecker adds the signature; remove this one."
    if sender:
        sentence = f"It signs off as “{{}}”; the sender is {text.facts.sender_name}."
    yield text.flag("sign_off", Severity.WARNING, sentence, start, len(words))
