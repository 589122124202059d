"""A Claude that answers from a script, and jobs that are kept and done by hand: generation without network or engine."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.builders import NOON
from woodpecker_api.clients.anthropic.errors import ClaudeError
from woodpecker_api.clients.anthropic.port import (
    AnswerProblem,
    Batch,
    BatchItem,
    BatchPage,
    BatchResult,
    GenerationAnswer,
    GenerationRequest,
    Lifecycle,
    ModelOffer,
    RateLimits,
    TokenUsage,
)
from woodpecker_api.db.session import Database
from woodpecker_api.features.generation.jobs import Writer, generation_jobs
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
class ScriptedClaude:
    """Takes one step of `script` for each call (None and an empty script: a good answer). `asked` keeps the requests."""

    script: deque[Step] = field(default_factory=deque)
    asked: list[GenerationRequest] = field(default_factory=list)
    offers: tuple[ModelOffer, ...] = ()
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
        raise NotImplementedError

    def batch(self, batch_id: str) -> Batch:
        raise NotImplementedError

    def batch_results(self, batch_id: str, schema: Mapping[str, Any] | None = None) -> Iterator[BatchResult]:
        raise NotImplementedError

    def cancel_batch(self, batch_id: str) -> Batch:
        raise NotImplementedError

    def list_batches(self, limit: int = 100, after_id: str | None = None) -> BatchPage:
        raise NotImplementedError

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
    """Lets everybody in: the pace has tests of its own."""

    def enter(self, seconds: float, stopping: threading.Event) -> bool:
        return True

    def leave(self) -> None:
        return None


class Workshop:
    """Does the kept jobs one turn at a time; rests are taken on the clock, not in real time."""

    def __init__(self, database: Database, claude: ScriptedClaude, *, sandbox: bool | None = True) -> None:
        self.database = database
        self.claude = claude
        self.clock = Clockwork()
        self.jobs = KeptJobs()
        self.sandbox = sandbox
        made = generation_jobs(database, self.jobs, lambda: self.claude, lambda: self.sandbox, self.clock)  # type: ignore[arg-type]
        self._jobs = {job.name: job for job in made}
        handler = self._jobs[WRITE_JOB].handler
        writer: Writer = handler.__self__  # type: ignore[attr-defined]
        writer.gate = OpenGate()

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
