"""The parts of a template as values: system text, brief, what is said of the person, and the shape."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class SnippetKind(StrEnum):
    SUBJECT = "subject"
    EMAIL = "email"
    LINKEDIN_NOTE = "linkedin_note"
    BUMP = "bump"
    BREAKUP = "breakup"


class Unit(StrEnum):
    """What a snippet's target and limit count."""

    CHARACTERS = "characters"
    WORDS = "words"


@dataclass(frozen=True)
class SnippetShape:
    """One snippet: `target_min` to `target_max` is the aim, more than `limit` is not accepted; all in `unit`."""

    number: int
    kind: SnippetKind
    day: int
    instruction: str
    unit: Unit
    target_min: int
    target_max: int
    limit: int
    formatting: str = "plain"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Brief:
    """Whom the texts speak for. Facts outside of it and of the lead are inventions."""

    company: str = ""
    product: str = ""
    proof_points: tuple[str, ...] = ()
    voice: str = ""
    forbidden_words: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "company": self.company,
            "product": self.product,
            "proof_points": list(self.proof_points),
            "voice": self.voice,
            "forbidden_words": list(self.forbidden_words),
        }

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> "Brief":
        return Brief(
            company=value.get("company", ""),
            product=value.get("product", ""),
            proof_points=tuple(value.get("proof_points", ())),
            voice=value.get("voice", ""),
            forbidden_words=tuple(value.get("forbidden_words", ())),
        )

    @property
    def is_complete(self) -> bool:
        """Whether there is something true to say: without company and product a model can only invent."""
        return bool(self.company.strip() and self.product.strip())


@dataclass(frozen=True)
class Content:
    """All of one template version."""

    system_text: str
    brief: Brief
    person_text: str
    shape: tuple[SnippetShape, ...]

    @property
    def by_number(self) -> dict[int, SnippetShape]:
        return {snippet.number: snippet for snippet in self.shape}

    def as_json(self) -> dict[str, Any]:
        return {
            "system_text": self.system_text,
            "brief": self.brief.as_json(),
            "person_text": self.person_text,
            "shape": [snippet.as_json() for snippet in self.shape],
        }


def shape_from_json(value: Sequence[Mapping[str, Any]]) -> tuple[SnippetShape, ...]:
    """The shape as stored, in the order of the numbers. Raises KeyError or ValueError for what was not stored by us."""
    snippets = (
        SnippetShape(**{**snippet, "kind": SnippetKind(snippet["kind"]), "unit": Unit(snippet["unit"])})
        for snippet in value
    )
    return tuple(sorted(snippets, key=lambda snippet: snippet.number))


def content_from_json(value: Mapping[str, Any]) -> Content:
    return Content(
        system_text=value["system_text"],
        brief=Brief.from_json(value["brief"]),
        person_text=value["person_text"],
        shape=shape_from_json(value["shape"]),
    )
