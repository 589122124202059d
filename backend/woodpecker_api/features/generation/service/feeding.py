"""Items get their jobs, a slice at a time: at the start of a run, and again when it goes on after a pause."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.generation.models import GenerationItem, GenerationRun, ItemStatus, RunStatus
from woodpecker_api.system.jobs.jobs import Jobs
from woodpecker_api.system.jobs.port import Queue

FEED_JOB = "generation.feed"
WRITE_JOB = "generation.write"
SLICE = 200


def feed(db: Session, jobs: Jobs, run: GenerationRun) -> bool:
    """Starts the next round of up to `SLICE` parked items. True when there may be more."""
    if run.status not in (RunStatus.QUEUED, RunStatus.RUNNING):
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


def feed_all(db: Session, jobs: Jobs, run: GenerationRun) -> None:
    """The first slice at once, so that a small run loses no time; a job of its own brings the rest."""
    if feed(db, jobs, run):
        jobs.enqueue(db, FEED_JOB, run.id, key=f"feed-{run.id}-{run.version}")
