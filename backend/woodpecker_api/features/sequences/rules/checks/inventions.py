"""Addresses, links and numbers that neither the lead nor the brief holds."""

import re
from collections.abc import Iterator

from woodpecker_api.features.sequences.rules.checks.text import Text
from woodpecker_api.features.sequences.rules.facts import folded, host_of, plain_link, plain_number, unit_of
from woodpecker_api.features.sequences.rules.flags import Flag, Severity

_DIGIT = re.compile(r"\d")
_LINK_LIKE = re.compile(r"[.:]\S")
"""No link is without a dot or a colon that something follows at once."""
_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
# A bare domain counts only with an ending that is no English word after a forgotten space ("done.So").
_LINK = re.compile(
    r"(?:https?://|www\.|ftp://|mailto:)[^\s<>()\[\]{}\"'“”]+"
    r"|(?<![\w@.-])(?:[\w-]+\.)+(?:com|net|org|io|ai|app|dev|biz|info|example|ly|tech|cloud|xyz|site|online|shop|store|edu|gov|"
    r"co|uk|de|nz|au|eu|fr|nl|ch|ca|ru|cn|jp|se|dk|pl|es|gg|test)\b(?:/[^\s<>()\[\]{}\"'“”]*)?",
)
_NUMBER = re.compile(r"(?<![\w.,])[$€£]?\d+(?:[.,:]\d+)*(?:\s?%|[xX×]\b|[kKmM]\b|\+)?")
_ORDINARY = re.compile(
    r"\s?-?\s?(?:min\b|mins\b|minutes?\b|minute\b|quick\b|short\b|small\b|brief\b|ideas?\b|questions?\b|things?\b|options?\b|"
    r"thoughts?\b|reasons?\b|ways?\b|lines?\b|sentences?\b|am\b|pm\b|a\.m|p\.m|/7|o'clock)",
    re.IGNORECASE,
)
_ORDINARY_UP_TO = 60
_CLAIM_NOUNS = (
    r"(?:percent|per cent|times|fold|customers?|clients?|companies|users|employees|people|teams|organi[sz]ations|firms|countries|"
    r"million|billion|thousand|hundred|dollars|euros|years|months|hours)"
)
_NUMBER_WORDS = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety|hundreds?|thousands?|dozens?|millions?)"
)
_IN_WORDS = re.compile(
    # The first letters of both branches: nearly every place is passed without trying forty words there.
    rf"\b(?=[bdefhimnqst])(?:{_NUMBER_WORDS}(?:[ -]{_NUMBER_WORDS})?(?: of)?(?: \w+)?[ -]{_CLAIM_NOUNS}\b"
    r"|(?:doubled|tripled|quadrupled|halved|in half|by half|by a (?:third|quarter)|twice as|two-?fold|three-?fold|tenfold)\b)",
    re.IGNORECASE,
)
_NUMBERS_SAID = """
two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty seventy eighty ninety
hundred hundreds thousand thousands dozen dozens million millions doubled tripled quadrupled halved half third quarter twice
twofold threefold tenfold
"""
_SAYS_A_NUMBER = frozenset(_NUMBERS_SAID.split())
"""One of these is in everything that `_IN_WORDS` finds."""


def addresses(text: Text) -> Iterator[Flag]:
    if "@" not in text.words:
        return
    for found in _ADDRESS.finditer(text.words):
        address = folded(found.group(0).rstrip("."))
        if address == folded(text.facts.lead.get("email", "")):
            sentence = "Their own address “{}” stands in the text. Remove it."
            yield text.flag("own_address", Severity.WARNING, sentence, *found.span())
        elif address not in text.facts.text:
            sentence = "The address “{}” is neither in the lead nor in the brief."
            yield from text.invention("invented_address", Severity.BLOCKING, sentence, found.span())


def links(text: Text) -> Iterator[Flag]:
    if not _LINK_LIKE.search(text.words):
        return
    facts = text.facts
    for found in _LINK.finditer(_hidden(_ADDRESS, text.words) if "@" in text.words else text.words):
        link = found.group(0).rstrip(".,;:!?")
        place = (found.start(), found.start() + len(link))
        plain = plain_link(link)
        if plain in facts.trusted_links or (plain == host_of(link) and plain in facts.trusted_links):
            continue
        if plain in facts.cell_links:
            sentence = "The link “{}” comes from a cell of the list. Open it yourself before you approve."
            yield text.flag("link_from_cell", Severity.WARNING, sentence, *place)
        else:
            sentence = "The link “{}” is neither in the lead nor in the brief."
            yield from text.invention("invented_link", Severity.BLOCKING, sentence, place)


def numbers(text: Text) -> Iterator[Flag]:
    sentence = "“{}” is a number that neither the lead nor the brief holds."
    hidden = _hidden(_LINK, text.words) if _LINK_LIKE.search(text.words) else text.words
    for found in _NUMBER.finditer(hidden) if _DIGIT.search(hidden) else ():
        digits = plain_number(re.sub(r"[^\d.,]", "", found.group(0)).strip(".,"))
        unit = unit_of(found.group(0).lstrip("$€£0123456789.,:"))
        if digits + unit in text.facts.numbers or _is_ordinary(hidden, found):
            continue
        yield from text.invention("invented_number", Severity.WARNING, sentence, found.span())
    if not text.holds_word_of(_SAYS_A_NUMBER):
        return
    for found in _IN_WORDS.finditer(hidden):
        if folded(found.group(0)) not in text.facts.text:
            yield from text.invention("invented_number", Severity.WARNING, sentence, found.span())


def _hidden(pattern: re.Pattern[str], words: str) -> str:
    """With spaces where the pattern stands, so that all other places stay what they are."""
    return pattern.sub(lambda m: " " * len(m.group(0)), words)


def _is_ordinary(words: str, found: re.Match[str]) -> bool:
    """`15 minutes`, `2 quick questions`, `24/7`, `4:30 pm`: manners of speaking, no claims."""
    said = found.group(0)
    if said.startswith("24") and words[found.end() :].startswith("/7"):
        return True
    if said == "7" and words[: found.start()].endswith("24/"):
        return True
    return (
        said.replace(":", "").isdigit()
        and (":" in said or int(said) <= _ORDINARY_UP_TO)
        and bool(_ORDINARY.match(words, found.end()))
    )
