"""Users and tokens by command."""

import re

from tests.cli.conftest import ADMIN, PASSWORD, Shell


def test_the_password_of_a_new_user_is_read_from_standard_input_and_never_shown(shell: Shell):
    result = shell("users", "create", "rita@team.test", "--role", "rep", stdin=f"{PASSWORD}\n")
    assert result.exit_code == 0
    assert result.stdout == "Created rita@team.test as rep.\n"
    assert PASSWORD not in result.output


def test_everybody_is_listed_with_role_and_state(shell: Shell):
    shell.text("users", "create", "rita@team.test", stdin=f"{PASSWORD}\n")
    shell.text("users", "disable", "rita@team.test")
    listed = shell.json("users", "list")["items"]
    assert [(user["email"], user["role"], user["disabled"]) for user in listed] == [
        (ADMIN, "admin", False),
        ("rita@team.test", "rep", True),
    ]
    assert re.search(r"rita@team.test +rep +disabled", shell.text("users", "list"))


def test_a_short_password_is_refused_with_the_reason(shell: Shell):
    said = shell.text("users", "set-password", ADMIN, stdin="short\n", status=1)
    assert "at least" in said


def test_the_only_admin_stays(shell: Shell):
    assert "only admin" in shell.text("users", "disable", ADMIN, status=1)


def test_a_token_is_shown_once_and_can_be_revoked(shell: Shell):
    made = shell.json("tokens", "create", ADMIN, "--name", "nightly")
    assert made["token"].startswith("wpa_")
    assert made["token"] not in shell.text("tokens", "list")
    assert [token["name"] for token in shell.json("tokens", "list")["items"]] == ["nightly"]
    assert shell.json("tokens", "revoke", made["id"]) == {"id": made["id"], "revoked": True}
    assert shell.json("tokens", "list")["items"] == []


def test_nobody_acts_as_somebody_who_is_disabled(shell: Shell):
    shell.text("users", "create", "rita@team.test", stdin=f"{PASSWORD}\n")
    shell.text("users", "disable", "rita@team.test")
    assert "is disabled" in shell.text("history", "--as", "rita@team.test", status=1)


def test_a_command_has_no_more_rights_than_the_user_it_acts_as(shell: Shell):
    shell.text("users", "create", "vera@team.test", "--role", "viewer", stdin=f"{PASSWORD}\n")
    said = shell.text("settings", "set", "export_batch_size", "40", "--as", "vera@team.test", status=1)
    assert "permission_denied" in said
