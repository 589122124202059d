"""What a plan says in one sentence."""

from collections.abc import Sequence
from datetime import date

from woodpecker_api.features.campaigns.rules import Forecast


def when_in_words(
    found: Forecast, people: int, mailboxes: Sequence[str], *, sends: bool, in_their_own_zone: bool = False
) -> str:
    """When mail would go to `people` new people, or what is missing to say so. `sends`: nobody has to start the campaign."""
    who = "this person starts" if people == 1 else f"these {people} start"
    if found.first_day is None or found.last_day is None:
        return f"When mail would go is not known: {_missing(found)}."
    if found.first_day == found.last_day:
        span = f"on {_day(found.first_day)}"
    else:
        span = f"between {_day(found.first_day)} and {_day(found.last_day)}"
    ahead = f", after {found.waiting_ahead} who wait there already" if found.waiting_ahead else ""
    parts = [f"At {found.per_day} a day {who} {span}{ahead}"]
    if mailboxes:
        parts.append(f"{'mailbox' if len(mailboxes) == 1 else 'mailboxes'} {', '.join(mailboxes)}")
    zone = "in each person's own time zone" if in_their_own_zone else found.time_zone.replace("_", " ")
    parts.append(f"{found.hours}, {zone}")
    sentence = "; ".join(parts) + "."
    return sentence if sends else f"Nothing goes out until somebody runs the campaign. If that is now: {sentence}"


def _missing(found: Forecast) -> str:
    if not found.per_day:
        return "the campaign does not say how many people it starts a day"
    if not found.hours:
        return "the campaign's sending hours could not be read"
    if not found.time_zone:
        return "the campaign does not say its time zone"
    return "nobody would be added, or it would take years"


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
