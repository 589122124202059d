"""Time passes at the vendor: blacklists take effect, running campaigns send."""

from typing import Any

from woodpecker_api.sandbox.woodpecker.account import Campaign, Prospect, WoodpeckerAccount


def process(account: WoodpeckerAccount, now: str, *, quiet: bool = False) -> dict[str, Any]:
    """One round over all campaigns: each active member of a running one gets the next mail, if its snippets are there.

    A campaign without anybody left to mail becomes COMPLETED. `quiet`: nobody's `updated` moves.
    """
    mailed = held = 0
    for campaign in account.campaigns.values():
        if campaign.status != "RUNNING":
            continue
        left = False
        for prospect in account.members([campaign.id]):
            enrolment = prospect.enrolments[campaign.id]
            if account.is_blacklisted(prospect.email):
                prospect.status = enrolment.status = "BLACKLIST"
            elif enrolment.status == "ACTIVE" and enrolment.emails_sent < len(campaign.steps):
                if not _may_go(campaign, prospect):
                    enrolment.status = "TO-CHECK"
                    held += 1
                elif not enrolment.send_after or enrolment.send_after <= now:
                    enrolment.emails_sent += 1
                    prospect.last_contacted = now
                    mailed += 1
                left = True
            else:
                continue
            prospect.updated = prospect.updated if quiet else now
            account.keep(prospect)
        campaign.status = "RUNNING" if left else "COMPLETED"
    return {"mailed": mailed, "held": held}


def _may_go(campaign: Campaign, prospect: Prospect) -> bool:
    """Every snippet that the next step names has a value."""
    step = campaign.steps[prospect.enrolments[campaign.id].emails_sent]
    text = step.subject + step.message
    return all(
        prospect.values.get(f"snippet{number}") for number in range(1, 16) if f"{{{{SNIPPET_{number}}}}}" in text
    )
