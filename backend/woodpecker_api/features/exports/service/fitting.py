"""Does the campaign fit the texts: its steps beside each template of a plan, who signs, when mail would go.

Shown with every plan and asked once more when the export starts: the campaign may have been changed in between.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import Campaign
from woodpecker_api.features.campaigns.rules import Forecast, MailsOnEnrol, Pace, forecast, mails_on_enrol
from woodpecker_api.features.exports.errors import CampaignMisfitError, ChecklistOpenError, SenderMissingError
from woodpecker_api.features.exports.models import CampaignChecklist, Export, ExportPlan
from woodpecker_api.features.exports.queries import fitting as queries
from woodpecker_api.features.exports.rules.campaign_texts import checklist
from woodpecker_api.features.exports.rules.fit import Fit, Planned, StepText, fit
from woodpecker_api.features.exports.rules.sentences import when_in_words
from woodpecker_api.features.sequences.rules import SnippetKind
from woodpecker_api.features.templates.models import Template, TemplateVersion
from woodpecker_api.kit.clock import rfc3339
from woodpecker_api.system.audit.service import Actor, record


class Reading(StrEnum):
    """What we know of a campaign's steps."""

    READ = "read"
    NOT_READ = "not_read"
    """Nobody has asked yet."""
    UNREADABLE = "unreadable"
    """Woodpecker cannot show them: a person compares, and ticks what was compared."""
    EMPTY = "empty"
    """The campaign has no step yet."""


@dataclass(frozen=True)
class TemplateFit:
    reading: Reading
    as_of: datetime | None
    steps: Sequence[StepText]
    found: Fit
    checklist: Mapping[str, str]
    ticked: frozenset[str]

    @property
    def is_checked(self) -> bool:
        """Somebody has compared everything that has to be."""
        return self.ticked >= set(self.checklist)


@dataclass(frozen=True)
class Uses:
    """How many people of a plan have texts of which template version, and who signs how many of them."""

    templates: Counter[str]
    senders: Counter[tuple[str, str]]
    """(name, address) to people."""


def shape_of(version: TemplateVersion) -> list[Planned]:
    return [Planned(int(s["number"]), SnippetKind(s["kind"]), int(s["day"])) for s in version.shape]


def fit_of(db: Session, campaign: Campaign, version: TemplateVersion) -> TemplateFit:
    """From our copy of the campaign; nothing is asked of Woodpecker."""
    template = shape_of(version)
    steps = steps_of(campaign)
    reading = reading_of(campaign)
    found = fit(steps, template) if reading is Reading.READ else Fit((), ())
    known = queries.checklist_of(db, campaign.id, version.id)
    ticked = frozenset(known.ticked) if known is not None else frozenset()
    return TemplateFit(reading, as_of(campaign), steps, found, checklist(template), ticked)


def as_of(campaign: Campaign) -> datetime | None:
    """When the steps were read, or last asked for in vain."""
    return datetime.fromisoformat(campaign.detail["as_of"]) if campaign.detail else campaign.steps_asked_at


def steps_of(campaign: Campaign) -> list[StepText]:
    """Every version of every step, as last read."""
    return [
        StepText(
            step["number"],
            step["kind"],
            step["day"],
            version["name"],
            version["subject"],
            version["body"],
            version.get("signature", ""),
        )
        for step in (campaign.detail or {}).get("steps", [])
        for version in step["versions"]
    ]


def tick(
    db: Session, actor: Actor, campaign: Campaign, version: TemplateVersion, codes: Sequence[str], now: datetime
) -> None:
    """Remembers what a person compared; codes that are on no list any more are passed over."""
    known = queries.checklist_of(db, campaign.id, version.id)
    if known is None:
        known = CampaignChecklist(campaign_id=campaign.id, template_version_id=version.id)
        db.add(known)
    known.ticked = sorted(set(codes) & set(checklist(shape_of(version))))
    known.ticked_by, known.ticked_at = actor.id, now
    after = {"template_version_id": version.id, "ticked": known.ticked}
    record(db, actor, "campaign.compared", ("campaign", campaign.id), after=after)
    db.flush()


def checks_of(db: Session, campaign: Campaign, uses: Uses, people: int, earliest: datetime) -> dict[str, Any]:
    """What a plan shows besides its people, as JSON: `fits`, `senders`, `when`."""
    versions = queries.versions_with_templates(db, list(uses.templates))
    fits = [_fit_json(template, version, fit_of(db, campaign, version), uses) for template, version in versions]
    last_day = max((step.day for _, version in versions for step in shape_of(version)), default=1)
    return {
        "fits": fits,
        "senders": [_sender_json(campaign, name, email, count) for (name, email), count in uses.senders.items()],
        "when": when(db, campaign, people, earliest, last_day),
    }


