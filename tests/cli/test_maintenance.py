"""Maintenance by command."""

from tests.cli.conftest import Shell


def test_on_read_only_and_off(empty_shell: Shell) -> None:
    assert empty_shell.text("maintenance", "status") == "live\n"
    assert empty_shell.json("maintenance", "on", "--read-only")["mode"] == "read_only"
    assert empty_shell.text("maintenance", "on", "--message", "Back at nine.") == "maintenance: Back at nine.\n"
    assert empty_shell.json("maintenance", "status")["message"] == "Back at nine."
    assert empty_shell.json("maintenance", "off") == {"mode": "live", "message": None, "since": None}
