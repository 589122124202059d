"""What can be made to go wrong, and the plan of when. Chance hangs on seed, lead and attempt, never on the order in
which requests happen to arrive, so that a run can be repeated."""

import hashlib
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    # before any work: nothing is paid
    RATE_LIMIT = "rate_limit"
    SPEND_LIMIT = "spend_limit"
    OVERLOADED = "overloaded"
    SERVER_ERROR = "server_error"
    GATEWAY = "gateway"
    CUT_BEFORE = "cut_before"
    HTML = "html"
    EMPTY = "empty"
    # after the work: paid
    CUT_AFTER = "cut_after"
    CUT_MIDWAY = "cut_midway"
    TRUNCATED = "truncated"
    REFUSAL = "refusal"
    NOT_JSON = "not_json"
    WRONG_SHAPE = "wrong_shape"
    NO_STOP_REASON = "no_stop_reason"
    # batches only
    EXPIRED = "expired"


UNPAID = frozenset(
    {
        Fault.RATE_LIMIT,
        Fault.SPEND_LIMIT,
        Fault.OVERLOADED,
        Fault.SERVER_ERROR,
        Fault.GATEWAY,
        Fault.CUT_BEFORE,
        Fault.HTML,
        Fault.EMPTY,
    }
)
LOST = frozenset({Fault.CUT_AFTER, Fault.CUT_MIDWAY})
SPOILED = frozenset({Fault.TRUNCATED, Fault.REFUSAL, Fault.NOT_JSON, Fault.WRONG_SHAPE, Fault.NO_STOP_REASON})


@dataclass
class FaultPlan:
    """`script`: the next faults, one a request in order of arrival, None for none; then the probabilities count."""

    seed: int = 0
    probabilities: dict[Fault, float] = field(default_factory=dict)
    script: deque[Fault | None] = field(default_factory=deque)
    latency_ms: int = 0
    retry_after: float | None = 1.0

    def next_for(self, lead: str, attempt: int) -> Fault | None:
        if self.script:
            return self.script.popleft()
        drawn = self.chance(lead, attempt)
        for fault, share in self.probabilities.items():
            if drawn < share:
                return fault
            drawn -= share
        return None

    def chance(self, *what: object) -> float:
        """0 to 1, the same for the same seed and words."""
        words = "\0".join(str(word) for word in (self.seed, *what))
        return int(hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:13], 16) / 16**13

    def as_json(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "probabilities": {fault.value: share for fault, share in self.probabilities.items()},
            "script": [fault and fault.value for fault in self.script],
            "latency_ms": self.latency_ms,
            "retry_after": self.retry_after,
        }


def plan_from(wanted: Mapping[str, Any]) -> FaultPlan:
    """A plan from JSON; what is left out is as if never set. Raises ValueError naming what cannot be used."""
    unknown = wanted.keys() - FaultPlan().as_json().keys()
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    try:
        shares = {Fault(name): float(share) for name, share in dict(wanted.get("probabilities", {})).items()}
        retry_after = wanted.get("retry_after", 1.0)
        plan = FaultPlan(
            seed=int(wanted.get("seed", 0)),
            probabilities=shares,
            script=deque(Fault(name) if name else None for name in wanted.get("script", [])),
            latency_ms=int(wanted.get("latency_ms", 0)),
            retry_after=None if retry_after is None else float(retry_after),
        )
    except TypeError as error:
        raise ValueError(str(error)) from error
    if any(share < 0 for share in shares.values()) or sum(shares.values()) > 1 + 1e-9:
        raise ValueError("probabilities: each from 0, together at most 1")
    return plan
