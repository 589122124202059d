"""What Woodpecker says of people, for every room above: import preview, plan, a lead's page, history, Home, statistics.

Promise: answers come from our copy, never from the network, and always with the time at which Woodpecker said so.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns.models import AccountPerson, Campaign, Membership, WoodpeckerAccount
from woodpecker_api.features.campaigns.queries import facts as queries
from woodpecker_api.features.campaigns.rules import (
    Collision,
    Finding,
    Known,
    Peer,
    Peers,
    Place,
    Policy,
    Weight,
    collisions,
    is_company_domain,
)
from woodpecker_api.features.campaigns.rules.collisions import NO_PEERS, NOBODY, is_active
from woodpecker_api.features.campaigns.rules.statuses import PersonBar, person_bar
from woodpecker_api.kit.text import domain_key
from woodpecker_api.system.settings.service import read_settings

_SHOWN_PEERS = 5


@dataclass(frozen=True)
class PersonFacts:
    """One person as Woodpecker last said. `vendor_id` is None for somebody of whom only a membership is known."""

    address_key: str
    email: str
    vendor_id: int | None
    known: Known
    fetched_at: datetime

    @property
    def status(self) -> str:
        return self.known.status

    @property
    def last_contacted_at(self) -> datetime | None:
        return self.known.last_contacted_at

    @property
    def replied(self) -> bool:
        return self._said(PersonBar.REPLIED) or self.known.last_replied_at is not None

    @property
    def bounced(self) -> bool:
        return self._said(PersonBar.BOUNCED)

    @property
    def opted_out(self) -> bool:
        return self._said(PersonBar.BLACKLISTED)

    @property
    def interest(self) -> str:
        """INTERESTED, MAYBE-LATER, NOT-INTERESTED; empty when nobody marked this person."""
        words = (self.known.interest, *(place.interest for place in self.known.places))
        return next((word for word in words if word not in ("", "NOT-MARKED")), "")

    @property
    def active_in(self) -> tuple[Place, ...]:
        """Campaigns from which this person may still be mailed."""
        return tuple(place for place in self.known.places if is_active(place))

    @property
    def held_in(self) -> tuple[Place, ...]:
        """Campaigns that hold this person back: added, and not mailed until somebody looks there."""
        return tuple(place for place in self.known.places if place.status in ("TO-CHECK", "TO-REVIEW"))

    def _said(self, bar: PersonBar) -> bool:
        words = (self.known.status, *(place.status for place in self.known.places))
        return any(person_bar(word) is bar for word in words)


@dataclass(frozen=True)
class AccountFacts:
    """`as_of`: Woodpecker as of then; None when nobody was ever read, and then an absence says nothing."""

    as_of: datetime | None
    full_as_of: datetime | None
    people: Mapping[str, PersonFacts] = field(default_factory=dict)
    """By address key; absent: Woodpecker did not know the address."""


def facts_of(db: Session, account_id: str, address_keys: Collection[str]) -> AccountFacts:
    """Of each of these addresses that our copy knows. Two statements for each 500 addresses."""
    account = db.get_one(WoodpeckerAccount, account_id)
    people = {person.address_key: person for person in queries.people_of(db, account_id, address_keys)}
    places: dict[str, list[Place]] = {}
    seen: dict[str, datetime] = {}
    for membership, campaign in queries.places_of(db, account_id, address_keys):
        places.setdefault(membership.address_key, []).append(_place(membership, campaign))
        seen[membership.address_key] = membership.fetched_at
    found = {key: _facts(key, people.get(key), places.get(key, []), seen.get(key)) for key in {*people, *places}}
    return AccountFacts(account.people_as_of, account.people_full_as_of, found)


def policy_of(db: Session) -> Policy:
    """What the team's settings say of collisions."""
    settings = read_settings(db)
    weights = {
        Collision.REPLIED: settings.collision_replied,
        Collision.BOUNCED: settings.collision_bounced,
        Collision.IN_OTHER_CAMPAIGN: settings.collision_in_other_campaign,
        Collision.WAS_IN_CAMPAIGN: settings.collision_was_in_campaign,
        Collision.CONTACTED_RECENTLY: settings.collision_contacted_recently,
        Collision.SAME_COMPANY: settings.collision_same_company,
    }
    return Policy(settings.contacted_recently_days, {code: Weight(word) for code, word in weights.items()})


