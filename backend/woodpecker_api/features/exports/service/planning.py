"""A plan: each lead with what would be sent, or why it is kept out. Nothing is claimed yet."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.errors import NotFoundError
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import Campaign, ParagraphEncoding, WoodpeckerAccount
from woodpecker_api.features.campaigns.rules import Collision, Peers, Weight, may_export_to
from woodpecker_api.features.campaigns.rules.collisions import NO_PEERS, NOBODY
from woodpecker_api.features.exports.errors import CampaignRefusedError
from woodpecker_api.features.exports.models import ExportPlan
from woodpecker_api.features.exports.queries import planning as queries
from woodpecker_api.features.exports.queries.claims import claims_of
from woodpecker_api.features.exports.queries.suppression import suppressed_keys
from woodpecker_api.features.exports.rules import (
    WITH_ANOTHER_CAMPAIGN,
    Candidate,
    Planned,
    Reason,
    Target,
    Texts,
    contact_in,
    plan,
    snippets_in,
)
from woodpecker_api.features.exports.service import fitting
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import check_address
from woodpecker_api.features.sequences.models import Sequence as TextSequence
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.kit.ids import new_id
from woodpecker_api.system.audit.service import Actor, record

_SLICE = 500
SENDABLE = frozenset({SequenceStatus.APPROVED, SequenceStatus.EXPORTED})
"""Exported texts are approved ones that went into another campaign before."""


@dataclass(frozen=True)
class Override:
    """What a person decided does not matter for one lead, and why."""

    codes: frozenset[Collision]
    note: str = ""


@dataclass(frozen=True)
class PlanOrder:
    """Which leads, into which campaign, not before when. `allowed_in_other`: leads for whom a manager overrides membership of
    another campaign; `overrides` says more exactly what is overridden, by lead.
    """

    campaign_id: str
    lead_ids: Sequence[str]
    allowed_in_other: frozenset[str] = frozenset()
    overrides: Mapping[str, Override] = field(default_factory=dict)
    send_after: datetime | None = None

    def overridden(self, lead_id: str) -> frozenset[Collision]:
        own = self.overrides[lead_id].codes if lead_id in self.overrides else frozenset()
        return own | (WITH_ANOTHER_CAMPAIGN if lead_id in self.allowed_in_other else frozenset())


def make_plan(db: Session, actor: Actor, order: PlanOrder, now: datetime) -> ExportPlan:
    """Stored, so that an export can do exactly what was shown. Raises `CampaignRefusedError`, `NotFoundError`."""
    campaign = usable_campaign(db, order.campaign_id)
    account = db.get_one(WoodpeckerAccount, campaign.woodpecker_account_id)
    target = Target(
        campaign_vendor_id=campaign.vendor_id,
        real=not account.sandbox,
        now=now,
        policy=campaigns.policy_of(db),
        break_tag=account.paragraph_encoding == ParagraphEncoding.BREAK_TAG,
    )
    record_of_plan = ExportPlan(
        id=new_id(),
        woodpecker_account_id=account.id,
        campaign_id=campaign.id,
        campaign_status=campaign.status,
        membership_as_of=campaign.members_as_of,
        counts={},
        send_after=order.send_after,
        created_by=actor.id,
        created_at=now,
    )
    db.add(record_of_plan)
    db.flush()
    tally = _store(db, actor, record_of_plan, order, target)
    record_of_plan.counts = tally.counts()
    earliest = max(now, order.send_after) if order.send_after else now
    record_of_plan.checks = fitting.checks_of(db, campaign, tally.uses, tally.new, earliest)
    allowed = sorted(order.allowed_in_other)
    summary = {"campaign_id": campaign.id, "counts": record_of_plan.counts, "allowed_in_other_campaign": allowed}
    record(db, actor, "export.planned", ("export_plan", record_of_plan.id), after=summary, count=len(order.lead_ids))
    db.flush()
    return record_of_plan


@dataclass
class _Tally:
    """What a plan adds up to."""

    reasons: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    overridden: int = 0
    uses: fitting.Uses = field(default_factory=lambda: fitting.Uses(Counter(), Counter()))

    @property
    def new(self) -> int:
        return self.reasons[Reason.NEW]

    def counts(self) -> dict[str, Any]:
        kept_out = {reason: count for reason, count in sorted(self.reasons.items()) if reason != Reason.NEW}
        return {
            "new": self.new,
            "excluded": sum(kept_out.values()),
            "reasons": kept_out,
            "warnings": dict(sorted(self.warnings.items())),
            "overridden": self.overridden,
        }


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


def _store(db: Session, actor: Actor, record_of_plan: ExportPlan, order: PlanOrder, target: Target) -> _Tally:
    tally = _Tally()
    peers = _colleagues(db, order.lead_ids)
    for start in range(0, len(order.lead_ids), _SLICE):
        part = order.lead_ids[start : start + _SLICE]
        found = {lead.id: (lead, sequence) for lead, sequence in queries.leads_with_sequences(db, part)}
        candidates = _candidates(db, record_of_plan, [found[id_] for id_ in part if id_ in found], peers, order, target)
        planned = {each.lead_id: plan(each, target) for each in candidates}
        # A lead that was deleted since it was selected has no candidate, and no place in the plan.
        rows = [
            _row(record_of_plan, start + offset, planned[lead_id])
            for offset, lead_id in enumerate(part)
            if lead_id in planned
        ]
        queries.store_plan_items(db, rows)
        for each in planned.values():
            _count(db, tally, each, found[each.candidate.lead_id][1])
            _record_override(db, actor, record_of_plan, each, order)
    return tally


def _count(db: Session, tally: _Tally, planned: Planned, sequence: TextSequence | None) -> None:
    tally.reasons[planned.reason] += 1
    tally.overridden += bool(planned.overridden)
    if planned.reason is not Reason.NEW or sequence is None:
        return
    tally.warnings.update(each.code.value for each in planned.collisions if each.weight is Weight.WARNS)
    if sequence.template_version_id is not None:
        tally.uses.templates[sequence.template_version_id] += 1
    sender = fitting.sender_of(db, sequence.sender)
    if sender is not None:
        tally.uses.senders[sender] += 1


def _record_override(db: Session, actor: Actor, record_of_plan: ExportPlan, planned: Planned, order: PlanOrder) -> None:
    """Each is one person's decision about one person, with a line of its own."""
    if not planned.overridden:
        return
    lead_id = planned.candidate.lead_id
    note = order.overrides[lead_id].note if lead_id in order.overrides else ""
    after = {"plan_id": record_of_plan.id, "codes": sorted(planned.overridden), "note": note}
    record(db, actor, "export.collision_overridden", ("lead", lead_id), after=after)


