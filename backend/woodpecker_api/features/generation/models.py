"""Runs, their items (one lead each), and the ledger of calls."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from woodpecker_api.db.base import Base, Id, Json, UtcDateTime, created_column, id_column, state_check


class RunStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"


class RunMode(StrEnum):
    LIVE = "live"
    BATCH = "batch"


class ItemStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class CallStatus(StrEnum):
    """reserved: worst case held back; settled: charged as `usage` says; uncertain: no answer came, the reservation stays."""

    RESERVED = "reserved"
    SETTLED = "settled"
    UNCERTAIN = "uncertain"
    RELEASED = "released"


class GenerationRun(Base):
    __tablename__ = "generation_runs"
    __table_args__ = (state_check("status", RunStatus), state_check("mode", RunMode))

    id: Mapped[str] = id_column()
    status: Mapped[str] = mapped_column(sa.String(16), default=RunStatus.QUEUED)
    status_reason: Mapped[str | None] = mapped_column(sa.Text)
    """Why it is paused or failed, for a person."""
    status_code: Mapped[str | None] = mapped_column(sa.String(64))
    """The same for programs: paused_by_user, budget_reached, claude_spend_limit, …"""
    mode: Mapped[str] = mapped_column(sa.String(8), default=RunMode.LIVE)
    template_version_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("template_versions.id"))
    model: Mapped[str] = mapped_column(sa.String(100))
    effort: Mapped[str | None] = mapped_column(sa.String(16))
    instruction: Mapped[str | None] = mapped_column(sa.Text)
    numbers: Mapped[list[int] | None] = mapped_column(Json)
    """Only these snippets (regenerate); None means all."""
    sender: Mapped[dict[str, Any] | None] = mapped_column(Json)
    budget_micros: Mapped[int | None] = mapped_column(sa.BigInteger)
    estimate: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """What was expected at the start, to be compared with what came: source, input_tokens, output_tokens, usd, seconds."""
    total: Mapped[int] = mapped_column(default=0)
    sandbox: Mapped[bool]
    vendor_batch_id: Mapped[str | None] = mapped_column(sa.String(100))
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    created_at: Mapped[datetime] = created_column()
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class GenerationItem(Base):
    """One lead of a run. `previous_status` is what the lead goes back to when nothing comes of it."""

    __tablename__ = "generation_items"
    __table_args__ = (
        state_check("status", ItemStatus),
        sa.UniqueConstraint("run_id", "lead_id"),
        sa.Index("ix_generation_items_status", "run_id", "status"),
        sa.Index("ix_generation_items_lead", "lead_id"),
    )

    id: Mapped[str] = id_column()
    run_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("generation_runs.id"))
    lead_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("leads.id"))
    status: Mapped[str] = mapped_column(sa.String(16), default=ItemStatus.QUEUED)
    previous_status: Mapped[str] = mapped_column(sa.String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    """Calls begun for this lead in the present round."""
    round: Mapped[int] = mapped_column(default=1)
    """Counts the jobs of this item: exactly one is alive at a time, named after item and round."""
    parked: Mapped[bool] = mapped_column(default=False)
    """No job is alive, because the run was paused; resuming starts the next round."""
    flagged: Mapped[bool] = mapped_column(default=False)
    error_code: Mapped[str | None] = mapped_column(sa.String(64))
    error: Mapped[str | None] = mapped_column(sa.Text)
    raw_answer: Mapped[str | None] = mapped_column(sa.Text)
    """Kept when it could not be used: paid for, so shown."""
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class GenerationCall(Base):
    """The ledger: a line before each call with the worst case, settled from the answer's `usage`."""

    __tablename__ = "generation_calls"
    __table_args__ = (
        state_check("status", CallStatus),
        sa.Index("ix_generation_calls_run", "run_id", "status"),
        sa.Index("ix_generation_calls_month", "sandbox", "created_at"),
    )

    id: Mapped[str] = id_column()
    run_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("generation_runs.id"))
    item_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("generation_items.id"))
    status: Mapped[str] = mapped_column(sa.String(16), default=CallStatus.RESERVED)
    model: Mapped[str] = mapped_column(sa.String(100))
    reserved_micros: Mapped[int] = mapped_column(sa.BigInteger)
    charged_micros: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    input_tokens: Mapped[int] = mapped_column(default=0)
    output_tokens: Mapped[int] = mapped_column(default=0)
    cache_read_tokens: Mapped[int] = mapped_column(default=0)
    cache_write_tokens: Mapped[int] = mapped_column(default=0)
    vendor_request_id: Mapped[str | None] = mapped_column(sa.String(100))
    error_code: Mapped[str | None] = mapped_column(sa.String(64))
    sandbox: Mapped[bool]
    created_at: Mapped[datetime] = created_column()
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
