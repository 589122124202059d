"""A run's one job: it is started here, and again when the run goes on after a pause. Its state is in the tables alone."""

from sqlalchemy.orm import Session

from woodpecker_api.features.generation.models import GenerationRun, RunMode
from woodpecker_api.system.jobs.jobs import Jobs
from woodpecker_api.system.jobs.port import Queue

WRITE_JOB = "generation.write"
BATCH_JOB = "generation.batches"


def go_on(db: Session, jobs: Jobs, run: GenerationRun) -> None:
    """The job that brings this run on; one that is alive already is enough, two could ask for the same lead twice."""
    if run.batching:
        return
    run.batching = True
    name, queue = (BATCH_JOB, Queue.DEFAULT) if run.mode == RunMode.BATCH else (WRITE_JOB, Queue.GENERATION)
    # A paused run that goes on has a new version, so its next job has a name of its own.
    jobs.enqueue(db, name, run.id, key=f"{name}-{run.id}-{run.version}", queue=queue)
