"""Routes of generation."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from woodpecker_api.features.generation import service
from woodpecker_api.features.generation.models import GenerationRun, ItemStatus
from woodpecker_api.features.generation.rules.models_offered import choose_effort, choose_model
from woodpecker_api.features.generation.rules.prompt import Wish
from woodpecker_api.features.generation.schemas.runs import (
    EstimateShown,
    GenerationBody,
    ItemShown,
    ModelsShown,
    PreviewBody,
    PreviewShown,
    ResumeBody,
    RetriedShown,
    RunShown,
    shown_estimate,
    shown_item,
    shown_model,
    shown_preview,
)
from woodpecker_api.features.generation.service.senders import sender_of
from woodpecker_api.features.leads.service import resolve_selection
from woodpecker_api.features.templates import service as templates
from woodpecker_api.http.database import ReadDb, WriteDb
from woodpecker_api.http.once import OnlyOnce
from woodpecker_api.http.paging import Listing, Page
from woodpecker_api.http.services import Ask, Services, VendorMode, require_vendor
from woodpecker_api.http.user import By, Who, needs
from woodpecker_api.kit.money import usd_micros
from woodpecker_api.kit.paging import capped, encode_cursor
from woodpecker_api.system.auth.permissions import Permission
from woodpecker_api.system.settings.service import Vendor, read_settings

router = APIRouter(prefix="/api/generations", tags=["generation"])
READ = [needs(Permission.READ)]
WORK = [needs(Permission.WORK)]


def get_offers(request: Request, services: Ask) -> service.ModelOffers:
    """One for the process, so that the list of models is asked for once a minute."""
    return service.ModelOffers.shared(request.app.state, services.claude, services.clock)


Offers = Annotated[service.ModelOffers, Depends(get_offers)]


@router.post(
    "",
    dependencies=WORK,
    status_code=202,
    responses={200: {"model": EstimateShown, "description": "The estimate of a dry run"}, 202: {"model": RunShown}},
)
def start_generation(  # the answer's model depends on `dry_run`
    body: GenerationBody, services: Ask, offers: Offers, once: OnlyOnce, who: Who, by: By
) -> JSONResponse:
    """Begins a run over the selection, or with `dry_run` only says what it would cost and take."""
    sandbox = require_vendor(services, Vendor.ANTHROPIC) is VendorMode.SANDBOX
    # Claude is asked before any transaction is open.
    offer = offers.choose(body.model or _default_model(services))
    with services.database.reading() as db:
        chosen = [lead.id for lead in resolve_selection(db, body.selection, user_id=who.user_id)]
        order = service.Order(
            lead_ids=chosen,
            first=body.first,
            model=offer,
            effort=choose_effort(offer, body.effort),
            sandbox=sandbox,
            template_id=body.template_id,
            content=body.content.as_content() if body.content else None,
            mode=body.mode,
            budget_micros=None if body.budget_usd is None else usd_micros(body.budget_usd),
            instruction=body.instruction,
            sender=_sender(db, body),
        )
        sampled = service.sample(db, order, services.clock())
    if body.dry_run:
        estimate = service.estimate(sampled, services.claude().count_tokens, services.clock())
        return JSONResponse(shown_estimate(estimate).model_dump(mode="json"))

    expected = service.estimate(sampled, None, services.clock()).as_json(order.mode)

    def begin() -> RunShown:
        begun = service.start(db, services.jobs, by, replace(order, estimate=expected), services.clock())
        return RunShown(**service.shown(db, begun.run), excluded=begun.excluded)

    with services.database.writing() as db:
        return once.answer(db, body, 202, begin)


@router.get("", dependencies=READ)
def list_generations(db: ReadDb, page: Page) -> Listing[RunShown]:
    """Newest first."""
    key = page.key(1)
    rows, count = service.runs(db, limit=page.limit, after=key[0] if key else None)
    total, is_capped = capped(count)
    cursor = encode_cursor(rows[-1].id) if len(rows) == page.limit else None
    return Listing(items=[_shown(db, run) for run in rows], next_cursor=cursor, total=total, total_capped=is_capped)


@router.get("/models", dependencies=READ)
def list_models(services: Ask, offers: Offers) -> ModelsShown:
    """What the Claude account offers for writing, newest first."""
    require_vendor(services, Vendor.ANTHROPIC)
    found = offers.all()
    default = choose_model(found, _default_model(services)) or choose_model(found, None)
    usable = [offer for offer in found if offer.usable]
    return ModelsShown(items=[shown_model(offer, default.id if default else None) for offer in usable])


@router.post("/preview", dependencies=WORK)
def preview_generation(body: PreviewBody, db: ReadDb, services: Ask) -> PreviewShown:
    """What Claude would be asked for this lead, with a stored template or with a content not saved yet. Costs nothing."""
    content = body.content.as_content() if body.content else None
    if content is None:
        content = templates.for_new_run(db, body.template_id, services.clock()).content
    wish = Wish(instruction=body.instruction, sender=_sender(db, body))
    return shown_preview(service.preview(db, content, body.lead_id, wish))


@router.get("/{run_id}", dependencies=READ)
def show_generation(run_id: str, db: ReadDb) -> RunShown:
    return _shown(db, service.get_run(db, run_id))


@router.get("/{run_id}/items", dependencies=READ)
def list_generation_items(
    run_id: str, db: ReadDb, page: Page, status: Annotated[list[ItemStatus] | None, Query()] = None
) -> Listing[ItemShown]:
    """One for each lead of the run, in its order."""
    service.get_run(db, run_id)
    key = page.key(1)
    rows, count = service.items_of(db, run_id, statuses=status, limit=page.limit, after=key[0] if key else None)
    total, is_capped = capped(count)
    cursor = encode_cursor(rows[-1][0].id) if len(rows) == page.limit else None
    items = [shown_item(item, lead) for item, lead in rows]
    return Listing(items=items, next_cursor=cursor, total=total, total_capped=is_capped)


@router.post("/{run_id}/pause", dependencies=WORK)
def pause_generation(run_id: str, db: WriteDb, by: By) -> RunShown:
    """Calls under way finish; the rest waits."""
    run = service.get_run(db, run_id)
    service.pause(db, by, run)
    return _shown(db, run)


@router.post("/{run_id}/resume", dependencies=WORK)
def resume_generation(run_id: str, db: WriteDb, services: Ask, by: By, body: ResumeBody | None = None) -> RunShown:
    """Goes on with what waits; `budget_usd` replaces the budget of a run that its budget has stopped."""
    run = service.get_run(db, run_id)
    budget = body.budget_usd if body else None
    service.resume(db, services.jobs, by, run, None if budget is None else usd_micros(budget))
    return _shown(db, run)


@router.post("/{run_id}/cancel", dependencies=WORK)
def cancel_generation(run_id: str, db: WriteDb, services: Ask, by: By) -> RunShown:
    """What was not begun is given back; what is under way still arrives, for it is paid."""
    run = service.get_run(db, run_id)
    service.cancel(db, services.jobs, by, run, services.clock())
    return _shown(db, run)


@router.post("/{run_id}/retry", dependencies=WORK)
def retry_generation(run_id: str, db: WriteDb, services: Ask, by: By) -> RetriedShown:
    """The failed leads try again, within the same budget."""
    run = service.get_run(db, run_id)
    retried = service.retry_failed(db, services.jobs, by, run, services.clock())
    return RetriedShown(retried=retried, run=_shown(db, run))


def _sender(db: Session, body: GenerationBody | PreviewBody) -> dict[str, Any] | None:
    """Who signs: as told with the request, else as that user wrote it down, else nobody."""
    if body.sender is not None:
        return body.sender.model_dump(exclude_defaults=True)
    return sender_of(db, body.sender_user_id) if body.sender_user_id else None


def _default_model(services: Services) -> str | None:
    with services.database.reading() as db:
        return read_settings(db).default_model


def _shown(db: Any, run: GenerationRun) -> RunShown:
    return RunShown(**service.shown(db, run))
