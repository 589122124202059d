"""Alert rules, their unit tests, and whom they would tell."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.docs.pages import REPOSITORY
from tests.monitoring.tools import need

MONITORING = REPOSITORY / "deploy" / "monitoring"


def _run(*command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=MONITORING, env={**os.environ, **environ}, capture_output=True, text=True, timeout=110, check=False
    )


@pytest.mark.parametrize("file", ["rules.test.yml", "rules-days.test.yml"])
def test_the_rules_fire_and_rest_as_their_unit_tests_say(file: str) -> None:
    need("promtool")
    done = _run("promtool", "test", "rules", file)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_a_unit_test_in_which_it_fires() -> None:
    rules = yaml.safe_load((MONITORING / "rules.yml").read_text())
    alerts = {rule["alert"] for group in rules["groups"] for rule in group["rules"] if "alert" in rule}
    fired = {
        test["alertname"]
        for file in MONITORING.glob("*.test.yml")
        for case in yaml.safe_load(file.read_text())["tests"]
        for test in case.get("alert_rule_test", [])
        if test["exp_alerts"]
    }
    # Used up means a month of minutes: its arithmetic is tested by the recording rules.
    assert alerts - fired == {"ErrorBudgetUsedUp"}


def test_the_rules_ask_only_for_what_the_program_says_of_itself() -> None:
    import re

    source = (REPOSITORY / "backend" / "woodpecker_api" / "web").rglob("*.py")
    known = set(re.findall(r'"((?:woodpecker|process)_[a-z_]+)"', "".join(path.read_text() for path in source)))
    asked = set(re.findall(r"\bwoodpecker_[a-z_]+|\bprocess_[a-z_]+", (MONITORING / "rules.yml").read_text()))
    assert asked - known == set()


CHANNELS = {
    "slack": {"ALERT_SLACK_URL": "https://hooks.slack.test/x"},
    "mail": {"ALERT_MAIL_TO": "ops@team.test", "ALERT_MAIL_FROM": "app@team.test", "ALERT_MAIL_SERVER": "mail:587"},
    "webhook": {"ALERT_WEBHOOK_URL": "http://127.0.0.1:1/"},
}


@pytest.mark.parametrize("channel", CHANNELS)
def test_alerts_go_where_the_settings_say(channel: str, tmp_path: Path) -> None:
    need("amtool")
    done = _run("./configure", MONITORING_STATE=str(tmp_path), DOMAIN="app.team.test", **CHANNELS[channel])
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "site.json").read_text()) == [{"targets": ["https://app.team.test/"]}]
    file = str(tmp_path / "alertmanager.yml")
    assert _run("amtool", "check-config", file).returncode == 0
    route = ("amtool", "config", "routes", "test", f"--config.file={file}")
    assert _run(*route, "alertname=SiteDown", "severity=critical").stdout.strip() == "team"
    assert _run(*route, "alertname=DiskLow", "severity=warning").stdout.strip() == "team"
    assert _run(*route, "alertname=Watchdog", "severity=none").stdout.strip() == "nobody"


def test_monitoring_that_would_tell_nobody_is_refused(tmp_path: Path) -> None:
    done = _run("./configure", MONITORING_STATE=str(tmp_path))
    assert done.returncode == 2
    assert "Nobody would be told" in done.stderr
    assert not list(tmp_path.iterdir())


def test_the_configuration_of_prometheus_is_well_formed() -> None:
    need("promtool")
    assert _run("promtool", "check", "config", "--syntax-only", "prometheus.yml").returncode == 0


def test_nothing_of_the_monitoring_is_reachable_from_outside_or_without_limits() -> None:
    compose = yaml.safe_load((REPOSITORY / "deploy" / "compose.monitoring.yml").read_text())
    for name, service in compose["services"].items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"]), name
        assert {"mem_limit", "cpus", "pids_limit", "logging", "user"} <= set(service), name
        assert not any("docker.sock" in volume for volume in service.get("volumes", [])), name
