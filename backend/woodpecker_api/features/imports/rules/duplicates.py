"""The same person twice: in one file, and in a file and the database. What changes then is decided here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from woodpecker_api.features.imports.rules.checking import Checked
from woodpecker_api.features.leads.rules import FIELD_NAMES
from woodpecker_api.features.leads.rules.fields import REVIEWED

SKIP, FILL, OVERWRITE = "skip", "fill", "overwrite"


class InFile:
    """Remembers the addresses of a file: the first usable row of an address stays, later ones are doubles of it."""

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}

    def first_line(self, key: str, line: int) -> int | None:
        """The line that had this address before; None when `line` is the first."""
        earlier = self._lines.setdefault(key, line)
        return None if earlier == line else earlier


@dataclass(frozen=True)
class Merge:
    """What an import changes on a lead that exists. `needs_review`: texts that speak of it must be read again."""

    changes: dict[str, Any]
    needs_review: bool

    def __bool__(self) -> bool:
        return bool(self.changes)


NOTHING = Merge({}, needs_review=False)


def merge(existing: Mapping[str, Any], row: Checked, policy: str) -> Merge:
    """`fill` writes empty fields only, `overwrite` every field the row fills; an empty cell never blanks a field.

    Texts are no fields: neither policy touches them. The address stays as it is stored.
    """
    if policy == SKIP:
        return NOTHING
    only_empty = policy == FILL
    changes: dict[str, Any] = {
        name: value
        for name in FIELD_NAMES
        if name != "email"
        and (value := row.values.get(name, ""))
        and value != existing.get(name)
        and not (only_empty and existing.get(name))
    }
    old_custom: dict[str, Any] = existing.get("custom") or {}
    custom = {key: value for key, value in row.custom.items() if not (only_empty and old_custom.get(key))}
    if any(old_custom.get(key) != value for key, value in custom.items()):
        changes["custom"] = {**old_custom, **custom}
    old_tags: list[str] = existing.get("tags") or []
    if more := [tag for tag in row.tags if tag not in old_tags]:
        changes["tags"] = [*old_tags, *more]
    return Merge(changes, needs_review=any(name in changes for name in REVIEWED))
