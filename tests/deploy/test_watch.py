"""What makes a release that is live a bad one, on plain numbers."""

from dataclasses import replace

import pytest
from rollout.watch import FEWEST_ANSWERS, Sample, counts, verdict

GOOD = Sample(
    running=True, ready=True, answers=100, failures=0, read_seconds=0.02, restarts=0, memory_share=0.3, worker_done=None
)


def after(**change: object) -> list[Sample]:
    """A good first sample, then three with this change."""
    return [GOOD, *[replace(GOOD, answers=300, **change)] * 3]  # type: ignore[arg-type]


def test_a_release_like_the_one_before_is_good() -> None:
    assert verdict(after()) is None
    assert verdict([GOOD]) is None
    assert verdict(after(worker_done=True)) is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"running": False}, "crashed"),
        ({"restarts": 1}, "crashed"),
        ({"ready": False}, "not ready"),
        ({"failures": 3}, "3 of 200 answers"),
        ({"read_seconds": 2.5}, "2.5 s"),
        ({"memory_share": 0.95}, "95%"),
        ({"worker_done": False}, "worker"),
    ],
)
def test_each_sign_of_a_bad_release_is_named(change: dict[str, object], says: str) -> None:
    assert says in str(verdict(after(**change)))


def test_failures_of_the_release_before_do_not_count_against_this_one() -> None:
    old = replace(GOOD, failures=50)
    assert verdict([old, replace(old, answers=400), replace(old, answers=500)]) is None


def test_one_unlucky_answer_among_few_does_not_decide() -> None:
    few = replace(GOOD, answers=GOOD.answers + FEWEST_ANSWERS - 1, failures=1)
    assert verdict([GOOD, few]) is None


def test_one_slow_or_unready_look_does_not_decide() -> None:
    assert verdict([GOOD, replace(GOOD, ready=False), GOOD]) is None
    assert verdict([GOOD, GOOD, replace(GOOD, read_seconds=9.0)]) is None


def test_answers_are_counted_from_the_programs_own_figures() -> None:
    text = """# TYPE woodpecker_http_requests_total counter
woodpecker_http_requests_total{method="GET",route="/api/leads",status="200"} 40.0
woodpecker_http_requests_total{method="POST",route="/api/leads",status="503"} 2.0
woodpecker_http_requests_total{method="GET",route="other",status="404"} 1e3
woodpecker_http_requests_created{method="GET",route="other",status="500"} 1.7e9
"""
    assert counts(text) == (1042, 2)
