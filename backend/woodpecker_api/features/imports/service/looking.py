"""What the preview asks the database: leads we have, and what our copy of the Woodpecker account says of people."""

from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.db.session import Database
from woodpecker_api.features.campaigns.service import PersonFacts, facts_of, find_account
from woodpecker_api.features.imports.queries import records
from woodpecker_api.features.imports.queries.storing import stored_leads
from woodpecker_api.features.imports.rules.mapping import header_hash
from woodpecker_api.features.imports.service.reading import Known, Sources
from woodpecker_api.features.leads.service import erased_among, suppressed_now

_ERASED = (
    "This person was erased on {} and will not be written to. "
    "Leave the row out, unless they agreed anew and an admin lifts the erasure."
)


def sources(database: Database, now: datetime) -> Sources:
    """Each question is a short transaction of its own: a long one would hold back the database's housekeeping."""
    with database.reading() as db:
        suppressed = suppressed_now(db, now)
        account = find_account(db, sandbox=False) or find_account(db, sandbox=True)
        account_id = account.id if account else None

    def look_up(keys: list[str]) -> Known:
        with database.reading() as db:
            # Whoever asked to be forgotten stands before anything that Woodpecker says.
            return Known(stored_leads(db, keys), _remarks(db, account_id, keys) | _erased(db, keys))

    def remember(names: tuple[str, ...]) -> dict[str, str | None] | None:
        with database.reading() as db:
            return records.remembered(db, header_hash(names))

    return Sources(suppressed, look_up, remember)


def _remarks(db: Session, account_id: str | None, keys: list[str]) -> dict[str, tuple[str, str]]:
    if account_id is None:
        return {}
    people = facts_of(db, account_id, keys).people
    return {key: remark for key, facts in people.items() if (remark := _remark(facts)) is not None}


def _erased(db: Session, keys: list[str]) -> dict[str, tuple[str, str]]:
    return {key: ("erased_before", _ERASED.format(at.date().isoformat())) for key, at in erased_among(db, keys).items()}


def _remark(facts: PersonFacts) -> tuple[str, str] | None:
    """The weightiest thing that Woodpecker said of the person, with the day on which it said so."""
    as_of = f" (Woodpecker as of {facts.fetched_at.date().isoformat()})"
    for is_so, code, sentence in (
        (facts.opted_out, "woodpecker_blacklisted", "This person opted out or is on Woodpecker's blacklist"),
        (facts.bounced, "woodpecker_bounced", "Mail to this address bounced in Woodpecker"),
        (facts.replied, "woodpecker_replied", "This person replied to an earlier campaign in Woodpecker"),
    ):
        if is_so:
            return code, f"{sentence}{as_of}."
    if facts.last_contacted_at is not None:
        day = facts.last_contacted_at.date().isoformat()
        return "woodpecker_contacted", f"Woodpecker wrote to this person, last on {day}{as_of}."
    if facts.known.places:
        names = ", ".join(sorted(place.campaign_name for place in facts.known.places)[:3])
        return "woodpecker_in_campaign", f"This person is in a Woodpecker campaign: {names}{as_of}."
    return None
