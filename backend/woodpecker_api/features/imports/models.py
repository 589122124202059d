"""Imports, the problems found in their rows, what they changed (for undo), and mappings remembered by header shape."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from woodpecker_api.db.base import Base, Id, Json, UtcDateTime, created_column, id_column, state_check


class ImportStatus(StrEnum):
    PARSING = "parsing"
    PARSED = "parsed"
    COMMITTING = "committing"
    COMMITTED = "committed"
    FAILED = "failed"
    UNDONE = "undone"


class OnDuplicate(StrEnum):
    SKIP = "skip"
    FILL = "fill"
    OVERWRITE = "overwrite"


class Import(Base):
    __tablename__ = "imports"
    __table_args__ = (state_check("status", ImportStatus), state_check("on_duplicate", OnDuplicate))

    id: Mapped[str] = id_column()
    filename: Mapped[str] = mapped_column(sa.String(300))
    file_sha256: Mapped[str] = mapped_column(sa.String(64))
    file_size: Mapped[int] = mapped_column(sa.BigInteger)
    status: Mapped[str] = mapped_column(sa.String(16), default=ImportStatus.PARSING)
    encoding: Mapped[str | None] = mapped_column(sa.String(32))
    delimiter: Mapped[str | None] = mapped_column(sa.String(4))
    header_row: Mapped[int | None]
    sheet: Mapped[str | None] = mapped_column(sa.String(100))
    choices: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """What the user corrected: encoding, delimiter, header_row, sheet; absent means found by us."""
    columns: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    mapping: Mapped[dict[str, str | None]] = mapped_column(Json, default=dict)
    on_duplicate: Mapped[str] = mapped_column(sa.String(16), default=OnDuplicate.SKIP)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    """How do we know these people? Usable in templates."""
    row_count: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    rows_done: Mapped[int] = mapped_column(default=0)
    """How far the commit came; it goes on from here after a crash."""
    error_code: Mapped[str | None] = mapped_column(sa.String(64))
    error: Mapped[str | None] = mapped_column(sa.Text)
    sandbox: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    created_at: Mapped[datetime] = created_column()
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportIssue(Base):
    """A problem or remark by row and column; `row` is the true line number in the file."""

    __tablename__ = "import_issues"
    __table_args__ = (sa.Index("ix_import_issues_code", "import_id", "code", "id"),)

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    import_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("imports.id"), index=True)
    row: Mapped[int | None]
    column: Mapped[str | None] = mapped_column(sa.String(300))
    code: Mapped[str] = mapped_column(sa.String(64))
    severity: Mapped[str] = mapped_column(sa.String(16))
    message: Mapped[str] = mapped_column(sa.Text)


class ImportReject(Base):
    """A row that was not stored, with its cells, so that it can be downloaded, repaired and imported again."""

    __tablename__ = "import_rejects"
    __table_args__ = (sa.UniqueConstraint("import_id", "row"),)

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    import_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("imports.id"))
    row: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[str] = mapped_column(sa.Text)
    cells: Mapped[list[str]] = mapped_column(Json)


class ImportChange(Base):
    """What an import changed on a lead that existed before: `before` puts it back."""

    __tablename__ = "import_changes"
    __table_args__ = (sa.UniqueConstraint("import_id", "lead_id"),)

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    import_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("imports.id"))
    lead_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("leads.id"))
    before: Mapped[dict[str, Any]] = mapped_column(Json)


class MappingMemory(Base):
    """The mapping last confirmed for a header of this shape."""

    __tablename__ = "mapping_memories"

    header_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    mapping: Mapped[dict[str, str | None]] = mapped_column(Json)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
