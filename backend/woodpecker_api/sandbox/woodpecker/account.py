"""What the simulated account holds: people, campaigns, who is in which, and the blacklist.

One record for each address, whatever its case; snippets belong to the person. Everything is plain values, so that
`storage` can keep it, and only the server's own thread changes it.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

SNIPPETS = tuple(f"snippet{number}" for number in range(1, 16))
TEXT_FIELDS = (
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
WRITABLE = frozenset({*TEXT_FIELDS, *SNIPPETS})
FIRST_PROSPECT_ID = 900_000_001
FIRST_CAMPAIGN_ID = 2_100_001


def same_person(email: str) -> str:
    """The vendor's own idea of the same address, as far as anybody knows: case does not count."""
    return email.strip().lower()


@dataclass
class Enrolment:
    """A person in one campaign. Moments are ISO 8601 text with an offset, or empty."""

    status: str = "ACTIVE"
    interest: str = "NOT-MARKED"
    send_after: str = ""
    emails_sent: int = 0


@dataclass
class Prospect:
    id: int
    email: str
    status: str = "ACTIVE"
    values: dict[str, str] = field(default_factory=dict)
    """Text fields and snippets; what is missing is empty."""
    enrolments: dict[int, Enrolment] = field(default_factory=dict)
    last_contacted: str = ""
    last_replied: str = ""
    updated: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> "Prospect":
        enrolments = {int(number): Enrolment(**each) for number, each in data["enrolments"].items()}
        return Prospect(**{**data, "enrolments": enrolments})


@dataclass
class Step:
    """One e-mail or LinkedIn step; `wait_days` after the step before it."""

    subject: str
    message: str
    wait_days: int = 0
    kind: str = "EMAIL"


@dataclass
class Campaign:
    id: int
    name: str
    status: str = "DRAFT"
    from_emails: list[str] = field(default_factory=lambda: ["ola@sender.example"])
    from_names: list[str] = field(default_factory=lambda: ["Ola Example"])
    per_day: int = 50
    time_zone: str = "Europe/Berlin"
    created: str = "2026-02-10T13:14:57+0100"
    folder: str = "Unassigned"
    error: str = ""
    steps: list[Step] = field(default_factory=list)
    supported: bool = True
    """False: the newer API answers 409, as it does for branches and manual tasks."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> "Campaign":
        return Campaign(**{**data, "steps": [Step(**step) for step in data.get("steps", [])]})


@dataclass
class WoodpeckerAccount:
    """The whole account in memory, with the indexes that answers need."""

    prospects: dict[int, Prospect] = field(default_factory=dict)
    campaigns: dict[int, Campaign] = field(default_factory=dict)
    blacklist: dict[str, set[str]] = field(default_factory=lambda: {"emails": set(), "domains": set()})
    touched: set[int] = field(default_factory=set)
    """Ids of people changed since they were last stored."""

    def __post_init__(self) -> None:
        self._by_address: dict[str, int] = {}
        self._members: dict[int, dict[int, None]] = {}
        self._last_id = max(self.prospects, default=FIRST_PROSPECT_ID - 1)
        for prospect in self.prospects.values():
            self._index(prospect)

    def find(self, email: str) -> Prospect | None:
        number = self._by_address.get(same_person(email))
        return None if number is None else self.prospects[number]

    def create(self, email: str, now: str) -> Prospect:
        prospect = Prospect(id=self._last_id + 1, email=email.strip(), updated=now)
        self.keep(prospect)
        return prospect

    def keep(self, prospect: Prospect) -> None:
        """Take in a new or changed person."""
        self.prospects[prospect.id] = prospect
        self._index(prospect)
        self._last_id = max(self._last_id, prospect.id)
        self.touched.add(prospect.id)

    def leave(self, prospect: Prospect, campaign_id: int, now: str) -> None:
        if prospect.enrolments.pop(campaign_id, None) is not None:
            prospect.updated = now
        self._members.get(campaign_id, {}).pop(prospect.id, None)
        self.touched.add(prospect.id)

    def delete(self, prospect: Prospect) -> None:
        for campaign_id in prospect.enrolments:
            self._members.get(campaign_id, {}).pop(prospect.id, None)
        self._by_address.pop(same_person(prospect.email), None)
        del self.prospects[prospect.id]
        self.touched.add(prospect.id)

    def members(self, campaign_ids: Iterable[int]) -> list[Prospect]:
        """Everybody in any of these campaigns, by id."""
        ids = {number for campaign_id in campaign_ids for number in self._members.get(campaign_id, ())}
        return [self.prospects[number] for number in sorted(ids)]

    def count_members(self, campaign_id: int) -> int:
        return len(self._members.get(campaign_id, ()))

    def is_blacklisted(self, email: str) -> bool:
        address = same_person(email)
        return address in self.blacklist["emails"] or address.rpartition("@")[2] in self.blacklist["domains"]

    def _index(self, prospect: Prospect) -> None:
        self._by_address[same_person(prospect.email)] = prospect.id
        for campaign_id in prospect.enrolments:
            self._members.setdefault(campaign_id, {})[prospect.id] = None
