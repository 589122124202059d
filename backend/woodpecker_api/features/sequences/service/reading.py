"""Finding sequences and showing them as the contract says."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.errors import NotFoundError
from woodpecker_api.features.leads.models import VISIBLE, Lead
from woodpecker_api.features.sequences.models import Sequence, SequenceVersion, Snippet
from woodpecker_api.features.sequences.rules import Author
from woodpecker_api.features.templates import service as templates
from woodpecker_api.kit.clock import rfc3339


def by_id(db: Session, sequence_id: str) -> tuple[Sequence, Lead]:
    """Raises `NotFoundError`, also when the lead was deleted."""
    wanted = sa.select(Sequence, Lead).join(Lead, Lead.id == Sequence.lead_id)
    return _one(db, wanted.where(Sequence.id == sequence_id))


def of_lead(db: Session, lead_id: str) -> tuple[Sequence, Lead]:
    """Raises `NotFoundError` when the lead has no texts yet."""
    wanted = sa.select(Sequence, Lead).join(Lead, Lead.id == Sequence.lead_id)
    return _one(db, wanted.where(Sequence.lead_id == lead_id))


def _one(db: Session, wanted: sa.Select[Sequence, Lead]) -> tuple[Sequence, Lead]:
    row = db.execute(wanted.where(*VISIBLE)).first()
    if row is None:
        raise NotFoundError("There are no texts for this lead. Generate them first.")
    return row[0], row[1]


def snippets_of(db: Session, sequence_id: str) -> list[Snippet]:
    wanted = sa.select(Snippet).where(Snippet.sequence_id == sequence_id).order_by(Snippet.number)
    return list(db.scalars(wanted))


def versions_of(db: Session, sequence_id: str) -> list[SequenceVersion]:
    """Newest first."""
    wanted = sa.select(SequenceVersion).where(SequenceVersion.sequence_id == sequence_id)
    return list(db.scalars(wanted.order_by(SequenceVersion.version.desc())))


def shown(db: Session, sequence: Sequence) -> dict[str, Any]:
    """The sequence as programs see it: plain JSON values."""
    used = templates.used(db, sequence.template_version_id) if sequence.template_version_id else None
    return {
        "id": sequence.id,
        "lead_id": sequence.lead_id,
        "template_id": used.template_id if used else None,
        "template_name": used.template_name if used else None,
        "template_version": used.number if used else None,
        "status": sequence.status,
        "version": sequence.version,
        "sandbox": sequence.sandbox,
        "edited": sequence.edited,
        "blocking_flags": sequence.blocking_flags,
        "warning_flags": sequence.warning_flags,
        "sender": sequence.sender,
        "approved_by": sequence.approved_by,
        "approved_at": rfc3339(sequence.approved_at) if sequence.approved_at else None,
        "approval": sequence.approval,
        "rejected_reason": sequence.rejected_reason,
        "created_at": rfc3339(sequence.created_at),
        "updated_at": rfc3339(sequence.updated_at),
        "snippets": [_snippet_shown(snippet) for snippet in snippets_of(db, sequence.id)],
    }


def _snippet_shown(snippet: Snippet) -> dict[str, Any]:
    return {
        "number": snippet.number,
        "kind": snippet.kind,
        "day": snippet.day,
        "text": snippet.text,
        "original_text": snippet.original_text,
        "flags": snippet.flags,
    }


def author_of(db: Session, sequence: Sequence) -> Author:
    """Who made the texts as they stand: the newest version that is kept."""
    newest = sa.select(SequenceVersion.author).where(SequenceVersion.sequence_id == sequence.id)
    return Author(db.scalar(newest.order_by(SequenceVersion.version.desc()).limit(1)) or Author.MODEL)
