"""Bar of the export: workers killed with SIGKILL at random moments, faults on; nothing lost, nothing added twice.

`make soak-export` does the same with 200 and 50 kills.
"""

from pathlib import Path

import pytest

from tests.e2e.export_lab import Lab, Ordeal

# Four minutes on a machine of one's own, fifteen on one with eight times as much to do (both seen). What takes longer than
# that is no promise broken: whether the worker still shows life is looked at in the lab.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]


def test_an_export_survives_fifteen_kills_on_sqlite(tmp_path: Path) -> None:
    ordeal = Ordeal(leads=1000, kills=15, apply_seconds=0.04, settle_seconds=2, deadline_seconds=2, seed=15)
    with Lab(tmp_path, ordeal) as lab:
        report = lab.run()
    assert report.problems == []
    assert report.kills >= 10


def test_an_export_survives_kills_while_a_slow_vendor_applies(tmp_path: Path) -> None:
    ordeal = Ordeal(leads=250, kills=5, apply_seconds=3.0, settle_seconds=6, deadline_seconds=5, seed=3)
    with Lab(tmp_path, ordeal) as lab:
        report = lab.run()
    assert report.problems == []
    assert report.kills >= 3


@pytest.mark.postgres
def test_an_export_survives_five_kills_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    ordeal = Ordeal(leads=1000, kills=5, apply_seconds=0.04, settle_seconds=2, deadline_seconds=2, seed=5)
    with Lab(tmp_path, ordeal, postgres_url) as lab:
        report = lab.run()
    assert report.problems == []
    assert report.kills >= 4
