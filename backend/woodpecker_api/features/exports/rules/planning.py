"""Who is sent and who is kept out, and why. The first reason that holds is the one that is shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from woodpecker_api.features.campaigns.rules import Collision, Finding, Known, Peers, Policy, Weight, collisions
from woodpecker_api.features.campaigns.rules.collisions import NO_PEERS
from woodpecker_api.features.exports.rules.fields import fields_to_send, problem_in


class Reason(StrEnum):
    """`NEW` goes out; every other keeps the person out."""

    NEW = "new"
    DO_NOT_CONTACT = "do_not_contact"
    ALREADY_IN_CAMPAIGN = "already_in_campaign"
    CLAIMED_BY_OTHER_EXPORT = "claimed_by_other_export"
    REPLIED = "replied"
    BOUNCED = "bounced"
    IN_OTHER_CAMPAIGN = "in_other_campaign"
    CONTACTED_RECENTLY = "contacted_recently"
    SAME_COMPANY = "same_company"
    WAS_IN_CAMPAIGN = "was_in_campaign"
    NOT_APPROVED = "not_approved"
    EDITED_AFTER_APPROVAL = "edited_after_approval"
    SANDBOX_TEXT = "sandbox_text"
    INVALID = "invalid"


_REASONS = {
    Collision.OPTED_OUT: Reason.DO_NOT_CONTACT,
    Collision.REPLIED: Reason.REPLIED,
    Collision.BOUNCED: Reason.BOUNCED,
    Collision.IN_OTHER_CAMPAIGN: Reason.IN_OTHER_CAMPAIGN,
    Collision.CONTACTED_RECENTLY: Reason.CONTACTED_RECENTLY,
    Collision.SAME_COMPANY: Reason.SAME_COMPANY,
    Collision.WAS_IN_CAMPAIGN: Reason.WAS_IN_CAMPAIGN,
    Collision.CALLED_INVALID: Reason.INVALID,
    Collision.UNKNOWN_STATUS: Reason.INVALID,
}

WITH_ANOTHER_CAMPAIGN = frozenset({Collision.IN_OTHER_CAMPAIGN, Collision.CONTACTED_RECENTLY})
"""What a manager decides by saying that membership of another campaign does not matter for somebody."""


@dataclass(frozen=True)
class Target:
    """Where to: the campaign (by the vendor's number) of an account, and the rules that hold there."""

    campaign_vendor_id: int
    real: bool
    """The account is Woodpecker itself, not our simulator."""
    now: datetime
    policy: Policy = field(default_factory=Policy)
    break_tag: bool = False


@dataclass(frozen=True)
class Texts:
    """A lead's sequence as it stands."""

    sequence_id: str
    version: int
    approved: bool
    """A person approved exactly these texts (a sequence that was exported before is approved too)."""
    was_approved: bool
    """Some earlier version was."""
    sandbox: bool
    texts: Mapping[int, str]


@dataclass(frozen=True)
class Candidate:
    lead_id: str
    email: str
    address_key: str
    contact: Mapping[str, str]
    sandbox: bool
    sequence: Texts | None
    suppressed: bool
    at_vendor: Known
    """What our copy of the account says of the address."""
    added_by_us: bool
    """An item of ours for this campaign ended as added or already there."""
    open_elsewhere: bool
    """An export that is not finished holds this person."""
    address_problem: str | None = None
    ever_sent: frozenset[int] = frozenset()
    peers: Peers = NO_PEERS
    overridden: frozenset[Collision] = frozenset()
    """What a person decided does not matter for this lead; what cannot be overridden holds all the same."""


@dataclass(frozen=True)
class Planned:
    """`fields` are exactly what would be sent; shown for those kept out as well, where they have texts."""

    candidate: Candidate
    reason: Reason
    detail: str | None
    fields: Mapping[str, str]
    collisions: tuple[Finding, ...] = ()
    """Everything that collides, whether it keeps out, warns or was overridden."""

    @property
    def overridden(self) -> frozenset[Collision]:
        """What would have kept this person out, had nobody decided otherwise."""
        return frozenset(
            each.code
            for each in self.collisions
            if each.weight is Weight.KEEPS_OUT and each.can_be_overridden and each.code in self.candidate.overridden
        )


def plan(candidate: Candidate, target: Target) -> Planned:
    texts = candidate.sequence.texts if candidate.sequence else {}
    fields = fields_to_send(candidate.email, candidate.contact, texts, candidate.ever_sent, break_tag=target.break_tag)
    met = collisions(
        candidate.at_vendor, target.policy, target.now, peers=candidate.peers, target=target.campaign_vendor_id
    )
    reason, detail = next(_reasons(candidate, target, fields, met), (Reason.NEW, None))
    return Planned(candidate, reason, detail, fields, met)


Found = tuple[Reason, str | None]


def _reasons(
    candidate: Candidate, target: Target, fields: Mapping[str, str], met: tuple[Finding, ...]
) -> Iterator[Found]:
    """All that speaks against sending, the weightiest first."""
    keeping_out = [each for each in met if _keeps_out(each, candidate)]
    if candidate.suppressed:
        yield Reason.DO_NOT_CONTACT, "On the do-not-contact list."
    # Who said no is told so before anything else: it is the one reason that no later export can overcome.
    yield from ((_REASONS[each.code], each.sentence) for each in keeping_out if each.code is Collision.OPTED_OUT)
    yield from _there_already(candidate, target)
    yield from ((_REASONS[each.code], each.sentence) for each in keeping_out)
    yield from _texts(candidate, target)
    if candidate.address_problem:
        yield Reason.INVALID, candidate.address_problem
    problem = problem_in(fields, candidate.sequence.texts if candidate.sequence else {})
    if problem:
        yield Reason.INVALID, problem


def _keeps_out(finding: Finding, candidate: Candidate) -> bool:
    if finding.weight is not Weight.KEEPS_OUT:
        return False
    return not (finding.can_be_overridden and finding.code in candidate.overridden)


def _there_already(candidate: Candidate, target: Target) -> Iterator[Found]:
    if any(place.campaign_vendor_id == target.campaign_vendor_id for place in candidate.at_vendor.places):
        yield Reason.ALREADY_IN_CAMPAIGN, "Woodpecker has this person in the campaign."
    if candidate.added_by_us:
        yield Reason.ALREADY_IN_CAMPAIGN, "An earlier export added this person to the campaign."
    if candidate.open_elsewhere:
        yield Reason.CLAIMED_BY_OTHER_EXPORT, "An export that is not finished holds this person."


def _texts(candidate: Candidate, target: Target) -> Iterator[Found]:
    sequence = candidate.sequence
    if sequence is None:
        yield Reason.NOT_APPROVED, "There is no sequence yet."
        return
    if not sequence.approved and sequence.was_approved:
        yield Reason.EDITED_AFTER_APPROVAL, "The texts were changed after they had been approved."
    if not sequence.approved:
        yield Reason.NOT_APPROVED, "Nobody has approved the texts."
    if target.real and (sequence.sandbox or candidate.sandbox):
        yield Reason.SANDBOX_TEXT, "Sample data or texts from the sandbox never go to a real account."
