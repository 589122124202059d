"""The last look before a request goes out: may this export send at all, and may this person still be sent?"""

from dataclasses import dataclass
from enum import StrEnum

from woodpecker_api.features.campaigns.rules import mails_on_enrol, may_export_to, person_bar
from woodpecker_api.features.exports.rules.machine import Event


class ExportBar(StrEnum):
    """Why a whole export stops."""

    SENDING_HELD = "sending_held"
    CAMPAIGN_GONE = "campaign_gone"
    CAMPAIGN_CHANGED = "campaign_changed"


def bar_for(*, held: bool, gone: bool, status: str, confirmed_status: str) -> ExportBar | None:
    """`status` was read within the last 60 s.

    Between words that mean the same for mail going out (RUNNING and COMPLETED; DRAFT, EDITED and PAUSED) a campaign changes
    by itself and by our own adding, so the meaning is compared, not the word.
    """
    if held:
        return ExportBar.SENDING_HELD
    if gone:
        return ExportBar.CAMPAIGN_GONE
    if not may_export_to(status) or mails_on_enrol(status) is not mails_on_enrol(confirmed_status):
        return ExportBar.CAMPAIGN_CHANGED
    return None


@dataclass(frozen=True)
class Recheck:
    """An item beside what the database says now."""

    lead_live: bool
    same_address: bool
    suppressed: bool
    sequence_status_ok: bool
    same_version: bool
    sandbox: bool
    """The text or the lead is from the sandbox."""
    real: bool
    """The account is Woodpecker itself."""
    member: bool
    """Our copy has the person in the campaign."""
    person_status: str


def recheck(item: Recheck) -> tuple[Event, str] | None:
    """What happens to the item instead of being sent, with its code; None when it may go out."""
    if item.member:
        return Event.KNOWN_MEMBER, "known_member"
    person = person_bar(item.person_status)
    reasons = (
        (not item.lead_live, "lead_deleted"),
        (not item.same_address, "address_changed"),
        (item.suppressed, "do_not_contact"),
        (person is not None, str(person)),
        (not item.same_version, "edited_after_approval"),
        (not item.sequence_status_ok, "not_approved"),
        (item.real and item.sandbox, "sandbox_text"),
    )
    return next(((Event.WITHDRAWN, code) for holds, code in reasons if holds), None)
