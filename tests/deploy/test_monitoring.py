"""Monitoring on a droplet: one command, the channel's secrets for its own user alone, and no release that depends on it."""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest
import yaml
from rollout.commands import Commands
from rollout.journal import DeployError
from rollout.monitoring import NOBODY, Monitoring

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
MINE, ADDED = ["app-a", "app-b", "caddy", "worker"], ["alertmanager", "prometheus"]


class Engine:
    """Compose's answers; `configure` is really run by whoever hands it in."""

    def __init__(self, volumes: Path) -> None:
        self.volumes = volumes
        self.calls: list[tuple[str, ...]] = []
        self.refuses = False

    def run(self, *words: str, env: Mapping[str, str] | None = None, timeout: float = 60) -> str:
        self.calls.append(words)
        if words[0].endswith("configure"):
            if self.refuses:
                raise DeployError("Nobody would be told")
            state = Path(words[0]).parent / "state"
            state.mkdir(exist_ok=True)
            (state / "alertmanager.yml").write_text("secret")
            return ""
        if words[:3] == ("docker", "volume", "inspect"):
            folder = self.volumes / words[-1]
            folder.mkdir(parents=True, exist_ok=True)
            return f"{folder}\n"
        with_monitoring = any(word.endswith("compose.monitoring.yml") for word in words)
        return "\n".join(MINE + (ADDED if with_monitoring else [])) if "config" in words else ""


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path / "volumes")


@pytest.fixture
def monitoring(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Monitoring:
    (tmp_path / "current/monitoring").mkdir(parents=True)
    (tmp_path / "current/monitoring/rules.yml").write_text("groups: []")
    (tmp_path / "state").mkdir()
    if os.geteuid() != 0:
        monkeypatch.setattr("shutil.chown", lambda *_: None)
    return Monitoring(tmp_path, tmp_path / "current", cast(Commands, engine))


def test_every_volume_that_somebody_writes_into_belongs_to_who_runs_there(
    monitoring: Monitoring, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owners: dict[str, int] = {}
    monkeypatch.setattr("shutil.chown", lambda path, user, _group: owners.update({Path(path).name: user}))
    monitoring.on({"COMPOSE_PROJECT_NAME": "staging", "ALERT_MAIL_TO": "ops@x.test"})
    compose = yaml.safe_load((DEPLOY / "compose.monitoring.yml").read_text())
    for service in compose["services"].values():
        for mount in service.get("volumes", ()):
            volume = mount.partition(":")[0]
            if volume in compose["volumes"] and service["user"] != "0:0":
                assert owners[f"staging_{volume}"] == int(service["user"].partition(":")[0])


def test_only_what_monitoring_adds_is_started_so_that_no_slot_is_touched(
    monitoring: Monitoring, engine: Engine
) -> None:
    monitoring.on({"DOMAIN": "x.test", "ALERT_MAIL_TO": "ops@x.test", "APP_ADMIN_EMAIL": "ada@x.test"})
    start = engine.calls[-1]
    assert start[-5:] == ("up", "--detach", "--no-deps", "alertmanager", "prometheus")


def test_what_names_the_channel_is_for_the_containers_user_alone(monitoring: Monitoring, tmp_path: Path) -> None:
    monitoring.on({})
    file = tmp_path / "monitoring/state/alertmanager.yml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o400
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o500
    if os.geteuid() == 0:
        assert file.stat().st_uid == NOBODY


def test_a_release_renews_it_only_where_it_is_on(monitoring: Monitoring, engine: Engine) -> None:
    assert monitoring.refresh({}) is None
    assert engine.calls == []
    monitoring.on({})
    engine.calls.clear()
    assert monitoring.refresh({}) is None
    assert "up" in engine.calls[-1]
    monitoring.off()
    engine.calls.clear()
    assert monitoring.refresh({}) is None
    assert engine.calls == []


def test_monitoring_that_fails_is_said_and_undoes_no_release(monitoring: Monitoring, engine: Engine) -> None:
    monitoring.on({})
    engine.refuses = True
    assert monitoring.refresh({}) == "Monitoring was not renewed: Nobody would be told"


def test_switched_on_with_nobody_to_tell_it_stays_off(monitoring: Monitoring, engine: Engine, tmp_path: Path) -> None:
    engine.refuses = True
    with pytest.raises(DeployError, match="Nobody would be told"):
        monitoring.on({})
    assert not (tmp_path / "state/monitoring-on").exists()


def test_every_image_of_it_is_named_by_its_digest() -> None:
    services = yaml.safe_load((DEPLOY / "compose.monitoring.yml").read_text())["services"]
    for name, service in services.items():
        assert re.search(r"@sha256:[0-9a-f]{64}}$", service["image"]), name
        assert service["mem_limit"] == service["memswap_limit"], name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name


def test_all_that_monitoring_and_the_copy_off_site_ask_for_is_explained_in_the_example() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.monitoring.yml").read_text()))
    asked |= set(re.findall(r"\bALERT_[A-Z_]+", (DEPLOY / "monitoring/configure").read_text()))
    asked |= set(re.findall(r"\$\(setting ([A-Z_]+)\)", (DEPLOY / "offsite-backup").read_text()))
    assert {"ALERT_MAIL_TO", "OFFSITE_REPOSITORY", "PROMETHEUS_IMAGE"} <= asked
    text = (DEPLOY / ".env.example").read_text()
    assert {name for name in asked if not re.search(rf"^#? ?{name}\b", text, re.MULTILINE)} == set()
