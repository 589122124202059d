"""Runs, their items (one lead each), batches, the ledger of calls, and who signs."""

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


class BatchStatus(StrEnum):
    """submitting: the intent is written, whether the vendor has it is not known; submitted: it has a name at the vendor;
    collected: every result is stored; refused: the vendor did not take it; lost: looked for, and it is not there."""

    SUBMITTING = "submitting"
    SUBMITTED = "submitted"
    COLLECTED = "collected"
    REFUSED = "refused"
    LOST = "lost"


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
    """Not used: a run may have many batches, which have a table of their own."""
    batching: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """The one job that submits and collects this run's batches is alive."""
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


class GenerationBatch(Base):
    """Up to some hundred requests sent to the vendor as one, at half the price. The row is written before they are sent."""

    __tablename__ = "generation_batches"
    __table_args__ = (
        state_check("status", BatchStatus),
        sa.UniqueConstraint("vendor_batch_id"),
        sa.Index("ix_generation_batches_run", "run_id", "status"),
    )

    id: Mapped[str] = id_column()
    run_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("generation_runs.id"))
    status: Mapped[str] = mapped_column(sa.String(16), default=BatchStatus.SUBMITTING)
    vendor_batch_id: Mapped[str | None] = mapped_column(sa.String(100))
    requests: Mapped[int]
    found_again: Mapped[bool] = mapped_column(default=False)
    """Its name was not told us but found in the vendor's list: only its results prove that it is ours."""
    not_ours: Mapped[list[str]] = mapped_column(Json, default=list)
    """Names from the vendor's list whose results turned out to be somebody else's."""
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    looks: Mapped[int] = mapped_column(default=0)
    """How often the vendor was asked since it last had news; the rests between grow with it."""
    next_look_at: Mapped[datetime] = mapped_column(UtcDateTime)
    absent_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the vendor's list was first seen to lack it."""
    error_code: Mapped[str | None] = mapped_column(sa.String(64))
    error: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = created_column()
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class GenerationCall(Base):
    """The ledger: a line before each call with the worst case, settled from the answer's `usage`."""

    __tablename__ = "generation_calls"
    __table_args__ = (
        state_check("status", CallStatus),
        sa.Index("ix_generation_calls_run", "run_id", "status"),
        sa.Index("ix_generation_calls_month", "sandbox", "created_at"),
        sa.Index("ix_generation_calls_item", "item_id", "status"),
        sa.Index("ix_generation_calls_batch", "batch_id"),
    )

    id: Mapped[str] = id_column()
    run_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("generation_runs.id"))
    item_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("generation_items.id"))
    batch_id: Mapped[str | None] = mapped_column(Id)
    """The batch it travels in, at half the price; None for a call of its own. The call's id is the vendor's `custom_id`."""
    # No foreign key: SQLite would have to copy the whole ledger to add one.
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


class Sender(Base):
    """Who signs, as a user wrote it down: name, title and how they write. A run takes a copy."""

    __tablename__ = "senders"

    user_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    title: Mapped[str] = mapped_column(sa.String(200), default="")
    email: Mapped[str] = mapped_column(sa.String(320), default="")
    voice: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = created_column()
