"""How paragraphs travel inside a snippet, tried on the account itself: one's own address, a campaign that mails nobody."""

from woodpecker_api.clients.woodpecker.errors import WoodpeckerError
from woodpecker_api.clients.woodpecker.port import NewProspect, WoodpeckerApi
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import AccountRead, Campaign
from woodpecker_api.features.exports.jobs.tools import Tools
from woodpecker_api.features.exports.rules.fields import encoded

DRAFT = "DRAFT"
_TEXT = "{}: this is the first paragraph.\n\nThis is the second paragraph, after an empty line."
PLAIN_NUMBER, BREAK_TAG_NUMBER = 1, 2


def try_paragraphs(tools: Tools, api: WoodpeckerApi, read: AccountRead, campaign: Campaign | None) -> None:
    """Puts the same text into two snippets, each travelling in its own way; a person looks at what arrives.

    Repeating it is harmless: the address is one's own, and a draft mails nobody. Raises `WoodpeckerError` where nobody answered.
    """
    found = api.list_campaigns(deadline=tools.deadline_seconds)
    now = tools.clock()
    with tools.database.writing() as db:
        campaigns.store_campaigns(db, read.woodpecker_account_id, found, now)
    status = next((each.status for each in found if campaign is not None and each.id == campaign.vendor_id), None)
    if campaign is None or read.subject is None or status != DRAFT:
        sentence = "The campaign is no draft any more, so the test could mail somebody. Choose a draft."
        with tools.database.writing() as db:
            campaigns.fail_read(db, db.get_one(AccountRead, read.id), "campaign_no_draft", sentence, now)
        return
    snippets = {
        PLAIN_NUMBER: encoded(_TEXT.format("Plain line breaks"), break_tag=False),
        BREAK_TAG_NUMBER: encoded(_TEXT.format("HTML line breaks"), break_tag=True),
    }
    prospect = NewProspect(read.subject, {"first_name": "Test"}, snippets)
    try:
        api.add_prospects(campaign.vendor_id, [prospect], deadline=tools.deadline_seconds)
    except WoodpeckerError as error:
        if not error.outcome_unknown:
            raise
        # It may have been applied: done once more it is the same.
    with tools.database.writing() as db:
        campaigns.finish_check(db, db.get_one(AccountRead, read.id), tools.clock())
