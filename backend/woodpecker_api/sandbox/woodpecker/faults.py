"""What goes wrong, when: scripted for the next requests, or by chance that a seed fixes."""

import random
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal

Operation = Literal["read", "add", "remove", "blacklist"]
OPERATIONS: tuple[Operation, ...] = ("read", "add", "remove", "blacklist")


class FaultKind(StrEnum):
    """Nothing is applied up to CUT_BEFORE; from SLOW on the request is applied and its answer suffers."""

    RATE_LIMITED = "rate_limited"
    """429; with Retry-After when the fault has `retry_after`."""
    RATE_LIMITED_409 = "rate_limited_409"
    SERVER_ERROR = "server_error"
    """500 with an HTML body."""
    BAD_GATEWAY = "bad_gateway"
    """502 with an HTML body."""
    ERROR_IN_200 = "error_in_200"
    """200, and the failure `code` inside."""
    UNAUTHORIZED = "unauthorized"
    NO_PLAN = "no_plan"
    CAMPAIGN_GONE = "campaign_gone"
    CUT_BEFORE = "cut_before"

    SLOW = "slow"
    DRIP = "drip"
    """The answer comes byte by byte, one each 20 ms."""
    PARTIAL_FAILURE = "partial_failure"
    """Each `every`-th row is refused."""
    MISSING_ROWS = "missing_rows"
    """Each `every`-th row is not in the answer; applied all the same unless `applied` is false."""
    EMPTY_BODY = "empty_body"
    UNREADABLE = "unreadable"
    """200 with an HTML body."""
    HALF_JSON = "half_json"
    SERVER_ERROR_AFTER = "server_error_after"
    CUT_AFTER = "cut_after"
    CUT_MIDWAY = "cut_midway"
    """The connection breaks in the middle of the answer."""

    @property
    def applies(self) -> bool:
        kinds = list(FaultKind)
        return kinds.index(self) > kinds.index(FaultKind.CUT_BEFORE)


@dataclass(frozen=True)
class Fault:
    kind: FaultKind
    on: str = "any"
    """An operation, or any."""
    times: int = 1
    retry_after: str = ""
    latency_ms: int | None = None
    every: int = 2
    applied: bool = True
    code: str = "E_UNKNOWN"

    @staticmethod
    def from_json(data: dict[str, Any]) -> "Fault":
        return Fault(**{**data, "kind": FaultKind(data["kind"])})


@dataclass
class FaultPlan:
    """`next` goes first, in its order; then each request draws once against `rates`, whose sum is at most 1."""

    seed: int = 0
    rates: dict[str, float] = field(default_factory=dict)
    on: str = "add"
    """Which operation `rates` are for, or any."""
    next: list[Fault] = field(default_factory=list)
    latency_ms: int = 0
    """Every request takes this long; a fault's own latency takes its place."""
    apply_at: Literal["start", "end"] = "end"
    """Whether a request is applied before or after its latency."""
    draws: int = 0

    def __post_init__(self) -> None:
        for kind in self.rates:
            FaultKind(kind)
        if sum(self.rates.values()) > 1 or any(rate < 0 for rate in self.rates.values()):
            raise ValueError("rates are probabilities and add up to 1 at most")
        if self.apply_at not in ("start", "end"):
            raise ValueError("apply_at is start or end")
        for on in (self.on, *(fault.on for fault in self.next)):
            if on != "any" and on not in OPERATIONS:
                raise ValueError(f"on is any or one of {', '.join(OPERATIONS)}")

    def draw(self, operation: Operation) -> Fault | None:
        """The fault of this request, if it gets one. The same seed and order of requests give the same faults."""
        for place, fault in enumerate(self.next):
            if fault.on in ("any", operation):
                self.next[place : place + 1] = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                return fault
        if not self.rates or self.on not in ("any", operation):
            return None
        self.draws += 1
        # A generator for each draw, so that a restarted simulator goes on where it stopped.
        chance = random.Random(f"{self.seed}/{self.draws}").random()
        for kind, rate in self.rates.items():
            chance -= rate
            if chance < 0:
                return Fault(FaultKind(kind))
        return None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> "FaultPlan":
        """Raises ValueError or TypeError for what is no plan."""
        return FaultPlan(**{**data, "next": [Fault.from_json(each) for each in data.get("next", [])]})
