"""The check of a server names each thing that is missing, with what mends it."""

from pathlib import Path

import pytest
from rollout.host_check import ENOUGH_MEMORY_BYTES, examine, memory_bytes


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A server's folder with everything in it."""
    for folder in ("secrets", "state/proxy"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "cosign.pub").write_text("key")
    for secret in ("app_secret_key", "app_admin_password"):
        (tmp_path / "secrets" / secret).write_text("secret\n")
    (tmp_path / "state/proxy/allow.json").write_text('{"198.51.100.0/24": null}')
    return tmp_path


def wrong(root: Path, domain: str = "localhost", **failing: bool) -> list[str]:
    found = examine(root, {"DOMAIN": domain}, succeeds=lambda *words: words[0] not in failing)
    # What this machine itself has (room, memory, IPv6 of its own name) is not this test's matter.
    return [f.name for f in found if not f.ok and not f.name.startswith(("room", "memory", "no IPv6"))]


def test_nothing_is_missing_on_a_server_that_has_it_all(root: Path) -> None:
    assert wrong(root) == []


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ("cosign.pub", "the release key is there"),
        ("secrets/app_secret_key", "secrets/app_secret_key is filled"),
        ("state/proxy/allow.json", "somebody may come in"),
    ],
)
def test_a_missing_file_is_named(root: Path, missing: str, named: str) -> None:
    (root / missing).unlink()
    assert wrong(root) == [named]


def test_an_empty_secret_and_an_empty_list_are_missing_too(root: Path) -> None:
    (root / "secrets/app_admin_password").write_text("\n")
    (root / "state/proxy/allow.json").write_text("{}")
    assert wrong(root) == ["secrets/app_admin_password is filled", "somebody may come in"]


def test_programs_that_fail_are_named(root: Path) -> None:
    assert wrong(root, docker=True) == ["Docker answers", "Compose is there"]
    assert wrong(root, iptables=True, systemctl=True) == [
        "the firewall is on",
        "repairs run by themselves",
        "security updates come by themselves",
    ]


def test_memory_is_read_from_the_kernels_text() -> None:
    assert memory_bytes("MemTotal:        2014404 kB\nMemFree: 1 kB\n") == 2_062_749_696 > ENOUGH_MEMORY_BYTES
