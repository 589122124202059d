"""Plans, exports, their items; steering; the CSV for Woodpecker's own import."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Body, Query
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session

from woodpecker_api.errors import FieldProblem, NotFoundError, ValidationFailedError, VendorKeyMissingError
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import WoodpeckerAccount
from woodpecker_api.features.exports import service
from woodpecker_api.features.exports.models import Export, ExportPlan
from woodpecker_api.features.exports.queries import reading as queries
from woodpecker_api.features.exports.rules import CSV_HEADER, ExportStatus, ItemStatus, Reason
from woodpecker_api.features.exports.schemas import (
    SHOWN,
    ByHandRequest,
    ExportAnswer,
    ExportRequest,
    ItemAnswer,
    PlanAnswer,
    PlanItemAnswer,
    ResumeRequest,
    RetryRequest,
)
from woodpecker_api.features.leads.service.selecting import resolve_selection
from woodpecker_api.http.database import ReadDb, WriteDb
from woodpecker_api.http.once import OnlyOnce
from woodpecker_api.http.paging import Listing, Page
from woodpecker_api.http.services import Ask, Services, VendorMode
from woodpecker_api.http.user import By, Who, needs
from woodpecker_api.kit.csv import csv_lines
from woodpecker_api.kit.paging import capped, encode_cursor
from woodpecker_api.system.audit.service import Actor
from woodpecker_api.system.auth.errors import PermissionDeniedError
from woodpecker_api.system.auth.permissions import Permission, may
from woodpecker_api.system.auth.sessions import Principal
from woodpecker_api.system.settings.service import Vendor

router = APIRouter(prefix="/api/exports", tags=["exports"])
WORK = [needs(Permission.WORK)]
READ = [needs(Permission.READ)]
_LONGEST_WAIT = timedelta(days=366)
Collides = Annotated[bool | None, Query(description="only those of whom something is to be said")]
Statuses = Annotated[list[ItemStatus] | None, Query()]


@router.post("", status_code=202, response_model=ExportAnswer | PlanAnswer, dependencies=WORK)
def create_export(body: ExportRequest, db: WriteDb, by: By, who: Who, services: Ask, once: OnlyOnce) -> JSONResponse:
    """A dry run answers 200 with the plan; else 202 with the export that was started."""
    if (body.allow_in_other_campaign or body.overrides) and not may(who.role, Permission.MANAGE):
        raise PermissionDeniedError("Only a manager may add people whom a collision keeps out. Ask one of your team.")

    def work() -> BaseModel:
        if body.plan_id is not None and not body.dry_run:
            return _start(db, services, by, body, body.plan_id)
        plan = _plan(db, services, by, who, body)
        if body.dry_run:
            return _plan_answer(db, plan)
        return _start(db, services, by, body, plan.id)

    return once.answer(db, body, 200 if body.dry_run else 202, work)


@router.get("", dependencies=READ)
def list_exports(
    db: ReadDb, page: Page, status: Annotated[list[ExportStatus] | None, Query()] = None
) -> Listing[ExportAnswer]:
    found = queries.exports_page(db, status, page.key(1, str), page.limit + 1)
    shown = found[: page.limit]
    counts = queries.counts_of(db, [export.id for export in shown])
    total, total_capped = capped(queries.exports_count(db, status))
    return Listing(
        items=[ExportAnswer.of(export, counts[export.id]) for export in shown],
        next_cursor=encode_cursor(shown[-1].id) if len(found) > page.limit else None,
        total=total,
        total_capped=total_capped,
    )


@router.get("/plans/{plan_id}", dependencies=READ)
def get_plan(plan_id: str, db: ReadDb) -> PlanAnswer:
    return _plan_answer(db, _the_plan(db, plan_id))


@router.get("/plans/{plan_id}/items", dependencies=READ)
def list_plan_items(
    plan_id: str, db: ReadDb, page: Page, decision: Reason | None = None, collides: Collides = None
) -> Listing[PlanItemAnswer]:
    plan = _the_plan(db, plan_id)
    found = queries.plan_items_page(
        db, plan.id, decision, page.key(1, int), page.limit + 1, with_collisions=bool(collides)
    )
    shown = found[: page.limit]
    counts = {"new": plan.counts["new"], **plan.counts["reasons"]}
    return Listing(
        items=[PlanItemAnswer.of(item) for item in shown],
        next_cursor=encode_cursor(shown[-1].position) if len(found) > page.limit else None,
        total=(
            queries.plan_items_count(db, plan.id, decision)
            if collides
            else sum(counts.values())
            if decision is None
            else counts.get(decision, 0)
        ),
    )


@router.get("/plans/{plan_id}/export.csv", dependencies=READ)
def download_plan(plan_id: str, services: Ask, db: ReadDb) -> StreamingResponse:
    _the_plan(db, plan_id)

    def rows() -> Iterator[dict[str, str]]:
        with services.database.reading() as own:
            yield from queries.fields_of_plan(own, plan_id)

    return _csv(rows(), f"woodpecker-plan-{plan_id}.csv")


@router.get("/{export_id}", dependencies=READ)
def get_export(export_id: str, db: ReadDb) -> ExportAnswer:
    return _answer(db, _the_export(db, export_id))


@router.get("/{export_id}/items", dependencies=READ)
def list_items(export_id: str, db: ReadDb, page: Page, status: Statuses = None) -> Listing[ItemAnswer]:
    export = _the_export(db, export_id)
    found = queries.items_page(db, export.id, status, page.key(1, int), page.limit + 1)
    shown = found[: page.limit]
    total, total_capped = capped(queries.items_count(db, export.id, status))
    return Listing(
        items=[ItemAnswer.of(item) for item in shown],
        next_cursor=encode_cursor(shown[-1].position) if len(found) > page.limit else None,
        total=total,
        total_capped=total_capped,
    )


@router.get("/{export_id}/export.csv", dependencies=READ)
def download_export(export_id: str, services: Ask, db: ReadDb, status: Statuses = None) -> StreamingResponse:
    """For Woodpecker's own import. `status=queued&status=failed` gives those who are not in the campaign yet."""
    _the_export(db, export_id)

    def rows() -> Iterator[dict[str, str]]:
        with services.database.reading() as own:
            yield from queries.fields_of_items(own, export_id, status)

    return _csv(rows(), f"woodpecker-export-{export_id}.csv")


