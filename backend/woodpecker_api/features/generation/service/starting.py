"""A run begins: its leads are chosen, its limits are checked, its items wait for their turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.generation.errors import (
    BatchModeError,
    BriefIncompleteError,
    NothingToGenerateError,
    UnknownPriceError,
)
from woodpecker_api.features.generation.models import GenerationItem, GenerationRun, RunMode, RunStatus
from woodpecker_api.features.generation.rules.models_offered import Offer
from woodpecker_api.features.generation.rules.prices import price_of
from woodpecker_api.features.generation.service.choosing import SLICE, Chosen, choose
from woodpecker_api.features.generation.service.feeding import go_on
from woodpecker_api.features.generation.service.ledger import month_budget
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.templates import service as templates
from woodpecker_api.features.templates.rules import Content
from woodpecker_api.features.templates.service import UsedTemplate
from woodpecker_api.kit.ids import new_id
from woodpecker_api.kit.money import usd_micros
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.changes.service import announce
from woodpecker_api.system.jobs.jobs import Jobs
from woodpecker_api.system.settings.service import read_settings


@dataclass(frozen=True)
class Order:
    """What somebody asks for. `template_version_id` fixes the version (regenerate); else the template's current one."""

    lead_ids: Sequence[str]
    model: Offer
    effort: str | None
    sandbox: bool
    first: int | None = None
    """Only so many of those who can be written to."""
    template_id: str | None = None
    template_version_id: str | None = None
    content: Content | None = None
    """Changes for this session only; the template itself stays."""
    mode: RunMode = RunMode.LIVE
    budget_micros: int | None = None
    instruction: str | None = None
    numbers: Sequence[int] | None = None
    sender: Mapping[str, Any] | None = None
    estimate: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Start:
    """The run that began; `excluded` says how many leads were left out, by reason."""

    run: GenerationRun
    excluded: dict[str, int]


def start(db: Session, jobs: Jobs, actor: Actor, order: Order, now: datetime) -> Start:
    """Raises `NothingToGenerateError`, `BriefIncompleteError`, `UnknownPriceError`, `BatchModeError`, and what the template says."""
    if order.mode is RunMode.BATCH and not order.model.batch:
        raise BatchModeError(f"{order.model.name} takes no batches. Choose another model, or write the texts now.")
    used = _template_to_use(db, actor, order, now)
    check_brief(used, sandbox=order.sandbox)
    budget = order.budget_micros if order.budget_micros is not None else default_budget(db)
    check_price(db, order.model.id, budget, now)
    chosen = choose(db, order.lead_ids, order.first)
    if not chosen.leads:
        sentence = "None of the chosen leads can be written to now. Look at the reasons and choose others."
        raise NothingToGenerateError(sentence, excluded=chosen.excluded)
    run = _store(db, actor, order, (used, chosen, budget), now)
    go_on(db, jobs, run)
    after = {
        "leads": run.total,
        "excluded": chosen.excluded,
        "template_version_id": used.version_id,
        "model": run.model,
        "budget_micros": budget,
        "numbers": run.numbers,
        "instruction": run.instruction,
    }
    record(db, actor, "generation.started", ("generation", run.id), after=after, count=run.total)
    announce(db, "generation", run.id)
    announce(db, "lead", *([chosen.leads[0].id] if run.total == 1 else [None]))
    return Start(run, chosen.excluded)


def _template_to_use(db: Session, actor: Actor, order: Order, now: datetime) -> UsedTemplate:
    if order.content is not None:
        return templates.for_this_session(db, actor, order.template_id, order.content, now)
    return template_for(db, order, now)


def template_for(db: Session, order: Order, now: datetime) -> UsedTemplate:
    """What the run would use, without storing anything."""
    if order.content is not None:
        return replace(templates.for_new_run(db, order.template_id, now), content=order.content)
    if order.template_version_id:
        return templates.used(db, order.template_version_id)
    return templates.for_new_run(db, order.template_id, now)


def default_budget(db: Session) -> int | None:
    limit = read_settings(db).run_budget_usd
    return None if limit is None else usd_micros(limit)


def check_brief(used: UsedTemplate, *, sandbox: bool) -> None:
    """With the real vendor the brief must be the team's own and say something; the sandbox may play."""
    if sandbox or (used.content.brief.is_complete and not used.has_sample_brief):
        return
    what = "still has the sample brief" if used.has_sample_brief else "does not say who you are and what you offer"
    raise BriefIncompleteError(
        f"The template “{used.template_name}” {what}, so the model could only invent. Fill in its brief first."
    )


def check_price(db: Session, model: str, budget: int | None, now: datetime) -> None:
    """A budget can only be kept when the price is known."""
    if price_of(model, now.date()) is not None:
        return
    if budget is not None or month_budget(db) is not None:
        raise UnknownPriceError(
            f"What {model} costs is not known here, so no budget can be kept. Choose another model, or run without a budget."
        )


def _store(
    db: Session, actor: Actor, order: Order, with_what: tuple[UsedTemplate, Chosen, int | None], now: datetime
) -> GenerationRun:
    used, chosen, budget = with_what
    run = GenerationRun(
        id=new_id(),
        status=RunStatus.QUEUED,
        mode=order.mode,
        template_version_id=used.version_id,
        model=order.model.id,
        effort=order.effort,
        instruction=order.instruction,
        numbers=sorted(order.numbers) if order.numbers is not None else None,
        sender=dict(order.sender) if order.sender else None,
        budget_micros=budget,
        estimate=dict(order.estimate) if order.estimate else None,
        total=len(chosen.leads),
        sandbox=order.sandbox,
        version=1,
        created_by=actor.id,
        created_at=now,
    )
    db.add(run)
    db.flush()
    rows = [
        {
            "id": new_id(),
            "run_id": run.id,
            "lead_id": lead.id,
            "previous_status": lead.status,
            "parked": True,
            "round": 0,
        }
        for lead in chosen.leads
    ]
    db.execute(sa.insert(GenerationItem), rows)
    _mark_writing(db, [lead.id for lead in chosen.leads], now)
    return run


def _mark_writing(db: Session, lead_ids: Sequence[str], now: datetime) -> None:
    for begin in range(0, len(lead_ids), SLICE):
        part = lead_ids[begin : begin + SLICE]
        change = sa.update(Lead).where(Lead.id.in_(part)).values(status=LeadStatus.GENERATING, updated_at=now)
        db.execute(change, execution_options={"synchronize_session": "fetch"})
