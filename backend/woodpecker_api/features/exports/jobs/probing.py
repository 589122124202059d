"""Each read-only call that we use, asked once a day: a vendor that changed is noticed before an export meets it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from woodpecker_api.clients.woodpecker.errors import (
    CampaignGoneError,
    CampaignUnsupportedError,
    RequestRefusedError,
    UnreadableAnswerError,
)
from woodpecker_api.clients.woodpecker.port import WoodpeckerApi
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import AccountRead, Campaign
from woodpecker_api.features.exports.jobs.tools import Tools
from woodpecker_api.features.exports.jobs.watching import hold_exports

# An address that nobody has, under a domain that can never be registered: the answer is "nothing found".
_NOBODY = "nobody@woodpecker-api.invalid"


@dataclass(frozen=True)
class Probe:
    """One call. `about_campaign`: only where the account has a campaign; `unsupported_is_fine`: 409 is a known answer."""

    name: str
    ask: Callable[[WoodpeckerApi, Tools, int], object]
    about_campaign: bool = False
    unsupported_is_fine: bool = False


PROBES: tuple[Probe, ...] = (
    Probe("users", lambda api, tools, _: api.check_account(deadline=tools.deadline_seconds)),
    Probe("campaign_list", lambda api, tools, _: api.list_campaigns(deadline=tools.deadline_seconds)),
    Probe(
        "campaign_settings",
        lambda api, tools, campaign: api.campaign_settings(campaign, deadline=tools.deadline_seconds),
        about_campaign=True,
        unsupported_is_fine=True,
    ),
    Probe(
        "campaign_statistics",
        lambda api, tools, campaign: api.campaign_statistics(campaign, deadline=tools.deadline_seconds),
        about_campaign=True,
    ),
    Probe(
        "prospects_diff",
        lambda api, tools, _: api.prospects_page(
            1, diff=tools.clock() - timedelta(hours=1), deadline=tools.deadline_seconds
        ),
    ),
    Probe("prospects_search", lambda api, tools, _: api.find_members([_NOBODY], deadline=tools.deadline_seconds)),
    Probe("prospects_by_id", lambda api, tools, _: api.prospects_by_id([1], deadline=tools.deadline_seconds)),
    Probe(
        "campaign_members",
        lambda api, tools, campaign: api.campaign_members(campaign, 1, deadline=tools.deadline_seconds),
        about_campaign=True,
    ),
    Probe("prospects_blacklisted", lambda api, tools, _: api.opted_out(1, deadline=tools.deadline_seconds)),
    Probe("blacklist_emails", lambda api, tools, _: api.blacklisted_emails(1, deadline=tools.deadline_seconds)),
    Probe("blacklist_domains", lambda api, tools, _: api.blacklisted_domains(1, deadline=tools.deadline_seconds)),
)


def probe_next(tools: Tools, api: WoodpeckerApi, read: AccountRead, _campaign: Campaign | None) -> None:
    """One call; after the last one the read ends, and exports are held when any failed.

    Raises `WoodpeckerError` where nobody answered: the same call is asked again.
    """
    probe = PROBES[read.next_page - 1]
    with tools.database.reading() as db:
        campaign = campaigns.any_campaign(db, read.woodpecker_account_id)
    seen = _ask(tools, api, probe, campaign.vendor_id if campaign is not None else None, read)
    now = tools.clock()
    with tools.database.writing() as db:
        present = db.get_one(AccountRead, read.id)
        if seen is not None:
            campaigns.keep_answer(db, read.woodpecker_account_id, seen, now)
        if read.next_page < len(PROBES):
            campaigns.turn_to_next(db, present, now)
            return
        failed = [each.call for each in campaigns.answers_of_read(db, read.id) if each.outcome != campaigns.OK]
        if not failed:
            campaigns.finish_check(db, present, now)
            return
        sentence = f"Woodpecker answers {', '.join(failed)} in a way this program does not know. Exports are held."
        campaigns.fail_read(db, present, "vendor_changed", sentence, now)
    hold_exports(tools, read.woodpecker_account_id)


def _ask(
    tools: Tools, api: WoodpeckerApi, probe: Probe, campaign: int | None, read: AccountRead
) -> campaigns.Seen | None:
    if probe.about_campaign and campaign is None:
        return None
    try:
        probe.ask(api, tools, campaign or 0)
    except CampaignGoneError:
        # Deleted since our list was read: says nothing about the call.
        return None
    except CampaignUnsupportedError as error:
        outcome = campaigns.OK if probe.unsupported_is_fine else error.kind
        return campaigns.Seen(probe.name, outcome, error.status, str(error), read.id)
    except UnreadableAnswerError as error:
        return campaigns.Seen(probe.name, error.kind, error.status, error.sketch or str(error), read.id)
    except RequestRefusedError as error:
        return campaigns.Seen(probe.name, error.kind, error.status, str(error), read.id)
    return campaigns.Seen(probe.name, campaigns.OK, None, "", read.id)
