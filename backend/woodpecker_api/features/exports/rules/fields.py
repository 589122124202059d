"""Exactly what is sent for a person: nothing invented, nothing of a colleague's cleared, no text of an earlier run left over."""

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping

from woodpecker_api.kit.hashing import digest

CONTACT_FIELDS = (
    "first_name",
    "last_name",
    "company",
    "industry",
    "website",
    "linkedin_url",
    "title",
    "phone",
    "address",
    "city",
    "state",
    "country",
)
"""Our names are the vendor's. Tags and time zone stay at home: tags there are the team's own, a time zone cannot be stored."""

SNIPPETS = tuple(f"snippet{number}" for number in range(1, 16))
CSV_HEADER = ("email", *CONTACT_FIELDS, *SNIPPETS)
"""Woodpecker's own names, so that its import maps the columns by itself."""

REQUIRED = ("email", "first_name")
_BREAKS_TOKENS = re.compile(r"\{\{|\}\}|\|")
_SNIPPET = re.compile(r"snippet(\d{1,2})\Z")


def fields_to_send(
    email: str,
    contact: Mapping[str, str],
    texts: Mapping[int, str],
    ever_sent: Iterable[int],
    *,
    break_tag: bool = False,
) -> dict[str, str]:
    """The vendor's field names to values, `email` first.

    Contact fields only where we have something, because "" would clear what a colleague entered at Woodpecker. Snippets
    belong to the person: each one used now, and "" for each that was ever sent and is not used now.
    """
    fields = {"email": email}
    fields.update({name: contact[name] for name in CONTACT_FIELDS if contact.get(name)})
    for number in sorted({*texts, *ever_sent}):
        fields[f"snippet{number}"] = encoded(texts.get(number, ""), break_tag=break_tag)
    return fields


def encoded(text: str, *, break_tag: bool) -> str:
    """A text as it travels: as it is, or as HTML whose only tag is the line break, where the account was tested for that."""
    return html.escape(text, quote=False).replace("\n", "<br />") if break_tag else text


def problem_in(fields: Mapping[str, str], texts: Mapping[int, str]) -> str | None:
    """Why these fields must not go out, as one sentence; None when they may."""
    missing = [name for name in REQUIRED if not fields.get(name)]
    if missing:
        return f"There is no {missing[0].replace('_', ' ')}."
    if not texts:
        return "There are no texts."
    empty = sorted(number for number, text in texts.items() if not text.strip())
    if empty:
        return f"Snippet {empty[0]} is empty; Woodpecker would hold this person back."
    broken = [name for name, value in fields.items() if _BREAKS_TOKENS.search(value)]
    if broken:
        return f"The value of {broken[0]} holds {{{{, }}}} or |, which breaks Woodpecker's placeholders."
    return None


def snippets_in(fields: Mapping[str, str]) -> dict[int, str]:
    """Number to text, of fields in the vendor's names."""
    found = ((_SNIPPET.match(name), value) for name, value in fields.items())
    return {int(match.group(1)): value for match, value in found if match}


def contact_in(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: fields[name] for name in CONTACT_FIELDS if name in fields}


def fields_hash(fields: Mapping[str, str]) -> str:
    """Fingerprint of everything that is sent for one person."""
    return digest(dict(fields))


def same_texts(sent: Mapping[int, str], stored: Mapping[int, str]) -> bool:
    """Whether Woodpecker stores what we sent, judged by the hash of the snippets we sent; "" and none are the same."""
    return _texts_hash(sent, sent) == _texts_hash(stored, sent)


def _texts_hash(texts: Mapping[int, str], numbers: Iterable[int]) -> str:
    return digest({str(number): _comparable(texts.get(number, "")) for number in numbers})


def _comparable(text: str) -> str:
    # The vendor may normalise spaces and line ends when it stores a text; the words decide.
    return " ".join(unicodedata.normalize("NFC", text).split())
