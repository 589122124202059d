"""The schema, settings and health by command."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from woodpecker_api.db.revisions import newest_revision


def test_an_upgrade_says_from_where_to_where_and_may_be_repeated(empty_shell: Shell):
    assert empty_shell.json("db", "check", status=1)["present"] is None
    assert empty_shell.json("db", "upgrade") == {"before": None, "after": newest_revision()}
    assert empty_shell.json("db", "upgrade") == {"before": newest_revision(), "after": newest_revision()}
    assert empty_shell.json("db", "check")["up_to_date"] is True


def test_a_setting_is_changed_and_shown(shell: Shell):
    assert shell.text("settings", "set", "export_batch_size", "40") == "export_batch_size = 40\n"
    answer = shell.json("settings", "list")
    assert answer["values"]["export_batch_size"] == 40
    assert {vendor["mode"] for vendor in answer["vendors"].values()} == {"sandbox"}
    assert "export_batch_size" in shell.text("settings", "list")


def test_a_setting_out_of_bounds_is_refused_by_name(shell: Shell):
    assert "export_batch_size" in shell.text("settings", "set", "export_batch_size", "5000", status=1)


def test_the_doctor_finds_a_sound_installation_sound(shell: Shell):
    answer = shell.json("doctor", "--disk")
    assert answer["ok"] is True
    names = [finding["name"] for finding in answer["findings"]]
    assert names[:5] == ["Python", "SQLite", "Data directory", "Disk", "Schema"]
    assert "Space of woodpecker-api.sqlite3" in names


def test_the_doctor_names_what_is_wrong(shell: Shell):
    shell.environ["DATABASE_URL"] = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    said = shell("doctor")
    assert said.exit_code == 1
    assert "WRONG  Database: does not answer" in said.stdout


def test_the_doctor_tries_the_open_questions_on_a_draft_and_says_what_they_settle(shell: Shell):
    found = shell.json("doctor", "--vendor", "--campaign", "2100001", "--address", "me@own.example")["findings"]
    said = {finding["name"]: finding["says"] for finding in found}
    assert said["Woodpecker prospects_search"] == "answers as this program reads it"
    assert "snippet3 kept 10000 of 10000" in said["what_is_stored"]
    assert "docs/unverified.md: “update: true”: settled, the next unsent step uses the new text" in said["what_changed"]
    assert "me@own.example" not in str(found)


def test_the_doctor_tries_nothing_where_mail_could_go(shell: Shell):
    found = shell.json("doctor", "--vendor", "--campaign", "2100003", "--address", "me@own.example", status=1)[
        "findings"
    ]
    assert "DRAFT" in next(each["says"] for each in found if each["name"] == "Open questions")


def test_the_doctor_asks_both_vendors(shell: Shell):
    findings = {finding["name"]: finding for finding in shell.json("doctor", "--vendor")["findings"]}
    assert findings["Anthropic"]["says"].startswith("(sandbox)")
    assert findings["Woodpecker"] == {"name": "Woodpecker", "ok": True, "says": "(sandbox) the key is good"}


def test_an_altered_record_is_status_1_with_the_first_bad_line(shell: Shell):
    import pysqlite3

    with pysqlite3.connect(shell.data_dir / "woodpecker-api.sqlite3") as connection:
        connection.execute("DROP TRIGGER audit_lines_refuse_update")
        connection.execute("UPDATE audit_lines SET action = 'lead.edited' WHERE id = 2")
    connection.close()
    assert shell.json("audit", "verify", status=1)["first_bad_id"] == 2


def test_the_record_is_compared_with_what_the_log_and_the_backups_kept_of_it(shell: Shell, tmp_path: Path):
    made = shell.json("backup", "create")
    manifest = json.loads((shell.data_dir / "backups" / made["id"] / "manifest.json").read_text())
    line, line_hash = manifest["content"]["audit_line"], manifest["content"]["audit_hash"]
    log = tmp_path / "worker.log"
    entry = {"event": "audit.anchor", "line_id": line, "line_hash": line_hash}
    log.write_text(f"Started.\napp-a | {json.dumps(entry)}\naudit.anchor without an object\n")
    assert shell.json("audit", "verify", "--anchor", f"{line}:{line_hash}", "--log", str(log))["ok"] is True

    log.write_text(json.dumps({**entry, "line_hash": "0" * 64}))
    assert shell.json("audit", "verify", "--log", str(log), status=1)["first_bad_id"] == line
    assert shell.json("audit", "verify", "--anchor", f"{line + 1000}:{line_hash}", status=1)["ok"] is False


@pytest.mark.parametrize("text", ["12", "x:abc", "12:"])
def test_an_anchor_that_is_none_is_wrong_use(shell: Shell, text: str):
    assert "LINE:HASH" in shell.text("audit", "verify", "--anchor", text, status=2)


def test_a_log_without_an_anchor_is_no_proof(shell: Shell, tmp_path: Path):
    (tmp_path / "web.log").write_text("{}\n")
    assert "no audit.anchor line" in shell.text("audit", "verify", "--log", str(tmp_path / "web.log"), status=1)


def test_what_a_deploy_asks_ends_as_other_commands_do_and_leaves_the_website_alone(empty_shell: Shell):
    program = (
        "import sys; sys.argv[1:] = {words}; from woodpecker_api.cli import main\ntry: main()\n"
        "except SystemExit as end: print(end.code, 'woodpecker_api.web.app' in sys.modules, file=sys.stderr)"
    )

    def ends(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", program.format(words=list(words))],
            env={**os.environ, **empty_shell.environ}, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        return done.stderr.strip().splitlines()[-1]

    assert ends("db", "upgrade") == "0 False"
    assert ends("db", "examine", "no-such-file") == "1 False"
    assert ends("db", "no-such-command") == "2 False"
    assert ends("pulse", "--seconds", "0.1") == "1 False"
    assert ends("pulse", "--seconds", "never") == "2 False"
    assert ends("users", "list") == "0 True"