def when(db: Session, campaign: Campaign, people: int, earliest: datetime, last_day: int) -> dict[str, Any]:
    """When mail would go to so many new people, as JSON with one sentence for them all."""
    detail = campaign.detail or {}
    steps = detail.get("steps", [])
    windows: dict[str, Any] = next((step["windows"] for step in steps if step.get("windows")), {})
    days = [step["day"] for step in steps if step["day"]]
    pace = Pace(campaign.per_day, windows, campaign.time_zone or "", max([last_day, *days]))
    ahead = campaigns.waiting_ahead(db, campaign.woodpecker_account_id, campaign.vendor_id)
    found = forecast(people, pace, earliest, waiting_ahead=ahead)
    in_theirs = bool(detail.get("uses_prospect_time_zone"))
    sentence = when_in_words(
        found,
        people,
        campaign.from_emails,
        sends=mails_on_enrol(campaign.status) is not MailsOnEnrol.NO,
        in_their_own_zone=in_theirs,
    )
    return _forecast_json(found) | {"sentence": sentence, "mailboxes": campaign.from_emails}


def refuse_misfit(db: Session, plan: ExportPlan, campaign: Campaign) -> None:
    """Raises `CampaignMisfitError`, `ChecklistOpenError` or `SenderMissingError`, by the campaign as it is known now."""
    checks = plan.checks or {}
    ids = [each["template_version_id"] for each in checks.get("fits", [])]
    for template, version in queries.versions_with_templates(db, ids):
        found = fit_of(db, campaign, version)
        if found.found.blocking:
            raise CampaignMisfitError(
                f"The campaign does not fit “{template.name}”: {found.found.blocking[0].message} "
                "Change its steps in Woodpecker, read them again and make a new plan."
            )
        if found.reading is Reading.UNREADABLE and not found.is_checked:
            raise ChecklistOpenError(
                "Woodpecker cannot show this campaign's steps. Compare them there and tick the list, then start."
            )
    for sender in checks.get("senders", []):
        if not is_among(campaign, sender["name"], sender["email"]):
            raise SenderMissingError(
                f"The texts are signed by {sender['name']}, who is not among the campaign's senders. "
                "Choose a campaign of this sender, or have the texts written for another one."
            )


def misfit_of_export(db: Session, export: Export) -> bool:
    """Whether the steps that were read since would put wrong words into the mails of an export that runs."""
    plan = db.get(ExportPlan, export.plan_id) if export.plan_id else None
    campaign = db.get_one(Campaign, export.campaign_id)
    if plan is None:
        return False
    ids = [each["template_version_id"] for each in (plan.checks or {}).get("fits", [])]
    return any(fit_of(db, campaign, version).found.blocking for _, version in queries.versions_with_templates(db, ids))


def is_among(campaign: Campaign, name: str, email: str) -> bool:
    """By address where the sender has one that the campaign knows, else by name; a campaign that names nobody bars nobody."""
    addresses = {each.casefold() for each in campaign.from_emails}
    names = {" ".join(each.split()).casefold() for each in campaign.from_names or ()}
    if not names and not addresses:
        return True
    return email.casefold() in addresses or " ".join(name.split()).casefold() in names


def reading_of(campaign: Campaign) -> Reading:
    if (campaign.detail or {}).get("steps"):
        return Reading.READ
    if campaign.detail is not None:
        return Reading.EMPTY
    return Reading.NOT_READ if campaign.steps_asked_at is None else Reading.UNREADABLE


def _fit_json(template: Template, version: TemplateVersion, found: TemplateFit, uses: Uses) -> dict[str, Any]:
    return {
        "template_id": template.id,
        "template_name": template.name,
        "template_version": version.number,
        "template_version_id": version.id,
        "people": uses.templates[version.id],
        "reading": found.reading,
        "as_of": rfc3339(found.as_of) if found.as_of else None,
        "blocking": [asdict(finding) for finding in found.found.blocking],
        "warnings": [asdict(finding) for finding in found.found.warnings],
        "checklist_open": found.reading is Reading.UNREADABLE and not found.is_checked,
    }


def _sender_json(campaign: Campaign, name: str, email: str, people: int) -> dict[str, Any]:
    return {"name": name, "email": email, "people": people, "in_campaign": is_among(campaign, name, email)}


def _forecast_json(found: Forecast) -> dict[str, Any]:
    return {
        "first_day": found.first_day.isoformat() if found.first_day else None,
        "last_day": found.last_day.isoformat() if found.last_day else None,
        "ends_on": found.ends_on.isoformat() if found.ends_on else None,
        "per_day": found.per_day,
        "waiting_ahead": found.waiting_ahead,
        "hours": found.hours,
        "time_zone": found.time_zone,
    }


def sender_of(db: Session, sender: Mapping[str, Any] | None) -> tuple[str, str] | None:
    """(name, address) of whom a run named to sign; the address from the sender itself or from the user behind it."""
    if not sender or not sender.get("name"):
        return None
    email = sender.get("email") or queries.address_of_user(db, sender.get("user_id"))
    return str(sender["name"]), str(email or "")