@router.post("/{export_id}/pause", dependencies=WORK)
def pause(export_id: str, db: WriteDb, by: By, services: Ask) -> ExportAnswer:
    return _answer(db, service.pause(db, _ask(export_id, by, services)))


@router.post("/{export_id}/resume", dependencies=WORK)
def resume(
    export_id: str, db: WriteDb, by: By, services: Ask, body: Annotated[ResumeRequest | None, Body()] = None
) -> ExportAnswer:
    confirmed = body is not None and body.confirm_sending
    ask = _ask(export_id, by, services)
    return _answer(db, service.resume(db, services.jobs, ask, confirm_sending=confirmed))


@router.post("/{export_id}/cancel", dependencies=WORK)
def cancel(export_id: str, db: WriteDb, by: By, services: Ask) -> ExportAnswer:
    return _answer(db, service.cancel(db, services.jobs, _ask(export_id, by, services)))


@router.post("/{export_id}/undo", dependencies=WORK)
def undo(export_id: str, db: WriteDb, by: By, services: Ask) -> ExportAnswer:
    """During the countdown only."""
    return _answer(db, service.undo(db, services.jobs, _ask(export_id, by, services)))


@router.post("/{export_id}/retry", dependencies=WORK)
def retry(
    export_id: str, db: WriteDb, by: By, services: Ask, body: Annotated[RetryRequest | None, Body()] = None
) -> ExportAnswer:
    item_ids = body.item_ids if body is not None else None
    return _answer(db, service.retry(db, services.jobs, _ask(export_id, by, services), item_ids))


@router.post("/{export_id}/take-back", status_code=202, dependencies=[needs(Permission.MANAGE)])
def take_back(
    export_id: str, db: WriteDb, by: By, services: Ask, body: Annotated[RetryRequest | None, Body()] = None
) -> ExportAnswer:
    """Whom this export added leaves the campaign again; mail that went out stays out. Progress is in the items."""
    item_ids = body.item_ids if body is not None else None
    return _answer(db, service.take_back(db, services.jobs, _ask(export_id, by, services), item_ids))


