"""A plan: each lead with what would be sent, or why it is kept out. Nothing is claimed yet."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.errors import NotFoundError
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import Campaign, ParagraphEncoding, WoodpeckerAccount
from woodpecker_api.features.campaigns.rules import may_export_to
from woodpecker_api.features.exports.errors import CampaignRefusedError
from woodpecker_api.features.exports.models import ExportPlan
from woodpecker_api.features.exports.queries import planning as queries
from woodpecker_api.features.exports.queries.suppression import suppressed_keys
from woodpecker_api.features.exports.rules import (
    AtVendor,
    Candidate,
    Planned,
    Reason,
    Target,
    Texts,
    contact_in,
    plan,
    snippets_in,
)
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import check_address
from woodpecker_api.features.sequences.models import Sequence as TextSequence
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.kit.ids import new_id
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.settings.service import read_settings

_SLICE = 500
SENDABLE = frozenset({SequenceStatus.APPROVED, SequenceStatus.EXPORTED})
"""Exported texts are approved ones that went into another campaign before."""


@dataclass(frozen=True)
class PlanOrder:
    """Which leads, into which campaign. `allowed_in_other`: leads for whom a manager overrides `in_other_campaign`."""

    campaign_id: str
    lead_ids: Sequence[str]
    allowed_in_other: frozenset[str] = frozenset()


def make_plan(db: Session, actor: Actor, order: PlanOrder, now: datetime) -> ExportPlan:
    """Stored, so that an export can do exactly what was shown. Raises `CampaignRefusedError`, `NotFoundError`."""
    campaign = usable_campaign(db, order.campaign_id)
    account = db.get_one(WoodpeckerAccount, campaign.woodpecker_account_id)
    target = Target(
        campaign_vendor_id=campaign.vendor_id,
        real=not account.sandbox,
        now=now,
        contacted_recently_days=read_settings(db).contacted_recently_days,
        break_tag=account.paragraph_encoding == ParagraphEncoding.BREAK_TAG,
    )
    record_of_plan = ExportPlan(
        id=new_id(),
        woodpecker_account_id=account.id,
        campaign_id=campaign.id,
        campaign_status=campaign.status,
        membership_as_of=campaign.members_as_of,
        counts={},
        created_by=actor.id,
        created_at=now,
    )
    db.add(record_of_plan)
    db.flush()
    record_of_plan.counts = _store(db, record_of_plan, order, target)
    allowed = sorted(order.allowed_in_other)
    summary = {"campaign_id": campaign.id, "counts": record_of_plan.counts, "allowed_in_other_campaign": allowed}
    record(db, actor, "export.planned", ("export_plan", record_of_plan.id), after=summary, count=len(order.lead_ids))
    db.flush()
    return record_of_plan


def usable_campaign(db: Session, campaign_id: str) -> Campaign:
    """Raises `NotFoundError`, or `CampaignRefusedError` for one that is gone or whose status nobody understands."""
    campaign = db.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFoundError("There is no such campaign here. Refresh the list of campaigns.")
    if campaign.gone_at is not None:
        raise CampaignRefusedError("Woodpecker does not list this campaign any more. Choose another one.")
    if not may_export_to(campaign.status):
        raise CampaignRefusedError(
            f"The campaign is {campaign.status.lower()}, and what adding does then is not known. "
            "Choose another campaign, or change its status in Woodpecker and refresh."
        )
    return campaign


def _store(db: Session, record_of_plan: ExportPlan, order: PlanOrder, target: Target) -> dict[str, Any]:
    reasons: Counter[str] = Counter()
    for start in range(0, len(order.lead_ids), _SLICE):
        part = order.lead_ids[start : start + _SLICE]
        planned = {each.candidate.lead_id: each for each in _planned(db, record_of_plan, part, order, target)}
        # A lead that was deleted since it was selected has no candidate, and no place in the plan.
        rows = [
            _row(record_of_plan, start + offset, planned[lead_id])
            for offset, lead_id in enumerate(part)
            if lead_id in planned
        ]
        queries.store_plan_items(db, rows)
        reasons.update(each.reason for each in planned.values())
    new = reasons.pop(Reason.NEW, 0)
    return {"new": new, "excluded": reasons.total(), "reasons": dict(sorted(reasons.items()))}


def _planned(
    db: Session, record_of_plan: ExportPlan, lead_ids: Sequence[str], order: PlanOrder, target: Target
) -> list[Planned]:
    found = queries.leads_with_sequences(db, lead_ids)
    account_id = record_of_plan.woodpecker_account_id
    keys = {lead.address_key for lead, _ in found}
    sequence_ids = [sequence.id for _, sequence in found if sequence]
    texts = queries.texts_of(db, sequence_ids)
    edited = queries.edited_since_approval(db, sequence_ids)
    views = campaigns.view_of(db, account_id, keys)
    open_keys = queries.open_keys(db, account_id, keys)
    claimed = queries.claimed_keys(db, account_id, target.campaign_vendor_id, keys)
    suppressed = suppressed_keys(db, keys, target.now)
    ever_sent: dict[str, set[int]] = {}
    for key, fields in queries.fields_ever_sent(db, account_id, keys):
        ever_sent.setdefault(key, set()).update(snippets_in(fields))
    planned = []
    for lead, sequence in found:
        view = views.get(lead.address_key)
        problem = check_address(lead.email)
        candidate = Candidate(
            lead_id=lead.id,
            email=lead.email,
            address_key=lead.address_key,
            contact=contact_in(_contact(lead)),
            sandbox=lead.sandbox,
            sequence=_texts(sequence, texts, was_approved=sequence.id in edited) if sequence else None,
            suppressed=lead.address_key in suppressed,
            at_vendor=AtVendor(view.status, view.last_contacted_at, view.campaigns) if view else AtVendor(),
            added_by_us=lead.address_key in claimed - open_keys,
            open_elsewhere=lead.address_key in open_keys,
            address_problem=problem.message if problem else None,
            ever_sent=frozenset(ever_sent.get(lead.address_key, ())),
            allowed_in_other=lead.id in order.allowed_in_other,
        )
        planned.append(plan(candidate, target))
    return planned


def _contact(lead: Lead) -> dict[str, str]:
    columns = sa.inspect(lead).mapper.column_attrs.keys()
    return {name: value for name in columns if isinstance(value := getattr(lead, name), str)}


def _texts(sequence: TextSequence, texts: dict[str, dict[int, str]], *, was_approved: bool) -> Texts:
    return Texts(
        sequence_id=sequence.id,
        version=sequence.version,
        approved=sequence.status in SENDABLE,
        was_approved=was_approved,
        sandbox=sequence.sandbox,
        texts=texts.get(sequence.id, {}),
    )


def _row(record_of_plan: ExportPlan, position: int, planned: Planned) -> dict[str, Any]:
    candidate = planned.candidate
    return {
        "plan_id": record_of_plan.id,
        "position": position,
        "lead_id": candidate.lead_id,
        "email": candidate.email,
        "address_key": candidate.address_key,
        "decision": planned.reason,
        "detail": planned.detail,
        "sequence_id": candidate.sequence.sequence_id if candidate.sequence else None,
        "sequence_version": candidate.sequence.version if candidate.sequence else None,
        "fields": dict(planned.fields),
        "in_other_campaign_allowed": candidate.allowed_in_other,
    }
