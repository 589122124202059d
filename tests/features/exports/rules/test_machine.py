"""The table of events."""

import pytest

from woodpecker_api.features.exports.rules.machine import MAX_TRIES, Event, ImpossibleEventError, after, possible_from
from woodpecker_api.features.exports.rules.states import CLAIMING, IN_FLIGHT, OPEN, AttemptStatus, ItemStatus

ENDS = {ItemStatus.ADDED, ItemStatus.ALREADY_IN_CAMPAIGN, ItemStatus.CANCELLED, ItemStatus.SKIPPED}


@pytest.mark.parametrize("status", sorted(ENDS))
@pytest.mark.parametrize("event", list(Event))
def test_what_has_ended_stays_as_it_is_unless_it_is_taken_back(status: ItemStatus, event: Event):
    if (status, event) == (ItemStatus.ADDED, Event.TAKEN_BACK):
        assert after(status, event).status is ItemStatus.CANCELLED
        return
    with pytest.raises(ImpossibleEventError):
        after(status, event)


@pytest.mark.parametrize(
    "event", [Event.CANCELLED, Event.WITHDRAWN, Event.GIVEN_UP, Event.KNOWN_MEMBER, Event.DONE_BY_HAND]
)
@pytest.mark.parametrize("status", sorted(IN_FLIGHT))
def test_no_word_of_ours_ends_who_is_in_flight(status: ItemStatus, event: Event):
    with pytest.raises(ImpossibleEventError):
        after(status, event)


def test_only_certainty_brings_somebody_back_into_the_queue():
    back = {
        (status, event)
        for status in IN_FLIGHT
        for event in Event
        if event in {e for e in Event if status in possible_from(e)}
        and after(status, event).status is ItemStatus.QUEUED
    }
    assert back == {
        (ItemStatus.SENDING, Event.TURNED_AWAY),
        (ItemStatus.UNKNOWN, Event.TURNED_AWAY),
        (ItemStatus.UNKNOWN, Event.ABSENT),
    }


def test_an_unclear_answer_is_unknown_and_no_end():
    step = after(ItemStatus.SENDING, Event.UNCLEAR)
    assert (step.status, step.attempt, step.is_try) == (ItemStatus.UNKNOWN, AttemptStatus.UNKNOWN, False)


def test_what_was_turned_away_unread_is_no_try():
    assert not after(ItemStatus.SENDING, Event.TURNED_AWAY).is_try
    assert after(ItemStatus.UNKNOWN, Event.ABSENT).is_try


@pytest.mark.parametrize(
    ("tries", "status"),
    [(0, ItemStatus.QUEUED), (MAX_TRIES - 2, ItemStatus.QUEUED), (MAX_TRIES - 1, ItemStatus.FAILED)],
)
def test_after_so_many_tries_a_person_has_to_look(tries: int, status: ItemStatus):
    assert after(ItemStatus.UNKNOWN, Event.ABSENT, tries=tries).status is status


@pytest.mark.parametrize("status", sorted(OPEN))
def test_every_open_state_keeps_its_claim_and_has_a_way_out(status: ItemStatus):
    assert status in CLAIMING
    ends = {after(status, event).status for event in Event if status in possible_from(event)}
    assert ends - OPEN


@pytest.mark.parametrize("status", list(ItemStatus))
def test_every_step_of_somebody_in_flight_is_on_record(status: ItemStatus):
    for event in Event:
        if status in IN_FLIGHT and status in possible_from(event):
            assert after(status, event).attempt is not None
