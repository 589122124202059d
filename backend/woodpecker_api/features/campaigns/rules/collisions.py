"""Whom a new mail would meet: who replied, bounced, opted out, is being written to by a colleague or was so lately.

Settings say how much each weighs. What Woodpecker itself would refuse (a person whom it calls replied, bounced or
blacklisted) always keeps out, whatever the settings say: adding them would only be refused.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from woodpecker_api.features.campaigns.rules.statuses import PersonBar, person_bar


class Collision(StrEnum):
    """The weightiest first; several may hold for one person."""

    OPTED_OUT = "opted_out"
    REPLIED = "replied"
    BOUNCED = "bounced"
    IN_OTHER_CAMPAIGN = "in_other_campaign"
    CONTACTED_RECENTLY = "contacted_recently"
    SAME_COMPANY = "same_company"
    WAS_IN_CAMPAIGN = "was_in_campaign"
    CALLED_INVALID = "called_invalid"
    UNKNOWN_STATUS = "unknown_status"


class Weight(StrEnum):
    KEEPS_OUT = "keep_out"
    WARNS = "warn"
    IGNORED = "ignore"


@dataclass(frozen=True)
class Place:
    """A person in one campaign, as Woodpecker last said. `sender` is the mailbox that writes there."""

    campaign_vendor_id: int
    campaign_name: str
    campaign_status: str
    """The vendor's word; empty when we do not know the campaign."""
    status: str = ""
    sender: str = ""
    interest: str = ""


@dataclass(frozen=True)
class Known:
    """One address as Woodpecker last described it."""

    status: str = ""
    last_contacted_at: datetime | None = None
    last_replied_at: datetime | None = None
    interest: str = ""
    places: Sequence[Place] = ()


@dataclass(frozen=True)
class Peer:
    """Somebody else of the same company whom Woodpecker writes to now, or wrote to lately."""

    email: str
    last_contacted_at: datetime | None = None
    campaign_name: str = ""


@dataclass(frozen=True)
class Peers:
    """`in_list`: others of the same company in the same list; `earlier`: how many of them stand before this one."""

    domain: str = ""
    in_list: int = 0
    earlier: int = 0
    at_vendor: Sequence[Peer] = ()


DEFAULT_WEIGHTS: Mapping[Collision, Weight] = {
    Collision.OPTED_OUT: Weight.KEEPS_OUT,
    Collision.REPLIED: Weight.KEEPS_OUT,
    Collision.BOUNCED: Weight.KEEPS_OUT,
    Collision.IN_OTHER_CAMPAIGN: Weight.KEEPS_OUT,
    Collision.CONTACTED_RECENTLY: Weight.KEEPS_OUT,
    Collision.SAME_COMPANY: Weight.WARNS,
    Collision.WAS_IN_CAMPAIGN: Weight.WARNS,
    Collision.CALLED_INVALID: Weight.WARNS,
    Collision.UNKNOWN_STATUS: Weight.WARNS,
}


@dataclass(frozen=True)
class Policy:
    """The team's settings. `contacted_recently_days` 0 switches that rule off."""

    contacted_recently_days: int = 30
    weights: Mapping[Collision, Weight] = field(default_factory=lambda: DEFAULT_WEIGHTS)

    def weight(self, collision: Collision) -> Weight:
        return self.weights.get(collision, DEFAULT_WEIGHTS[collision])


@dataclass(frozen=True)
class Finding:
    """`sentence` is for a rep: what Woodpecker says, where, and whose campaign it is."""

    code: Collision
    weight: Weight
    sentence: str
    can_be_overridden: bool
    """False where Woodpecker would refuse the person anyway, or where the person said no."""


NOBODY = Known()
NO_PEERS = Peers()

# Woodpecker has stopped writing to somebody with one of these in a campaign; a word we do not know may still be mailed.
_OVER = frozenset(
    {"REPLIED", "RESPONDED", "BOUNCED", "BLACKLIST", "BLACKLISTED", "OPT_OUT", "INVALID", "NON_RESPONSIVE"}
)
# In a COMPLETED campaign these are people it held back: it returns to them as soon as somebody lets it.
_HELD_IN_WORDS = {
    "TO-CHECK": "held there, to be checked",
    "TO-REVIEW": "held there, to be reviewed",
    "PAUSED": "paused there",
    "AUTOREPLIED": "waiting there after an automatic reply",
}
_HELD = frozenset(_HELD_IN_WORDS)
_ENDED_CAMPAIGNS = frozenset({"COMPLETED", "STOPPED", "DELETED"})
_KNOWN_WORDS = frozenset({"", "ACTIVE", "AUTOREPLIED", "PAUSED", "TO-CHECK", "TO-REVIEW", "INVALID"})
_PEERS_NAMED = 3
_REFUSED = "Woodpecker would refuse to add them."


def is_active(place: Place) -> bool:
    """May mail still go out to this person there? In doubt, yes: a wrong text cannot be taken back."""
    if place.status.upper() in _OVER:
        return False
    if place.campaign_status.upper() == "COMPLETED":
        return place.status.upper() in _HELD
    return place.campaign_status.upper() not in _ENDED_CAMPAIGNS


