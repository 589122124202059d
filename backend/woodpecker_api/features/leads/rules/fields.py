"""The fields of a lead, in one place: forms, mapping, checks and downloads read this list."""

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One standard field. `limit` counts characters; `is_link` fields hold http(s) addresses only."""

    name: str
    label: str
    limit: int
    is_link: bool = False


FIELDS: tuple[Field, ...] = (
    Field("email", "E-mail", 254),  # RFC 5321
    Field("first_name", "First name", 100),
    Field("last_name", "Last name", 100),
    Field("company", "Company", 200),
    Field("title", "Title", 300),  # real lists reach 100; three times that is still a title
    Field("phone", "Phone", 60),
    Field("website", "Website", 500, is_link=True),
    Field("linkedin_url", "LinkedIn", 1000, is_link=True),  # sales-search links are long
    Field("industry", "Industry", 200),
    Field("address", "Street address", 500),
    Field("city", "City", 200),
    Field("state", "State", 200),
    Field("country", "Country", 200),
    Field("time_zone", "Time zone", 64),
)
FIELD_NAMES: tuple[str, ...] = tuple(field.name for field in FIELDS)
FIELD: dict[str, Field] = {field.name: field for field in FIELDS}

REQUIRED = ("email", "first_name")
REVIEWED = ("first_name", "last_name", "company")
"""What every text speaks of: when one of these changes, a draft or an approved text must be read again."""

TAG_LIMIT = 60
TAGS_LIMIT = 50
CUSTOM_LIMIT = 10_000
"""Characters of one custom value: a page of notes, not a document."""
CUSTOM_KEYS_LIMIT = 300
CUSTOM_KEY_LENGTH = 60

_GAPS = re.compile(r"[\W_]+")


def custom_key(name: str) -> str:
    """The key under which a column is kept: `Company Nickname` → `company_nickname`. Empty when nothing is left.

    Letters of every script stay; accents, case, punctuation do not, so that a placeholder can be typed.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return _GAPS.sub("_", plain.casefold()).strip("_")[:CUSTOM_KEY_LENGTH].rstrip("_")


_SCHEME = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9+-]*):")
_ZONE = re.compile(
    r"UTC|(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)(?:/[A-Za-z_+-]+)+"
)


def is_web_link(text: str) -> bool:
    """A web address, with or without http(s) in front: nothing that a browser would run or open from the disk."""
    scheme = _SCHEME.match(text)
    return scheme is None or scheme[1].lower() in ("http", "https") or text[scheme.end() : scheme.end() + 1].isdigit()


def time_zone_is_clear(text: str) -> bool:
    """Written as the zone database writes it (`Europe/Berlin`). Anything else would be a guess."""
    return _ZONE.fullmatch(text) is not None
