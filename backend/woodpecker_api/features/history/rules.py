"""Pure decisions of history: what a filter means, what a search looks for, what "have we ever contacted" answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

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


def worth_looking_through(found: int, wanted: int, among: int) -> int:
    """How many more attempts to read one by one for a page of `wanted`, when the first `among` had `found`; 0: rather ask whom
    the words name.

    As many as should fill the page and half as many again, if those are a few times what was read: a word that common fills its
    page sooner than its people are looked up. Where matches lay close together by chance, the half is what was lost.
    """
    if found * _FEW_TIMES < wanted:
        return 0
    return round(1.5 * among * (wanted - found) / found)


_FEW_TIMES = 5


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


NOT_MAILED_AFTER = timedelta(days=3)
"""A campaign that runs mails a new person on the next working day; over a weekend that is three days."""
_VERDICTS = {
    Contacted.MAILED: "was mailed",
    Contacted.ADDED: "was added to a campaign; no mail is known",
    Contacted.MAYBE: "may have been added to a campaign; the outcome is being checked",
    Contacted.NO: "was never contacted, as far as our record and Woodpecker's go",
}


def paragraph(
    email: str,
    verdict: Contacted,
    attempts: Sequence[Any],
    person: Any | None,
    listed: Sequence[str],
    as_of: datetime | None,
) -> str:
    """The card in sentences that stand alone, every time in UTC. `attempts` newest first; `listed`: do-not-contact entries."""
    sentences = [f"{email} {_VERDICTS[verdict]}."]
    sentences += [_of_attempt(attempt) for attempt in attempts if attempt.status in ADDED]
    if person is not None:
        told = [f"Woodpecker, as of {_when(person.fetched_at)}, says {person.status or 'nothing of the status'}"]
        if person.last_contacted_at is not None:
            told.append(f"last contacted {_when(person.last_contacted_at)}")
        if person.last_replied_at is not None:
            told.append(f"replied {_when(person.last_replied_at)}")
        sentences.append(", ".join(told) + ".")
    elif as_of is not None:
        added = max((attempt.started_at for attempt in attempts if attempt.status in ADDED), default=as_of)
        # Our copy of the account is older than what we did: its silence says nothing.
        sentences.append(
            f"Woodpecker's people were last read {_when(as_of)}, before that."
            if added > as_of
            else f"Woodpecker, as of {_when(as_of)}, does not have this address."
        )
    if listed:
        sentences.append(f"On the do-not-contact list: {', '.join(listed)}.")
    return " ".join(sentences)


def _of_attempt(attempt: Any) -> str:
    """`attempt` is a row of attempts, with `texts_removed_at`."""
    told = f"Added to {attempt.campaign_name} on {_when(attempt.started_at)} by {attempt.user_name or 'the program'}"
    if attempt.template_name:
        told += f", with texts of the template {attempt.template_name}, version {attempt.template_version}"
    if attempt.approved_by_name:
        how = {"read": " after reading", "bulk": " in bulk"}.get(attempt.approval or "", "")
        told += f", approved by {attempt.approved_by_name}{how}"
    if attempt.first_mailed_at is not None:
        told += f"; first mailed {_when(attempt.first_mailed_at)}"
    elif attempt.held:
        told += f"; not mailed yet: held as {attempt.held}"
    if attempt.texts_removed_at is not None:
        told += (
            f". The texts were removed on {_when(attempt.texts_removed_at)} by rule; "
            f"template, approver and fingerprint {attempt.fields_hash[:12]} are kept"
        )
    return told + "."


def _when(moment: datetime) -> str:
    """2 March 2026, 12:00 UTC, whatever the machine's language."""
    at = moment.astimezone(UTC)
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M} UTC"


_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
