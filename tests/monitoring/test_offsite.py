"""The copy off the machine: only checked backups go, and what comes back can be restored."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.docs.pages import REPOSITORY
from tests.monitoring.tools import need
from tests.system.backups import lab
from woodpecker_api.system.backups.manifest import Kind
from woodpecker_api.system.backups.service import Backups
from woodpecker_api.system.backups.shelf import VERDICT


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "data"


def _offsite(home: Path, *arguments: str, repository: str | None = None) -> subprocess.CompletedProcess[str]:
    environ = {
        **os.environ,
        "APP_DATA_DIR": str(home),
        "OFFSITE_REPOSITORY": repository or str(home.parent / "repository"),
        "OFFSITE_PASSWORD": "kept in the password manager too",
        "RESTIC_CACHE_DIR": str(home.parent / "cache"),
    }
    command = [str(REPOSITORY / "deploy" / "offsite-backup"), *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=100, check=False)


def test_what_went_off_site_comes_back_and_can_be_restored(home: Path) -> None:
    need("restic")
    database = lab.open_database(home)
    for number in range(3):
        lab.write_one(database, number)
    backups = Backups(database.engine, home)
    made, unchecked = backups.create(Kind.MANUAL), backups.create(Kind.MANUAL)
    (backups.shelf.path(unchecked.id) / VERDICT).unlink()
    assert _offsite(home, "init").returncode == 0
    done = _offsite(home, "run")
    assert done.returncode == 0, done.stderr
    assert (home / "offsite-last").exists()
    fetched = home.parent / "fetched"
    done = _offsite(home, "fetch", str(fetched))
    assert done.stdout.split() == [made.id]
    assert backups.examine(fetched / "backups" / made.id).ok
    stored = b"".join(path.read_bytes() for path in (home.parent / "repository").rglob("*") if path.is_file())
    assert b"row-1" not in stored, "what lies there is encrypted"
    database.engine.dispose()


def test_on_a_droplet_the_nightly_run_takes_its_settings_from_files(home: Path) -> None:
    need("restic")
    database = lab.open_database(home)
    made = Backups(database.engine, home).create(Kind.MANUAL)
    database.engine.dispose()
    root = home.parent / "droplet"
    (root / "secrets").mkdir(parents=True)
    environ = {
        "PATH": os.environ["PATH"],
        "WOODPECKER_ROOT": str(root),
        "APP_DATA_DIR": str(home),
        "RESTIC_CACHE_DIR": str(home.parent / "cache"),
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [str(REPOSITORY / "deploy" / "offsite-backup"), *words]
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=100, check=False)

    assert run("nightly").returncode == 0, "nothing is wrong where no storage is named"
    # A value with a space must not be run as a command.
    (root / ".env").write_text(
        f"ALERT_MAIL_FROM=The Program <x@y.test>\nOFFSITE_REPOSITORY='{home.parent}/repository'\n"
    )
    refused = run("nightly")
    assert refused.returncode == 1
    assert "offsite_password" in refused.stderr
    (root / "secrets/offsite_password").write_text("kept in the password manager too\n")
    assert run("init").returncode == 0
    assert run("nightly").returncode == 0
    assert run("fetch", str(home.parent / "fetched")).stdout.split() == [made.id]


def test_without_a_checked_backup_nothing_goes_and_somebody_is_told(home: Path) -> None:
    need("restic")
    (home / "backups").mkdir(parents=True)
    _offsite(home, "init")
    done = _offsite(home, "run")
    assert done.returncode == 1
    assert "There is no checked backup" in done.stderr


def test_what_is_not_set_is_named(home: Path) -> None:
    environ = {"PATH": os.environ["PATH"]}
    command = [str(REPOSITORY / "deploy" / "offsite-backup"), "run"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode != 0
    assert "OFFSITE_REPOSITORY" in done.stderr
