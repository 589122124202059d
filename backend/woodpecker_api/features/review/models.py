"""The record of decisions."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from woodpecker_api.db.base import Base, Id, created_column, id_column, state_check


class Decision(StrEnum):
    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"
    """Back to draft: edited after approval, or the approval was taken back."""


class ReviewDecision(Base):
    __tablename__ = "review_decisions"
    __table_args__ = (state_check("decision", Decision), sa.Index("ix_review_decisions_sequence", "sequence_id", "id"))

    id: Mapped[str] = id_column()
    sequence_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("sequences.id"))
    version: Mapped[int]
    decision: Mapped[str] = mapped_column(sa.String(16))
    approval: Mapped[str | None] = mapped_column(sa.String(8))
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    decided_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    created_at: Mapped[datetime] = created_column()