@router.post("/{export_id}/done-by-hand", dependencies=WORK)
def done_by_hand(
    export_id: str, db: WriteDb, by: By, services: Ask, body: Annotated[ByHandRequest | None, Body()] = None
) -> ExportAnswer:
    emails = body.emails if body is not None else None
    return _answer(db, service.done_by_hand(db, _ask(export_id, by, services), emails))


def _plan(db: Session, services: Services, by: Actor, who: Principal, body: ExportRequest) -> ExportPlan:
    if body.selection is None:
        raise ValidationFailedError("Say which leads to export: a selection, or the plan_id of a dry run.")
    sandbox = services.vendor_state(Vendor.WOODPECKER).mode is VendorMode.SANDBOX
    account = campaigns.the_account(db, sandbox=sandbox)
    campaign = campaigns.find_campaign(db, account.id, body.campaign_id)
    leads = resolve_selection(db, body.selection, user_id=who.user_id)
    now = services.clock()
    if body.send_after is not None and not now < body.send_after < now + _LONGEST_WAIT:
        sentence = "The earliest moment of sending must lie ahead, and within a year."
        raise ValidationFailedError(sentence, errors=(FieldProblem("send_after", "out_of_range", sentence),))
    order = service.PlanOrder(
        campaign_id=campaign.id,
        lead_ids=[lead.id for lead in leads],
        allowed_in_other=frozenset(body.allow_in_other_campaign),
        overrides={each.lead_id: service.Override(frozenset(each.codes), each.note) for each in body.overrides},
        send_after=body.send_after,
    )
    return service.make_plan(db, by, order, now)


def _plan_answer(db: Session, plan: ExportPlan) -> PlanAnswer:
    account = db.get_one(WoodpeckerAccount, plan.woodpecker_account_id)
    items = queries.plan_items_page(db, plan.id, None, None, SHOWN)
    return PlanAnswer.of(plan, items, account_as_of=account.people_as_of)


def _start(db: Session, services: Services, by: Actor, body: ExportRequest, plan_id: str) -> ExportAnswer:
    mode = services.vendor_state(Vendor.WOODPECKER).mode
    if mode is VendorMode.OFF:
        raise VendorKeyMissingError("There is no key for Woodpecker. An admin can enter one in Settings.")
    plan = _the_plan(db, plan_id)
    account = campaigns.the_account(db, sandbox=mode is VendorMode.SANDBOX)
    # A plan of the sandbox must not run against the real account, nor one campaign's plan against another.
    if plan.woodpecker_account_id != account.id:
        raise NotFoundError("This plan belongs to another Woodpecker account. Make a new one with a dry run.")
    if campaigns.find_campaign(db, account.id, body.campaign_id).id != plan.campaign_id:
        raise ValidationFailedError("The plan was made for another campaign. Make a new one with a dry run.")
    order = service.StartOrder(plan_id, body.confirm_sending)
    return _answer(db, service.start_export(db, services.jobs, by, order, services.clock()))


def _ask(export_id: str, by: Actor, services: Services) -> service.Ask:
    return service.Ask(by, export_id, services.clock())


def _answer(db: Session, export: Export) -> ExportAnswer:
    db.flush()
    return ExportAnswer.of(export, queries.counts_of(db, [export.id])[export.id])


def _the_export(db: Session, export_id: str) -> Export:
    export = db.get(Export, export_id)
    if export is None:
        raise NotFoundError("There is no such export. Go back to the list of exports.")
    return export


def _the_plan(db: Session, plan_id: str) -> ExportPlan:
    plan = queries.plan(db, plan_id)
    if plan is None:
        raise NotFoundError("There is no such plan. Make a new one with a dry run.")
    return plan


def _csv(rows: Iterator[dict[str, str]], filename: str) -> StreamingResponse:
    lines = csv_lines(CSV_HEADER, ([row.get(name, "") for name in CSV_HEADER] for row in rows))
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)
