"""Exit status, and what is said where: the sentence on standard error, with --json the problem on standard output."""

import json

import pytest

from tests.cli.conftest import Shell


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "no-such-file.csv"),
        ("history", "--limit", "0"),
        ("history", "--colour", "red"),
        ("export",),
        ("users", "create", "a@b.test", "--role", "king"),
        ("no-such-command",),
    ],
)
def test_wrong_use_is_status_2(shell: Shell, arguments: tuple[str, ...]):
    assert shell(*arguments).exit_code == 2


def test_a_mapping_that_is_no_mapping_is_wrong_use(shell: Shell, tmp_path):
    file = tmp_path / "leads.csv"
    file.write_text("Email\nann@acme.example\n")
    for mapping in ("{", '["Email"]'):
        assert shell("import", str(file), "--mapping", mapping).exit_code == 2
    assert shell("import", str(file), "--on-duplicate", "explode").exit_code == 2


def test_settings_that_cannot_be_used_are_wrong_use_and_all_named(shell: Shell):
    shell.environ |= {"APP_ENVIRONMENT": "production", "APP_PUBLIC_URL": "http://crm.example", "APP_PORT": "-1"}
    said = shell.text("history", status=2)
    for name in ("APP_PUBLIC_URL", "APP_PORT", "APP_SECRET_KEY"):
        assert name in said


def test_a_refusal_is_status_1_with_a_sentence_on_standard_error_only(shell: Shell):
    result = shell("generate", "--lead", "01no-such-lead")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.strip()


def test_with_json_a_refusal_is_a_document_too(shell: Shell):
    answer = shell.json("history", "--status", "no-such-status", status=1)
    assert answer["error"]["code"] == "validation_failed"
    assert answer["error"]["errors"][0]["field"].startswith("status")


def test_without_a_user_the_next_step_is_said(empty_shell: Shell):
    assert "users create --role admin" in empty_shell.text("history", status=1)


def test_a_database_that_does_not_answer_is_said_without_a_trace(shell: Shell):
    shell.environ["DATABASE_URL"] = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    said = shell.text("users", "list", status=1)
    assert "does not answer" in said
    assert "Traceback" not in said


def test_staging_does_not_upgrade_the_schema_by_the_way(empty_shell: Shell):
    empty_shell.environ |= {"APP_ENVIRONMENT": "staging", "APP_SETTLE_SECONDS": "145"}
    assert "db upgrade" in empty_shell.text("users", "list", status=2)
    empty_shell.text("db", "upgrade")
    assert empty_shell.json("users", "list") == {"items": []}


def test_json_is_one_document_and_progress_goes_elsewhere(shell: Shell):
    result = shell("audit", "verify", "--json")
    assert json.loads(result.stdout)["ok"] is True
    assert "Verifying" in result.stderr
