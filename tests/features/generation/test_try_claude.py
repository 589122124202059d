"""The command that tries a real key on three leads: all of it but the vendor's own network, against the simulator."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.claude import simulated_claude

SCRIPT = Path(__file__).parents[3] / "scripts" / "try_claude.py"


def run(**environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, SCRIPT], env=kept | environment, capture_output=True, text=True, timeout=240, check=False
    )


@pytest.mark.timeout(300)
def test_three_leads_are_written_and_the_cost_is_what_the_vendor_counted() -> None:
    with simulated_claude() as vendor:
        done = run(ANTHROPIC_API_KEY="a-real-key", ANTHROPIC_BASE_URL=vendor.url)
        counters = vendor.world.counters
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 of 3 written" in done.stdout
    assert counters.paid == 3
    assert f"{counters.output_tokens} out" in done.stdout
    assert "(counted)" in done.stdout
    assert "Cost: 0." in done.stdout
    assert "[7 breakup, day 25]" in done.stdout


def test_a_refused_key_is_said_in_words() -> None:
    with simulated_claude() as vendor:
        done = run(ANTHROPIC_API_KEY="invalid-key", ANTHROPIC_BASE_URL=vendor.url)
    assert done.returncode == 1
    assert "It did not work" in done.stdout
    assert "Traceback" not in done.stderr


def test_without_a_key_it_says_how_to_give_one() -> None:
    done = run()
    assert done.returncode == 2
    assert "ANTHROPIC_API_KEY=… make try-claude" in done.stdout
