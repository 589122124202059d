"""From columns to fields: names made unique, a suggestion, the user's correction, and a plan that rows are read by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from woodpecker_api.features.imports.rules.spellings import (
    AMBIGUOUS_NAME,
    SNIPPETS,
    compact,
    numbered_custom,
    recognise,
)
from woodpecker_api.features.leads.rules import FIELD_NAMES, check_address, custom_key
from woodpecker_api.kit.hashing import digest

IGNORE = "ignore"
"""The user's word for a column that is to be left out; a column mapped to None is kept as a custom field."""
CUSTOM_PREFIX = "custom."
TARGETS: tuple[str, ...] = (*FIELD_NAMES, "full_name", "tags", *(f"snippet_{n}" for n in range(1, SNIPPETS + 1)))

Sample = Sequence[Sequence[str]]


def unique_names(header: Sequence[str]) -> tuple[str, ...]:
    """Trimmed; the second `Seniority` becomes `Seniority (2)`, a blank one `Column 6`. No two are equal."""
    taken: set[str] = set()
    names: list[str] = []
    for place, raw in enumerate(header, 1):
        base = " ".join(raw.split())[:200] or f"Column {place}"
        name, count = base, 1
        while name in taken:
            count += 1
            name = f"{base} ({count})"
        taken.add(name)
        names.append(name)
    return tuple(names)


def header_hash(names: Sequence[str]) -> str:
    """Equal for headers of one shape, whatever their case and punctuation: mappings are remembered under it."""
    return digest([compact(name) for name in names])


def suggest(header: Sequence[str], sample: Sample) -> tuple[str | None, ...]:
    """A field for each column of the header (the raw names, doubles included), None where the column is unknown."""
    found = [recognise(name) for name in header]
    if not any(field and field.startswith("snippet_") for field in found):
        found = [field or numbered_custom(name) for field, name in zip(found, header, strict=True)]
    _settle_ambiguous_name(header, found, sample)
    if "email" not in found and (place := _most_addresses(range(len(header)), sample)) is not None:
        found[place] = "email"
    return tuple(found)


def _settle_ambiguous_name(header: Sequence[str], found: list[str | None], sample: Sample) -> None:
    places = [i for i, name in enumerate(header) if found[i] == "full_name" and compact(name) in AMBIGUOUS_NAME]
    if len(places) != 1:
        return
    (place,) = places
    if "last_name" in found and "first_name" not in found:
        found[place] = "first_name"
    elif "first_name" in found and "last_name" not in found:
        first = found.index("first_name")
        pairs = [(row[first].strip(), row[place].strip()) for row in sample if len(row) > max(first, place)]
        filled = [(given, name) for given, name in pairs if given and name]
        repeats = sum(given.casefold() in name.casefold().split() for given, name in filled)
        if filled and repeats * 2 < len(filled):
            found[place] = "last_name"


def _most_addresses(places: Sequence[int] | range, sample: Sample) -> int | None:
    """The column in which more than half of the filled cells are addresses; the fullest of several."""
    best: tuple[int, int] | None = None
    for place in places:
        cells = [cell for row in sample if len(row) > place and (cell := row[place].strip())]
        valid = sum(check_address(cell) is None for cell in cells)
        if valid * 2 > len(cells) and (best is None or valid > best[0]):
            best = (valid, place)
    return None if best is None else best[1]


@dataclass(frozen=True)
class MappingProblem:
    """Why a mapping cannot be used: the column (None: the whole) and a sentence."""

    column: str | None
    code: str
    message: str


def check_mapping(names: Sequence[str], mapping: Mapping[str, str | None]) -> list[MappingProblem]:
    """Empty when every name is a column of the file, every target is known, and address and name are there."""
    known = set(names)
    problems = [
        MappingProblem(column, "column_unknown", f"The file has no column {column!r}.")
        for column in mapping
        if column not in known
    ]
    problems += [
        MappingProblem(column, "field_unknown", f"There is no field {target!r}.")
        for column, target in mapping.items()
        if column in known and not _is_target(target)
    ]
    targets = set(mapping.values())
    if "email" not in targets:
        problems.append(MappingProblem(None, "email_not_mapped", "Say which column holds the e-mail address."))
    if not targets & {"first_name", "full_name"}:
        problems.append(
            MappingProblem(None, "name_not_mapped", "Say which column holds the first name or the full name.")
        )
    return problems


def _is_target(target: str | None) -> bool:
    if target is None or target == IGNORE or target in TARGETS:
        return True
    return target.startswith(CUSTOM_PREFIX) and custom_key(target.removeprefix(CUSTOM_PREFIX)) != ""


@dataclass(frozen=True)
class Plan:
    """Where the cells of a row go. Several columns of one field: the first filled one, in this order, is the value.

    `custom` gives each kept column its key; `spare` those columns that have a field, for the rows where another column
    was filled first.
    """

    width: int
    names: tuple[str, ...]
    fields: tuple[tuple[str, tuple[int, ...]], ...]
    full_name: tuple[int, ...]
    tags: tuple[int, ...]
    snippets: tuple[tuple[int, tuple[int, ...]], ...]
    custom: tuple[tuple[int, str], ...]
    spare: dict[int, str]


def make_plan(names: Sequence[str], mapping: Mapping[str, str | None], sample: Sample = ()) -> Plan:
    """Of several address columns the one with most addresses in `sample` goes first; otherwise the file's order."""
    by_target: dict[str, list[int]] = {}
    custom: dict[int, str] = {}
    keys = _custom_keys(names, mapping)
    for place, name in enumerate(names):
        target = mapping.get(name)
        if target is None or target.startswith(CUSTOM_PREFIX):
            custom[place] = keys[place]
        elif target != IGNORE:
            by_target.setdefault(target, []).append(place)
    emails = by_target.get("email", [])
    if len(emails) > 1 and (best := _most_addresses(emails, sample)) is not None:
        by_target["email"] = [best, *(place for place in emails if place != best)]
    return Plan(
        width=len(names),
        names=tuple(names),
        fields=tuple((field, tuple(by_target[field])) for field in FIELD_NAMES if field in by_target),
        full_name=tuple(by_target.get("full_name", ())),
        tags=tuple(by_target.get("tags", ())),
        snippets=tuple(
            (number, tuple(by_target[f"snippet_{number}"]))
            for number in range(1, SNIPPETS + 1)
            if f"snippet_{number}" in by_target
        ),
        custom=tuple(custom.items()),
        spare={place: keys[place] for places in by_target.values() for place in places},
    )


def _custom_keys(names: Sequence[str], mapping: Mapping[str, str | None]) -> list[str]:
    """One key a column. Chosen keys first; a key is never shared and never hides a field of the lead."""
    taken = {*FIELD_NAMES, "tags", ""}
    keys = [""] * len(names)
    chosen = [(mapping.get(name) or "").startswith(CUSTOM_PREFIX) for name in names]
    hidden = [custom_key(name) in taken for name in names]
    for place in sorted(range(len(names)), key=lambda place: (not chosen[place], hidden[place])):
        wanted = (mapping.get(names[place]) or "").removeprefix(CUSTOM_PREFIX) if chosen[place] else names[place]
        base = custom_key(wanted) or f"column_{place + 1}"
        key, count = base, 1
        while key in taken:
            count += 1
            key = f"{base}_{count}"
        taken.add(key)
        keys[place] = key
    return keys
