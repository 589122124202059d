"""What the list's search compares: without case, without accents, without the gaps people type or forget."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from woodpecker_api.kit.text import address_key

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


def derived(email: str, values: Mapping[str, Any], *, key: str | None = None) -> dict[str, str]:
    """The columns that follow from others: comparable address and domain, search and sort texts.

    `key` is the address's key where it is known already.
    """
    key = address_key(email) if key is None else key
    return {
        "address_key": key,
        "domain": key.rpartition("@")[2],
        "search_text": search_text(values),
        "company_sort": fold(values.get("company") or "")[:300],
        "name_sort": fold(f"{values.get('last_name') or ''} {values.get('first_name') or ''}")[:400],
    }
