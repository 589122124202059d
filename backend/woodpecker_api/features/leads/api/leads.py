"""Routes of leads."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import ValidationError

from woodpecker_api.errors import FieldProblem, ValidationFailedError
from woodpecker_api.features.leads.queries import reading, selecting, timeline
from woodpecker_api.features.leads.queries.searching import few_named
from woodpecker_api.features.leads.rules.fields import FIELD_NAMES
from woodpecker_api.features.leads.rules.selection import LeadFilter
from woodpecker_api.features.leads.rules.telling import sentence
from woodpecker_api.features.leads.schemas import (
    AssignBody,
    BulkAnswer,
    BulkBody,
    CountAnswer,
    CountBody,
    DeleteBody,
    LeadAnswer,
    LeadChange,
    NewLeadBody,
    RestoreBody,
    TagBody,
    TimelineAnswer,
    TimelineEntry,
)
from woodpecker_api.features.leads.service import bulk, editing, resolve_selection, suppress_leads
from woodpecker_api.features.leads.service.listeners import listeners
from woodpecker_api.features.leads.service.selecting import deleted_among
from woodpecker_api.http.database import ReadDb, WriteDb
from woodpecker_api.http.paging import Listing, Page
from woodpecker_api.http.services import Ask
from woodpecker_api.http.user import By, Who, needs
from woodpecker_api.kit.clock import rfc3339
from woodpecker_api.kit.csv import csv_lines
from woodpecker_api.kit.paging import COUNT_CAP, BadCursorError, capped
from woodpecker_api.system.auth.permissions import Permission

router = APIRouter(tags=["leads"])
READ = [needs(Permission.READ)]
WORK = [needs(Permission.WORK)]
CUSTOM = "custom."


def get_filter(
    request: Request,
    q: Annotated[str | None, Query(max_length=200)] = None,
    status: Annotated[str | None, Query(description="one or several, divided by commas")] = None,
    owner: Annotated[str | None, Query(description="me, none, or a user's id")] = None,
    import_id: str | None = None,
    company: str | None = None,
    title: str | None = None,
    campaign_id: str | None = None,
    tag: str | None = None,
    *,
    deleted: bool = False,
) -> LeadFilter:
    """The list's filters; further `custom.<field>=value` filter by custom fields."""
    given = {"q": q, "status": status, "owner": owner, "import_id": import_id, "company": company, "title": title}
    given |= {"campaign_id": campaign_id, "tag": tag}
    values: dict[str, Any] = {name: value for name, value in given.items() if value}
    custom = {key.removeprefix(CUSTOM): value for key, value in request.query_params.items() if key.startswith(CUSTOM)}
    try:
        return LeadFilter(**values, custom=custom or None, deleted=deleted)
    except ValidationError as error:
        problems = tuple(FieldProblem(str(e["loc"][0]), str(e["type"]), str(e["msg"])) for e in error.errors())
        raise ValidationFailedError("A filter cannot be used. Correct the ones listed.", errors=problems) from None


Filter = Annotated[LeadFilter, Depends(get_filter)]


@router.get("/api/leads", dependencies=READ)
def list_leads(
    db: ReadDb, who: Who, wanted: Filter, paging: Page, sort: Annotated[str, Query()] = reading.DEFAULT_SORT
) -> Listing[LeadAnswer]:
    """`sort`: created, updated, company, name, email, status; with a minus in front the other way round."""
    if sort.removeprefix("-") not in reading.SORTS:
        names = ", ".join(reading.SORTS)
        message = f"Sort by one of {names}, with a minus in front for the other direction."
        raise ValidationFailedError(message, errors=(FieldProblem("sort", "unknown_sort", message),))
    named = few_named(db, wanted)
    try:
        found = reading.page(db, wanted, who.user_id, sort=sort, after=paging.key(2), limit=paging.limit, named=named)
    except BadCursorError:
        message = "This cursor is from another sorting. Start again without it."
        raise ValidationFailedError(message, errors=(FieldProblem("cursor", "bad_cursor", message),)) from None
    total, is_capped = capped(reading.count_up_to(db, wanted, who.user_id, COUNT_CAP + 1, named))
    items = [LeadAnswer.model_validate(row) for row in found.rows]
    return Listing(items=items, next_cursor=found.next_cursor, total=total, total_capped=is_capped)


@router.post("/api/leads", dependencies=WORK, status_code=201)
def create_lead(body: NewLeadBody, db: WriteDb, services: Ask, who: Who, by: By) -> LeadAnswer:
    """A lead entered by hand; mine unless another owner is named."""
    values = {"owner_id": who.user_id, **body.given()}
    lead = editing.create_lead(db, by, values, services.clock())
    return LeadAnswer.model_validate(editing.shown(lead))


