"""The engine while one worker holds its place: launch, taking over from the dead, shutdown."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import structlog
from dbos import DBOS, EnqueueOptions

from woodpecker_api.db.session import Database
from woodpecker_api.kit.clock import rfc3339
from woodpecker_api.system.jobs import engine
from woodpecker_api.system.jobs.port import Job, Queue, Schedule
from woodpecker_api.system.jobs.runner import Part, Runner
from woodpecker_api.system.jobs.slots import Slot

log = structlog.get_logger(__name__)


class Running:
    """From `launch` to `shut_down`. The engine is one object for the process, so there is one of these at a time."""

    def __init__(self, database: Database, slot: Slot, held_since: float) -> None:
        self._database = database
        self._slot = slot
        self._runner = Runner(slot.holds, held_since)

    def launch(self, jobs: Sequence[Job], schedules: Sequence[Schedule], *, generation_at_once: int) -> None:
        """Starts the queues; unfinished jobs of this slot's last holder are taken up at once."""
        engine.route_engine_log()
        engine.declare_queues(engine.make_client(self._database.engine), generation_at_once)
        DBOS(config=engine.engine_config(self._database.engine, self._slot.name))
        for job in jobs:
            self._register(job)
        entries = [self._register_schedule(schedule) for schedule in schedules]
        DBOS.launch()
        DBOS.apply_schedules(entries)
        wanted = {schedule.name for schedule in schedules}
        for known in DBOS.list_schedules():
            if known["schedule_name"] not in wanted:
                DBOS.delete_schedule(known["schedule_name"])

    def take_over_from_the_dead(self) -> None:
        """Resumes what workers left behind whose slot nobody holds (their own successor would do the same)."""
        left = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        for name in sorted({str(job.executor_id) for job in left} - {self._slot.name}):
            with self._slot.take_dead(name) as dead:
                if not dead:
                    continue
                # Listed again under the lock: its owner may have lived, finished or been succeeded since.
                for job in DBOS.list_workflows(status="PENDING", executor_id=name, load_input=False, load_output=False):
                    DBOS.resume_workflow(job.workflow_id, queue_name=job.queue_name)
                    log.info("job_taken_over", job=job.name, key=job.workflow_id, slot=name)

    def shut_down(self, seconds: float) -> bool:
        """Whether every turn in progress has ended in time. Jobs between turns stay as they are for the next worker."""
        drained = self._runner.stop(seconds)
        DBOS.destroy(destroy_registry=True)
        return drained

    def _register(self, job: Job) -> None:
        def run(record_id: str, key: str = "", number: int = 0, rest: float = 0.0, until: float = 0.0) -> None:
            self._runner.run(job, record_id, Part(key or str(DBOS.workflow_id), number, rest, until))

        DBOS.workflow(name=job.name, max_recovery_attempts=engine.MAX_RECOVERIES)(run)

    def _register_schedule(self, schedule: Schedule) -> Any:
        """Its time only enqueues it: from there it is a job like any other."""
        job = Job(f"scheduled.{schedule.name}", schedule.handler)
        self._register(job)

        def run(planned: datetime, _context: Any) -> None:
            options: EnqueueOptions = {
                "workflow_name": job.name,
                "queue_name": Queue.DEFAULT.value,
                "workflow_id": f"{DBOS.workflow_id}-job",
            }
            moment = rfc3339(planned if planned.tzinfo else planned.replace(tzinfo=UTC))
            DBOS.enqueue_workflow_with_options(options, moment)

        workflow = DBOS.workflow(name=f"schedule.{schedule.name}", max_recovery_attempts=engine.MAX_RECOVERIES)(run)
        return {
            "schedule_name": schedule.name,
            "workflow_fn": workflow,
            "schedule": schedule.cron,
            "automatic_backfill": schedule.catch_up,
        }
