"""What is different between two contents of a template, part by part and word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from woodpecker_api.features.templates.rules.content import Brief, Content, SnippetShape


class Piece(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Change:
    """`field` is a dotted path as in `Problem`; `pieces` in reading order: the same, removed and added words."""

    field: str
    before: str
    after: str
    pieces: tuple[tuple[Piece, str], ...]


# White space is kept as words of its own, so that the pieces put together are the texts again.
_WORD = re.compile(r"\s+|\S+")
_BRIEF_TEXTS = ("company", "product", "voice")
_BRIEF_LISTS = ("proof_points", "forbidden_words")
_SNIPPET_PARTS = ("kind", "day", "instruction", "unit", "target_min", "target_max", "limit", "formatting")


def differences(before: Content, after: Content) -> list[Change]:
    """In the order of the form; empty when both say the same."""
    pairs = [
        ("system_text", before.system_text, after.system_text),
        *_of_briefs(before.brief, after.brief),
        ("person_text", before.person_text, after.person_text),
        *_of_shapes(before, after),
    ]
    return [Change(field, old, new, pieces(old, new)) for field, old, new in pairs if old != new]


def pieces(before: str, after: str) -> tuple[tuple[Piece, str], ...]:
    """The words of both texts, each piece marked; what goes stands before what comes."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    found: list[tuple[Piece, str]] = []
    for code, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if code == "equal":
            found.append((Piece.SAME, "".join(old[a:b])))
            continue
        if b > a:
            found.append((Piece.REMOVED, "".join(old[a:b])))
        if d > c:
            found.append((Piece.ADDED, "".join(new[c:d])))
    return tuple(found)


def _of_briefs(before: Brief, after: Brief) -> Iterator[tuple[str, str, str]]:
    for name in _BRIEF_TEXTS:
        yield f"brief.{name}", getattr(before, name), getattr(after, name)
    for name in _BRIEF_LISTS:
        yield f"brief.{name}", "\n".join(getattr(before, name)), "\n".join(getattr(after, name))


def _of_shapes(before: Content, after: Content) -> Iterator[tuple[str, str, str]]:
    old, new = before.by_number, after.by_number
    for number in sorted({*old, *new}):
        if number in old and number in new:
            for name in _SNIPPET_PARTS:
                yield f"shape.{number}.{name}", str(getattr(old[number], name)), str(getattr(new[number], name))
        else:
            yield f"shape.{number}", _whole(old.get(number)), _whole(new.get(number))


def _whole(snippet: SnippetShape | None) -> str:
    return "" if snippet is None else f"{snippet.kind.value}, day {snippet.day}: {snippet.instruction}"
