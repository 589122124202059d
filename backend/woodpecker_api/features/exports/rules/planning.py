"""Who is sent and who is kept out, and why. The first reason that holds is the one that is shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from woodpecker_api.features.campaigns.rules import PersonBar, person_bar
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
    NOT_APPROVED = "not_approved"
    EDITED_AFTER_APPROVAL = "edited_after_approval"
    SANDBOX_TEXT = "sandbox_text"
    INVALID = "invalid"


@dataclass(frozen=True)
class Target:
    """Where to: the campaign (by the vendor's number) of an account, and the rules that hold there."""

    campaign_vendor_id: int
    real: bool
    """The account is Woodpecker itself, not our simulator."""
    now: datetime
    contacted_recently_days: int
    """0 switches the rule off."""
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
class AtVendor:
    """What our copy of the account says of the address."""

    status: str = ""
    last_contacted_at: datetime | None = None
    campaigns: Mapping[int, str] = field(default_factory=dict)
    """The vendor's campaign numbers to names."""


@dataclass(frozen=True)
class Candidate:
    lead_id: str
    email: str
    address_key: str
    contact: Mapping[str, str]
    sandbox: bool
    sequence: Texts | None
    suppressed: bool
    at_vendor: AtVendor
    added_by_us: bool
    """An item of ours for this campaign ended as added or already there."""
    open_elsewhere: bool
    """An export that is not finished holds this person."""
    address_problem: str | None = None
    ever_sent: frozenset[int] = frozenset()
    allowed_in_other: bool = False
    """A manager decided that membership of another campaign does not matter for this person."""


@dataclass(frozen=True)
class Planned:
    """`fields` are exactly what would be sent; shown for those kept out as well, where they have texts."""

    candidate: Candidate
    reason: Reason
    detail: str | None
    fields: Mapping[str, str]


def plan(candidate: Candidate, target: Target) -> Planned:
    texts = candidate.sequence.texts if candidate.sequence else {}
    fields = fields_to_send(candidate.email, candidate.contact, texts, candidate.ever_sent, break_tag=target.break_tag)
    reason, detail = next(_reasons(candidate, target, fields), (Reason.NEW, None))
    return Planned(candidate, reason, detail, fields)


Found = tuple[Reason, str | None]


def _reasons(candidate: Candidate, target: Target, fields: Mapping[str, str]) -> Iterator[Found]:
    """All that speaks against sending, the weightiest first."""
    yield from _never(candidate)
    yield from _there_already(candidate, target)
    yield from _at_vendor(candidate, target)
    yield from _texts(candidate, target)
    if candidate.address_problem:
        yield Reason.INVALID, candidate.address_problem
    problem = problem_in(fields, candidate.sequence.texts if candidate.sequence else {})
    if problem:
        yield Reason.INVALID, problem


def _never(candidate: Candidate) -> Iterator[Found]:
    if candidate.suppressed:
        yield Reason.DO_NOT_CONTACT, "On the do-not-contact list."
    if person_bar(candidate.at_vendor.status) is PersonBar.BLACKLISTED:
        yield Reason.DO_NOT_CONTACT, "Blacklisted or opted out in Woodpecker."


def _there_already(candidate: Candidate, target: Target) -> Iterator[Found]:
    if target.campaign_vendor_id in candidate.at_vendor.campaigns:
        yield Reason.ALREADY_IN_CAMPAIGN, "Woodpecker has this person in the campaign."
    if candidate.added_by_us:
        yield Reason.ALREADY_IN_CAMPAIGN, "An earlier export added this person to the campaign."
    if candidate.open_elsewhere:
        yield Reason.CLAIMED_BY_OTHER_EXPORT, "An export that is not finished holds this person."


def _at_vendor(candidate: Candidate, target: Target) -> Iterator[Found]:
    bar = person_bar(candidate.at_vendor.status)
    if bar is PersonBar.REPLIED:
        yield Reason.REPLIED, "This person has replied."
    if bar is PersonBar.BOUNCED:
        yield Reason.BOUNCED, "Mail to this address bounced."
    others = [name for number, name in candidate.at_vendor.campaigns.items() if number != target.campaign_vendor_id]
    if others and not candidate.allowed_in_other:
        yield Reason.IN_OTHER_CAMPAIGN, f"Also in: {', '.join(sorted(others))}."
    last, days = candidate.at_vendor.last_contacted_at, target.contacted_recently_days
    if last is not None and last > target.now - timedelta(days=days) and not candidate.allowed_in_other:
        yield Reason.CONTACTED_RECENTLY, f"Last contacted on {last:%Y-%m-%d}."


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
