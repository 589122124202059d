"""Where texts about a person are: their present texts, and all earlier versions."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from woodpecker_api.db.forgetting import Place
from woodpecker_api.features.leads.rules.forgetting import Person
from woodpecker_api.features.sequences.models import Sequence, SequenceVersion, Snippet


def places(person: Person) -> list[Place]:
    """That there was a sequence, from which template, approved by whom: this stays, and says nothing of the person."""
    theirs = sa.select(Sequence.id).where(Sequence.lead_id.in_(person.lead_ids))
    return [
        Place(Snippet, Snippet.sequence_id.in_(theirs)),
        Place(SequenceVersion, SequenceVersion.sequence_id.in_(theirs), {"snippets": [], "instruction": None}),
        Place(Sequence, Sequence.lead_id.in_(person.lead_ids), {"rejected_reason": None}),
    ]


def content(sequence_ids: Collection[str], now: datetime) -> list[Place]:
    """The words alone, when they were kept long enough: which snippet of which day there was stays."""
    return [
        Place(Snippet, Snippet.sequence_id.in_(sequence_ids), {"text": "", "original_text": "", "flags": []}),
        Place(SequenceVersion, SequenceVersion.sequence_id.in_(sequence_ids), {"snippets": [], "instruction": None}),
        Place(Sequence, Sequence.id.in_(sequence_ids), {"texts_removed_at": now}),
    ]
