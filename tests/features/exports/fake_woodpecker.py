"""A Woodpecker with state that can be told to fail: the port, without HTTP."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from woodpecker_api.clients.woodpecker import port
from woodpecker_api.clients.woodpecker.errors import CampaignUnsupportedError, ConnectionCutError, WoodpeckerError
from woodpecker_api.kit.text import address_key


@dataclass
class Person:
    id: int
    email: str
    status: str = "ACTIVE"
    fields: dict[str, str] = field(default_factory=dict)
    snippets: dict[int, str] = field(default_factory=dict)
    campaigns: set[int] = field(default_factory=set)
    updated: datetime = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Fault:
    """Raised at an add: after it was applied or instead; `lose_rows` leaves the last rows out of the answer."""

    error: WoodpeckerError | None = None
    applied: bool = False
    lose_rows: int = 0


class FakeWoodpecker:
    """Applies what it is told, counts how often each address was applied to each campaign, and lets everything be asked."""

    def __init__(self) -> None:
        self.campaigns: dict[int, str] = {}
        self.people: dict[str, Person] = {}
        self.applied: Counter[tuple[str, int]] = Counter()
        self.add_requests: list[tuple[int, list[str]]] = []
        self.requests = 0
        self.faults: list[Fault | None] = []
        self.read_errors: list[WoodpeckerError | None] = []
        self.removals: list[tuple[int, list[int]]] = []
        self.blacklist: set[str] = set()
        self.blacklisted_at_domains: set[str] = set()
        self.blacklist_page_size = 500
        self.blacklist_pages: list[tuple[str, int]] = []
        self.forgetful = False
        self.unsupported = False
        self.searches_last_only = False
        """Reads a search for many addresses as one for the last of them: nobody has tried how the real one reads it."""
        self.rejects: dict[str, str] = {}
        self.diffs: list[datetime | None] = []
        self.asked_by_id: list[list[int]] = []
        self.steps = [("{{SNIPPET_1}}", "{{SNIPPET_2}}")]
        self.send_after: list[datetime | None] = []
        self.pages: list[int] = []
        self.hidden: set[str] = set()
        """On no page, although they are there: what a page that moved would have lost."""
        self.counts = True
        self.always_first_page = False
        self.log: list[str] = []
        """`add` and `people`: what was asked, in order."""
        self.after_page: Callable[[int], None] = lambda page: None
        """What happens at the vendor between this page of people and the next."""
        self.before_answer: Callable[[], None] = lambda: None
        self.found: Callable[[port.KnownProspect], port.KnownProspect] = lambda known: known

    def has(self, email: str, campaign_id: int) -> bool:
        person = self.people.get(address_key(email))
        return person is not None and campaign_id in person.campaigns

    def put(self, email: str, *campaign_ids: int, status: str = "ACTIVE") -> Person:
        person = self.people.setdefault(address_key(email), Person(len(self.people) + 1, email))
        person.status = status
        person.campaigns.update(campaign_ids)
        return person

    def check_account(self, *, deadline: float | None = None) -> port.AccountCheck:
        self._read()
        return port.AccountCheck((port.Mailbox("Olga", "olga@team.example", "OWNER"),))

    def list_campaigns(self, *, deadline: float | None = None) -> tuple[port.Campaign, ...]:
        self._read()
        return tuple(
            port.Campaign(number, f"Campaign {number}", status, ("olga@team.example",), 50, None, "")
            for number, status in self.campaigns.items()
        )

    def add_prospects(
        self,
        campaign_id: int,
        prospects: Sequence[port.NewProspect],
        *,
        deadline: float,
        send_after: datetime | None = None,
        before_send: port.BeforeSend | None = None,
    ) -> port.AddOutcome:
        if before_send is not None:
            before_send()
        self.requests += 1
        self.log.append("add")
        self.send_after.append(send_after)
        self.add_requests.append((campaign_id, [prospect.email for prospect in prospects]))
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None and fault.error is not None and not fault.applied:
            raise fault.error
        rows = [self._apply(campaign_id, prospect) for prospect in prospects]
        if fault is not None and fault.error is not None:
            raise fault.error
        for index in range(fault.lose_rows if fault else 0):
            position = len(rows) - 1 - index
            rows[position] = port.RowResult(prospects[position].email, port.RowOutcome.MISSING)
        self.before_answer()
        return port.AddOutcome(tuple(rows))

    def find_members(
        self, addresses: Sequence[str], *, deadline: float | None = None
    ) -> tuple[port.KnownProspect, ...]:
        self._read()
        addresses = addresses[-1:] if self.searches_last_only else addresses
        wanted = {address_key(address) for address in addresses}
        return tuple(self.found(self._known(person)) for key, person in self.people.items() if key in wanted)

    def campaign_settings(self, campaign_id: int, *, deadline: float | None = None) -> port.CampaignSteps:
        if self.unsupported:
            raise CampaignUnsupportedError("branches", status=409)
        return self.campaign_statistics(campaign_id)

    def campaign_statistics(self, campaign_id: int, *, deadline: float | None = None) -> port.CampaignSteps:
        steps = tuple(
            port.CampaignStep(number, "EMAIL", number, (port.StepVersion("A", subject, text, "SENDER"),), {})
            for number, (subject, text) in enumerate(self.steps, start=1)
        )
        return port.CampaignSteps(campaign_id, "Q1", "DRAFT", "Europe/Warsaw", False, 40, steps)

    def campaign_members(self, campaign_id: int, page: int, *, deadline: float | None = None) -> port.ProspectsPage:
        self._read()
        members = [self._known(person) for person in self.people.values() if campaign_id in person.campaigns]
        return self._page(members, page)

    def prospects_page(
        self, page: int, *, diff: datetime | None = None, deadline: float | None = None
    ) -> port.ProspectsPage:
        self._read()
        self.diffs.append(diff)
        self.log.append("people")
        page = 1 if self.always_first_page else page
        self.pages.append(page)
        people = [
            person
            for key, person in self.people.items()
            if (diff is None or person.updated > diff) and key not in self.hidden
        ]
        answer = self._page([self._known(person) for person in people], page)
        self.after_page(page)
        return answer

    def prospects_by_id(self, ids: Sequence[int], *, deadline: float | None = None) -> tuple[port.KnownProspect, ...]:
        self._read()
        self.asked_by_id.append(list(ids))
        return tuple(self._known(person) for person in self.people.values() if person.id in ids)

    def blacklisted_emails(self, page: int, *, deadline: float | None = None) -> port.BlacklistPage:
        return self._blacklist_page("emails", self.blacklist, page)

    def blacklisted_domains(self, page: int, *, deadline: float | None = None) -> port.BlacklistPage:
        return self._blacklist_page("domains", self.blacklisted_at_domains, page)

    def opted_out(self, page: int, *, deadline: float | None = None) -> port.ProspectsPage:
        self._read()
        self.blacklist_pages.append(("opted_out", page))
        return self._page([self._known(each) for each in self.people.values() if each.status == "BLACKLIST"], page)

    def _blacklist_page(self, name: str, values: set[str], page: int) -> port.BlacklistPage:
        self._read()
        self.blacklist_pages.append((name, page))
        page = 1 if self.always_first_page else page
        start, size = (page - 1) * self.blacklist_page_size, self.blacklist_page_size
        part = sorted(values)[start : start + size]
        more = start + size < len(values)
        return port.BlacklistPage(tuple(part), page, more=more, total=len(values) if self.counts else None)

    def remove_from_campaign(
        self,
        ids: Sequence[int],
        campaign_id: int,
        *,
        deadline: float | None = None,
        before_send: port.BeforeSend | None = None,
    ) -> None:
        self._read()
        self.removals.append((campaign_id, list(ids)))
        for person in self.people.values():
            if person.id in ids and not self.forgetful:
                person.campaigns.discard(campaign_id)

    def delete_prospects(
        self, ids: Sequence[int], *, deadline: float | None = None, before_send: port.BeforeSend | None = None
    ) -> None:
        self._read()
        for key in [key for key, person in self.people.items() if person.id in ids]:
            del self.people[key]

    def blacklist_emails(self, emails: Sequence[str], *, deadline: float | None = None) -> None:
        self._read()
        self.blacklist.update(emails)

    def blacklist_domains(self, domains: Sequence[str], *, deadline: float | None = None) -> None:
        self._read()
        self.blacklisted_at_domains.update(domains)

    page_size = port.PAGE_SIZE

    def _page(self, people: list[port.KnownProspect], page: int) -> port.ProspectsPage:
        start = (page - 1) * self.page_size
        part = people[start : start + self.page_size]
        total = len(people) if self.counts else None
        return port.ProspectsPage(tuple(part), page, start + self.page_size < len(people), total)

    def _read(self) -> None:
        self.requests += 1
        error = self.read_errors.pop(0) if self.read_errors else None
        if error is not None:
            raise error

    def _apply(self, campaign_id: int, prospect: port.NewProspect) -> port.RowResult:
        key = address_key(prospect.email)
        if key in self.rejects:
            return port.RowResult(prospect.email, port.RowOutcome.REJECTED, error_code=self.rejects[key], error="No.")
        self.applied[key, campaign_id] += 1
        known = key in self.people
        person = self.put(prospect.email)
        person.fields.update(prospect.fields)
        person.snippets.update(prospect.snippets)
        outcome = port.RowOutcome.ALREADY_IN_CAMPAIGN if campaign_id in person.campaigns else port.RowOutcome.ADDED
        person.campaigns.add(campaign_id)
        return port.RowResult(prospect.email, outcome, person.id, known_before=known)

    def _known(self, person: Person) -> port.KnownProspect:
        return port.KnownProspect(
            id=person.id,
            email=person.email,
            status=person.status,
            fields=dict(person.fields),
            snippets={number: person.snippets.get(number, "") for number in port.SNIPPET_NUMBERS},
            last_contacted=None,
            last_replied=None,
            updated=None,
            memberships=tuple(
                port.Membership(number, f"Campaign {number}", self.campaigns.get(number, ""), "ACTIVE", "", "")
                for number in sorted(person.campaigns)
            ),
        )


def cut(*, applied: bool) -> Fault:
    """The connection ends before the answer does."""
    return Fault(ConnectionCutError("cut", outcome_unknown=True), applied=applied)
