"""One page of one read that somebody asked for."""

from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from woodpecker_api.clients.woodpecker.errors import (
    CampaignGoneError,
    CampaignUnsupportedError,
    KeyRefusedError,
    RateLimitedError,
    RequestRefusedError,
    UnreadableAnswerError,
    WoodpeckerError,
)
from woodpecker_api.clients.woodpecker.port import WoodpeckerApi
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import AccountRead, Campaign, ReadKind, ReadStatus
from woodpecker_api.features.exports.jobs import blacklisting, probing, questioning, trying
from woodpecker_api.features.exports.jobs.tools import Memory, Tools
from woodpecker_api.features.exports.queries import steering, working
from woodpecker_api.features.exports.service.fitting import misfit_of_export
from woodpecker_api.features.exports.service.stopping import stop_export

log = structlog.get_logger("exports")

MAX_UNREADABLE = 5
"""So often in a row a page may be unreadable; then the read fails, so that it does not hold up everybody else."""
NO_KEY_SENTENCE = "There is no key for Woodpecker. An admin can enter one in Settings."


def read_campaigns(tools: Tools, memory: Memory, api: WoodpeckerApi, account_id: str) -> None:
    """Our copy of all campaigns, fresh by this worker's own clock."""
    began = tools.monotonic()
    found = api.list_campaigns(deadline=tools.deadline_seconds)
    with tools.database.writing() as db:
        campaigns.store_campaigns(db, account_id, found, tools.clock())
    memory.campaigns_read_at = began


def read_page(tools: Tools, memory: Memory, api: WoodpeckerApi, read_id: str) -> None:
    """Raises `WoodpeckerError` where asking again makes sense; what never will ends the read."""
    with tools.database.reading() as db:
        read = db.get(AccountRead, read_id)
        campaign = db.get(Campaign, read.campaign_id) if read is not None and read.campaign_id else None
    if read is None or read.status != ReadStatus.WAITING:
        return
    try:
        _read(tools, memory, api, read, campaign)
    except UnreadableAnswerError as error:
        times = memory.unreadable_reads.get(read_id, 0) + 1
        memory.unreadable_reads[read_id] = times
        if times < MAX_UNREADABLE:
            raise
        _fail(tools, read_id, error.kind, str(error))
    except KeyRefusedError as error:
        _fail(tools, read_id, error.kind, str(error))
        raise
    except WoodpeckerError as error:
        # Who checks the connection waits for the word, and "not reached" is one; busy is none.
        is_answer = read.kind == ReadKind.CHECK and not isinstance(error, RateLimitedError)
        if not error.permanent and not is_answer:
            raise
        _fail(tools, read_id, error.kind, str(error))
        if isinstance(error, CampaignGoneError):
            # The list says which campaigns are left, and marks this one.
            memory.campaigns_read_at = None
    else:
        memory.unreadable_reads.pop(read_id, None)


def fail_reads(tools: Tools, account_id: str, code: str, sentence: str) -> None:
    """Nobody can read now."""
    with tools.database.writing() as db:
        for read in campaigns.reads_waiting(db, account_id):
            campaigns.fail_read(db, read, code, sentence, tools.clock())


def _read(tools: Tools, memory: Memory, api: WoodpeckerApi, read: AccountRead, campaign: Campaign | None) -> None:
    deadline = tools.deadline_seconds
    match ReadKind(read.kind):
        case ReadKind.CAMPAIGNS:
            read_campaigns(tools, memory, api, read.woodpecker_account_id)
            with tools.database.writing() as db:
                campaigns.finish_check(db, db.get_one(AccountRead, read.id), tools.clock())
        case ReadKind.CHECK:
            users = api.check_account(deadline=deadline).users
            with tools.database.writing() as db:
                campaigns.finish_check(db, db.get_one(AccountRead, read.id), tools.clock(), users)
        case ReadKind.MEMBERS:
            assert campaign is not None
            if read.next_page == 1:
                _read_steps(tools, api, campaign)
            page = api.campaign_members(campaign.vendor_id, read.next_page, deadline=deadline)
            with tools.database.writing() as db:
                campaigns.store_members_page(db, db.get_one(AccountRead, read.id), page, tools.clock())
        case ReadKind.STEPS:
            assert campaign is not None
            _read_steps(tools, api, campaign)
            with tools.database.writing() as db:
                campaigns.finish_check(db, db.get_one(AccountRead, read.id), tools.clock())
        case ReadKind.PEOPLE:
            (_verify_people if read.verifying else _read_people)(tools, api, read)
        case ReadKind.BLACKLIST:
            blacklisting.read_back(tools, api, read)
        case ReadKind.QUESTIONS:
            trying.try_paragraphs(tools, api, read, campaign)
        case ReadKind.PROBE:
            ask = questioning.ask_next if campaign is not None else probing.probe_next
            ask(tools, api, read, campaign)


def _read_people(tools: Tools, api: WoodpeckerApi, read: AccountRead) -> None:
    page = api.prospects_page(read.next_page, diff=read.since, deadline=tools.deadline_seconds)
    with tools.database.writing() as db:
        campaigns.store_people_page(db, db.get_one(AccountRead, read.id), page, tools.clock())


def _verify_people(tools: Tools, api: WoodpeckerApi, read: AccountRead) -> None:
    """Pages move while people are deleted, so that an absence from them proves nothing: who was not on one is asked for."""
    with tools.database.reading() as db:
        asked = campaigns.to_verify(db, read)
    found = api.prospects_by_id(list(asked), deadline=tools.deadline_seconds) if asked else ()
    with tools.database.writing() as db:
        campaigns.store_verified(db, db.get_one(AccountRead, read.id), asked, found, tools.clock())


def _read_steps(tools: Tools, api: WoodpeckerApi, campaign: Campaign) -> None:
    """What the steps say, from the better source or else the poorer one; a campaign that neither can show has none."""
    found = None
    for ask in (api.campaign_settings, api.campaign_statistics):
        try:
            found = ask(campaign.vendor_id, deadline=tools.deadline_seconds)
            break
        except (CampaignUnsupportedError, RequestRefusedError, UnreadableAnswerError) as error:
            log.info("campaign.steps_unreadable", campaign_id=campaign.id, kind=error.kind)
    with tools.database.writing() as db:
        campaigns.store_steps(db, campaign.id, found, tools.clock())
        _stop_misfits(db, campaign.id, tools.clock())


def _stop_misfits(db: Session, campaign_id: str, now: datetime) -> None:
    """An export whose plan was made before anybody could read the steps: wrong words must not begin to go out."""
    for export_id in working.active_exports_to(db, campaign_id):
        export = steering.locked_export(db, export_id)
        if export is not None and misfit_of_export(db, export):
            stop_export(db, export, "campaign_does_not_fit", now)


def _fail(tools: Tools, read_id: str, code: str, sentence: str) -> None:
    with tools.database.writing() as db:
        campaigns.fail_read(db, db.get_one(AccountRead, read_id), code, sentence, tools.clock())
