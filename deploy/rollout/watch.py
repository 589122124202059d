"""Is what serves now worse than it may be? Decisions on plain numbers; who takes the samples is elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# A release is bad when more than this share of its answers are the program's own failures …
WORST_ERROR_SHARE = 0.01
# … counted once there were so many answers that one unlucky one does not decide,
FEWEST_ANSWERS = 20
# … or when a plain read takes longer than this for three samples in a row,
SLOWEST_READ_SECONDS = 2.0
# … or when it comes this close to its memory limit.
FULLEST_MEMORY = 0.9
SAMPLES_IN_A_ROW = 3
_COUNTER = re.compile(r'^woodpecker_http_requests_total\{.*status="(\d)\d\d".*\} ([0-9.e+]+)$', re.MULTILINE)


@dataclass(frozen=True)
class Sample:
    """One look. `answers` and `failures` count since the slot started; `restarts` of slot and worker together."""

    running: bool
    ready: bool
    answers: int
    failures: int
    read_seconds: float
    restarts: int
    memory_share: float
    worker_done: bool | None
    """Whether the worker did a job that was given to it; None when it was not asked this time."""


def counts(metrics: str) -> tuple[int, int]:
    """All answers, and those that are the program's own failures, from the text of /metrics."""
    found = [(digit, float(number)) for digit, number in _COUNTER.findall(metrics)]
    return int(sum(number for _, number in found)), int(sum(number for digit, number in found if digit == "5"))


def verdict(samples: Sequence[Sample]) -> str | None:
    """Why the release is bad, or None so far. The first sample is the measure for what counts up."""
    first, last = samples[0], samples[-1]
    recent = samples[-SAMPLES_IN_A_ROW:]
    answers, failures = last.answers - first.answers, last.failures - first.failures
    lasting = len(recent) == SAMPLES_IN_A_ROW
    signs = (
        (not last.running or last.restarts > first.restarts, "a process crashed"),
        (lasting and not any(sample.ready for sample in recent), "it is not ready any more"),
        (
            answers >= FEWEST_ANSWERS and failures > WORST_ERROR_SHARE * answers,
            f"{failures} of {answers} answers are server errors",
        ),
        (
            lasting and min(sample.read_seconds for sample in recent) > SLOWEST_READ_SECONDS,
            f"a plain read takes {last.read_seconds:.1f} s",
        ),
        (last.memory_share > FULLEST_MEMORY, f"it uses {last.memory_share:.0%} of its memory limit"),
        (last.worker_done is False, "the worker does not do its jobs"),
    )
    return next((says for bad, says in signs if bad), None)
