"""What the preview asks the database: leads we have, and what our copy of the Woodpecker account says of people."""

from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.db.session import Database
from woodpecker_api.features.campaigns.rules import Collision, Finding
from woodpecker_api.features.campaigns.service import PersonFacts, collisions_of, facts_of, find_account
from woodpecker_api.features.imports.queries import records
from woodpecker_api.features.imports.queries.storing import stored_leads
from woodpecker_api.features.imports.rules.mapping import header_hash
from woodpecker_api.features.imports.service.reading import Known, Sources
from woodpecker_api.features.leads.service import erased_among, suppressed_now

_ERASED = (
    "This person was erased on {} and will not be written to. "
    "Leave the row out, unless they agreed anew and an admin lifts the erasure."
)

_CODES = {
    Collision.OPTED_OUT: "woodpecker_blacklisted",
    Collision.REPLIED: "woodpecker_replied",
    Collision.BOUNCED: "woodpecker_bounced",
    Collision.IN_OTHER_CAMPAIGN: "woodpecker_in_campaign",
    Collision.CONTACTED_RECENTLY: "woodpecker_contacted_recently",
    Collision.SAME_COMPANY: "woodpecker_same_company",
    Collision.WAS_IN_CAMPAIGN: "woodpecker_was_in_campaign",
    Collision.CALLED_INVALID: "woodpecker_called_invalid",
    Collision.UNKNOWN_STATUS: "woodpecker_unknown_status",
}


def sources(database: Database, now: datetime) -> Sources:
    """Each question is a short transaction of its own: a long one would hold back the database's housekeeping."""
    with database.reading() as db:
        suppressed = suppressed_now(db, now)
        account = find_account(db, sandbox=False) or find_account(db, sandbox=True)
        account_id = account.id if account else None

    def look_up(keys: list[str]) -> Known:
        with database.reading() as db:
            # Whoever asked to be forgotten stands before anything that Woodpecker says.
            return Known(stored_leads(db, keys), _remarks(db, account_id, keys, now) | _erased(db, keys))

    def remember(names: tuple[str, ...]) -> dict[str, str | None] | None:
        with database.reading() as db:
            return records.remembered(db, header_hash(names))

    return Sources(suppressed, look_up, remember)


def _remarks(db: Session, account_id: str | None, keys: list[str], now: datetime) -> dict[str, tuple[str, str]]:
    """Of each whom an export would keep out or warn of, and of each whom Woodpecker ever wrote to: code and sentence.

    Colleagues within the list are told by company, once for all (`Reading.companies`): a line for each row would drown the rest.
    """
    if account_id is None:
        return {}
    addresses = {key: key.rpartition("@")[2] for key in keys}
    facts = facts_of(db, account_id, addresses)
    findings = collisions_of(db, account_id, addresses, now, people=facts.people)
    remarks = {}
    for key in keys:
        person, found = facts.people.get(key), findings.get(key)
        said = _weighed(found) if found else _contacted(person)
        if said is not None:
            remarks[key] = said[0], said[1] + _as_of(person.fetched_at if person else facts.as_of)
    return remarks


def _erased(db: Session, keys: list[str]) -> dict[str, tuple[str, str]]:
    return {key: ("erased_before", _ERASED.format(at.date().isoformat())) for key, at in erased_among(db, keys).items()}


def _weighed(findings: tuple[Finding, ...]) -> tuple[str, str]:
    """The row stands under its weightiest finding and tells all of them."""
    return _CODES[findings[0].code], " ".join(finding.sentence for finding in findings)


def _contacted(person: PersonFacts | None) -> tuple[str, str] | None:
    """Longer ago than the team's limit: no reason to keep out, but worth knowing."""
    if person is None or person.last_contacted_at is None:
        return None
    day = person.last_contacted_at.date().isoformat()
    return "woodpecker_contacted", f"Woodpecker wrote to this person, last on {day}."


def _as_of(moment: datetime | None) -> str:
    return f" (Woodpecker as of {moment.date().isoformat()}.)" if moment is not None else ""
