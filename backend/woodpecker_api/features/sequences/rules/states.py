"""The states of a sequence and the ways between them."""

from enum import StrEnum


class SequenceStatus(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPORTED = "exported"


class Author(StrEnum):
    """Who made a version of the texts."""

    MODEL = "model"
    PERSON = "person"
    IMPORT = "import"


class Approval(StrEnum):
    READ = "read"
    BULK = "bulk"


_D, _A, _R, _E = SequenceStatus

TRANSITIONS: dict[SequenceStatus, frozenset[SequenceStatus]] = {
    _D: frozenset({_A, _R}),
    _A: frozenset({_D, _R, _E}),
    _R: frozenset({_D, _A}),
    _E: frozenset({_D, _A}),  # new texts for a further campaign; taken back from the campaign
}


def may_become(status: SequenceStatus, target: SequenceStatus) -> bool:
    """Whether the step is one that the product knows. Staying is always allowed."""
    return status == target or target in TRANSITIONS[status]


def status_after_change(status: SequenceStatus) -> SequenceStatus:
    """Changed words are nobody's approved words: whatever it was, it is a draft again."""
    return SequenceStatus.DRAFT if may_become(status, SequenceStatus.DRAFT) else status
