"""Items get their jobs, a slice at a time: at the start of a run, and again when it goes on after a pause."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.generation.models import (
    GenerationItem,
    GenerationRun,
    ItemStatus,
    RunMode,
    RunStatus,
)
from woodpecker_api.system.jobs.jobs import Jobs
from woodpecker_api.system.jobs.port import Queue

FEED_JOB = "generation.feed"
WRITE_JOB = "generation.write"
BATCH_JOB = "generation.batches"
SLICE = 200


def feed(db: Session, jobs: Jobs, run: GenerationRun) -> bool:
    """Starts the next round of up to `SLICE` parked items. True when there may be more."""
    if run.mode != RunMode.LIVE or run.status not in (RunStatus.QUEUED, RunStatus.RUNNING):
        return False
    parked = sa.select(GenerationItem).where(
        GenerationItem.run_id == run.id, GenerationItem.status == ItemStatus.QUEUED, GenerationItem.parked
    )
    items = list(db.scalars(parked.order_by(GenerationItem.id).limit(SLICE)))
    for item in items:
        item.parked = False
        item.round += 1
        jobs.enqueue(db, WRITE_JOB, item.id, key=f"generate-{item.id}-{item.round}", queue=Queue.GENERATION)
    db.flush()
    return len(items) == SLICE


def go_on(db: Session, jobs: Jobs, run: GenerationRun) -> None:
    """The jobs that bring this run on, whatever its mode; calling it once too often starts nothing twice."""
    if run.mode == RunMode.BATCH:
        start_batching(db, jobs, run)
    else:
        _feed_all(db, jobs, run)


def start_batching(db: Session, jobs: Jobs, run: GenerationRun) -> None:
    """One job a run submits and collects: two at a time could send the same leads twice."""
    if not run.batching:
        run.batching = True
        jobs.enqueue(db, BATCH_JOB, run.id, key=f"batches-{run.id}-{run.version}")


def _feed_all(db: Session, jobs: Jobs, run: GenerationRun) -> None:
    """The first slice at once, so that a small run loses no time; a job of its own brings the rest."""
    if feed(db, jobs, run):
        jobs.enqueue(db, FEED_JOB, run.id, key=f"feed-{run.id}-{run.version}")
