"""Sequences, their snippets as they stand, and all earlier versions."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from woodpecker_api.db.base import Base, Id, Json, UtcDateTime, created_column, id_column, state_check
from woodpecker_api.features.sequences.rules import Approval, Author, SequenceStatus, SnippetKind


class Sequence(Base):
    """One per lead. `version` grows with every change of the texts or the state."""

    __tablename__ = "sequences"
    __table_args__ = (
        state_check("status", SequenceStatus),
        state_check("approval", Approval),
        sa.Index("ix_sequences_queue", "status", "blocking_flags", "warning_flags", "id"),
    )

    id: Mapped[str] = id_column()
    lead_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("leads.id"), unique=True)
    status: Mapped[str] = mapped_column(sa.String(16), default=SequenceStatus.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    template_version_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("template_versions.id"))
    generation_run_id: Mapped[str | None] = mapped_column(Id)
    sandbox: Mapped[bool] = mapped_column(default=False)
    """Some text of it was made by the simulator: a real export refuses it."""
    blocking_flags: Mapped[int] = mapped_column(default=0)
    warning_flags: Mapped[int] = mapped_column(default=0)
    edited: Mapped[bool] = mapped_column(default=False)
    """A person changed the model's words."""
    sender: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """Who signs the texts (user_id, name, title), when the run named somebody; an export checks it against the campaign."""
    approved_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_version: Mapped[int | None]
    approval: Mapped[str | None] = mapped_column(sa.String(8))
    rejected_reason: Mapped[str | None] = mapped_column(sa.String(500))
    texts_removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When retention took the texts away."""
    created_at: Mapped[datetime] = created_column()
    updated_at: Mapped[datetime] = created_column()


class Snippet(Base):
    """A text as it stands; `original_text` is what the model (or the list) gave."""

    __tablename__ = "snippets"
    __table_args__ = (state_check("kind", SnippetKind),)

    sequence_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("sequences.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(16))
    day: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    original_text: Mapped[str] = mapped_column(sa.Text)
    flags: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)


class SequenceVersion(Base):
    """The texts as they were at one version: kept, shown, restorable."""

    __tablename__ = "sequence_versions"
    __table_args__ = (state_check("author", Author),)

    sequence_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("sequences.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    author: Mapped[str] = mapped_column(sa.String(8))
    author_id: Mapped[str | None] = mapped_column(Id)
    template_version_id: Mapped[str | None] = mapped_column(Id)
    instruction: Mapped[str | None] = mapped_column(sa.Text)
    sandbox: Mapped[bool] = mapped_column(default=False)
    snippets: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    """number, kind, day, text for each."""
    created_at: Mapped[datetime] = created_column()
