"""What we ask of Claude, in our own words. The vendor's JSON ends in `wire.py`; failures are in `errors.py`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from woodpecker_api.clients.anthropic.errors import ClaudeError
from woodpecker_api.clients.anthropic.usage import RateLimits, TokenUsage

__all__ = [
    "AnswerProblem",
    "Batch",
    "BatchCounts",
    "BatchItem",
    "BatchOutcome",
    "BatchPage",
    "BatchResult",
    "BatchState",
    "ClaudeApi",
    "Effort",
    "GenerationAnswer",
    "GenerationRequest",
    "Lifecycle",
    "ModelOffer",
    "RateLimits",
    "Refusal",
    "SystemBlock",
    "TokenUsage",
]


class Effort(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    XHIGH = "xhigh"
    MAX = "max"


@dataclass(frozen=True, slots=True)
class SystemBlock:
    """A part of the instructions. `ends_stable_prefix` asks the vendor to keep everything up to here (at most 4)."""

    text: str
    ends_stable_prefix: bool = False


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """One question about one person. What stays the same for all goes first, into `system`; the person last.

    `max_tokens` must leave room for thinking, which counts as output. `effort` None leaves it to the model.
    """

    model: str
    system: tuple[SystemBlock, ...]
    user_text: str
    schema: Mapping[str, Any]
    max_tokens: int
    effort: Effort | None = None


class AnswerProblem(StrEnum):
    """Why an answer, although paid, cannot be used."""

    REFUSED = "refused"
    TRUNCATED = "truncated"
    NO_TEXT = "no_text"
    NOT_JSON = "not_json"
    WRONG_SHAPE = "wrong_shape"
    UNEXPECTED_STOP = "unexpected_stop"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The vendor's category and explanation, either may be missing; the words may change."""

    category: str | None
    explanation: str | None


@dataclass(frozen=True, slots=True)
class GenerationAnswer:
    """A complete, paid answer. Exactly one of `data` and `problem` is there; `text` is kept as it came."""

    model: str
    stop_reason: str
    text: str | None
    data: Mapping[str, Any] | None
    problem: AnswerProblem | None
    problem_detail: str
    refusal: Refusal | None
    usage: TokenUsage
    message_id: str | None
    request_id: str | None
    limits: RateLimits


class Lifecycle(StrEnum):
    ACTIVE = "active"
    DEPRECATED = "deprecated"
    RETIRED = "retired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """A model of the account. Limits are None where the vendor states none; `efforts` is empty without the setting."""

    id: str
    display_name: str
    lifecycle: Lifecycle
    created_at: datetime | None
    retires_at: datetime | None
    max_input_tokens: int | None
    max_output_tokens: int | None
    structured_outputs: bool
    batch: bool
    efforts: tuple[Effort, ...]


@dataclass(frozen=True, slots=True)
class BatchItem:
    """`custom_id`: ours, unique in the batch, 1 to 64 of a-z A-Z 0-9 _ - (an e-mail address does not fit)."""

    custom_id: str
    request: GenerationRequest


class BatchState(StrEnum):
    IN_PROGRESS = "in_progress"
    CANCELING = "canceling"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """All but `processing` stay 0 until the whole batch has ended."""

    processing: int
    succeeded: int
    errored: int
    canceled: int
    expired: int

    @property
    def total(self) -> int:
        return self.processing + self.succeeded + self.errored + self.canceled + self.expired


@dataclass(frozen=True, slots=True)
class Batch:
    """`results_ready`: ended, and the results were not yet archived."""

    id: str
    state: BatchState
    counts: BatchCounts
    created_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None
    results_ready: bool


@dataclass(frozen=True, slots=True)
class BatchPage:
    """Newest first. `next_after_id` is None on the last page."""

    items: tuple[Batch, ...]
    next_after_id: str | None


class BatchOutcome(StrEnum):
    SUCCEEDED = "succeeded"
    ERRORED = "errored"
    CANCELED = "canceled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class BatchResult:
    """`answer` for what succeeded (it may still hold a problem), `error` for what errored; else neither.

    Only answers cost.
    """

    custom_id: str
    outcome: BatchOutcome
    answer: GenerationAnswer | None
    error: ClaudeError | None


class ClaudeApi(Protocol):
    """Every method raises `ClaudeError`; none tries again by itself."""

    def generate(self, request: GenerationRequest) -> GenerationAnswer:
        """Asks once and waits. A refusal, a cut or a malformed text is an answer with a problem: it was paid."""
        ...

    def count_tokens(self, request: GenerationRequest) -> int:
        """Input tokens of the request, free of charge."""
        ...

    def models(self) -> tuple[ModelOffer, ...]:
        """What this key may use, newest first; active and deprecated models."""
        ...

    def submit_batch(self, items: Sequence[BatchItem]) -> Batch:
        """Half price, done within 24 h. Not safe to repeat: after an uncertain failure read `list_batches` first."""
        ...

    def batch(self, batch_id: str) -> Batch: ...

    def batch_results(self, batch_id: str, schema: Mapping[str, Any] | None = None) -> Iterator[BatchResult]:
        """Results in no order, once `results_ready`. Texts are checked against `schema` when one is given.

        Read to the end before believing that an id is missing: a cut raises `ClaudeError` midway.
        """
        ...

    def cancel_batch(self, batch_id: str) -> Batch:
        """Asks for the end; what was already written is still delivered and paid."""
        ...

    def list_batches(self, limit: int = 100, after_id: str | None = None) -> BatchPage: ...

    def close(self) -> None: ...
