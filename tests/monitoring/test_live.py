"""One fault all the way: the program's own metrics, the real Prometheus and Alertmanager, a channel. All five: `make soak-alerts`."""

import time
from pathlib import Path

import pytest

from tests.monitoring.live import running
from tests.monitoring.tools import need


@pytest.mark.slow
@pytest.mark.timeout(420)
def test_a_backup_that_is_late_is_heard_within_two_minutes(tmp_path: Path) -> None:
    need("prometheus", "prometheus-alertmanager", "prometheus-blackbox-exporter")
    with running(tmp_path / "lab") as lab:
        lab.backup(hours_old=27)
        assert lab.channel.when("BackupLate", "firing", time.monotonic(), within=120) is not None
