"""Runs and their items as programs see them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.errors import NotFoundError
from woodpecker_api.features.generation.models import (
    GenerationBatch,
    GenerationItem,
    GenerationRun,
    ItemStatus,
    RunMode,
)
from woodpecker_api.features.generation.service.ledger import sums_of_run
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.templates import service as templates
from woodpecker_api.kit.money import usd_text
from woodpecker_api.kit.paging import COUNT_CAP


def get_run(db: Session, run_id: str) -> GenerationRun:
    run = db.get(GenerationRun, run_id)
    if run is None:
        raise NotFoundError("There is no such run. Go back to the list of runs.")
    return run


def runs(db: Session, *, limit: int, after: str | None) -> tuple[list[GenerationRun], int]:
    """Newest first (ids grow with time), and how many there are, capped."""
    wanted = sa.select(GenerationRun).order_by(GenerationRun.id.desc()).limit(limit)
    if after is not None:
        wanted = wanted.where(GenerationRun.id < after)
    counted = sa.select(sa.func.count()).select_from(sa.select(GenerationRun.id).limit(COUNT_CAP + 1).subquery())
    return list(db.scalars(wanted)), db.scalar(counted) or 0


def items_of(
    db: Session, run_id: str, *, statuses: list[ItemStatus] | None, limit: int, after: str | None
) -> tuple[list[tuple[GenerationItem, Lead]], int]:
    """In the order of the run, with their leads; and how many match, capped."""
    conditions = [GenerationItem.run_id == run_id]
    if statuses:
        conditions.append(GenerationItem.status.in_(statuses))
    wanted = sa.select(GenerationItem, Lead).join(Lead, Lead.id == GenerationItem.lead_id).where(*conditions)
    counted = sa.select(GenerationItem.id).where(*conditions).limit(COUNT_CAP + 1)
    if after is not None:
        wanted = wanted.where(GenerationItem.id > after)
    rows = [(row[0], row[1]) for row in db.execute(wanted.order_by(GenerationItem.id).limit(limit))]
    return rows, db.scalar(sa.select(sa.func.count()).select_from(counted.subquery())) or 0


def shown(db: Session, run: GenerationRun) -> dict[str, Any]:
    """A run as plain JSON values, with its counts and what it cost so far."""
    used = templates.used(db, run.template_version_id)
    sums = sums_of_run(db, run.id)
    return {
        "id": run.id,
        "status": run.status,
        "reason_code": run.status_code,
        "reason": run.status_reason,
        "mode": run.mode,
        "template_id": used.template_id,
        "template_name": used.template_name,
        "template_version": used.number,
        "model": run.model,
        "effort": run.effort,
        "instruction": run.instruction,
        "numbers": run.numbers,
        "sender": run.sender,
        "sandbox": run.sandbox,
        "budget_usd": None if run.budget_micros is None else usd_text(run.budget_micros),
        "version": run.version,
        "created_by": run.created_by,
        "created_at": run.created_at,
        "finished_at": run.finished_at,
        "counts": counts_of(db, run),
        "cost": {
            "input_tokens": sums.input_tokens,
            "output_tokens": sums.output_tokens,
            "usd": usd_text(sums.settled),
            "uncertain_usd": usd_text(sums.uncertain),
            "reserved_usd": usd_text(sums.reserved),
        },
        "estimated": run.estimate,
        "batches": batches_of(db, run) if run.mode == RunMode.BATCH else [],
    }


def batches_of(db: Session, run: GenerationRun) -> list[dict[str, Any]]:
    """What was sent as batches, newest first; at most a hundred."""
    wanted = sa.select(GenerationBatch).where(GenerationBatch.run_id == run.id)
    names = ("id", "status", "vendor_batch_id", "requests", "created_at", "expires_at", "finished_at", "error")
    rows = db.scalars(wanted.order_by(GenerationBatch.id.desc()).limit(100))
    return [{name: getattr(batch, name) for name in names} for batch in rows]


def counts_of(db: Session, run: GenerationRun) -> dict[str, int]:
    """`flagged` counts among `done`."""
    by_status = sa.select(
        GenerationItem.status, sa.func.count(), sa.func.sum(sa.cast(GenerationItem.flagged, sa.Integer))
    )
    rows = db.execute(by_status.where(GenerationItem.run_id == run.id).group_by(GenerationItem.status)).all()
    found = {row[0]: int(row[1]) for row in rows}
    flagged = sum(int(row[2] or 0) for row in rows if row[0] == ItemStatus.DONE)
    return {"total": run.total, "flagged": flagged, **{status.value: found.get(status, 0) for status in ItemStatus}}