@router.post("/api/leads/count", dependencies=READ)
def count_leads(body: CountBody, db: ReadDb, who: Who) -> CountAnswer:
    return CountAnswer(count=selecting.count(db, body.filter, who.user_id))


@router.post("/api/leads/bulk", dependencies=WORK, response_model_exclude_none=True)
def bulk_leads(body: Annotated[BulkBody, Body()], db: WriteDb, services: Ask, who: Who, by: By) -> BulkAnswer:
    """assign, tag, delete, do_not_contact: for all that are selected, or for none. restore: for all whose address is still free."""
    if isinstance(body, RestoreBody):
        gone = deleted_among(db, body.selection, body.deleted_at, user_id=who.user_id)
        return BulkAnswer(changed=bulk.restore(db, by, gone, services.clock()))
    ids = [lead.id for lead in resolve_selection(db, body.selection, user_id=who.user_id)]
    now = services.clock()
    if isinstance(body, AssignBody):
        return BulkAnswer(changed=bulk.assign(db, by, ids, body.owner_id, now))
    if isinstance(body, TagBody):
        return BulkAnswer(changed=bulk.tag(db, by, ids, body.add, body.remove, now))
    if isinstance(body, DeleteBody):
        return BulkAnswer(changed=bulk.delete(db, by, ids, now), deleted_at=now)
    return BulkAnswer(changed=suppress_leads(db, by, ids, body.reason, body.until, now))


@router.get("/api/leads.csv", dependencies=READ)
def download_leads(services: Ask, who: Who, wanted: Filter) -> StreamingResponse:
    """All that match, oldest first; safe to open in a spreadsheet."""

    def lines() -> Iterator[str]:
        with services.database.reading() as db:
            keys = reading.custom_keys(db, wanted, who.user_id)
            header = [*FIELD_NAMES, "tags", "status", "created_at", *keys]
            rows = (
                [
                    *(row[name] for name in FIELD_NAMES),
                    ", ".join(row["tags"] or []),
                    row["status"],
                    rfc3339(row["created_at"]),
                    *((row["custom"] or {}).get(key, "") for key in keys),
                ]
                for slice_ in reading.slices(db, wanted, who.user_id)
                for row in slice_
            )
            yield from csv_lines(header, rows)

    disposition = {"content-disposition": 'attachment; filename="leads.csv"'}
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=disposition)


@router.get("/api/leads/{lead_id}", dependencies=READ)
def get_lead(lead_id: str, db: ReadDb) -> LeadAnswer:
    return LeadAnswer.model_validate(editing.shown(editing.find_lead(db, lead_id)))


@router.patch("/api/leads/{lead_id}", dependencies=WORK)
def update_lead(lead_id: str, body: LeadChange, db: WriteDb, services: Ask, by: By) -> LeadAnswer:
    """Only the fields sent change. 409 `version_conflict` with `current` when somebody was faster."""
    lead = editing.find_lead(db, lead_id)
    return LeadAnswer.model_validate(
        editing.shown(editing.edit_lead(db, by, lead, body.version, body.given(), services.clock()))
    )


@router.delete("/api/leads/{lead_id}", dependencies=WORK, status_code=204)
def delete_lead(lead_id: str, db: WriteDb, services: Ask, by: By) -> None:
    editing.delete_lead(db, by, editing.find_lead(db, lead_id), services.clock())


@router.post("/api/leads/{lead_id}/restore", dependencies=WORK)
def restore_lead(lead_id: str, db: WriteDb, services: Ask, by: By) -> LeadAnswer:
    return LeadAnswer.model_validate(editing.shown(editing.restore_lead(db, by, lead_id, services.clock())))


@router.get("/api/leads/{lead_id}/timeline", dependencies=READ)
def get_lead_timeline(lead_id: str, db: ReadDb) -> TimelineAnswer:
    """Everything that was done with this lead, newest first."""
    lead = editing.find_lead(db, lead_id)
    subjects = [("lead", lead.id)] + [subject for listener in listeners.subjects for subject in listener(db, lead.id)]
    if lead.import_id is not None:
        subjects.append(("import", lead.import_id))
    items = [
        TimelineEntry(
            at=line["at"],
            kind=line["action"],
            text=sentence(line["action"], line["payload"] or {}),
            user=line["name"] or line["email"],
            detail=line["payload"] or {},
        )
        for line in timeline.lines_about(db, subjects)
    ]
    return TimelineAnswer(items=items)
