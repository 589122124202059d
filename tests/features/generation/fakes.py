"""A Claude that answers from a script, and jobs that are kept and done by hand: generation without network or engine."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tests.builders import NOON
from woodpecker_api.clients.anthropic.errors import ClaudeConnectionLostError, ClaudeError
from woodpecker_api.clients.anthropic.port import (
    AnswerProblem,
    Batch,
    BatchCounts,
    BatchItem,
    BatchOutcome,
    BatchPage,
    BatchResult,
    BatchState,
    GenerationAnswer,
    GenerationRequest,
    Lifecycle,
    ModelOffer,
    RateLimits,
    TokenUsage,
)
from woodpecker_api.db.session import Database
from woodpecker_api.features.generation.jobs import generation_jobs
from woodpecker_api.features.generation.jobs.crew import Crew
from woodpecker_api.features.generation.jobs.gate import Gate
from woodpecker_api.features.generation.service.feeding import WRITE_JOB
from woodpecker_api.system.jobs import Again, JobContext

MODEL = "claude-sonnet-5-5"
USAGE = TokenUsage(input=400, output=1_000, cache_read=2_000)
USD_OF_ONE = 400 * 2 + 2_000 * 2 // 10 + 1_000 * 10
"""Micro-dollars of one answer of `USAGE` from `MODEL`."""

Step = ClaudeError | AnswerProblem | Mapping[str, str] | BaseException | None


def an_answer(
    request: GenerationRequest, data: Mapping[str, Any] | None = None, problem: AnswerProblem | None = None
) -> GenerationAnswer:
    texts = data or {name: f"Hi Ann, this is {name} for Acme." for name in request.schema["properties"]}
    return GenerationAnswer(
        model=request.model,
        stop_reason="end_turn",
        text="half an answ" if problem else "{}",
        data=None if problem else texts,
        problem=problem,
        problem_detail=f"It was {problem}." if problem else "",
        refusal=None,
        usage=USAGE,
        message_id="msg_1",
        request_id="req_1",
        limits=RateLimits(),
    )


@dataclass
class StoredBatch:
    batch: Batch
    items: tuple[BatchItem, ...]
    looks_left: int


@dataclass
class BatchDesk:
    """The vendor's side of batches, with state: each ends after some looks, results come in reverse order.

    `fates`: what becomes of a request by its place in the batch (else a good answer). `on_submit`, `on_look`, `on_results`: errors
    met next; with `hears_not` the batch is taken all the same.
    """

    clock: Callable[[], datetime] = lambda: NOON
    looks: int = 1
    stored: dict[str, StoredBatch] = field(default_factory=dict)
    fates: dict[int, BatchOutcome | AnswerProblem | ClaudeError | None] = field(default_factory=dict)
    on_submit: deque[BaseException | None] = field(default_factory=deque)
    on_look: deque[BaseException | None] = field(default_factory=deque)
    on_results: deque[BaseException | None] = field(default_factory=deque)
    hears_not: bool = False
    cut_after: int | None = None
    cancelled: list[str] = field(default_factory=list)

    def take(self, items: Sequence[BatchItem], name: str | None = None) -> Batch:
        error = self.on_submit.popleft() if self.on_submit else None
        if error is not None and not self.hears_not:
            raise error
        name = name or f"msgbatch_{len(self.stored) + 1}"
        counts = BatchCounts(len(items), 0, 0, 0, 0)
        now = self.clock()
        batch = Batch(name, BatchState.IN_PROGRESS, counts, now, now + timedelta(hours=24), None, results_ready=False)
        self.stored[name] = StoredBatch(batch, tuple(items), self.looks)
        if error is not None:
            raise error
        return batch

    def look(self, name: str) -> Batch:
        error = self.on_look.popleft() if self.on_look else None
        if error is not None:
            raise error
        kept = self.stored[name]
        kept.looks_left -= 1
        if kept.looks_left <= 0 and kept.batch.state is not BatchState.ENDED:
            counts = BatchCounts(0, len(kept.items), 0, 0, 0)
            kept.batch = replace(
                kept.batch, state=BatchState.ENDED, counts=counts, ended_at=self.clock(), results_ready=True
            )
        return kept.batch

    def cancel(self, name: str) -> Batch:
        self.cancelled.append(name)
        kept = self.stored[name]
        kept.batch = replace(kept.batch, state=BatchState.CANCELING)
        return kept.batch

    def results(self, name: str) -> Iterator[BatchResult]:
        error = self.on_results.popleft() if self.on_results else None
        if error is not None:
            raise error
        lines = [self._result(place, item) for place, item in enumerate(self.stored[name].items)]
        for told, line in enumerate(line for line in reversed(lines) if line is not None):
            if told == self.cut_after:
                self.cut_after = None
                raise ClaudeConnectionLostError("cut")
            yield line

    def listed(self, limit: int, after_id: str | None) -> BatchPage:
        newest_first = [kept.batch for kept in reversed(list(self.stored.values()))]
        names = [batch.id for batch in newest_first]
        start = names.index(after_id) + 1 if after_id else 0
        page = newest_first[start : start + limit]
        more = start + limit < len(newest_first)
        return BatchPage(tuple(page), page[-1].id if more else None)

    def _result(self, place: int, item: BatchItem) -> BatchResult | None:
        match self.fates.get(place, BatchOutcome.SUCCEEDED):
            case None:
                return None
            case AnswerProblem() as problem:
                answer = an_answer(item.request, problem=problem)
                return BatchResult(item.custom_id, BatchOutcome.SUCCEEDED, answer, None)
            case ClaudeError() as error:
                return BatchResult(item.custom_id, BatchOutcome.ERRORED, None, error)
            case BatchOutcome.SUCCEEDED:
                return BatchResult(item.custom_id, BatchOutcome.SUCCEEDED, an_answer(item.request), None)
            case outcome:
                return BatchResult(item.custom_id, outcome, None, None)


@dataclass
class ScriptedClaude:
    """Takes one step of `script` for each call (None and an empty script: a good answer). `asked` keeps the requests."""

    script: deque[Step] = field(default_factory=deque)
    asked: list[GenerationRequest] = field(default_factory=list)
    offers: tuple[ModelOffer, ...] = ()
    desk: BatchDesk = field(default_factory=BatchDesk)
    during: Callable[[], None] = lambda: None

    def generate(self, request: GenerationRequest) -> GenerationAnswer:
        self.asked.append(request)
        self.during()
        step = self.script.popleft() if self.script else None
        if isinstance(step, BaseException):
            raise step
        if isinstance(step, AnswerProblem):
            return an_answer(request, problem=step)
        return an_answer(request, step)

    def count_tokens(self, request: GenerationRequest) -> int:
        return 1_000

    def models(self) -> tuple[ModelOffer, ...]:
        return self.offers

    def submit_batch(self, items: Sequence[BatchItem]) -> Batch:
        return self.desk.take(items)

    def batch(self, batch_id: str) -> Batch:
        return self.desk.look(batch_id)

    def batch_results(self, batch_id: str, schema: Mapping[str, Any] | None = None) -> Iterator[BatchResult]:
        return self.desk.results(batch_id)

    def cancel_batch(self, batch_id: str) -> Batch:
        return self.desk.cancel(batch_id)

    def list_batches(self, limit: int = 100, after_id: str | None = None) -> BatchPage:
        return self.desk.listed(limit, after_id)

    def close(self) -> None:
        return None


def a_model(name: str = MODEL, **values: Any) -> ModelOffer:
    usual: dict[str, Any] = {
        "display_name": name,
        "lifecycle": Lifecycle.ACTIVE,
        "created_at": None,
        "retires_at": None,
        "max_input_tokens": 1_000_000,
        "max_output_tokens": 128_000,
        "structured_outputs": True,
        "batch": True,
        "efforts": (),
    }
    return ModelOffer(id=name, **(usual | values))


@dataclass
class KeptJobs:
    """What was enqueued, by key, in order; a known key again is no second job."""

    waiting: dict[str, tuple[str, str]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def enqueue(self, db: Any, name: str, record_id: str, *, key: str | None = None, **_where: Any) -> str:
        key = key or f"{name}-{record_id}-{len(self.known)}"
        if key not in self.known:
            self.known.add(key)
            self.waiting[key] = (name, record_id)
        return key


class Clockwork:
    """A clock that moves by hand."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def rest(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class OpenGate(Gate):
    """Lets in as many as the test says, one at a time unless told otherwise: the pace has tests of its own."""

    at_once = 1

    def places(self, run_id: str) -> int:
        return self.at_once

    def take_place(self, run_id: str) -> bool:
        self._inside[run_id] += 1
        return True


