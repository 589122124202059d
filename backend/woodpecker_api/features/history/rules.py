"""Pure decisions of history: what a filter means, what a search looks for, what "have we ever contacted" answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from woodpecker_api.features.exports.rules import AttemptStatus
from woodpecker_api.features.leads.rules import check_address, domain_of, fold
from woodpecker_api.kit.text import address_key

SUMMARY_DAYS = 90
"""What the charts show unless asked otherwise."""


@dataclass(frozen=True)
class Search:
    """What a search looks for: one address, everybody of a domain, or words that must all occur."""

    address: str | None = None
    domain: str | None = None
    words: tuple[str, ...] = ()


def read_search(text: str) -> Search:
    """A whole address or `@domain` is looked up, which is instant; anything else is searched for in address, name, company."""
    wanted = text.strip()
    if wanted.startswith("@") and "." in wanted and " " not in wanted:
        return Search(domain=domain_of(wanted))
    if "@" in wanted and check_address(wanted) is None:
        return Search(address=address_key(wanted))
    return Search(words=tuple(dict.fromkeys(fold(wanted).split())))


@dataclass(frozen=True)
class Wanted:
    """The filters of a list. None or empty means any; `until` is not included."""

    search: Search = Search()
    address: str | None = None
    campaign_id: str | None = None
    export_id: str | None = None
    lead_id: str | None = None
    user_id: str | None = None
    statuses: tuple[AttemptStatus, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    people: tuple[str, ...] | None = None
    """Address keys of everybody whom the searched words name, where that is known and they are few."""
    with_sandbox: bool = False


def first_moment(text: str) -> datetime:
    """`from=2026-03-01` means from that day's first moment in UTC. Raises ValueError."""
    return _moment(text, timedelta(0))


def moment_after(text: str) -> datetime:
    """`to=2026-03-31` includes that day, so it ends at the next one's first moment. Raises ValueError."""
    return _moment(text, timedelta(days=1))


def _moment(text: str, beyond_day: timedelta) -> datetime:
    """A day moves by `beyond_day`, a moment stays what it is; without a zone it is UTC."""
    try:
        if len(text) == len("2026-03-31"):
            return datetime.combine(date.fromisoformat(text), time.min, UTC) + beyond_day
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:  # the first and the last day of all time
        raise ValueError(text) from error


class Contacted(StrEnum):
    """mailed: Woodpecker says a mail went out. added: in a campaign, no mail known. maybe: an outcome is unknown."""

    MAILED = "mailed"
    ADDED = "added"
    MAYBE = "maybe"
    NO = "no"


ADDED = frozenset({AttemptStatus.ADDED, AttemptStatus.ALREADY_IN_CAMPAIGN})
OPEN = frozenset({AttemptStatus.SENDING, AttemptStatus.UNKNOWN})


def contacted(*, mailed: bool, added: bool, is_open: bool) -> Contacted:
    """The strongest thing known, by Woodpecker's word or by our own record."""
    if mailed:
        return Contacted.MAILED
    if added:
        return Contacted.ADDED
    return Contacted.MAYBE if is_open else Contacted.NO


def strongest(answers: Iterable[Contacted]) -> Contacted:
    """Of several people's answers the one that says most."""
    order = list(Contacted)
    return min(answers, key=order.index, default=Contacted.NO)
