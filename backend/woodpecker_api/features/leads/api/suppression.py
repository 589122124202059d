"""Routes of the do-not-contact list."""

import csv
import io
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, File, Form, Query, UploadFile
from fastapi.responses import StreamingResponse

from woodpecker_api.errors import FieldProblem, ValidationFailedError
from woodpecker_api.features.leads.queries import suppression as queries
from woodpecker_api.features.leads.rules import check_address
from woodpecker_api.features.leads.schemas import (
    DoNotContactAnswer,
    DoNotContactBody,
    DoNotContactChange,
    DoNotContactListAnswer,
    RefusedLine,
)
from woodpecker_api.features.leads.service import NewEntry, add_entry
from woodpecker_api.features.leads.service import suppression as service
from woodpecker_api.http.database import ReadDb, WriteDb
from woodpecker_api.http.paging import Listing, Page
from woodpecker_api.http.services import Ask
from woodpecker_api.http.user import By, Who, needs
from woodpecker_api.kit.clock import rfc3339
from woodpecker_api.kit.csv import csv_lines
from woodpecker_api.kit.paging import capped
from woodpecker_api.system.auth.errors import PermissionDeniedError
from woodpecker_api.system.auth.permissions import Permission, may

router = APIRouter(tags=["do-not-contact"])
LARGEST_LIST = 20 << 20
"""Bytes: some 500,000 customers."""


@router.get("/api/do-not-contact", dependencies=[needs(Permission.READ)])
def list_do_not_contact(
    db: ReadDb,
    paging: Page,
    q: Annotated[str | None, Query(max_length=320)] = None,
    list_name: Annotated[str | None, Query(max_length=100, description="empty: entries of no list")] = None,
) -> Listing[DoNotContactAnswer]:
    rows, cursor, count = queries.page(db, q=q, list_name=list_name, after=paging.key(1), limit=paging.limit)
    total, is_capped = capped(count)
    items = [DoNotContactAnswer.of(row) for row in rows]
    return Listing(items=items, next_cursor=cursor, total=total, total_capped=is_capped)


@router.post("/api/do-not-contact", dependencies=[needs(Permission.WORK)], status_code=201)
def add_do_not_contact(body: DoNotContactBody, db: WriteDb, services: Ask, by: By) -> DoNotContactAnswer:
    """An address or a whole domain; an entry that is there is renewed."""
    entry = add_entry(db, by, NewEntry(body.value, body.reason, body.until), services.clock())
    return DoNotContactAnswer.of(entry)


@router.post("/api/do-not-contact/import", dependencies=[needs(Permission.WORK)])
def import_do_not_contact(
    file: Annotated[UploadFile, File()],
    db: WriteDb,
    services: Ask,
    who: Who,
    by: By,
    list_name: Annotated[str | None, Form(max_length=100)] = None,
    *,
    replace: Annotated[bool, Form()] = False,
) -> DoNotContactListAnswer:
    """A CSV with an address or domain in each row, and a reason in the next column. `replace` renews a named list as a whole."""
    if replace and not may(who.role, Permission.MANAGE):
        raise PermissionDeniedError("Replacing a list takes entries away, which only managers may do.")
    if replace and not list_name:
        message = "Name the list that is to be replaced."
        raise ValidationFailedError(message, errors=(FieldProblem("list_name", "required", message),))
    data = file.file.read(LARGEST_LIST + 1)
    if len(data) > LARGEST_LIST:
        message = "The list is larger than 20 MB. Divide it."
        raise ValidationFailedError(message, errors=(FieldProblem("file", "file_too_large", message),))
    result = service.put_list(db, by, _entries(data), list_name or None, services.clock(), replace=replace)
    refused = [RefusedLine(row=line, message=message) for line, message in result.refused[:100]]
    return DoNotContactListAnswer(
        added=result.added, removed=result.removed, refused_total=len(result.refused), refused=refused
    )


def _entries(data: bytes) -> Iterator[tuple[int, NewEntry]]:
    """(line, entry): the first cell of a row, or the first that is an address. A header row is passed over."""
    text = data.decode("utf-8-sig", "replace")
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    for number, row in enumerate(reader):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 0 and not any("." in cell for cell in cells)):
            continue
        place = next((i for i, cell in enumerate(cells) if "@" in cell and check_address(cell) is None), 0)
        reason = cells[place + 1] if place + 1 < len(cells) else ""
        yield reader.line_num, NewEntry(cells[place], reason)


@router.get("/api/do-not-contact.csv", dependencies=[needs(Permission.READ)])
def download_do_not_contact(services: Ask) -> StreamingResponse:
    def lines() -> Iterator[str]:
        with services.database.reading() as db:
            rows = (
                [e.value, e.reason, e.list_name or "", rfc3339(e.until) if e.until else "", rfc3339(e.created_at)]
                for e in queries.every(db)
            )
            yield from csv_lines(["value", "reason", "list", "until", "created_at"], rows)

    disposition = {"content-disposition": 'attachment; filename="do-not-contact.csv"'}
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=disposition)


@router.patch("/api/do-not-contact/{entry_id}", dependencies=[needs(Permission.MANAGE)])
def change_do_not_contact(entry_id: str, body: DoNotContactChange, db: WriteDb, by: By) -> DoNotContactAnswer:
    return DoNotContactAnswer.of(service.change_entry(db, by, entry_id, body.reason, body.until))


@router.delete("/api/do-not-contact/{entry_id}", dependencies=[needs(Permission.MANAGE)], status_code=204)
def remove_do_not_contact(entry_id: str, db: WriteDb, by: By) -> None:
    service.remove_entry(db, by, entry_id)
