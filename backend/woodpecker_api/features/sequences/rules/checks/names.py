"""Names of people, companies and products that neither the lead nor the brief holds.

A capital in the middle of a sentence is a name unless the word is known or ordinary. At the start of a sentence it proves
nothing; there only what follows gives a name away: a second capital, a possessive, or a verb of which companies are fond.
"""

import re
from collections.abc import Iterator

from woodpecker_api.features.sequences.rules.checks.text import Text
from woodpecker_api.features.sequences.rules.checks.wordlists import ORDINARY_CAPITALS, STARTERS
from woodpecker_api.features.sequences.rules.facts import folded, holds_word
from woodpecker_api.features.sequences.rules.flags import Flag, Severity

_TOKEN = re.compile(r"[^\W\d_](?:[\w&'’-]*[\w])?")
# A letter that may be a capital: of the small ones only those of the usual alphabets are known here.
_PERHAPS_CAPITAL = re.compile(r"[^\W\d_a-zß-öø-ÿ]")
_SHORT_FORM = re.compile(r"'(?:s|re|ve|ll|d|m)?$")
_ANY_SHORT_FORM = re.compile(r"'(?:s|re|ve|ll|d|m|t)?$")
_JOINED = re.compile(r"[-&']")
_NEXT_WORD = re.compile(r" ([^\W\d_][\w&'’-]*)")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…]['\"”’)]*\s+|\n|(?:^|\s)[-–—•*]\s+|[“\"(]\s*|\s[–—]\s*|;\s+)\Z")
_LATER = re.compile(
    r"\s+(?:(?:research|data|report|survey|study|studies|analysts|researchers|customers|users)\s+)?(?:said|says|told|uses|used|saw|sees|cut|reduced|increased|grew|found|rolled|switched|moved|chose|recently|achieved|"
    r"improved|boosted|doubled|saved|launched|shared|recommended|mentioned|introduced|started using|runs on|and [A-Z])\b"
)


def unknown_names(text: Text) -> Iterator[Flag]:
    for start, end in _suspects(text):
        sentence = "“{}” is a name that neither the lead nor the brief holds."
        yield from text.invention("invented_name", Severity.WARNING, sentence, (start, end))


def _suspects(text: Text) -> Iterator[tuple[int, int]]:
    """Places of unknown names, neighbours joined: `Jane Smith` is one."""
    last: tuple[int, int] | None = None
    for token in _with_a_capital(text.words):
        if not _is_suspect(text, token):
            continue
        place = token.span()
        if last is not None and text.words[last[1] : place[0]] == " ":
            place = (last[0], place[1])
        elif last is not None:
            yield last
        last = place
    if last is not None:
        yield last


def _with_a_capital(words: str) -> Iterator[re.Match[str]]:
    """The words that may hold a capital letter, in order. Nine of ten have none and are passed without a look at them."""
    place = 0
    while (capital := _PERHAPS_CAPITAL.search(words, place)) is not None:
        start = capital.start()
        while start > place and _is_of_word(words[start - 1]):
            start -= 1
        token = _TOKEN.search(words, start)
        assert token is not None, "a letter begins a word, or is in one"
        yield token
        place = token.end()


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character in "_&'’-"


def _is_suspect(text: Text, token: re.Match[str]) -> bool:
    word = token.group(0)
    plain = folded(word)
    if (plain in ORDINARY_CAPITALS or plain in text.facts.words) and "'" not in plain:
        return False  # most words: seen here, they need no second look
    if not any(c.isupper() for c in word) or _is_known(text, word):
        return False
    if not word[0].isupper():
        return True  # iPhone-like: a brand
    starts = bool(_SENTENCE_START.search(text.words[max(0, token.start() - 6) : token.start()]))
    if starts or (text.is_subject and token.start() == 0):
        return _gives_itself_away(text, token)
    return True


def _is_known(text: Text, word: str) -> bool:
    plain = folded(word)
    base = _SHORT_FORM.sub("", plain) if "'" in plain else plain
    known = text.facts.words
    if plain in ORDINARY_CAPITALS or base in ORDINARY_CAPITALS or base in known or len(base) < 2:
        return True
    if base.endswith("s") and (base[:-1] in ORDINARY_CAPITALS or base[:-1] in known):
        return True
    parts = [part for part in _JOINED.split(base) if part]
    return len(parts) > 1 and all(
        part in known or part in ORDINARY_CAPITALS or (part.islower() and part in STARTERS) for part in parts
    )


def _gives_itself_away(text: Text, token: re.Match[str]) -> bool:
    word = token.group(0)
    plain = folded(word)
    plain = _ANY_SHORT_FORM.sub("", plain) if "'" in plain else plain
    if plain in STARTERS or plain.removesuffix("n") in STARTERS:
        return False
    if holds_word(text.words.replace("’", "'"), plain):
        return False  # also written small: an ordinary word
    rest = text.words[token.end() :]
    following = _NEXT_WORD.match(rest)
    if following and following.group(1)[0].isupper() and not _is_known(text, following.group(1)):
        return True
    inner_capital = any(c.isupper() for c in word[1:])
    possessive = folded(word).endswith("'s")
    return inner_capital or possessive or bool(_LATER.match(rest))
