"""What we ask of Woodpecker. Each method is one request with one total deadline, and raises `WoodpeckerError`s only.

Deadlines are seconds for the whole request: connecting, writing and reading together. Status words are the vendor's, in
upper case; a word we have never seen passes through. Times are aware and in UTC; None where the vendor said nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

CONTACT_FIELDS: tuple[str, ...] = (
    "first_name",
    "last_name",
    "company",
    "industry",
    "website",
    "linkedin_url",
    "tags",
    "title",
    "phone",
    "address",
    "city",
    "state",
    "country",
)
SNIPPET_NUMBERS = range(1, 16)
MAX_SEARCH_ADDRESSES = 25
MAX_IDS_PER_REMOVAL = 300
MAX_IDS_PER_QUESTION = 300
"""Ids in one URL, which the vendor takes up to about 4,100 characters of."""
MAX_BLACKLIST_WRITE = 500
PAGE_SIZE = 1000

BeforeSend = Callable[[], None]
"""Called once, when connected and right before the first byte goes out. What it raises reaches the caller as it is,
and then nothing was sent."""


@dataclass(frozen=True)
class Mailbox:
    """A user of the account, as far as the key may see."""

    name: str
    email: str
    role: str


@dataclass(frozen=True)
class AccountCheck:
    """The key is good; these are the users it sees."""

    users: tuple[Mailbox, ...]


@dataclass(frozen=True)
class Campaign:
    """`status` is RUNNING, DRAFT, EDITED, PAUSED, STOPPED, COMPLETED, DELETED or a word of the vendor's future."""

    id: int
    name: str
    status: str
    from_emails: tuple[str, ...]
    per_day: int | None
    created: datetime | None
    error: str
    """The vendor's own complaint about the campaign; empty when there is none."""
    folder: str = ""
    from_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class StepVersion:
    """One of up to five texts of a step; `body` is HTML with tokens such as {{SNIPPET_2}}."""

    name: str
    subject: str
    body: str
    signature: str


@dataclass(frozen=True)
class CampaignStep:
    """`day` counts from 1, the day of the first step; None where the vendor does not say."""

    number: int
    kind: str
    day: int | None
    versions: tuple[StepVersion, ...]
    windows: Mapping[str, tuple[tuple[str, str], ...]]
    """Weekday (MONDAY…) to sending times ("08:00", "18:00")."""


@dataclass(frozen=True)
class CampaignSteps:
    campaign_id: int
    name: str
    status: str
    time_zone: str
    uses_prospect_time_zone: bool
    per_day: int | None
    steps: tuple[CampaignStep, ...]


@dataclass(frozen=True)
class NewProspect:
    """What goes out for one person: exactly these keys, where "" clears what Woodpecker has stored."""

    email: str
    fields: Mapping[str, str] = field(default_factory=dict)
    """Names from CONTACT_FIELDS."""
    snippets: Mapping[int, str] = field(default_factory=dict)
    """Numbers 1 to 15. They belong to the person, not to the enrolment."""


class RowOutcome(StrEnum):
    ADDED = "added"
    ALREADY_IN_CAMPAIGN = "already_in_campaign"
    REJECTED = "rejected"
    MISSING = "missing"
    """The answer has no row for this address: it may have been applied."""
    UNCLEAR = "unclear"
    """There is a row, but it cannot be understood: it may have been applied."""

    @property
    def is_unknown(self) -> bool:
        return self in (RowOutcome.MISSING, RowOutcome.UNCLEAR)


@dataclass(frozen=True)
class RowResult:
    email: str
    """As it was asked, not as it was answered."""
    outcome: RowOutcome
    prospect_id: int | None = None
    known_before: bool = False
    """The account had this person already."""
    error_code: str = ""
    error: str = ""
    """The vendor's sentence, for people; never to be compared."""


@dataclass(frozen=True)
class AddOutcome:
    """One result for each prospect asked, in the same order."""

    rows: tuple[RowResult, ...]
    unasked_rows: int = 0
    """Rows of the answer that match no address we sent."""


@dataclass(frozen=True)
class Membership:
    """A person in one campaign."""

    campaign_id: int
    campaign_name: str
    campaign_status: str
    status: str
    """ACTIVE, PAUSED, TO-CHECK, TO-REVIEW, REPLIED, AUTOREPLIED, BOUNCED, BLACKLIST, INVALID, …"""
    interest: str
    sender: str


@dataclass(frozen=True)
class KnownProspect:
    """A person as Woodpecker has them now."""

    id: int
    email: str
    status: str
    """In the account; in a page of one campaign's members, in that campaign."""
    fields: Mapping[str, str]
    snippets: Mapping[int, str]
    """All fifteen; "" where nothing is stored."""
    last_contacted: datetime | None
    last_replied: datetime | None
    updated: datetime | None
    memberships: tuple[Membership, ...] | None
    """None where the answer did not say."""
    interest: str = ""
    unreadable: tuple[str, ...] = ()
    """Names of moments that stand in the answer but cannot be read: their None means *unknown*, not *never*."""

    def is_member_of(self, campaign_id: int) -> bool:
        return any(membership.campaign_id == campaign_id for membership in self.memberships or ())


