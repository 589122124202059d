"""One text under check, with what the checks need to know about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from woodpecker_api.features.sequences.rules.facts import Facts, folded
from woodpecker_api.features.sequences.rules.flags import Flag, Severity
from woodpecker_api.features.templates.rules import SnippetKind, SnippetShape

EXCERPT = 80


@dataclass(frozen=True)
class Text:
    """`original`: the machine's words when a person changed them, else None."""

    words: str
    shape: SnippetShape
    facts: Facts
    original: str | None

    @property
    def kind(self) -> SnippetKind:
        return self.shape.kind

    @property
    def is_subject(self) -> bool:
        return self.kind is SnippetKind.SUBJECT

    @cached_property
    def folded_original(self) -> str | None:
        return None if self.original is None else folded(self.original)

    def vouched(self, said: str) -> bool:
        """Whether a person wrote this, not the machine."""
        return self.folded_original is not None and folded(said) not in self.folded_original

    def flag(self, code: str, severity: Severity, message: str, start: int, end: int) -> Flag:
        """A flag at a place. `{}` in the message is what stands there."""
        said = " ".join(self.words[start:end].split())
        excerpt = said if len(said) <= EXCERPT else said[: EXCERPT - 1] + "…"
        return Flag(code, severity, message.replace("{}", excerpt), start, end, excerpt)

    def invention(self, code: str, severity: Severity, message: str, place: tuple[int, int]) -> Iterator[Flag]:
        """A flag for a fact that nobody gave; only a note when a person put it there."""
        start, end = place
        person = self.vouched(self.words[start:end])
        yield self.flag(code, Severity.NOTE if person else severity, message, start, end)
