"""What may be said about a lead: its fields, the template's brief, the sender, and what people asked for."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import FIELD_NAMES
from woodpecker_api.features.sequences.models import Sequence, SequenceVersion
from woodpecker_api.features.sequences.rules import Facts
from woodpecker_api.features.templates import service as templates
from woodpecker_api.features.templates.rules import Brief


def lead_texts(lead: Lead) -> dict[str, str]:
    """All that is known of the lead, by field or column key, without what is empty."""
    texts = {name: getattr(lead, name) for name in FIELD_NAMES}
    texts |= {key: str(value) for key, value in lead.custom.items() if key not in texts}
    return {name: text for name, text in texts.items() if text.strip()}


def facts_of(lead: Lead, brief: Brief, sender: Mapping[str, Any] | None = None, extra: str = "") -> Facts:
    sender = sender or {}
    return Facts(lead_texts(lead), brief, sender.get("name", ""), sender.get("title", ""), extra)


def facts_for(db: Session, sequence: Sequence, lead: Lead) -> Facts:
    """As `facts_of`, with everything that people ever asked the model to say in this sequence."""
    asked = sa.select(SequenceVersion.instruction).where(
        SequenceVersion.sequence_id == sequence.id, SequenceVersion.instruction.is_not(None)
    )
    extra = "\n".join(text for text in db.scalars(asked) if text)
    version_id = sequence.template_version_id
    brief = templates.used_cached(db, version_id).content.brief if version_id else Brief()
    return facts_of(lead, brief, sequence.sender, extra)