class OwnHands(Executor):
    """Does what it is handed at once, in this thread; what a process dies of goes through."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        fn(*args, **kwargs)
        return Future()


class Workshop:
    """Does the kept jobs one turn at a time; rests are taken on the clock, not in real time."""

    def __init__(self, database: Database, claude: ScriptedClaude, *, sandbox: bool | None = True) -> None:
        self.database = database
        self.claude = claude
        self.clock = Clockwork()
        if isinstance(claude, ScriptedClaude):
            claude.desk.clock = self.clock
        self.jobs = KeptJobs()
        self.sandbox = sandbox
        made = generation_jobs(database, lambda: self.claude, lambda: self.sandbox, self.clock)
        self._jobs = {job.name: job for job in made}
        handler = self._jobs[WRITE_JOB].handler
        self.crew: Crew = handler.__self__  # type: ignore[attr-defined]
        crew = self.crew
        self.gate = crew.gate = OpenGate()
        crew.threads = OwnHands
        crew.monotonic = lambda: self.clock().timestamp()
        crew.rest = lambda _stopping, seconds: self.clock.rest(max(seconds, 0.5))

    def handler(self, name: str) -> Any:
        return self._jobs[name].handler

    def turn(self, key: str) -> Again | None:
        """One turn of a kept job. None when it is done with."""
        name, record_id = self.jobs.waiting[key]
        step = self._jobs[name].handler(a_context(key), record_id)
        if isinstance(step, Again):
            return step
        del self.jobs.waiting[key]
        return None

    def work(self, most_turns: int = 500) -> int:
        """Until nothing waits. Gives back the number of turns."""
        turns = 0
        while self.jobs.waiting:
            key = next(iter(self.jobs.waiting))
            again = self.turn(key)
            if again is not None:
                self.clock.rest(again.after_seconds)
                self.jobs.waiting[key] = self.jobs.waiting.pop(key)
            turns += 1
            assert turns < most_turns, "the work does not end"
        return turns


def a_context(key: str) -> JobContext:
    return JobContext(
        key=key, failures=0, stopping=threading.Event(), still_mine=lambda: True, held_since=time.monotonic()
    )
