"""Many leads with every fault at once: what we believe was spent is what the simulator billed."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from tests.claude import SimulatedClaude, a_request, simulated_claude
from woodpecker_api.clients.anthropic.errors import ClaudeError
from woodpecker_api.clients.anthropic.port import ClaudeApi, GenerationAnswer

FAULTS = {
    "rate_limit": 0.1,
    "overloaded": 0.05,
    "server_error": 0.03,
    "cut_before": 0.02,
    "cut_after": 0.02,
    "cut_midway": 0.02,
    "truncated": 0.04,
    "refusal": 0.03,
    "not_json": 0.03,
    "wrong_shape": 0.03,
    "no_stop_reason": 0.02,
    "html": 0.02,
    "gateway": 0.02,
}
LEADS, ATTEMPTS = 80, 8


@dataclass
class Outcome:
    """What a caller that simply asks again knows in the end about one lead."""

    answers: list[GenerationAnswer]
    failures: list[ClaudeError]

    @property
    def is_drafted(self) -> bool:
        return bool(self.answers) and self.answers[-1].problem is None


def ask_until_drafted(client: ClaudeApi, number: int) -> Outcome:
    outcome = Outcome([], [])
    for _attempt in range(ATTEMPTS):
        try:
            outcome.answers.append(client.generate(a_request(lead={"id": f"lead-{number}"})))
        except ClaudeError as error:
            outcome.failures.append(error)
        if outcome.is_drafted:
            break
    return outcome


def run_of(claude: SimulatedClaude, seed: int) -> list[Outcome]:
    """All leads, eight at a time."""
    claude.control("POST", "reset")
    claude.control("PUT", "faults", {"seed": seed, "probabilities": FAULTS})
    client = claude.client()
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda number: ask_until_drafted(client, number), range(LEADS)))
    client.close()
    return outcomes


@pytest.fixture(scope="module")
def claude() -> Iterator[SimulatedClaude]:
    with simulated_claude() as running:
        yield running


def test_every_lead_is_drafted_and_the_bill_adds_up(claude: SimulatedClaude) -> None:
    outcomes = run_of(claude, seed=1)
    counters = claude.counters()

    assert all(outcome.is_drafted for outcome in outcomes)
    answers = [answer for outcome in outcomes for answer in outcome.answers]
    failures = [failure for outcome in outcomes for failure in outcome.failures]
    assert not any(failure.permanent for failure in failures)
    with_usage = [failure.usage for failure in failures if failure.usage is not None]
    uncertain = [failure for failure in failures if failure.may_have_been_charged and failure.usage is None]
    lost = sum(lead["lost"] for lead in counters["leads"].values())
    assert counters["paid"] == len(answers) + len(with_usage) + lost
    assert lost <= len(uncertain)
    known = sum(usage.output for usage in (*[answer.usage for answer in answers], *with_usage))
    assert known <= counters["output_tokens"]
    assert (known < counters["output_tokens"]) == (lost > 0)


def test_nobody_is_paid_for_again_once_drafted(claude: SimulatedClaude) -> None:
    run_of(claude, seed=2)

    assert {lead["usable"] for lead in claude.counters()["leads"].values()} == {1}


def test_a_run_can_be_repeated_fault_by_fault(claude: SimulatedClaude) -> None:
    def story(outcomes: list[Outcome]) -> list[tuple[int, Counter[str]]]:
        return [
            (len(outcome.answers), Counter(type(failure).__name__ for failure in outcome.failures))
            for outcome in outcomes
        ]

    first = story(run_of(claude, seed=3))
    again = story(run_of(claude, seed=3))
    other = story(run_of(claude, seed=4))

    assert first == again
    assert first != other
