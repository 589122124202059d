"""Batches at the vendor: how large, when to look again, which of the vendor's is ours, what a result without an answer means."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from woodpecker_api.features.generation.rules.failures import Failure, Next

BATCH_SIZE = 500
"""Requests in one batch. The vendor takes 100,000; ours are written down in one transaction, and a batch that is lost or
expires takes no more than these with it."""
FIRST_LOOK, LONGEST_REST = 2.0, 60.0
"""Seconds. A batch is usually done within the hour; small ones within a minute or two."""
MOST_ROUNDS = 3
"""Batches in which one lead may expire or fail before a person decides."""
ASKED_FOR = timedelta(hours=48)
"""A batch lives for a day. After two without an answer to our asking, what was reserved stays charged as uncertain."""
CLOCKS_DIFFER = timedelta(minutes=10)
"""A batch of ours may be older by the vendor's clock than our intent by ours."""
LOST_AFTER = timedelta(minutes=5)
"""How long the vendor's list must lack a batch before it counts as never received: it took the request within its own
time limit, or not at all."""
LOST_AFTER_IN_SANDBOX = timedelta(seconds=2)


@dataclass(frozen=True)
class Listed:
    """A batch of the vendor's list, as far as it says something about whose it is."""

    name: str
    requests: int
    created_at: datetime


def rest_before_look(looks: int) -> float:
    """Seconds between two looks: short at first, a minute later."""
    return min(FIRST_LOOK * 1.5 ** min(looks, 20), LONGEST_REST)


def candidates(listed: Sequence[Listed], requests: int, intended_at: datetime, known: Collection[str]) -> list[str]:
    """Names that may be the batch whose answer we did not hear, oldest first: of our size, not older than our intent, and
    not known to be another. The list does not tell custom ids; the results do, and decide in the end."""
    fitting = [
        one
        for one in listed
        if one.requests == requests and one.name not in known and one.created_at >= intended_at - CLOCKS_DIFFER
    ]
    return [one.name for one in sorted(fitting, key=lambda one: (one.created_at, one.name))]


def is_lost(absent_since: datetime, now: datetime, *, sandbox: bool) -> bool:
    """Whether a batch that the vendor's list lacks since then was never received."""
    return now - absent_since >= (LOST_AFTER_IN_SANDBOX if sandbox else LOST_AFTER)


class Unanswered(StrEnum):
    """Why a line of the results holds no answer. None of them was charged."""

    EXPIRED = "batch_expired"
    CANCELLED = "batch_cancelled"


SENTENCES = {
    Unanswered.EXPIRED: "Claude did not come to this lead within the batch's day. Try again, or write it now.",
    Unanswered.CANCELLED: "The batch was cancelled at Claude before it came to this lead. Try again.",
}
MISSING = Failure(
    "batch_result_missing", "Claude's batch ended without a result for this lead. Try again.", permanent=True
)
GONE = Failure(
    "batch_results_gone",
    "The results of this batch cannot be had from Claude any more; they may have been charged. Try again.",
    permanent=True,
)


def after_unanswered(why: Unanswered, rounds: int) -> Next:
    """`rounds`: batches this lead was in, this one included. An expired lead goes into the next batch; one that somebody
    cancelled at the vendor waits for a person, who may have had a reason."""
    return Next.AGAIN if why is Unanswered.EXPIRED and rounds < MOST_ROUNDS else Next.GIVE_UP
