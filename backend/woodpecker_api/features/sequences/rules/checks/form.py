"""Whether the text is there, as long as it should be, complete, and in ordinary characters."""

import re
from collections.abc import Iterator, Mapping, Sequence

from woodpecker_api.features.sequences.rules.checks.text import Text
from woodpecker_api.features.sequences.rules.facts import folded
from woodpecker_api.features.sequences.rules.flags import Flag, Severity
from woodpecker_api.features.templates.rules import SnippetKind, SnippetShape, Unit

_UNUSUAL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffd]"
)
_SUBJECT_PREFIX = re.compile(r"^\s*(?:subject(?: line)?|betreff)\s*:", re.IGNORECASE)
_REPLY_PREFIX = re.compile(r"^\s*(?:re|fw|fwd|aw|wg)\s*:", re.IGNORECASE)
_CLOSING, _ENDS = ")\"'”’»", tuple(".?!…:")
_PICTURE_OR_BRACKET = re.compile(r"[)\"”»\U0001f300-\U0001faff☀-➿]")
_LINK_END = re.compile(r"(?:https?://|www\.)\S+$|\.[a-z]{2,}/\S*$")
_WORD = re.compile(r"[^\W\d_]{4,}")


def missing(shape: SnippetShape) -> Flag:
    sentence = f"Snippet {shape.number} is empty. Woodpecker would hold this person; write it or regenerate it."
    return Flag("missing_snippet", Severity.BLOCKING, sentence)


def size_of(words: str, unit: Unit) -> int:
    return len(words.split()) if unit is Unit.WORDS else len(words)


def length(text: Text) -> Iterator[Flag]:
    shape, size = text.shape, size_of(text.words, text.shape.unit)
    unit = shape.unit.value
    if size > shape.limit:
        sentence = f"{size} {unit}; {shape.limit} are allowed. Shorten it."
        yield Flag("over_limit", Severity.BLOCKING, sentence)
    elif size > shape.target_max:
        yield Flag("above_target", Severity.NOTE, f"{size} {unit}; the aim is at most {shape.target_max}.")
    elif size * 2 < shape.target_min:
        sentence = f"Only {size} {unit}; the aim is at least {shape.target_min}. Something may be missing."
        yield Flag("too_short", Severity.WARNING, sentence)
    elif size < shape.target_min:
        yield Flag("below_target", Severity.NOTE, f"{size} {unit}; the aim is at least {shape.target_min}.")


def subject_line(text: Text) -> Iterator[Flag]:
    if not text.is_subject:
        return
    words = text.words
    if "\n" in words.strip():
        yield Flag("subject_line_break", Severity.BLOCKING, "A subject is one line. Remove the line break.")
    if prefix := _SUBJECT_PREFIX.match(words):
        sentence = "Remove “{}”: the field itself is the subject."
        yield text.flag("subject_prefix", Severity.BLOCKING, sentence, *prefix.span())
    if prefix := _REPLY_PREFIX.match(words):
        sentence = "“{}” pretends an earlier mail. Remove it."
        yield text.flag("fake_reply", Severity.WARNING, sentence, *prefix.span())
    long_words = _WORD.findall(words)
    ordinary = [word for word in long_words if folded(word) not in text.facts.words]
    if len(ordinary) >= 3 and sum(word[0].isupper() for word in ordinary) > 0.6 * len(ordinary):
        yield Flag(
            "title_case", Severity.WARNING, "Capital letters like a headline. Write it as one would to a colleague."
        )


def characters(text: Text) -> Iterator[Flag]:
    if unusual := _UNUSUAL.search(text.words):
        sentence = f"An invisible or broken character (U+{ord(unusual.group(0)):04X}). Remove it."
        yield Flag("unusual_character", Severity.WARNING, sentence, *unusual.span())


def ending(text: Text) -> Iterator[Flag]:
    """A text that was cut off stops in the middle of a sentence."""
    last = text.words.rstrip()
    if text.is_subject or _is_closed(last) or _LINK_END.search(last):
        return
    start = last.rfind("\n") + 1
    if _is_name_line(last[start:]):
        return  # a signature: `manners.sign_off` speaks of it
    yield text.flag(
        "ends_abruptly", Severity.WARNING, "The text stops without the end of a sentence.", start, len(last)
    )


def _is_closed(last: str) -> bool:
    """Looks at the end alone: a pattern would try every place of the text."""
    return last.rstrip(_CLOSING).endswith(_ENDS) or bool(_PICTURE_OR_BRACKET.match(last[-1:]))


def _is_name_line(line: str) -> bool:
    words = line.strip(" -–—").split()
    return 0 < len(words) <= 3 and all(word[0].isupper() for word in words)


def repeated(texts: Mapping[int, str], shape: Sequence[SnippetShape]) -> Iterator[tuple[int, Flag]]:
    seen: dict[str, int] = {}
    for snippet in shape:
        key = " ".join(folded(texts.get(snippet.number, "")).split())
        if not key or snippet.kind is SnippetKind.SUBJECT:
            continue
        if key in seen:
            sentence = f"The same text as snippet {seen[key]}. Regenerate one of them."
            yield snippet.number, Flag("repeated_text", Severity.WARNING, sentence)
        seen.setdefault(key, snippet.number)
