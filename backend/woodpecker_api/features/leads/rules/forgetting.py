"""Who is to be forgotten: what rooms need to find a person in their own tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_SHORTEST_WORD = 6
"""A shorter text stands for other people and things as well."""
ERASED = "erased:"


@dataclass(frozen=True)
class Person:
    """`words` occur in free texts only where they mean this person (address, telephone, LinkedIn); `names` not only there."""

    key: str
    """The comparable address."""
    stand_in: str
    """What takes the address's place where rows must stay apart from each other, such as claims."""
    lead_ids: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def stand_in(person_hash: str) -> str:
    return f"{ERASED}{person_hash}"


def words_of(key: str, leads: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Texts that mean this person and nobody else, wherever they occur."""
    found = {key}
    for lead in leads:
        found |= {str(lead.get(name) or "").strip() for name in ("email", "phone", "linkedin_url")}
    return tuple(sorted(word for word in found if len(word) >= _SHORTEST_WORD))


def names_of(leads: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Full names, for texts that are about one row of a list."""
    full = {f"{lead.get('first_name') or ''} {lead.get('last_name') or ''}".strip() for lead in leads}
    return tuple(sorted(name for name in full if " " in name))
