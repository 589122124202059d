"""Erasures, and reports of what retention removed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from woodpecker_api.db.base import Base, Id, Json, UtcDateTime, created_column, id_column, state_check
from woodpecker_api.features.privacy.rules import ErasureStatus


class Erasure(Base):
    """`email` is empty as soon as the person is erased here; afterwards only the keyed hash says who it was."""

    __tablename__ = "erasures"
    __table_args__ = (state_check("status", ErasureStatus), sa.Index("ix_erasures_person", "person_hash"))

    id: Mapped[str] = id_column()
    email: Mapped[str] = mapped_column(sa.String(320))
    person_hash: Mapped[str] = mapped_column(sa.String(64))
    lead_ids: Mapped[list[str]] = mapped_column(Json, default=list)
    """The person's leads, found by their address before that was emptied."""
    files: Mapped[list[str]] = mapped_column(Json, default=list)
    """Imports whose uploaded file holds the person and is still to be dropped."""
    status: Mapped[str] = mapped_column(sa.String(16), default=ErasureStatus.WAITING)
    counts: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    """Rows emptied, by table."""
    reason: Mapped[str | None] = mapped_column(sa.String(64))
    """Why it does not get on, as a stable word."""
    requested_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    created_at: Mapped[datetime] = created_column()
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RetentionReport(Base):
    """What one run of retention removed."""

    __tablename__ = "retention_reports"

    id: Mapped[str] = id_column()
    counts: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    keep_content_days: Mapped[int | None]
    keep_people_days: Mapped[int | None]
    started_at: Mapped[datetime] = created_column()
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
