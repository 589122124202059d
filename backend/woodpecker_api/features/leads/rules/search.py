"""What the list's search compares: without case, without accents, without the gaps people type or forget."""

import unicodedata
from collections.abc import Mapping

SEARCHED = ("email", "first_name", "last_name", "company", "title")

# Letters that Unicode does not take apart, although people type the plain one.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})


def fold(text: str) -> str:
    """`Łukasz  MÜLLER-Ørsted` → `lukasz muller-orsted`. Folding twice changes nothing."""
    if text.isascii():
        return " ".join(text.lower().split())
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN))
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())


def search_text(values: Mapping[str, str | None]) -> str:
    """One line that holds all that the search looks at, folded."""
    return fold(" ".join([values.get(name) or "" for name in SEARCHED]))
