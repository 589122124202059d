"""What a call used and what the account still allows: figures that answers and failures share."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens as billed. `input` excludes both cache figures; `cache_write` includes `cache_write_hour` (dearer);
    `output` includes `thinking`."""

    input: int = 0
    output: int = 0
    cache_write: int = 0
    cache_write_hour: int = 0
    cache_read: int = 0
    thinking: int = 0

    @property
    def total_input(self) -> int:
        return self.input + self.cache_write + self.cache_read


@dataclass(frozen=True, slots=True)
class Window:
    """One limit of the account: how much a minute, what is left, when it is full again. None: not stated."""

    limit: int | None
    remaining: int | None
    reset_at: datetime | None


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The vendor's limits as told with an answer or a failure; a window is None when it was not told."""

    requests: Window | None = None
    tokens: Window | None = None
    input_tokens: Window | None = None
    output_tokens: Window | None = None


NO_LIMITS_TOLD = RateLimits()


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What is known about a call that failed, for the record and for the bill."""

    status: int | None = None
    kind: str | None = None
    error_code: str | None = None
    request_id: str | None = None
    usage: TokenUsage | None = None
    limits: RateLimits = field(default=NO_LIMITS_TOLD)