def collisions(
    known: Known, policy: Policy, now: datetime, *, peers: Peers = NO_PEERS, target: int | None = None
) -> tuple[Finding, ...]:
    """All that holds, the weightiest first, without what the settings ignore. `target`: the campaign it is about."""
    found = (*_by_status(known), *_by_place(known, target), *_by_time(known, policy, now), *_by_company(peers))
    weighed = (
        Finding(code, Weight.KEEPS_OUT if fixed else _weight(policy, code, peers), sentence, not fixed)
        for code, sentence, fixed in found
    )
    # One finding of a kind: what Woodpecker itself says of a person goes before what one campaign says.
    first: dict[Collision, Finding] = {}
    for finding in sorted(weighed, key=lambda each: each.can_be_overridden):
        first.setdefault(finding.code, finding)
    order = list(Collision)
    shown = [first[code] for code in order if code in first and first[code].weight is not Weight.IGNORED]
    return tuple(sorted(shown, key=lambda each: each.weight is not Weight.KEEPS_OUT))


_Found = tuple[Collision, str, bool]


def _weight(policy: Policy, code: Collision, peers: Peers) -> Weight:
    """Of several people of one company who keep each other out, the first of the list may go."""
    weight = policy.weight(code)
    if code is Collision.SAME_COMPANY and weight is Weight.KEEPS_OUT and not peers.earlier and not peers.at_vendor:
        return Weight.WARNS
    return weight


def _by_status(known: Known) -> Iterator[_Found]:
    bar = person_bar(known.status)
    marked = f" (marked {known.interest.lower().replace('-', ' ')})" if _is_marked(known.interest) else ""
    if bar is PersonBar.BLACKLISTED:
        yield Collision.OPTED_OUT, f"Blacklisted or opted out in Woodpecker. {_REFUSED}", True
    elif bar is PersonBar.REPLIED:
        yield Collision.REPLIED, f"Replied{_on(known.last_replied_at)}{marked}. {_REFUSED}", True
    elif bar is PersonBar.BOUNCED:
        yield Collision.BOUNCED, f"Mail to this address bounced. {_REFUSED}", True
    elif known.status.upper() == "INVALID":
        yield Collision.CALLED_INVALID, "Woodpecker calls this address invalid.", False
    elif known.status.upper() not in _KNOWN_WORDS:
        sentence = f"Woodpecker says {known.status} of this person, a word that this program does not know. "
        sentence += "Look at them in Woodpecker before you add them."
        yield Collision.UNKNOWN_STATUS, sentence, False
    elif known.last_replied_at is not None:
        yield Collision.REPLIED, f"Replied{_on(known.last_replied_at)}{marked}, and was set active again since.", False


def _by_place(known: Known, target: int | None) -> Iterator[_Found]:
    elsewhere = [place for place in known.places if place.campaign_vendor_id != target]
    for place in elsewhere:
        bar = person_bar(place.status)
        if bar is PersonBar.BLACKLISTED:
            yield Collision.OPTED_OUT, f"Opted out of {_named(place)}.", True
        elif bar is PersonBar.REPLIED:
            yield Collision.REPLIED, f"Replied in {_named(place)}.", False
        elif bar is PersonBar.BOUNCED:
            yield Collision.BOUNCED, f"Mail bounced in {_named(place)}.", False
    active = [place for place in elsewhere if is_active(place)]
    if active:
        yield Collision.IN_OTHER_CAMPAIGN, _still_in(active), False
    ended = [place for place in elsewhere if not is_active(place) and person_bar(place.status) is None]
    if ended:
        sentence = f"Was in {', '.join(_named(place) for place in ended)}, which is over for them."
        yield Collision.WAS_IN_CAMPAIGN, sentence, False


def _by_time(known: Known, policy: Policy, now: datetime) -> Iterator[_Found]:
    last, days = known.last_contacted_at, policy.contacted_recently_days
    if last is not None and last > now - timedelta(days=days):
        ago = max(0, (now - last).days)
        when = "today" if ago == 0 else "yesterday" if ago == 1 else f"{ago} days ago"
        yield Collision.CONTACTED_RECENTLY, f"Last contacted{_on(last)}, {when} (your limit is {days} days).", False


def _by_company(peers: Peers) -> Iterator[_Found]:
    if not peers.in_list and not peers.at_vendor:
        return
    parts = []
    if peers.in_list:
        others = "1 more person" if peers.in_list == 1 else f"{peers.in_list} more people"
        parts.append(f"{others} of {peers.domain} in this list")
    if peers.at_vendor:
        named = ", ".join(_peer(peer) for peer in peers.at_vendor[:_PEERS_NAMED])
        more = len(peers.at_vendor) - _PEERS_NAMED
        parts.append(f"Woodpecker writes to {named}{f' and {more} more of the company' if more > 0 else ''}")
    yield Collision.SAME_COMPANY, f"{', and '.join(parts)}.", False


def _still_in(active: Sequence[Place]) -> str:
    listed = ", ".join(_named(place) for place in active)
    held = next((_HELD_IN_WORDS[place.status.upper()] for place in active if place.status.upper() in _HELD), None)
    return f"Still in {listed}{f' ({held})' if held else ''}: new texts would replace those not yet mailed there."


def _named(place: Place) -> str:
    whose = f" of {place.sender}" if place.sender else ""
    return f"“{place.campaign_name or place.campaign_vendor_id}”{whose}"


def _peer(peer: Peer) -> str:
    where = f" in “{peer.campaign_name}”" if peer.campaign_name else ""
    return f"{peer.email}{where}"


def _on(moment: datetime | None) -> str:
    return f" on {moment:%Y-%m-%d}" if moment is not None else ""


def _is_marked(interest: str) -> bool:
    return interest.upper() not in ("", "NOT-MARKED")
