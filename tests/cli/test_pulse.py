"""The deploy asks whether a worker really works; a worker that only runs is not enough."""

from tests.cli.conftest import Shell
from woodpecker_api.config import load_settings
from woodpecker_api.wiring.program import build


def test_a_worker_that_works_answers(shell: Shell) -> None:
    program = build(load_settings(shell.environ))
    program.start()
    try:
        assert program.worker.wait_until_working(20)
        assert shell.json("pulse")["seconds"] < 20
    finally:
        program.stop()


def test_without_a_worker_the_command_says_so_and_fails(shell: Shell) -> None:
    assert "No worker did a job within 0.5 s" in shell.text("pulse", "--seconds", "0.5", status=1)
