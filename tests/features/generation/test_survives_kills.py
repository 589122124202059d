"""Bar of generation: workers killed at random while the vendor fails; nothing lost, nothing stored twice, money adds up."""

from pathlib import Path

import pytest

from tests.claude import simulated_claude
from tests.features.generation.lab import Lab
from woodpecker_api.features.generation.models import RunMode

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


def test_a_worker_killed_between_submitting_and_recording_finds_its_batch(tmp_path: Path) -> None:
    """Each batch: the vendor has it, our process dies before it hears so. Nothing is sent twice, nothing is paid twice."""
    with simulated_claude() as vendor:
        lab = Lab(tmp_path, vendor, leads=40, mode=RunMode.BATCH)
        lab.run_killed_by_the_vendor()
        usable = sum(lead.usable for lead in vendor.world.counters.leads.values())
    assert lab.problems == []
    assert lab.figures["kills"] >= 1
    assert lab.figures["status"] == "completed"
    assert lab.figures["cost"]["uncertain_usd"] == "0.000000"
    # An answer that could not be used is asked for once more; a usable one is paid once and stored.
    assert usable == lab.figures["counts"]["done"] > 30
