"""What a failed call or an unusable answer means for the call's reservation, the lead and the run."""

from dataclasses import dataclass
from enum import StrEnum

STOPS_THE_RUN = frozenset(
    {
        "claude_spend_limit",
        "claude_billing",
        "claude_key_refused",
        "claude_not_permitted",
        "claude_not_found",
        "vendor_key_missing",
    }
)
"""Every further call would fail the same way: the run waits for a person."""
WAITS_ONLY = frozenset({"claude_rate_limited", "claude_overloaded"})
"""The vendor asks for patience; that says nothing about the lead."""
FINAL_PROBLEMS = frozenset({"refused"})
"""Asking the same again brings the same."""

MAX_ATTEMPTS = 6
MAX_WAITS = 40
MAX_PAID_ANSWERS = 2
"""An unusable answer was paid: one more try, then a person decides."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
LONGEST_TOLD_WAIT = 300.0


class Charge(StrEnum):
    """What becomes of the reservation: given back, or kept because the vendor may have charged."""

    RELEASE = "release"
    KEEP = "keep"


class Next(StrEnum):
    AGAIN = "again"
    GIVE_UP = "give_up"
    PAUSE = "pause"


@dataclass(frozen=True)
class Failure:
    """A failed call in our words: a stable code, a sentence for a person, and what the border knows of it."""

    code: str
    sentence: str
    permanent: bool
    retry_after: float | None = None
    may_have_been_charged: bool = False


@dataclass(frozen=True)
class Decision:
    charge: Charge
    next: Next
    after_seconds: float = 0.0


def after_failure(failure: Failure, attempts: int, waits: int = 0) -> Decision:
    """`attempts`: calls begun for this lead, this one included; `waits`: those before it that only had to wait."""
    charge = Charge.KEEP if failure.may_have_been_charged else Charge.RELEASE
    if failure.code in STOPS_THE_RUN:
        return Decision(charge, Next.PAUSE)
    tries, most = (waits + 1, MAX_WAITS) if failure.code in WAITS_ONLY else (attempts - waits, MAX_ATTEMPTS)
    if failure.permanent or tries >= most:
        return Decision(charge, Next.GIVE_UP)
    return Decision(charge, Next.AGAIN, _wait(failure, tries))


def after_problem(problem: str, paid_answers: int) -> Next:
    """`paid_answers`: complete answers for this lead in this round, this one included."""
    is_final = problem in FINAL_PROBLEMS or paid_answers >= MAX_PAID_ANSWERS
    return Next.GIVE_UP if is_final else Next.AGAIN


def _wait(failure: Failure, tries: int) -> float:
    if failure.retry_after is not None:
        return min(failure.retry_after, LONGEST_TOLD_WAIT)
    return min(FIRST_WAIT * 2.0 ** (tries - 1), LONGEST_WAIT)
