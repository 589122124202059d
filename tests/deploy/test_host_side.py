"""Lists of addresses, settings of the host, and the files that ship: what can be checked without a Docker engine."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from rollout import main as host
from rollout.commands import Commands
from rollout.journal import DeployError, Journal, Store
from rollout.proxy import AllowList, matcher

from woodpecker_api.config import SETTING_NAMES

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
NOON = 1_800_000_000.0


def test_a_days_leave_ends_and_who_is_always_in_stays(tmp_path: Path) -> None:
    allowed = AllowList(tmp_path)
    allowed.add("198.51.100.0/24", None)
    allowed.add("203.0.113.7/32", NOON + 24 * 3600)
    assert allowed.write(NOON) is True
    assert "203.0.113.7/32" in (tmp_path / "allow.caddy").read_text()
    later = AllowList(tmp_path)
    assert later.write(NOON + 3600) is False
    assert later.write(NOON + 25 * 3600) is True
    assert (tmp_path / "allow.caddy").read_text() == "@outsider not remote_ip 198.51.100.0/24\n"


def test_a_days_leave_does_not_shorten_who_is_always_in(tmp_path: Path) -> None:
    allowed = AllowList(tmp_path)
    allowed.add("198.51.100.0/24", None)
    allowed.add("198.51.100.0/24", NOON)
    assert allowed.entries(NOON + 1) == [("198.51.100.0/24", None)]


def test_an_empty_list_lets_nobody_in() -> None:
    assert matcher([]).startswith("@outsider not remote_ip 192.0.2.255/32")


@pytest.mark.parametrize("wrong", ["203.0.113.7; respond 200", "0.0.0.0/0/0", "everyone", "2001:db8::/200"])
def test_what_is_no_address_never_reaches_the_proxys_file(
    tmp_path: Path, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert host.main(["--root", str(tmp_path), "allow", wrong]) == 1
    assert "no address or network" in capsys.readouterr().err
    assert not (tmp_path / "state/proxy/allow.caddy").exists()


def test_only_a_digest_is_deployed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".env").write_text("REGISTRY_IMAGE=registry.example/app\n")
    for wrong in ("latest", "sha256:12", "sha512:" + "a" * 64):
        assert host.main(["--root", str(tmp_path), "deploy", wrong]) == 1
        assert "digest" in capsys.readouterr().err


def test_every_setting_is_explained_in_the_example(tmp_path: Path) -> None:
    text = (DEPLOY / ".env.example").read_text()
    for name in SETTING_NAMES:
        found = re.search(rf"^#? ?{name}\b", text, re.MULTILINE)
        assert found, f"{name} is missing in deploy/.env.example"
        assert text[: found.start()].rstrip().rpartition("\n")[2].startswith("#"), f"{name} is not explained"
    (tmp_path / ".env").write_text(text)
    assert host.read_settings(tmp_path / ".env")["DOMAIN"]


def test_what_compose_asks_of_the_environment_is_in_the_example() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yml").read_text()))
    known = set(re.findall(r"^#? ?([A-Z_]+)=", (DEPLOY / ".env.example").read_text(), re.MULTILINE))
    made_by_the_deploy = {"APP_A_IMAGE", "APP_B_IMAGE", "WORKER_IMAGE", "TOOL_IMAGE"}
    assert asked - made_by_the_deploy <= known


def test_records_of_a_status_are_read_by_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "state").mkdir()
    release = {"id": "20260101T000000Z", "image": "x@sha256:1", "snapshot": None, "breaking": True}
    (tmp_path / "state/state.json").write_text(
        json.dumps({"slot": "app-a", "image": "x@sha256:1", "history": [release]})
    )
    assert host.main(["--root", str(tmp_path), "status"]) == 0
    assert "(breaking)" in capsys.readouterr().out


@pytest.fixture
def services() -> dict[str, Any]:
    found = yaml.safe_load((DEPLOY / "compose.yml").read_text())["services"]
    assert set(found) == {"app-a", "app-b", "worker", "tool", "caddy"}
    return dict(found)


def test_every_service_is_confined(services: dict[str, Any]) -> None:
    """The container checks of the CIS benchmark (section 5) that can be read from the file."""
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["user"].partition(":")[0] not in ("", "0", "root"), name
        assert service["pids_limit"] > 0, name
        assert service["mem_limit"] == service["memswap_limit"], name
        assert service["cpus"], name
        assert service["logging"]["options"]["max-size"], name
        assert not {"privileged", "network_mode", "pid", "ipc", "devices"} & set(service), name
        assert "docker.sock" not in str(service), name


def test_only_the_proxy_can_be_reached_and_only_over_ipv4(services: dict[str, Any]) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["caddy"]
    assert services["caddy"]["ports"] == ["0.0.0.0:80:80", "0.0.0.0:443:443"]
    assert services["caddy"]["cap_add"] == ["NET_BIND_SERVICE"]
    assert all("cap_add" not in service for name, service in services.items() if name != "caddy")


def test_no_secret_is_a_line_of_the_environment(services: dict[str, Any]) -> None:
    secrets = {"APP_SECRET_KEY", "APP_ADMIN_PASSWORD", "ANTHROPIC_API_KEY", "WOODPECKER_API_KEY", "APP_NOTIFY_URLS"}
    for name in ("app-a", "app-b", "worker", "tool"):
        environment = services[name]["environment"]
        assert not secrets & set(environment), name
        assert {f"{secret}_FILE" for secret in secrets} <= set(environment), name


def test_images_are_never_a_moving_tag(services: dict[str, Any]) -> None:
    assert all("latest" not in service["image"] for service in services.values())
    # The program's own are given by digest at each deploy; the proxy's is written down.
    assert re.search(r"@sha256:[0-9a-f]{64}\}$", services["caddy"]["image"])


def test_probes_and_figures_are_hidden_before_anything_is_proxied() -> None:
    text = (DEPLOY / "proxy/Caddyfile").read_text()
    site = text[text.index("{$DOMAIN} {") :]
    order = [site.index(part) for part in ("handle @outsider", "handle @inner", "import maintenance", "import slots")]
    assert order == sorted(order)
    for path in ("/healthz", "/readyz", "/metrics"):
        assert path in site[: order[1]]


def test_a_command_can_be_made_to_fail_once_by_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lab cuts a deploy off by it; the way back meets the same words and goes through."""
    lines: list[str] = []
    commands = Commands(lines.append)
    monkeypatch.setenv("DEPLOY_TEST_FAIL_AT", "stop app")
    assert commands.run("echo", "start", "app") == "start app\n"
    with pytest.raises(DeployError, match="made to fail"):
        commands.run("echo", "stop", "app")
    assert commands.run("echo", "stop", "app") == "stop app\n"
    assert len(lines) == 2


def test_a_program_that_fails_or_hangs_is_said_with_its_last_words() -> None:
    commands = Commands(lambda _line: None)
    with pytest.raises(DeployError, match="the reason"):
        commands.run("sh", "-c", "echo the reason >&2; exit 3")
    with pytest.raises(DeployError, match=r"longer than 0\.2 s"):
        commands.run("sleep", "5", timeout=0.2)
    assert commands.run("sh", "-c", "echo no; exit 1", may_fail=True) == "no\n"


def test_a_minutes_look_beside_a_deploy_at_work_is_no_failure(tmp_path: Path) -> None:
    store = Store(tmp_path / "state")
    store.keep_journal(Journal("1", "app@sha256:1", "app-b", "app-a", "app@sha256:0"))
    with store.lock("deploy by test", 0):
        assert store.is_locked()
        assert host.main(["--root", str(tmp_path), "repair", "--if-idle"]) == 0
    assert store.journal() is not None
    assert not store.is_locked()
