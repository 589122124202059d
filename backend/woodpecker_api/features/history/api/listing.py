"""The list of attempts, the same as a file, and its counts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from woodpecker_api.errors import FieldProblem, ValidationFailedError
from woodpecker_api.features.exports.rules import AttemptStatus
from woodpecker_api.features.history.api.filters import Filters
from woodpecker_api.features.history.queries import counts, listing
from woodpecker_api.features.history.rules import SUMMARY_DAYS, Wanted
from woodpecker_api.features.history.schemas import AttemptAnswer, CampaignCount, DayCount, SummaryAnswer
from woodpecker_api.http.database import ReadDb
from woodpecker_api.http.paging import Listing, Page
from woodpecker_api.http.services import Ask, Services
from woodpecker_api.http.user import needs
from woodpecker_api.kit.clock import rfc3339
from woodpecker_api.kit.csv import csv_lines
from woodpecker_api.kit.paging import capped, encode_cursor
from woodpecker_api.system.auth.permissions import Permission

router = APIRouter()
Sort = Annotated[Literal["-started_at", "started_at"], Query()]

# Rows of the file that are read in one short transaction: a slow download must not hold an old view of the database.
FILE_SLICE = 1000
MAX_CAMPAIGNS = 100
_FILE_COLUMNS = (
    *("started_at", "email", "person_name", "company", "campaign_name", "status", "error_code", "error", "attempt"),
    *("user", "template_name", "template_version", "approved_by", "approved_at", "approval", "first_mailed_at"),
    *("held", "finished_at", "sandbox", "campaign_id", "export_id", "lead_id", "sequence_id", "id"),
)
_STORED_AS = {"user": "user_name", "approved_by": "approved_by_name"}


@router.get("/api/history", dependencies=[needs(Permission.READ)])
def list_history(db: ReadDb, wanted: Filters, page: Page, sort: Sort = "-started_at") -> Listing[AttemptAnswer]:
    after = _place(page.key(3), sort)
    rows = listing.page(db, wanted, newest_first=sort == "-started_at", after=after, limit=page.limit + 1)
    more = len(rows) > page.limit
    rows = rows[: page.limit]
    # What fits on one page needs no counting, which a rare word would make as long as the whole table.
    count = listing.count_up_to_cap(db, wanted) if more or after else len(rows)
    total, total_capped = capped(count)
    return Listing(
        items=[AttemptAnswer.of(row) for row in rows],
        next_cursor=encode_cursor(sort, rfc3339(rows[-1].started_at), rows[-1].id) if more else None,
        total=total,
        total_capped=total_capped,
    )


@router.get(
    "/api/history.csv",
    dependencies=[needs(Permission.READ)],
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/csv": {}}, "description": "The same rows, newest first, safe for spreadsheets."}
    },
)
def download_history(wanted: Filters, services: Ask) -> StreamingResponse:
    name = f"history-{services.clock():%Y-%m-%d}.csv"
    return StreamingResponse(
        _blocks(csv_lines(_FILE_COLUMNS, _file_rows(services, wanted))),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/api/history/summary", dependencies=[needs(Permission.READ)])
def history_summary(db: ReadDb, wanted: Filters, services: Ask) -> SummaryAnswer:
    """The last 90 days unless `from` says otherwise."""
    until = wanted.until or services.clock()
    since = wanted.since or until - timedelta(days=SUMMARY_DAYS)
    wanted = replace(wanted, since=since, until=until)
    days = counts.by_day(db, wanted)
    totals: dict[AttemptStatus, int] = {}
    for _day, status, count in days:
        totals[AttemptStatus(status)] = totals.get(AttemptStatus(status), 0) + count
    campaigns = _campaigns(counts.by_campaign(db, wanted))
    shown = campaigns[:MAX_CAMPAIGNS]
    names = counts.campaign_names(db, {campaign_id for campaign_id, _ in shown})
    return SummaryAnswer(
        since=since,
        to=until,
        totals=totals,
        days=[DayCount(day=day, status=AttemptStatus(status), count=count) for day, status, count in days],
        campaigns=[
            CampaignCount(campaign_id=key, campaign_name=names.get(key, ""), counts=by, total=sum(by.values()))
            for key, by in shown
        ],
        campaigns_total=len(campaigns),
    )


def _campaigns(rows: list[tuple[str, str, int]]) -> list[tuple[str, dict[AttemptStatus, int]]]:
    """Those with the most attempts first."""
    by: dict[str, dict[AttemptStatus, int]] = {}
    for campaign_id, status, count in rows:
        by.setdefault(campaign_id, {})[AttemptStatus(status)] = count
    return sorted(by.items(), key=lambda item: (-sum(item[1].values()), item[0]))


def _place(key: list[Any] | None, sort: str) -> listing.Key | None:
    if key is None:
        return None
    try:
        if key[0] != sort:
            raise ValueError(sort)
        moment = datetime.fromisoformat(key[1])
        return moment, str(key[2])
    except (TypeError, ValueError):
        sentence = "This cursor belongs to another sorting. Start again without it."
        raise ValidationFailedError(sentence, errors=(FieldProblem("cursor", "bad_cursor", sentence),)) from None


def _file_rows(services: Services, wanted: Wanted) -> Iterator[list[object]]:
    after: listing.Key | None = None
    while True:
        with services.database.reading() as db:
            rows = listing.page(db, wanted, newest_first=True, after=after, limit=FILE_SLICE)
        for row in rows:
            yield [_cell(getattr(row, _STORED_AS.get(name, name))) for name in _FILE_COLUMNS]
        if len(rows) < FILE_SLICE:
            return
        after = (rows[-1].started_at, rows[-1].id)


def _cell(value: object) -> object:
    return rfc3339(value) if isinstance(value, datetime) else value


def _blocks(lines: Iterator[str]) -> Iterator[str]:
    """Many lines at a time: each block is a hand-over between threads."""
    while block := "".join(islice(lines, 500)):
        yield block
