"""From a plan to an export: claims, countdown, the read that comes first. One transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from woodpecker_api.errors import NotFoundError
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import Campaign, WoodpeckerAccount
from woodpecker_api.features.campaigns.rules import MailsOnEnrol, mails_on_enrol
from woodpecker_api.features.exports.errors import (
    CampaignChangedError,
    ConfirmSendingError,
    NothingToExportError,
    PlanUsedError,
)
from woodpecker_api.features.exports.models import Export, ExportPlan, ExportPlanItem
from woodpecker_api.features.exports.queries import planning as queries
from woodpecker_api.features.exports.rules import ItemStatus, Reason, fields_hash
from woodpecker_api.features.exports.service import progress
from woodpecker_api.features.exports.service.fitting import refuse_misfit
from woodpecker_api.features.exports.service.holding import refuse_when_held
from woodpecker_api.features.exports.service.members import read_members_first
from woodpecker_api.features.exports.service.planning import usable_campaign
from woodpecker_api.features.exports.service.recording import close_if_done
from woodpecker_api.kit.ids import new_id
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.changes.service import announce
from woodpecker_api.system.jobs.jobs import Jobs
from woodpecker_api.system.settings.service import read_settings

_SLICE = 500


@dataclass(frozen=True)
class StartOrder:
    """`confirm_sending`: the user knows that mail will go out. `countdown_seconds` None means the setting."""

    plan_id: str
    confirm_sending: bool
    countdown_seconds: int | None = None


def start_export(db: Session, jobs: Jobs, actor: Actor, order: StartOrder, now: datetime) -> Export:
    """Takes the claims and wakes the account's job. An address that another export claimed meanwhile is skipped.

    Raises `ConfirmSendingError`, `CampaignChangedError`, `CampaignRefusedError`, `CampaignMisfitError`, `ChecklistOpenError`,
    `SenderMissingError`, `PlanUsedError`, `SendingHeldError`,
    `NotFoundError`, and `NothingToExportError` when the plan has nobody to add.
    """
    refuse_when_held(db)
    plan = queries.locked_plan(db, order.plan_id)
    if plan is None:
        raise NotFoundError("There is no such plan. Make a new one with a dry run.")
    campaigns.lock_account(db, plan.woodpecker_account_id)
    if queries.export_of_plan(db, plan.id) is not None:
        raise PlanUsedError("An export was started from this plan already. Make a new plan to see who is left.")
    campaign = usable_campaign(db, plan.campaign_id)
    if plan.counts["new"] == 0:
        raise NothingToExportError("Nobody is left to add: the plan keeps everybody out, and says for each why.")
    _check_confirmed(plan, campaign, order)
    refuse_misfit(db, plan, campaign)
    export = _new_export(db, plan, campaign, order, now)
    export.created_by = actor.id
    db.add(export)
    db.flush()
    _take_items(db, export, now)
    read_members_first(db, actor, export, campaign, now)
    summary = {"campaign_id": campaign.id, "plan_id": plan.id, "confirm_sending": order.confirm_sending}
    record(db, actor, "export.started", ("export", export.id), after=summary, count=max(export.total, 1))
    close_if_done(db, export, now)
    announce(db, "export", export.id)
    campaigns.wake(db, jobs, export.woodpecker_account_id)
    return export


def _check_confirmed(plan: ExportPlan, campaign: Campaign, order: StartOrder) -> None:
    mails = mails_on_enrol(campaign.status)
    if mails is not mails_on_enrol(plan.campaign_status):
        raise CampaignChangedError(
            f"The campaign was {plan.campaign_status} when the plan was made and is {campaign.status} now. Make a new plan."
        )
    if mails is MailsOnEnrol.YES and not order.confirm_sending:
        raise ConfirmSendingError(
            f"The campaign is {campaign.status}: whoever is added gets mail. Confirm that this is meant (confirm_sending)."
        )


def _new_export(db: Session, plan: ExportPlan, campaign: Campaign, order: StartOrder, now: datetime) -> Export:
    account = db.get_one(WoodpeckerAccount, plan.woodpecker_account_id)
    seconds = order.countdown_seconds
    if seconds is None:
        seconds = read_settings(db).countdown_seconds
    mails = mails_on_enrol(campaign.status) is MailsOnEnrol.YES
    return Export(
        id=new_id(),
        woodpecker_account_id=account.id,
        campaign_id=campaign.id,
        campaign_vendor_id=campaign.vendor_id,
        campaign_name=campaign.name,
        plan_id=plan.id,
        confirmed_campaign_status=campaign.status,
        confirm_sending=order.confirm_sending,
        not_before=now + timedelta(seconds=seconds) if mails and seconds > 0 else None,
        send_after=plan.send_after,
        sandbox=account.sandbox,
        created_at=now,
    )


def _take_items(db: Session, export: Export, now: datetime) -> None:
    position = -1
    assert export.plan_id is not None
    while part := queries.new_in_plan(db, export.plan_id, position, _SLICE):
        position = part[-1].position
        rows = [_item_row(export, planned, now) for planned in part]
        taken = queries.take_claims(db, rows)
        lost = [row for row in rows if row["id"] not in taken]
        queries.store_items(db, [{**row, **_LOST} for row in lost])
        progress.held(db, [str(row["lead_id"]) for row in rows if row["id"] in taken], now)
        export.total += len(rows)
    db.flush()


_LOST = {
    "status": ItemStatus.SKIPPED,
    "error_code": Reason.CLAIMED_BY_OTHER_EXPORT,
    "error": "Another export took this person after the plan was made.",
}


def _item_row(export: Export, planned: ExportPlanItem, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "export_id": export.id,
        "position": planned.position,
        "woodpecker_account_id": export.woodpecker_account_id,
        "campaign_vendor_id": export.campaign_vendor_id,
        "lead_id": planned.lead_id,
        "sequence_id": planned.sequence_id,
        "sequence_version": planned.sequence_version,
        "email": planned.email,
        "address_key": planned.address_key,
        "fields": planned.fields,
        "fields_hash": fields_hash(planned.fields),
        "status": ItemStatus.QUEUED,
        "attempts": 0,
        "tries": 0,
        "content_differs": False,
        "in_other_campaign_allowed_by": export.created_by if planned.in_other_campaign_allowed else None,
        "updated_at": now,
    }
