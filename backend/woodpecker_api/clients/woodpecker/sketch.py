"""What an answer looks like, without what it says of anybody: kept when it cannot be read, so that somebody can see what changed.

A sketch holds keys, kinds of values and how long they are, and words only where they are the vendor's own: status words,
error codes, page titles. No address, no name, no text of a mail.
"""

import re
from typing import Any

_MAX_LENGTH = 4_000
_MAX_KEYS = 80
_MAX_DEPTH = 8
# A code of the vendor: capitals, as E_WRONG_PARAM or CAMPAIGN_NOT_EXIST or TO-CHECK. A name in capitals has no place in these keys.
_WORD = re.compile(r"[A-Z][A-Z0-9_-]{1,40}\Z")
_WORD_KEYS = frozenset(
    {"status", "code", "type", "range", "version", "signature", "prospect", "prospect_campaign", "level"}
)
_KEY = re.compile(r"[A-Za-z_ ][A-Za-z0-9_ .-]{0,40}\Z")
_TITLE = re.compile(r"<title[^>]*>([^<]{0,80})", re.IGNORECASE)
_TAGS = re.compile(r"<\s*([a-z][a-z0-9]{0,11})", re.IGNORECASE)
_KNOWN_TITLE_WORDS = re.compile(
    r"\d{3}|bad|gateway|error|time-?out|service|unavailable|not|found|forbidden|login|maintenance", re.IGNORECASE
)


def sketch(payload: Any, text: str = "") -> str:
    """Of a parsed answer, or of a body that is no JSON."""
    drawn = _text(text) if text else _value(payload, "", 0)
    return drawn if len(drawn) <= _MAX_LENGTH else drawn[: _MAX_LENGTH - 1] + "…"


def _value(value: Any, key: str, depth: int) -> str:
    if isinstance(value, str):
        is_word = key in _WORD_KEYS and _WORD.match(value)
        return value if is_word else f"text({len(value)})"
    if not isinstance(value, list | dict):
        return "null" if value is None else "number" if not isinstance(value, bool) else str(value).lower()
    if depth >= _MAX_DEPTH:
        return "…"
    return _list(value, key, depth) if isinstance(value, list) else _object(value, depth)


def _list(values: list[Any], key: str, depth: int) -> str:
    """Rows that look alike are drawn once."""
    drawn = list(dict.fromkeys(_value(each, key, depth + 1) for each in values[:200]))
    return f"{len(values)} × [{' | '.join(drawn[:5])}]"


def _object(values: dict[str, Any], depth: int) -> str:
    named = [
        f"{name if _KEY.match(name) else f'key({len(name)})'}: {_value(value, name, depth + 1)}"
        for name, value in list(values.items())[:_MAX_KEYS]
    ]
    return "{" + ", ".join(named) + "}"


def _text(text: str) -> str:
    """Of a page of HTML or a half answer: its tags, and the words of its title that belong to errors."""
    title = _TITLE.search(text)
    words = " ".join(_KNOWN_TITLE_WORDS.findall(title.group(1))) if title else ""
    tags = ", ".join(list(dict.fromkeys(tag.lower() for tag in _TAGS.findall(text)))[:20])
    kind = "page" if tags else "json cut short" if text.lstrip()[:1] in "{[" else "text"
    return (
        f"{kind} of at least {len(text)} characters"
        + (f"; tags {tags}" if tags else "")
        + (f"; title: {words}" if words else "")
    )
