"""When mail would go: first mails a day, in the campaign's own hours, one working day after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_HORIZON_DAYS = 2_000
"""A campaign that would take longer than five years to begin with everybody has no date worth naming."""

Window = tuple[str, str]
"""From and to as the vendor writes them: 08:00, 18:00."""


@dataclass(frozen=True)
class Pace:
    """How a campaign mails, as far as it says: first mails a day, hours of each weekday, time zone, day of its last step."""

    per_day: int | None
    windows: Mapping[str, Sequence[Window]]
    time_zone: str
    last_step_day: int = 1


@dataclass(frozen=True)
class Forecast:
    """Days in the campaign's own time zone. None where the campaign does not say enough to know."""

    first_day: date | None
    last_day: date | None
    """When the last of them gets the first mail."""
    ends_on: date | None
    """When the last step goes to the last of them, weekends pushed on."""
    per_day: int | None
    waiting_ahead: int
    hours: str
    """Monday to Friday 08:00 to 18:00"""
    time_zone: str


def forecast(people: int, pace: Pace, earliest: datetime, *, waiting_ahead: int = 0) -> Forecast:
    """`earliest` (aware) is now, or when sending may begin; `waiting_ahead` people of the campaign come first."""
    per_day = pace.per_day
    hours = in_words(pace.windows)
    zone = _zone(pace.time_zone)
    unknown = Forecast(None, None, None, per_day, waiting_ahead, hours, pace.time_zone)
    if not people or not per_day or zone is None or not any(pace.windows.values()):
        return unknown
    local = earliest.astimezone(zone)
    days = [local.date() + timedelta(days=offset) for offset in range(_HORIZON_DAYS)]
    open_days = [day for day in days if _opens(pace.windows, day, after=local if day == local.date() else None)]
    first, last = waiting_ahead // per_day, (waiting_ahead + people - 1) // per_day
    if last >= len(open_days):
        return unknown
    end = open_days[last] + timedelta(days=max(0, pace.last_step_day - 1))
    ends_on = next((day for day in open_days if day >= end), None)
    return Forecast(open_days[first], open_days[last], ends_on, per_day, waiting_ahead, hours, pace.time_zone)


def in_words(windows: Mapping[str, Sequence[Window]]) -> str:
    """Monday to Friday 08:00 to 18:00; days with the same hours are put together, in the order of the week."""
    groups: list[tuple[list[int], str]] = []
    for place, day in enumerate(WEEKDAYS):
        spans = " and ".join(f"{start} to {end}" for start, end in windows.get(day, ()) if start and end)
        if not spans:
            continue
        if groups and groups[-1][1] == spans and groups[-1][0][-1] == place - 1:
            groups[-1][0].append(place)
        else:
            groups.append(([place], spans))
    return ", ".join(f"{_days(places)} {spans}" for places, spans in groups)


def _days(places: Sequence[int]) -> str:
    first, last = WEEKDAYS[places[0]].title(), WEEKDAYS[places[-1]].title()
    if first == last:
        return first
    return f"{first} {'and' if len(places) == 2 else 'to'} {last}"


def _opens(windows: Mapping[str, Sequence[Window]], day: date, *, after: datetime | None) -> bool:
    """Whether mail can go out on this day, or on what is left of it."""
    spans = windows.get(WEEKDAYS[day.weekday()], ())
    if after is None:
        return bool(spans)
    return any((end_time := _time(end)) is not None and after.time() < end_time for _start, end in spans)


def _time(text: str) -> time | None:
    """24:00 is the end of the day."""
    if text.startswith("24"):
        return time.max
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None
