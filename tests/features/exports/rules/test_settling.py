"""When to ask, and when to believe."""

import pytest

from woodpecker_api.features.exports.rules.settling import SettleTiming, SettleWatch
from woodpecker_api.features.exports.rules.turns import Turns
from woodpecker_api.features.exports.rules.waiting import wait_after


def a_watch(settle: float = 145.0, held_since: float = 0.0) -> SettleWatch:
    watch = SettleWatch(SettleTiming(settle))
    watch.hold(held_since)
    return watch


def test_the_margin_is_sixty_of_145_seconds():
    assert SettleTiming(145).margin == pytest.approx(60)
    assert SettleTiming(2).margin == pytest.approx(60 / 145 * 2)


def test_the_wait_counts_from_when_this_worker_saw_the_intent():
    watch = a_watch()
    watch.saw("b", 100.0)
    watch.saw("b", 200.0)
    assert watch.wait("b", ["i"], 150.0) == pytest.approx(95)
    assert not watch.may_ask("b", "i", 244.9)
    assert watch.may_ask("b", "i", 245.0)


def test_the_wait_counts_from_when_the_lock_was_won_if_that_was_later():
    watch = a_watch(held_since=500.0)
    watch.saw("b", 100.0)
    assert watch.wait("b", ["i"], 500.0) == pytest.approx(145)


def test_an_intent_that_was_never_seen_may_not_be_asked_for():
    assert not a_watch().may_ask("b", "i", 10_000.0)


def test_without_the_lock_nobody_is_asked_for():
    watch = SettleWatch(SettleTiming(145))
    watch.saw("b", 0.0)
    assert not watch.may_ask("b", "i", 10_000.0)


def test_a_lock_won_anew_forgets_everything():
    watch = a_watch()
    watch.saw("b", 0.0)
    watch.absent("b", "i", 200.0)
    watch.hold(300.0)
    assert not watch.may_ask("b", "i", 10_000.0)
    watch.saw("b", 300.0)
    assert watch.may_ask("b", "i", 445.0)
    assert not watch.absent("b", "i", 10_000.0)


def test_absent_is_believed_a_margin_after_it_was_first_seen_and_asked_then():
    watch = a_watch()
    watch.saw("b", 0.0)
    assert not watch.absent("b", "i", 145.0)
    assert not watch.may_ask("b", "i", 204.9)
    assert not watch.absent("b", "i", 204.9)
    assert watch.may_ask("b", "i", 205.0)
    assert watch.absent("b", "i", 205.0)


def test_a_request_that_ended_later_starts_the_wait_anew():
    watch = a_watch()
    watch.saw("b", 0.0)
    watch.reopen("b", 60.0)
    assert watch.wait("b", ["i"], 60.0) == pytest.approx(145)


def test_an_unreadable_answer_is_asked_for_later_each_time_and_only_for_that_person():
    watch = a_watch()
    watch.saw("b", 0.0)
    watch.postpone(["i"], 145.0)
    assert (watch.may_ask("b", "i", 204.0), watch.may_ask("b", "j", 204.0)) == (False, True)
    watch.postpone(["i"], 205.0)
    assert not watch.may_ask("b", "i", 324.0)
    watch.forget("b", ["i"])
    watch.saw("b", 400.0)
    assert watch.may_ask("b", "i", 545.0)


def test_who_waits_longest_is_next_and_newcomers_come_first():
    turns = Turns()
    assert [turns.next_of(["a", "b"]) for _ in range(4)] == ["a", "b", "a", "b"]
    assert turns.next_of(["a", "b", "new"]) == "new"
    assert turns.next_of(["b", "a", "new"]) == "a"
    assert turns.next_of([]) is None


def test_an_export_that_rested_does_not_catch_up():
    turns = Turns()
    for _ in range(5):
        turns.next_of(["a"])
    assert [turns.next_of(["a", "b"]) for _ in range(3)] == ["b", "a", "b"]


@pytest.mark.parametrize(
    ("failures", "asked", "wait"),
    [
        (1, None, 1),
        (2, None, 2),
        (4, None, 8),
        (50, None, 300),
        (1, 40.0, 40),
        (1, 0.0, 1),
        (9, 5.0, 5),
        (1, 1e9, 3600),
    ],
)
def test_the_rest_grows_unless_the_vendor_says_how_long(failures: int, asked: float | None, wait: float):
    assert wait_after(failures, asked) == wait
