"""What may happen to an item, and what it becomes: one table, so that nothing else in the program decides it."""

from dataclasses import dataclass
from enum import Enum, auto

from woodpecker_api.features.exports.rules.states import AttemptStatus, ItemStatus

MAX_TRIES = 5
"""Requests that went out for one person without being applied; then a person has to look."""


class Event(Enum):
    INTENDED = auto()
    """The intent that holds it was committed: from here on the request may be on its way."""
    TURNED_AWAY = auto()
    """The request certainly changed nothing: not sent, 429, wrong key. No try of ours."""
    ADDED = auto()
    DUPLICATE = auto()
    """Woodpecker says that the person is in the campaign already."""
    REJECTED = auto()
    REFUSED_ALONE = auto()
    """A request for this person alone was refused as a whole."""
    UNCLEAR = auto()
    """No usable row: cut, too late, 5xx, HTML, row missing, or a worker that died."""
    FOUND_EQUAL = auto()
    FOUND_DIFFERENT = auto()
    ABSENT = auto()
    """Twice, a margin apart, after the settle time: certainly not applied."""
    KNOWN_MEMBER = auto()
    """Our copy of the campaign has the person: nothing needs to be sent."""
    WITHDRAWN = auto()
    """The re-check before sending found a reason to keep the person out."""
    CANCELLED = auto()
    GIVEN_UP = auto()
    """The export cannot go on, such as when its campaign is gone."""
    DONE_BY_HAND = auto()
    RETRIED = auto()
    TAKEN_BACK = auto()
    """We put the person in, asked Woodpecker to take them out, and it has."""


@dataclass(frozen=True)
class Step:
    """What an event does: the item's next state and, where a try is under way, what its record says from now on."""

    status: ItemStatus
    attempt: AttemptStatus | None = None
    is_try: bool = False
    """Counts towards MAX_TRIES."""


class ImpossibleEventError(Exception):
    """The state and the event do not go together: somebody else decided first, or a program error."""


_S, _A = ItemStatus, AttemptStatus
_IN_FLIGHT: dict[Event, Step] = {
    Event.ADDED: Step(_S.ADDED, _A.ADDED, is_try=True),
    Event.DUPLICATE: Step(_S.ALREADY_IN_CAMPAIGN, _A.ALREADY_IN_CAMPAIGN, is_try=True),
    Event.REJECTED: Step(_S.REJECTED, _A.REJECTED, is_try=True),
    Event.UNCLEAR: Step(_S.UNKNOWN, _A.UNKNOWN),
}
_TABLE: dict[ItemStatus, dict[Event, Step]] = {
    _S.QUEUED: {
        Event.INTENDED: Step(_S.SENDING, _A.SENDING),
        Event.KNOWN_MEMBER: Step(_S.ALREADY_IN_CAMPAIGN),
        Event.WITHDRAWN: Step(_S.SKIPPED),
        Event.CANCELLED: Step(_S.CANCELLED),
        Event.GIVEN_UP: Step(_S.FAILED),
        Event.DONE_BY_HAND: Step(_S.ADDED, _A.ADDED),
    },
    _S.SENDING: {
        **_IN_FLIGHT,
        Event.TURNED_AWAY: Step(_S.QUEUED, _A.NOT_SENT),
        Event.REFUSED_ALONE: Step(_S.FAILED, _A.FAILED, is_try=True),
    },
    # A late word of the worker that sent it is as good as one in time.
    _S.UNKNOWN: {
        **_IN_FLIGHT,
        Event.TURNED_AWAY: Step(_S.QUEUED, _A.NOT_SENT),
        Event.FOUND_EQUAL: Step(_S.ADDED, _A.ADDED, is_try=True),
        Event.FOUND_DIFFERENT: Step(_S.ALREADY_IN_CAMPAIGN, _A.ALREADY_IN_CAMPAIGN, is_try=True),
        Event.ABSENT: Step(_S.QUEUED, _A.NOT_APPLIED, is_try=True),
    },
    _S.ADDED: {Event.TAKEN_BACK: Step(_S.CANCELLED)},
    _S.FAILED: {Event.RETRIED: Step(_S.QUEUED), Event.DONE_BY_HAND: Step(_S.ADDED, _A.ADDED)},
    _S.REJECTED: {Event.RETRIED: Step(_S.QUEUED), Event.DONE_BY_HAND: Step(_S.ADDED, _A.ADDED)},
}


def after(status: ItemStatus, event: Event, *, tries: int = 0) -> Step:
    """The step that `event` means for an item in `status` that had `tries` before. Raises `ImpossibleEventError`."""
    step = _TABLE.get(status, {}).get(event)
    if step is None:
        raise ImpossibleEventError(f"{status} and {event.name.lower()}")
    if event is Event.ABSENT and tries + 1 >= MAX_TRIES:
        return Step(ItemStatus.FAILED, step.attempt, is_try=True)
    return step


def possible_from(event: Event) -> frozenset[ItemStatus]:
    """The states in which `event` can happen."""
    return frozenset(status for status, steps in _TABLE.items() if event in steps)
