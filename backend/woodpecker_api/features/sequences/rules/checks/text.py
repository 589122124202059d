"""One text under check, with what the checks need to know about it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from woodpecker_api.features.sequences.rules.facts import Facts, folded, holds_word
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
    def lowered(self) -> str:
        """All small and with straight apostrophes: what does not stand in it as a part, no pattern without case finds.

        Patterns over a whole text are the dearest of the checks, and nearly every text holds nothing for them.
        """
        # For the patterns of this language the two i of Turkish are an i.
        return self.words.casefold().replace("i\u0307", "i").replace("\u0131", "i").replace("’", "'")

    def holds_word_of(self, words: Iterable[str]) -> bool:
        """Whether one of the words, written small, is one of its words."""
        lowered = self.lowered
        # Most are no part of the text at all, which is seen sooner than the text is taken apart into its words.
        return any(holds_word(lowered, word) for word in words if word in lowered)

    def has_last_line_with(self, beginnings: tuple[str, ...], lines: int) -> bool:
        """Whether one of so many last lines begins, after spaces, with one of these, written small."""
        last = self.lowered.rstrip().rsplit("\n", lines)[-lines:]
        return any(line.lstrip().startswith(beginnings) for line in last)

    def holds_any(self, parts: Iterable[str]) -> bool:
        """Whether one of the parts, written small, stands somewhere in it."""
        lowered = self.lowered
        for part in parts:  # noqa: SIM110  `any` takes three times as long for texts as short as these
            if part in lowered:
                return True
        return False

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
