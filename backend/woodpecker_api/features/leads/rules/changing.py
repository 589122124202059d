"""What can be stored in a lead that a person writes by hand."""

from collections.abc import Iterator, Mapping
from typing import Any

from woodpecker_api.features.leads.rules.fields import (
    CUSTOM_KEYS_LIMIT,
    CUSTOM_LIMIT,
    FIELD,
    REQUIRED,
    TAG_LIMIT,
    TAGS_LIMIT,
    custom_key,
    is_web_link,
    time_zone_is_clear,
)

Problem = tuple[str, str, str]
"""Field, code, sentence."""


def problems_of(values: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the given fields; the address itself is checked apart."""
    for name, field in FIELD.items():
        if name not in values:
            continue
        text = values[name]
        if name in REQUIRED and not text:
            yield name, "required", f"{field.label} cannot be empty."
        elif len(text) > field.limit:
            yield name, "too_long", f"{field.label} has {len(text):,} characters; at most {field.limit:,} are kept."
        elif "\n" in text and name != "address":
            yield name, "line_break", f"{field.label} is one line."
        elif field.is_link and text and not is_web_link(text):
            yield name, "link_not_http", f"{field.label} takes http and https links only."
    if values.get("time_zone") and not time_zone_is_clear(values["time_zone"]):
        yield "time_zone", "time_zone_unclear", "Write the time zone as Europe/Berlin, or leave it empty."
    yield from _custom_problems(values.get("custom") or {})
    yield from _tag_problems(values.get("tags") or [])


def _custom_problems(custom: Mapping[str, Any]) -> Iterator[Problem]:
    if len(custom) > CUSTOM_KEYS_LIMIT:
        yield "custom", "too_many", f"A lead has at most {CUSTOM_KEYS_LIMIT} custom fields."
    for key, value in custom.items():
        if custom_key(key) != key:
            yield f"custom.{key}", "key_invalid", "A custom field's name is made of small letters, digits and _."
        elif len(str(value)) > CUSTOM_LIMIT:
            yield f"custom.{key}", "too_long", f"A custom field has at most {CUSTOM_LIMIT:,} characters."


def _tag_problems(tags: list[str]) -> Iterator[Problem]:
    if len(tags) > TAGS_LIMIT:
        yield "tags", "too_many", f"A lead has at most {TAGS_LIMIT} tags."
    if any(not tag.strip() or len(tag) > TAG_LIMIT for tag in tags):
        yield "tags", "tag_invalid", f"A tag has 1 to {TAG_LIMIT} characters."
