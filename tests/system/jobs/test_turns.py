import threading
import time
from collections.abc import Callable

import pytest

from woodpecker_api.errors import NotFoundError
from woodpecker_api.system.jobs.port import Again, Done, JobError, NextStep, Retries
from woodpecker_api.system.jobs.turns import (
    TURNS_A_RECORD,
    GoesOn,
    LeftForSuccessorError,
    Outcome,
    outcome_of,
    outcome_of_error,
    rest_until,
    run_turns,
)

RETRIES = Retries(attempts=3, first_wait_seconds=1, longest_wait_seconds=3)


class Recorded:
    """A job's record: plays back what it holds, then takes turns and records them."""

    def __init__(self, handler: Callable[[int], NextStep], outcomes: list[Outcome] | None = None) -> None:
        self.outcomes = outcomes if outcomes is not None else []
        self.handler = handler
        self.taken = 0
        self.rests: list[float] = []
        self._position = 0

    def __call__(self, failures: int, rest: float, _until: float) -> Outcome:
        if self._position == len(self.outcomes):
            self.rests.append(rest)
            self.taken += 1
            try:
                outcome = outcome_of(self.handler(self.taken), now=100.0)
            except Exception as error:
                outcome = outcome_of_error(error, failures, RETRIES, now=100.0)
            self.outcomes.append(outcome)
        self._position += 1
        return self.outcomes[self._position - 1]


def failing_on(*turns: int) -> Callable[[int], NextStep]:
    def handler(turn: int) -> NextStep:
        if turn in turns:
            raise ValueError("Ada Lovelace <ada@example.com>")
        return Done() if turn >= 6 else Again()

    return handler


def _raise() -> NextStep:
    raise ConnectionError


def test_a_job_takes_turns_until_it_is_done() -> None:
    record = Recorded(lambda turn: Done() if turn == 4 else Again(after_seconds=turn))
    assert run_turns(record, RETRIES) is None
    assert record.rests == [0, 1, 2, 3]


def test_failures_rest_longer_and_longer_and_are_forgotten_after_a_good_turn() -> None:
    record = Recorded(failing_on(1, 2, 4, 5))
    assert run_turns(record, RETRIES) is None
    assert record.rests == [0, 1, 2, 0, 1, 2]


def test_a_job_is_given_up_after_so_many_failures_in_a_row() -> None:
    record = Recorded(failing_on(2, 3, 4))
    assert run_turns(record, RETRIES) == JobError("internal_error", "ValueError; the log has the details.")
    assert record.taken == 4


def test_what_is_kept_of_a_foreign_error_holds_nothing_of_its_text() -> None:
    record = Recorded(failing_on(1, 2, 3))
    run_turns(record, RETRIES)
    assert "ada" not in str(record.outcomes).lower()


def test_our_own_sentence_is_kept_for_the_room() -> None:
    def handler(_turn: int) -> NextStep:
        raise NotFoundError("The campaign is gone. Choose another one.")

    assert run_turns(Recorded(handler), RETRIES) == JobError("not_found", "The campaign is gone. Choose another one.")


def test_after_a_crash_the_recorded_turns_are_neither_taken_nor_rested_again() -> None:
    before = Recorded(lambda turn: Done() if turn == 6 else Again(after_seconds=60))
    run_turns(before, RETRIES)
    after = Recorded(lambda _turn: Done(), before.outcomes[:4])
    assert run_turns(after, RETRIES) is None
    assert (after.taken, after.rests) == (1, [60])


def test_a_long_record_ends_after_a_good_turn_and_says_what_rest_comes_next() -> None:
    record = Recorded(lambda turn: Again(after_seconds=5) if turn != TURNS_A_RECORD else _raise())
    assert run_turns(record, RETRIES) == GoesOn(5, 105.0)
    assert record.taken == TURNS_A_RECORD + 1


@pytest.mark.parametrize(("failures", "wait"), [(1, 1.0), (2, 2.0), (3, 4.0), (9, 256.0), (10, 300.0), (5000, 300.0)])
def test_waits_double_up_to_the_longest(failures: int, wait: float) -> None:
    assert Retries().wait_before(failures) == wait


def test_a_rest_whose_end_has_passed_takes_no_time() -> None:
    rest_until(3600, time.time() - 1, threading.Event())


def test_a_clock_that_was_set_back_an_hour_makes_no_rest_longer() -> None:
    began = time.monotonic()
    rest_until(0.05, time.time() + 3600, threading.Event())
    assert time.monotonic() - began < 1


def test_a_rest_ends_at_once_when_the_process_stops() -> None:
    stopping = threading.Event()
    threading.Timer(0.05, stopping.set).start()
    with pytest.raises(LeftForSuccessorError):
        rest_until(60, time.time() + 60, stopping)


def test_no_turn_begins_in_a_process_that_stops() -> None:
    stopping = threading.Event()
    stopping.set()
    with pytest.raises(LeftForSuccessorError):
        rest_until(0, 0, stopping)