def collisions_of(  # noqa: PLR0913  whom, about which campaign, and what is known already
    db: Session,
    account_id: str,
    addresses: Mapping[str, str],
    now: datetime,
    *,
    target: int | None = None,
    in_list: Mapping[str, Peers] | None = None,
    people: Mapping[str, PersonFacts] | None = None,
) -> dict[str, tuple[Finding, ...]]:
    """`addresses`: address key to domain. For each in which anything collides, all findings, the weightiest first.

    `target` is the vendor's number of the campaign it is about. `in_list` adds colleagues within a list (`peers_in`); who of
    the company is at Woodpecker is found here. `people`: what `facts_of` said of these addresses, for who asked already.
    """
    policy = policy_of(db)
    facts = facts_of(db, account_id, addresses).people if people is None else people
    at_vendor = peers_at_vendor(db, account_id, addresses, now)
    found: dict[str, tuple[Finding, ...]] = {}
    for key, domain in addresses.items():
        listed = (in_list or {}).get(key, NO_PEERS)
        peers = Peers(domain, listed.in_list, listed.earlier, at_vendor.get(key, ()))
        person = facts.get(key)
        findings = collisions(person.known if person else NOBODY, policy, now, peers=peers, target=target)
        if findings:
            found[key] = findings
    return found


def peers_in(addresses: Mapping[str, str]) -> dict[str, Peers]:
    """Colleagues within one list, in its order: address key to domain. Free mail makes nobody a colleague."""
    counts: dict[str, int] = {}
    places: dict[str, tuple[str, int]] = {}
    for key, domain in addresses.items():
        company = domain_key(domain)
        if is_company_domain(company):
            places[key] = (company, counts.get(company, 0))
            counts[company] = counts.get(company, 0) + 1
    return {
        key: Peers(company, counts[company] - 1, earlier)
        for key, (company, earlier) in places.items()
        if counts[company] > 1
    }


def peers_at_vendor(
    db: Session, account_id: str, addresses: Mapping[str, str], now: datetime
) -> dict[str, tuple[Peer, ...]]:
    """Address key to domain: who else of the company Woodpecker writes to now, or wrote to lately, at most five."""
    busy = _busy_peers(db, account_id, set(addresses.values()), now)
    found = {
        key: tuple(peer for peer_key, peer in busy.get(domain_key(domain), ()) if peer_key != key)[:_SHOWN_PEERS]
        for key, domain in addresses.items()
    }
    return {key: peers for key, peers in found.items() if peers}


def waiting_ahead(db: Session, account_id: str, campaign_vendor_id: int) -> int:
    """People of a campaign who may be mailed and never were: new ones come after them."""
    return queries.waiting_ahead(db, account_id, campaign_vendor_id)


def _busy_peers(
    db: Session, account_id: str, domains: Collection[str], now: datetime
) -> dict[str, list[tuple[str, Peer]]]:
    companies = {company for domain in domains if is_company_domain(company := domain_key(domain))}
    after = now - timedelta(days=read_settings(db).same_company_days)
    peers: dict[str, list[tuple[str, Peer]]] = {}
    for row in queries.busy_people(db, account_id, companies, after):
        peer = Peer(row.email, row.last_contacted_at, row.name or "")
        peers.setdefault(row.domain, []).append((row.address_key, peer))
    return peers


def _place(membership: Membership, campaign: Campaign | None) -> Place:
    status = ""
    if campaign is not None:
        status = "DELETED" if campaign.gone_at is not None else campaign.status
    sender = membership.sender or (campaign.from_emails[0] if campaign is not None and campaign.from_emails else "")
    return Place(
        campaign_vendor_id=membership.campaign_vendor_id,
        campaign_name=campaign.name if campaign is not None else f"campaign {membership.campaign_vendor_id}",
        campaign_status=status,
        status=membership.status or "",
        sender=sender,
        interest=membership.interest or "",
    )


def _facts(key: str, person: AccountPerson | None, places: list[Place], seen: datetime | None) -> PersonFacts:
    known = Known(
        status=person.status if person else "",
        last_contacted_at=person.last_contacted_at if person else None,
        last_replied_at=person.last_replied_at if person else None,
        interest=(person.interest or "") if person else "",
        places=tuple(places),
    )
    fetched_at = person.fetched_at if person else seen
    assert fetched_at is not None
    return PersonFacts(key, person.email if person else key, person.vendor_id if person else None, known, fetched_at)