@dataclass(frozen=True)
class ProspectsPage:
    prospects: tuple[KnownProspect, ...]
    page: int
    """From 1."""
    more: bool
    """Ask for the next page."""
    total: int | None
    """Over all pages, if the vendor said."""
    unreadable_rows: int = 0
    """Rows left out because they have no usable id or address."""


@dataclass(frozen=True)
class BlacklistPage:
    values: tuple[str, ...]
    page: int
    more: bool
    total: int | None


OPEN_QUESTION_NAMES: tuple[str, ...] = (
    "nothing_found",
    "nobody_accepted",
    "unknown_campaign",
    "one_accepted",
    "what_is_stored",
    "member_updated",
    "what_changed",
    "campaign_rows",
    "webhooks",
)
"""In the order in which they are asked: later ones look at what earlier ones did."""


@dataclass(frozen=True)
class Look:
    """What the vendor does, found out by trying. `change`: what this settles in docs/unverified.md."""

    status: int
    found: str
    change: str
    sketch: str


class WoodpeckerApi(Protocol):
    """One Woodpecker account. `deadline` None means the client's default."""

    def check_account(self, *, deadline: float | None = None) -> AccountCheck:
        """The safest question there is: is the key good?"""
        ...

    def list_campaigns(self, *, deadline: float | None = None) -> tuple[Campaign, ...]:
        """Every campaign of the account, DELETED shells included when the vendor sends them."""
        ...

    def campaign_settings(self, campaign_id: int, *, deadline: float | None = None) -> CampaignSteps:
        """Steps with all versions. Raises CampaignUnsupportedError for what the vendor's API cannot show."""
        ...

    def campaign_statistics(self, campaign_id: int, *, deadline: float | None = None) -> CampaignSteps:
        """The poorer reading that always works: version A of the e-mail steps."""
        ...

    def add_prospects(
        self,
        campaign_id: int,
        prospects: Sequence[NewProspect],
        *,
        deadline: float,
        send_after: datetime | None = None,
        before_send: BeforeSend | None = None,
    ) -> AddOutcome:
        """Create or update these people and enrol them (`update`, never `force`, never a status).

        An error with `outcome_unknown` may have been applied, wholly or in part; every other error certainly was not.
        """
        ...

    def find_members(self, addresses: Sequence[str], *, deadline: float | None = None) -> tuple[KnownProspect, ...]:
        """Who of at most 25 addresses the account knows, with memberships. Compare the addresses yourself.

        Raises UnreadableAnswerError rather than leave out a row or a page, so an address not in the answer is absent.
        """
        ...

    def campaign_members(self, campaign_id: int, page: int, *, deadline: float | None = None) -> ProspectsPage:
        """The members of one campaign, 1000 a page, from page 1."""
        ...

    def prospects_page(
        self, page: int, *, diff: datetime | None = None, deadline: float | None = None
    ) -> ProspectsPage:
        """The account's people with memberships, 1000 a page, by id; with `diff` those changed after that moment."""
        ...

    def prospects_by_id(self, ids: Sequence[int], *, deadline: float | None = None) -> tuple[KnownProspect, ...]:
        """Who of at most 300 numbers is still in the account, with memberships; complete, as `find_members`."""
        ...

    def look(self, question: str, campaign_id: int, address: str, *, deadline: float | None = None) -> Look:
        """One of OPEN_QUESTION_NAMES, tried on a DRAFT campaign with an address of one's own. Any answer is a finding."""
        ...

    def remove_from_campaign(
        self,
        ids: Sequence[int],
        campaign_id: int,
        *,
        deadline: float | None = None,
        before_send: BeforeSend | None = None,
    ) -> None:
        """Take at most 300 people out of one campaign; they stay in the account."""
        ...

    def delete_prospects(
        self, ids: Sequence[int], *, deadline: float | None = None, before_send: BeforeSend | None = None
    ) -> None:
        """Delete at most 300 people from the account."""
        ...

    def blacklist_emails(self, emails: Sequence[str], *, deadline: float | None = None) -> None:
        """Suppress at most 500 addresses; harmless to repeat."""
        ...

    def blacklist_domains(self, domains: Sequence[str], *, deadline: float | None = None) -> None:
        """Suppress at most 500 domains; harmless to repeat."""
        ...

    def blacklisted_emails(self, page: int, *, deadline: float | None = None) -> BlacklistPage:
        """Suppressed addresses, from page 1."""
        ...

    def blacklisted_domains(self, page: int, *, deadline: float | None = None) -> BlacklistPage:
        """Suppressed domains, from page 1."""
        ...

    def opted_out(self, page: int, *, deadline: float | None = None) -> ProspectsPage:
        """People whom the account calls blacklisted, opted-out ones among them, with memberships; 1000 a page, from page 1."""
        ...