def _colleagues(db: Session, lead_ids: Sequence[str]) -> dict[str, Peers]:
    """Several of one company in the whole selection, in its order."""
    domains: dict[str, str] = {}
    for start in range(0, len(lead_ids), _SLICE):
        part = lead_ids[start : start + _SLICE]
        found = queries.domains_of(db, part)
        domains.update({found[id_][0]: found[id_][1] for id_ in part if id_ in found})
    return campaigns.peers_in(domains)


def _candidates(
    db: Session,
    record_of_plan: ExportPlan,
    found: Sequence[tuple[Lead, TextSequence | None]],
    peers: Mapping[str, Peers],
    order: PlanOrder,
    target: Target,
) -> list[Candidate]:
    account_id = record_of_plan.woodpecker_account_id
    keys = {lead.address_key for lead, _ in found}
    sequence_ids = [sequence.id for _, sequence in found if sequence]
    texts = queries.texts_of(db, sequence_ids)
    edited = queries.edited_since_approval(db, sequence_ids)
    facts = campaigns.facts_of(db, account_id, keys).people
    company = campaigns.peers_at_vendor(
        db, account_id, {lead.address_key: lead.domain for lead, _ in found}, target.now
    )
    claims = claims_of(db, account_id, target.campaign_vendor_id, keys)
    suppressed = suppressed_keys(db, keys, target.now)
    ever_sent: dict[str, set[int]] = {}
    for key, fields in queries.fields_ever_sent(db, account_id, keys):
        ever_sent.setdefault(key, set()).update(snippets_in(fields))
    candidates = []
    for lead, sequence in found:
        key = lead.address_key
        problem = check_address(lead.email)
        listed = peers.get(key, NO_PEERS)
        candidates.append(
            Candidate(
                lead_id=lead.id,
                email=lead.email,
                address_key=key,
                contact=contact_in(contact_of(lead)),
                sandbox=lead.sandbox,
                sequence=_texts(sequence, texts, was_approved=sequence.id in edited) if sequence else None,
                suppressed=key in suppressed,
                at_vendor=facts[key].known if key in facts else NOBODY,
                added_by_us=key in claims.taken - claims.open,
                open_elsewhere=key in claims.open,
                address_problem=problem.message if problem else None,
                ever_sent=frozenset(ever_sent.get(key, ())),
                peers=Peers(lead.domain, listed.in_list, listed.earlier, company.get(key, ())),
                overridden=order.overridden(lead.id),
            )
        )
    return candidates


def contact_of(lead: Lead) -> dict[str, str]:
    """Every text column of a lead, by its name."""
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
        "in_other_campaign_allowed": Collision.IN_OTHER_CAMPAIGN in planned.overridden,
        "collisions": [
            {
                "code": each.code,
                "weight": each.weight,
                "sentence": each.sentence,
                "can_be_overridden": each.can_be_overridden,
                "overridden": each.code in planned.overridden,
            }
            for each in planned.collisions
        ]
        or None,
    }
