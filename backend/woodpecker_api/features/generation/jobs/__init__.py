"""The jobs of generation: one for a live run, one for a run's batches. Both find what to do in the tables."""

from collections.abc import Callable

from woodpecker_api.clients.anthropic.port import ClaudeApi
from woodpecker_api.db.session import Database
from woodpecker_api.features.generation.jobs.batches import Batcher
from woodpecker_api.features.generation.jobs.crew import Crew
from woodpecker_api.features.generation.service.feeding import BATCH_JOB, WRITE_JOB
from woodpecker_api.kit.clock import Clock
from woodpecker_api.system.jobs import Job


def generation_jobs(
    database: Database, claude: Callable[[], ClaudeApi], sandbox: Callable[[], bool | None], clock: Clock
) -> tuple[Job, ...]:
    """`claude` raises `VendorKeyMissingError`; `sandbox` says which Claude that is, None when there is none."""
    crew = Crew(database, claude, sandbox, clock)
    batcher = Batcher(database, claude, sandbox, clock)
    return (Job(WRITE_JOB, crew.turn, crew.give_up), Job(BATCH_JOB, batcher.turn, batcher.give_up))
