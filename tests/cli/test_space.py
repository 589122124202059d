"""The disk by command: what fills it is named, and only what nobody misses goes."""

import os
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from woodpecker_api.cli import space
from woodpecker_api.config import load_settings

DAYS = 86_400


def _aged(path: Path, days: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix:
        path.write_text("x" * 1000)
    else:
        path.mkdir()
        (path / "woodpecker-api.sqlite3").write_text("x" * 1000)
    then = time.time() - days * DAYS
    os.utime(path, (then, then))
    return path


def test_the_largest_comes_first_and_a_deploy_fits_or_does_not(shell: Shell) -> None:
    answer = shell.json("doctor", "--disk")
    sizes = [item["bytes"] for item in answer["space"]["items"]]
    assert sizes == sorted(sizes, reverse=True)
    assert answer["space"]["deploy_fits"] is True
    assert answer["space"]["deploy_needs_bytes"] > 600_000_000
    answer = shell.json("doctor", "--disk", "--image-bytes", str(10**15), status=1)
    assert (answer["ok"], answer["space"]["deploy_fits"]) == (False, False)
    assert "doctor --free" in shell("doctor", "--disk", "--image-bytes", str(10**15)).stdout


def test_only_what_nobody_misses_goes(shell: Shell) -> None:
    made = shell.json("backup", "create")
    data = shell.data_dir
    old, newest = (
        _aged(data / "before-restore" / "20260101-000000-0", 40),
        _aged(data / "before-restore" / "20260201-000000-0", 35),
    )
    left = _aged(data / ".restoring-woodpecker-api.sqlite3", 2)
    fresh = _aged(data / "upload.tmp", 0)
    kept = {path.name for path in data.iterdir()} - {left.name}
    said = shell.text("doctor", "--free")
    assert "Removed before-restore/20260101-000000-0" in said
    assert (old.exists(), newest.exists(), left.exists(), fresh.exists()) == (False, True, False, True)
    assert {path.name for path in data.iterdir()} == kept
    assert [item["id"] for item in shell.json("backup", "list")["items"]] == [made["id"]]


def test_the_ballast_goes_last_and_only_without_other_room(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(space, "BALLAST_BYTES", 1_000_000)
    settings = load_settings(shell.environ)
    assert space.take_ballast(settings) is True
    ballast = shell.data_dir / "ballast"
    assert ballast.stat().st_blocks * 512 >= 1_000_000, "really allocated"
    assert space.make_room(settings) == []
    # A disk that is full cannot be had in a test folder.
    monkeypatch.setattr(space, "_NO_ROOM", 10**18)
    assert space.make_room(settings) == [("ballast", 1_000_000)]
    assert not ballast.exists()
