"""The open questions about the vendor, one request a unit like everything else that is said to it."""

from woodpecker_api.clients.woodpecker.port import OPEN_QUESTION_NAMES, WoodpeckerApi
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import AccountRead, Campaign
from woodpecker_api.features.exports.jobs.tools import Tools


def ask_next(tools: Tools, api: WoodpeckerApi, read: AccountRead, campaign: Campaign | None) -> None:
    """One question; what was found is kept with the read. Raises `WoodpeckerError` when nobody answered."""
    name = OPEN_QUESTION_NAMES[read.next_page - 1]
    now = tools.clock()
    if campaign is None or campaign.status != "DRAFT" or campaign.gone_at is not None:
        with tools.database.writing() as db:
            sentence = "The campaign is not a draft any more, and only a draft certainly mails nobody."
            campaigns.fail_read(db, db.get_one(AccountRead, read.id), "campaign_changed", sentence, now)
        return
    found = api.look(name, campaign.vendor_id, read.subject or "", deadline=tools.deadline_seconds)
    with tools.database.writing() as db:
        present = db.get_one(AccountRead, read.id)
        seen = campaigns.Seen(name, campaigns.OK, found.status, f"{found.found}\n{found.change}", read.id)
        campaigns.keep_answer(db, read.woodpecker_account_id, seen, now)
        if read.next_page < len(OPEN_QUESTION_NAMES):
            campaigns.turn_to_next(db, present, now)
        else:
            campaigns.finish_check(db, present, now)
