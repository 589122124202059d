"""A list's filters as SQL. Every value has a name, so that a statement made for one list serves all lists with the same filters."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from woodpecker_api.db.base import UtcDateTime
from woodpecker_api.features.exports.models import Attempt
from woodpecker_api.features.history.rules import Search, Wanted

_WORD = "word_{}"
_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


def conditions(wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    if wanted.people is not None:
        yield Attempt.address_key.in_(wanted.people)
    given = values_of(wanted)
    for name, column in _EQUAL.items():
        if name in given:
            yield (column if wanted.people is None else _as_read(column)) == sa.bindparam(name, given[name])
    if len(wanted.statuses) == 1 and wanted.people is None:
        yield Attempt.status == sa.literal(wanted.statuses[0].value)
    elif wanted.statuses:
        # Several values of an index are several walks, which would have to be sorted: look at the status of each row instead.
        yield _as_read(Attempt.status).in_([status.value for status in wanted.statuses])
    yield from _times(wanted)
    if not wanted.with_sandbox:
        yield Attempt.sandbox.is_(False)
    for place in range(len(wanted.search.words)):
        name = _WORD.format(place)
        yield Attempt.search_text.like(sa.bindparam(name, given[name]), escape="/")


def walked(wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    """Only what the index holds that a list is walked by: one filter at most, and the times."""
    given = values_of(wanted)
    name = next((name for name in _EQUAL if name in given), None)
    if name is not None:
        yield _EQUAL[name] == sa.bindparam(name, given[name])
    elif len(wanted.statuses) == 1:
        yield Attempt.status == sa.literal(wanted.statuses[0].value)
    yield from _times(wanted)


def values_of(wanted: Wanted) -> dict[str, Any]:
    """By name, in the order of the conditions. Statuses are no values: which they are belongs to the statement."""
    search = wanted.search
    given = {
        "address": wanted.address,
        "search_address": search.address,
        "lead_id": wanted.lead_id,
        "search_domain": search.domain,
        "export_id": wanted.export_id,
        "campaign_id": wanted.campaign_id,
        "user_id": wanted.user_id,
        "since": wanted.since,
        "until": wanted.until,
    }
    present = {name: value for name, value in given.items() if value is not None}
    for place, word in enumerate(search.words):
        present[_WORD.format(place)] = _anywhere(word)
    return present


def outline(wanted: Wanted) -> Wanted:
    """The same filters without their values: two lists with the same outline have the same statement."""
    search = wanted.search
    return replace(
        wanted,
        search=Search(_mark(search.address), _mark(search.domain), ("",) * len(search.words)),
        address=_mark(wanted.address),
        campaign_id=_mark(wanted.campaign_id),
        export_id=_mark(wanted.export_id),
        lead_id=_mark(wanted.lead_id),
        user_id=_mark(wanted.user_id),
        since=wanted.since and _MOMENT,
        until=wanted.until and _MOMENT,
    )


# From the filter that leaves the fewest rows to the one that leaves the most.
_EQUAL: dict[str, Any] = {
    "address": Attempt.address_key,
    "search_address": Attempt.address_key,
    "lead_id": Attempt.lead_id,
    "search_domain": Attempt.domain,
    "export_id": Attempt.export_id,
    "campaign_id": Attempt.campaign_id,
    "user_id": Attempt.user_id,
}


def _times(wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    if wanted.since is not None:
        yield Attempt.started_at >= sa.bindparam("since", wanted.since, UtcDateTime)
    if wanted.until is not None:
        yield Attempt.started_at < sa.bindparam("until", wanted.until, UtcDateTime)


def _mark(value: str | None) -> str | None:
    return None if value is None else ""


def _anywhere(word: str) -> str:
    """The pattern of texts that contain the word, whatever signs it has."""
    for sign in "/%_":
        word = word.replace(sign, f"/{sign}")
    return f"%{word}%"


def _as_read(column: Any) -> sa.ColumnElement[Any]:
    """The column's value, out of reach of its index: another one is to be used."""
    return sa.func.coalesce(column, "")
