"""Reading back whom Woodpecker keeps out: one page of one of its lists at a time, into our do-not-contact list."""

import structlog

from woodpecker_api.clients.woodpecker.port import KnownProspect, WoodpeckerApi
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import AccountRead, WoodpeckerAccount
from woodpecker_api.features.exports.jobs.tools import Tools
from woodpecker_api.features.leads.service.read_back import KeptOut, take_over

log = structlog.get_logger("exports")

_LISTED = "On Woodpecker’s blacklist"
_OPTED_OUT = "Opted out or blacklisted in Woodpecker"


def read_back(tools: Tools, api: WoodpeckerApi, read: AccountRead) -> None:
    """One request, and what it brought in one transaction. Raises `WoodpeckerError`."""
    kept_out, people, more = _ask(tools, api, read)
    now = tools.clock()
    with tools.database.writing() as db:
        present = db.get_one(AccountRead, read.id)
        campaigns.refuse_unturned_page(present, kept_out[0].value if kept_out else None)
        if people:
            campaigns.store_found_people(db, present, people, now)
        sandbox = db.get_one(WoodpeckerAccount, read.woodpecker_account_id).sandbox
        result = take_over(db, kept_out, now, sandbox=sandbox)
        campaigns.next_page_of_blacklist(db, present, more=more, now=now)
    if result.added or result.refused:
        log.info("blacklist.read_back", added=result.added, refused=result.refused)


def _ask(tools: Tools, api: WoodpeckerApi, read: AccountRead) -> tuple[list[KeptOut], tuple[KnownProspect, ...], bool]:
    """Who is kept out on this page, the people it describes, and whether this list has another page."""
    stage, number = campaigns.STAGES[read.rounds], read.next_page
    if stage == "opted_out":
        # Not all who opted out are on the blacklist: Woodpecker says so of the person.
        page = api.opted_out(number, deadline=tools.deadline_seconds)
        return [KeptOut(person.email, _OPTED_OUT) for person in page.prospects], page.prospects, page.more
    ask = api.blacklisted_emails if stage == "emails" else api.blacklisted_domains
    listed = ask(number, deadline=tools.deadline_seconds)
    return [KeptOut(value, _LISTED) for value in listed.values], (), listed.more
