"""Campaigns as the two versions of the vendor's API show them."""

import uuid
from collections import Counter
from typing import Any

from woodpecker_api.sandbox.woodpecker.account import Campaign, Step, WoodpeckerAccount

_WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")


def list_row(campaign: Campaign) -> dict[str, Any]:
    """A row of the older API's list."""
    return {
        "id": campaign.id,
        "name": campaign.name,
        "status": campaign.status,
        "created": campaign.created,
        "from_name": campaign.from_names[0] if campaign.from_names else "",
        "from_names": campaign.from_names,
        "from_email": campaign.from_emails[0] if campaign.from_emails else "",
        "from_emails": campaign.from_emails,
        "gdpr_unsubscribe": False,
        "folder_name": campaign.folder,
        "folder_id": 0,
        "per_day": campaign.per_day,
        "bcc": "",
        "cc": "",
        "error": campaign.error,
    }


def statistics(account: WoodpeckerAccount, campaign: Campaign) -> dict[str, Any]:
    """What the list adds when exactly one id was asked for: version A of the e-mail steps, counters as numbers."""
    members = account.members([campaign.id])
    statuses = Counter(prospect.enrolments[campaign.id].status for prospect in members)
    mailed = sum(1 for prospect in members if prospect.enrolments[campaign.id].emails_sent)
    emails = [step for step in campaign.steps if step.kind == "EMAIL"]
    return {
        "prospects": len(members),
        "queue": len(members) - mailed,
        "sent": mailed,
        "delivery": mailed - statuses["BOUNCED"],
        "opened": 0,
        "clicked": 0,
        "replied": statuses["REPLIED"],
        "autoreplied": statuses["AUTOREPLIED"],
        "interested": 0,
        "maybe_later": 0,
        "not_interested": 0,
        "bounced": statuses["BOUNCED"],
        "invalid": statuses["INVALID"],
        "check": statuses["TO-CHECK"],
        "optout": statuses["BLACKLIST"],
        "emails": [_statistics_step(campaign, step, place) for place, step in enumerate(emails, start=1)],
    }


def detail(campaign: Campaign) -> dict[str, Any]:
    """The newer API's view: settings, and the steps as a chain of follow-ups."""
    chain: dict[str, Any] | None = None
    for place in range(len(campaign.steps), 0, -1):
        chain = _detail_step(campaign, campaign.steps[place - 1], place, chain)
    return {
        "id": campaign.id,
        "name": campaign.name,
        "status": campaign.status,
        "email_account_ids": [112_233 + place for place in range(len(campaign.from_emails))],
        "settings": {
            "timezone": campaign.time_zone,
            "prospect_timezone": False,
            "daily_enroll": campaign.per_day,
            "gdpr_unsubscribe": False,
            "list_unsubscribe": False,
            "open_disabled_list": [],
            "auto_pause_prospect_from_domain": False,
            "catch_all_verification_mode": "BALANCED",
        },
        "steps": {"id": _identity(campaign, 0), "type": "START", "followup": chain},
    }


def _detail_step(campaign: Campaign, step: Step, place: int, following: dict[str, Any] | None) -> dict[str, Any]:
    version = {
        "id": f"{campaign.id}-{place}-A",
        "version": "A",
        "subject": step.subject,
        "message": step.message,
        "signature": "SENDER",
        "track_opens": False,
    }
    return {
        "id": _identity(campaign, place),
        "type": step.kind,
        "followup_after": {"range": "DAY", "value": max(step.wait_days, 1 if place == 1 else 0)},
        "delivery_time": {day: [{"from": "08:00", "to": "18:00"}] for day in _WEEKDAYS},
        "body": {"versions": [version]},
        "followup": following,
    }


def _statistics_step(campaign: Campaign, step: Step, place: int) -> dict[str, Any]:
    return {
        "number": place,
        "step": place,
        "subject": step.subject,
        "msg": step.message,
        "timezone": campaign.time_zone,
        "use_prospect_timezone": False,
        "follow_up": step.wait_days,
        "toSend": 0,
        "emailSend": 0,
        "open": 0,
        "open_": "0%",
        "reply": 0,
        "reply_": "0%",
    }


def _identity(campaign: Campaign, place: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"woodpecker-simulator/{campaign.id}/{place}"))
