"""States of a sequence, kinds of snippet, flags, and the checks that both generation and editing use."""

from woodpecker_api.features.sequences.rules.checks import check_texts
from woodpecker_api.features.sequences.rules.facts import Facts
from woodpecker_api.features.sequences.rules.flags import Flag, Severity, counts
from woodpecker_api.features.sequences.rules.states import (
    TRANSITIONS,
    Approval,
    Author,
    SequenceStatus,
    may_become,
    status_after_change,
)
from woodpecker_api.features.templates.rules import SnippetKind

__all__ = [
    "TRANSITIONS",
    "Approval",
    "Author",
    "Facts",
    "Flag",
    "SequenceStatus",
    "Severity",
    "SnippetKind",
    "check_texts",
    "counts",
    "may_become",
    "status_after_change",
]
