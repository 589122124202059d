"""The jobs of generation: one for each lead, one that brings leads of a large run to their jobs, one for a run's batches."""

from collections.abc import Callable
from dataclasses import dataclass, field

from woodpecker_api.clients.anthropic.errors import ClaudeError
from woodpecker_api.clients.anthropic.port import ClaudeApi, GenerationAnswer
from woodpecker_api.db.session import Database
from woodpecker_api.errors import VendorKeyMissingError
from woodpecker_api.features.generation import service
from woodpecker_api.features.generation.jobs.batches import Batcher, failure_of
from woodpecker_api.features.generation.jobs.gate import Gate, Usual
from woodpecker_api.features.generation.rules.failures import WAITS_ONLY, Failure
from woodpecker_api.features.generation.service.feeding import BATCH_JOB, FEED_JOB, WRITE_JOB
from woodpecker_api.kit.clock import Clock
from woodpecker_api.system.jobs import Again, Done, Job, JobContext, JobError, NextStep
from woodpecker_api.system.jobs.jobs import Jobs

LONGEST_WAIT_FOR_A_PLACE = 20.0


def generation_jobs(
    database: Database,
    jobs: Jobs,
    claude: Callable[[], ClaudeApi],
    sandbox: Callable[[], bool | None],
    clock: Clock,
) -> tuple[Job, ...]:
    """`claude` raises `VendorKeyMissingError`; `sandbox` says which Claude that is, None when there is none."""
    writer = Writer(database, claude, sandbox, clock)
    batcher = Batcher(database, claude, sandbox, clock)

    def bring(_context: JobContext, run_id: str) -> NextStep:
        with database.writing() as db:
            more = service.feed(db, jobs, service.get_run(db, run_id))
        return Again() if more else Done()

    return (
        Job(WRITE_JOB, writer.turn, writer.give_up),
        Job(FEED_JOB, bring),
        Job(BATCH_JOB, batcher.turn, batcher.give_up),
    )


@dataclass
class Writer:
    """Writes for one lead at a time in each of its threads; all of them share the pace that the vendor allows."""

    database: Database
    claude: Callable[[], ClaudeApi]
    sandbox: Callable[[], bool | None]
    clock: Clock
    gate: Gate = field(default_factory=Gate)
    usual: Usual = field(default_factory=Usual)

    def turn(self, context: JobContext, item_id: str) -> NextStep:
        if not self.gate.enter(LONGEST_WAIT_FOR_A_PLACE, context.stopping):
            return Again(0.2)
        try:
            return self._one_call(item_id)
        finally:
            self.gate.leave()

    def give_up(self, item_id: str, error: JobError) -> None:
        with self.database.writing() as db:
            service.given_up(db, item_id, error.code, error.detail, self.clock())

    def _one_call(self, item_id: str) -> NextStep:
        sandbox = self.sandbox()
        with self.database.writing() as db:
            asked = service.begin(db, item_id, sandbox=sandbox, now=self.clock())
        if asked is None:
            return Done()
        if isinstance(asked, service.Rest):
            return Again(asked.seconds)
        outcome = self._call(asked)
        with self.database.writing() as db:
            now = self.clock()
            if isinstance(outcome, GenerationAnswer):
                rest = service.answered(db, asked, outcome, now)
            else:
                rest = service.failed(db, asked, *outcome, now)
        return Done() if rest is None else Again(rest.seconds)

    def _call(self, asked: service.Asked) -> GenerationAnswer | tuple[Failure, str | None]:
        try:
            answer = self.claude().generate(asked.request)
        except ClaudeError as error:
            quotas = self.usual.quotas(error.limits, self.clock())
            self.gate.slow_down(error.retry_after, busy=error.code in WAITS_ONLY, quotas=quotas)
            return failure_of(error), error.request_id
        except VendorKeyMissingError as error:
            return failure_of(error), None
        self.usual.learn(answer.usage)
        self.gate.went_well(self.usual.quotas(answer.limits, self.clock()))
        return answer
