"""Where the work of the model speaks of a person. The ledger of calls holds figures only and stays."""

from collections.abc import Collection

import sqlalchemy as sa

from woodpecker_api.db.forgetting import Place, mentions
from woodpecker_api.features.generation.models import GenerationItem, GenerationRun
from woodpecker_api.features.leads.rules.forgetting import Person


def places(person: Person) -> list[Place]:
    items = GenerationItem.lead_id.in_(person.lead_ids)
    runs = sa.select(GenerationItem.run_id).where(items)
    # What a run for one person was told is about that person; of a larger run only what names them.
    about = sa.or_(
        sa.and_(GenerationRun.id.in_(runs), GenerationRun.total == 1),
        mentions(GenerationRun.instruction, person.words),
    )
    return [
        Place(GenerationItem, items, {"raw_answer": None, "error": None}),
        Place(GenerationRun, about, {"instruction": None}),
        Place(GenerationRun, mentions(GenerationRun.status_reason, person.words), {"status_reason": None}),
    ]


def content(lead_ids: Collection[str]) -> list[Place]:
    """Answers of the model that could not be used, when the texts they were meant for are gone."""
    return [Place(GenerationItem, GenerationItem.lead_id.in_(lead_ids), {"raw_answer": None})]
