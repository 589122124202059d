"""How many calls are under way at a time, over threads."""

import threading

from woodpecker_api.features.generation.jobs.gate import Gate
from woodpecker_api.features.generation.rules.pace import Pace


def test_no_more_than_the_pace_allows_are_inside():
    gate = Gate(Pace(at_once=2))
    stopping = threading.Event()
    assert gate.enter(0, stopping)
    assert gate.enter(0, stopping)
    assert not gate.enter(0, stopping)
    gate.leave()
    assert gate.enter(0, stopping)


def test_somebody_who_waits_is_let_in_when_another_leaves():
    gate = Gate(Pace(at_once=1))
    stopping = threading.Event()
    assert gate.enter(0, stopping)
    entered = []
    waiting = threading.Thread(target=lambda: entered.append(gate.enter(10, stopping)))
    waiting.start()
    gate.leave()
    waiting.join(10)
    assert entered == [True]


def test_nobody_waits_for_a_process_that_ends():
    gate = Gate(Pace(at_once=1))
    stopping = threading.Event()
    gate.enter(0, stopping)
    stopping.set()
    assert not gate.enter(60, stopping)


def test_refusals_in_a_row_hold_everybody_until_the_time_the_vendor_named():
    now = [100.0]
    gate = Gate(now=lambda: now[0])
    for _ in range(3):
        gate.slow_down(5.0, busy=True)
    assert not gate.enter(0, threading.Event())
    now[0] = 105.0
    assert gate.enter(0, threading.Event())


def test_a_server_error_does_not_slow_the_others():
    gate = Gate(now=lambda: 100.0)
    for _ in range(9):
        gate.slow_down(5.0, busy=False)
    assert gate.enter(0, threading.Event())


def test_success_lets_more_in():
    gate = Gate(Pace(at_once=1))
    stopping = threading.Event()
    gate.enter(0, stopping)
    gate.went_well()
    gate.went_well()
    assert gate.enter(0, stopping)
