"""Bar of the mirror: 20,000 people, workers killed with SIGKILL while people come, change and leave; equal in the end.

`make soak-mirror` does the same with 200,000 people and 10 kills.
"""

from pathlib import Path

import pytest

from tests.e2e.mirror_lab import MirrorLab, MirrorOrdeal

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


def test_a_mirror_of_twenty_thousand_survives_three_kills_beside_an_export(tmp_path: Path) -> None:
    with MirrorLab(tmp_path, MirrorOrdeal(people=20_000, kills=3)) as lab:
        report = lab.run()
    assert report.problems == []
    assert report.kills == 3
