"""What commands show while they work."""

import io
import sys

import pytest
from rich.console import Console

from woodpecker_api.cli import output


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_elsewhere_progress_is_a_plain_line_for_each_tenth(capsys: pytest.CaptureFixture[str]):
    said = io.StringIO()
    show = output.plain_progress("Adding", Console(file=said))
    for done in range(101):
        show(done, 100)
    lines = said.getvalue().splitlines()
    assert lines[0] == "Adding: 0 of 100"
    assert lines[-1] == "Adding: 100 of 100"
    assert len(lines) == 11
    assert capsys.readouterr().out == ""


def test_on_a_terminal_progress_is_a_bar(monkeypatch: pytest.MonkeyPatch):
    terminal = _Terminal()
    # The stream decides between bar and lines; there is no terminal to be had in a test.
    monkeypatch.setattr(sys, "stderr", terminal)
    with output.progress("Adding") as show:
        show(1, 2)
        show(2, 2)
    assert "2/2" in terminal.getvalue()
    assert "━" in terminal.getvalue()


def test_json_keeps_letters_of_every_script(capsys: pytest.CaptureFixture[str]):
    output.show_json({"name": "Zoë Łęcka"})
    assert "Zoë Łęcka" in capsys.readouterr().out
