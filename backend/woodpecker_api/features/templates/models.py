"""Templates and their versions."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from woodpecker_api.db.base import Base, Id, Json, UtcDateTime, created_column, id_column


class Template(Base):
    __tablename__ = "templates"
    __table_args__ = (
        sa.Index(
            "uq_templates_one_default",
            "is_default",
            unique=True,
            sqlite_where=sa.text("is_default = 1"),
            postgresql_where=sa.text("is_default"),
        ),
    )

    id: Mapped[str] = id_column()
    name: Mapped[str] = mapped_column(sa.String(200))
    is_default: Mapped[bool] = mapped_column(default=False)
    current_version: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    """Of this record, for 409 on concurrent edits; `current_version` numbers the texts."""
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = created_column()


class TemplateVersion(Base):
    """Immutable: what was used for a text can always be shown."""

    __tablename__ = "template_versions"
    __table_args__ = (sa.UniqueConstraint("template_id", "number"),)

    id: Mapped[str] = id_column()
    template_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("templates.id"))
    number: Mapped[int]
    system_text: Mapped[str] = mapped_column(sa.Text)
    brief: Mapped[dict[str, Any]] = mapped_column(Json)
    """company, product, proof_points[], voice, forbidden_words[]."""
    person_text: Mapped[str] = mapped_column(sa.Text)
    """What is said of the person, with {{variables}}; the lead's data follow it, fenced off."""
    shape: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    """For each snippet: number, kind, day, formatting, instruction, target and limit (characters or words)."""
    session_only: Mapped[bool] = mapped_column(default=False)
    """Made for one run; the template's current version did not move."""
    created_by: Mapped[str | None] = mapped_column(Id)
    created_at: Mapped[datetime] = created_column()
