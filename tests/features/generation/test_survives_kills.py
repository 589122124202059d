"""Bar of generation: workers killed at random while the vendor fails; nothing lost, nothing stored twice, money adds up."""

from pathlib import Path

import pytest

from tests.claude import simulated_claude
from tests.features.generation.lab import Lab

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_a_run_survives_three_kills(tmp_path: Path) -> None:
    with simulated_claude() as vendor:
        lab = Lab(tmp_path, vendor, leads=150)
        lab.run(kills=3)
    assert lab.problems == []
    assert lab.figures["kills"] == 3
    assert lab.figures["status"] == "completed"


def test_a_budget_is_not_passed_through_kills(tmp_path: Path) -> None:
    with simulated_claude() as vendor:
        lab = Lab(tmp_path, vendor, leads=60, budget_micros=900_000)
        lab.run(kills=1)
    assert lab.problems == []
    assert lab.figures["status"] == "paused"
    assert lab.figures["counts"]["done"] > 5
