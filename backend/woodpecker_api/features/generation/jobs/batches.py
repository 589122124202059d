"""The job of a batch run: one step a turn, from the tables alone. What the vendor says is stored before anything else is asked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from woodpecker_api.clients.anthropic.errors import ClaudeError
from woodpecker_api.clients.anthropic.port import Batch, BatchResult, BatchState, ClaudeApi
from woodpecker_api.db.session import Database
from woodpecker_api.errors import VendorKeyMissingError
from woodpecker_api.features.generation import service
from woodpecker_api.features.generation.rules.batches import CLOCKS_DIFFER, Listed, candidates
from woodpecker_api.features.generation.rules.failures import Failure
from woodpecker_api.kit.clock import Clock
from woodpecker_api.system.jobs import Again, Done, JobContext, JobError, NextStep

STORED_AT_ONCE = 25
"""Results in one transaction: about a quarter of a second, in which nobody else can write."""
LISTED_A_PAGE = 100
MOST_PAGES = 50


@dataclass
class Batcher:
    """Submits, finds again, asks for and collects the batches of one run at a time."""

    database: Database
    claude: Callable[[], ClaudeApi]
    sandbox: Callable[[], bool | None]
    clock: Clock

    def turn(self, context: JobContext, run_id: str) -> NextStep:
        sandbox = self.sandbox()
        with self.database.writing() as db:
            step = service.next_batch_step(db, run_id, sandbox=sandbox, now=self.clock())
        match step:
            case None:
                return Done()
            case service.Pause(seconds=seconds):
                return Again(seconds)
            case service.Send():
                return self._send(context, step)
            case service.Search():
                return self._search(step, sandbox=bool(sandbox))
            case service.Look():
                return self._look(step)

    def give_up(self, run_id: str, error: JobError) -> None:
        with self.database.writing() as db:
            service.given_up(db, run_id, error.code, error.detail, self.clock())

    def _send(self, context: JobContext, step: service.Send) -> NextStep:
        rest = 0.0
        if not context.still_mine():
            return Again(1.0)  # another worker has the job: the row says that somebody must look for it
        try:
            told = self.claude().submit_batch(step.items)
        except (ClaudeError, VendorKeyMissingError) as error:
            failure = failure_of(error)
            with self.database.writing() as db:
                if failure.may_have_been_charged:
                    service.unheard(db, step.batch_id, failure, self.clock())
                else:
                    rest = service.refused(db, step.batch_id, failure, self.clock())
            return Again(rest)
        with self.database.writing() as db:
            service.submitted(db, step.batch_id, told, self.clock())
        return Again()

    def _search(self, step: service.Search, *, sandbox: bool) -> NextStep:
        try:
            found = self._find(step)
        except (ClaudeError, VendorKeyMissingError) as error:
            with self.database.writing() as db:
                service.look_failed(db, step.batch_id, failure_of(error), self.clock())
            return Again()
        with self.database.writing() as db:
            if found is None:
                service.absent(db, step.batch_id, self.clock(), sandbox=sandbox)
            else:
                service.submitted(db, step.batch_id, found, self.clock(), found_again=True)
        return Again()

    def _find(self, step: service.Search) -> Batch | None:
        """The oldest of the vendor's batches that may be the one. Its list is newest first."""
        listed: dict[str, Batch] = {}
        after: str | None = None
        for _page in range(MOST_PAGES):
            page = self.claude().list_batches(LISTED_A_PAGE, after)
            listed |= {batch.id: batch for batch in page.items}
            after = page.next_after_id
            is_past = any(batch.created_at < step.intended_at - CLOCKS_DIFFER for batch in page.items)
            if after is None or is_past:
                break
        known = [Listed(batch.id, batch.counts.total, batch.created_at) for batch in listed.values()]
        names = candidates(known, step.requests, step.intended_at, step.known)
        return listed[names[0]] if names else None

    def _look(self, step: service.Look) -> NextStep:
        try:
            claude = self.claude()
            batch = claude.cancel_batch(step.name) if step.cancel else claude.batch(step.name)
            if batch.state is not BatchState.ENDED:
                with self.database.writing() as db:
                    service.still_working(db, step.batch_id, self.clock(), cancel_asked=step.cancel)
                return Again()
            self._collect(step, claude.batch_results(step.name, step.schema))
        except (ClaudeError, VendorKeyMissingError) as error:
            with self.database.writing() as db:
                service.look_failed(db, step.batch_id, failure_of(error), self.clock())
        return Again()

    def _collect(self, step: service.Look, results: Iterator[BatchResult]) -> None:
        """A cut midway raises; what was stored until then stays, and the next look reads the rest."""
        ours = 0
        while some := list(islice(results, STORED_AT_ONCE)):
            with self.database.writing() as db:
                ours += service.collect(db, step.batch_id, some, self.clock())
        with self.database.writing() as db:
            service.collected(db, step.batch_id, ours, self.clock())


def failure_of(error: ClaudeError | VendorKeyMissingError) -> Failure:
    """In the words of our rules."""
    if isinstance(error, ClaudeError):
        return Failure(error.code, str(error), error.permanent, error.retry_after, error.may_have_been_charged)
    return Failure(error.code, error.detail, permanent=True)
