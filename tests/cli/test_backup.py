"""Backups by command: made beside a running program, refused beside one when it is about restoring."""

import shutil
from pathlib import Path

from tests.cli.conftest import ADMIN, Shell
from woodpecker_api.config import load_settings
from woodpecker_api.wiring.program import build


def test_one_is_made_listed_and_checked(shell: Shell) -> None:
    made = shell.json("backup", "create")
    assert (made["status"], made["kind"], made["verified"]["ok"]) == ("verified", "manual", True)
    assert [item["id"] for item in shell.json("backup", "list")["items"]] == [made["id"]]
    assert shell.json("backup", "verify", made["id"])["ok"] is True
    assert "sound" in shell.text("backup", "verify", "newest")


def test_after_a_restore_sending_is_held_and_the_people_are_those_of_then(shell: Shell) -> None:
    made = shell.json("backup", "create")
    shell.text("users", "create", "late@team.test", "--role", "rep", stdin="correct horse battery\n")
    restored = shell.json("backup", "restore", "newest", "--yes")
    assert (restored["restored"]["id"], restored["sending"]) == (made["id"], "held")
    assert [user["email"] for user in shell.json("users", "list")["items"]] == [ADMIN]
    assert shell.json("reconcile")["reason"] == "restored"
    assert shell.json("audit", "verify")["ok"] is True


def test_a_restore_refuses_while_the_program_runs(shell: Shell) -> None:
    made = shell.json("backup", "create")
    program = build(load_settings(shell.environ))
    said = shell.text("backup", "restore", made["id"], "--yes", status=1)
    program.close()
    assert "Stop it" in said


def test_a_copy_from_elsewhere_is_restored_by_its_folder(shell: Shell, tmp_path: Path) -> None:
    made = shell.json("backup", "create")
    folder = tmp_path / made["id"]
    shutil.move(shell.data_dir / "backups" / made["id"], folder)
    assert shell.json("backup", "verify", str(folder))["ok"] is True
    assert shell.json("backup", "restore", str(folder), "--yes")["restored"]["id"] == made["id"]


def test_a_damaged_one_is_status_1_and_says_what_is_wrong(shell: Shell) -> None:
    made = shell.json("backup", "create")
    file = shell.data_dir / "backups" / made["id"] / "database.sqlite3"
    file.write_bytes(file.read_bytes()[:-1])
    assert shell.json("backup", "verify", made["id"], status=1)["ok"] is False
    assert "the manifest says" in shell.text("backup", "restore", made["id"], "--yes", status=1)


def test_keys_that_another_secret_encrypted_are_named_after_a_restore(shell: Shell) -> None:
    shell.environ["APP_SECRET_KEY"] = "the old key of this installation"
    program = build(load_settings(shell.environ))
    from woodpecker_api.kit.clock import system_clock
    from woodpecker_api.system.audit.service import SYSTEM
    from woodpecker_api.system.settings.service import Vendor, set_vendor_key

    with program.database.writing() as db:
        set_vendor_key(db, SYSTEM, program.services.secrets, Vendor.ANTHROPIC, "sk-12345678", system_clock())
    program.close()
    shell.json("backup", "create")
    shell.environ["APP_SECRET_KEY"] = "a new one on the new machine"
    assert shell.json("backup", "restore", "newest", "--yes")["unreadable_keys"] == ["anthropic"]


def test_what_is_not_there_is_said_in_a_sentence(shell: Shell) -> None:
    assert "There is no verified backup" in shell.text("backup", "restore", "newest", "--yes", status=1)
    assert "backup list" in shell.text("backup", "verify", "20261122-000000-manual-abcdef", status=1)
