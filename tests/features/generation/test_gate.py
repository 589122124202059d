"""How many calls are under way at a time, over the runs of a process."""

from woodpecker_api.features.generation.jobs.gate import Gate
from woodpecker_api.features.generation.rules.pace import Pace


def test_no_more_than_the_pace_allows_are_inside() -> None:
    gate = Gate(Pace(at_once=2))
    with gate.open_for("a"):
        assert gate.places("a") == 2
        assert gate.take_place("a")
        assert gate.places("a") == 1
        assert gate.take_place("a")
        assert gate.places("a") == 0
        gate.leave("a")
        assert gate.places("a") == 1


def test_runs_that_write_at_the_same_time_share_the_places() -> None:
    """So that one lead written anew does not wait behind a thousand."""
    gate = Gate(Pace(at_once=8))
    with gate.open_for("large"):
        for _ in range(8):
            assert gate.take_place("large")
        with gate.open_for("small"):
            gate.leave("large")
            assert gate.places("large") == 0, "it holds more than its half"
            assert gate.places("small") == 1
            assert gate.take_place("small")
            gate.leave("small")
        assert gate.places("large") == 1


def test_no_run_takes_more_than_is_free() -> None:
    gate = Gate(Pace(at_once=4))
    with gate.open_for("a"), gate.open_for("b"):
        for _ in range(2):
            assert gate.take_place("a")
        assert (gate.places("a"), gate.places("b")) == (0, 2)


def test_a_pace_of_one_still_lets_every_run_on() -> None:
    gate = Gate(Pace(at_once=1))
    with gate.open_for("a"), gate.open_for("b"):
        assert (gate.places("a"), gate.places("b")) == (1, 1)
        assert gate.take_place("b")
        assert (gate.places("a"), gate.places("b")) == (0, 0)


def test_refusals_in_a_row_hold_everybody_until_the_time_the_vendor_named() -> None:
    now = [100.0]
    gate = Gate(now=lambda: now[0])
    with gate.open_for("a"):
        for _ in range(3):
            gate.slow_down(5.0, busy=True)
        assert gate.places("a") == 0
        now[0] = 105.0
        assert gate.places("a") > 0


def test_a_server_error_does_not_slow_the_others() -> None:
    gate = Gate(now=lambda: 100.0)
    with gate.open_for("a"):
        before = gate.places("a")
        for _ in range(9):
            gate.slow_down(5.0, busy=False)
        assert gate.places("a") == before


def test_success_lets_more_in() -> None:
    gate = Gate(Pace(at_once=1))
    with gate.open_for("a"):
        gate.went_well()
        gate.went_well()
        assert gate.places("a") == 2
