"""The deploy asks whether a worker really works; a worker that only runs is not enough."""

import time
from typing import Any

from tests.cli.conftest import Shell
from woodpecker_api.config import load_settings
from woodpecker_api.kit.ids import new_id
from woodpecker_api.wiring.program import build
from woodpecker_api.wiring.pulse import is_done, pulse_job


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


def test_a_pulse_that_somebody_gave_up_does_not_hide_the_one_sent_after_it(shell: Shell) -> None:
    """Both lay in the queue when a worker came, and ran beside each other: a deploy was told that nobody works."""
    program = build(load_settings(shell.environ))
    try:
        beat = pulse_job(program.database).handler
        given_up = new_id()
        time.sleep(0.002)  # ids are in the order of their milliseconds
        wanted = new_id()
        time.sleep(0.002)
        context: Any = None
        beat(context, wanted)
        beat(context, given_up)
        with program.database.reading() as db:
            assert is_done(db, wanted)
            assert is_done(db, given_up)
            assert not is_done(db, new_id())
    finally:
        program.stop()
