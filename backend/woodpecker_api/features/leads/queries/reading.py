"""Lists, pages, single leads, slices for downloads."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.dialect import is_sqlite
from woodpecker_api.db.trigrams import has_indexed, rows_containing
from woodpecker_api.features.leads.models import RESTORABLE, VISIBLE, Lead
from woodpecker_api.features.leads.queries.filtering import Conditions, conditions
from woodpecker_api.features.leads.queries.searching import among, searched
from woodpecker_api.features.leads.queries.selecting import chunks
from woodpecker_api.features.leads.rules.selection import LeadFilter
from woodpecker_api.kit.paging import BadCursorError, encode_cursor

SHOWN: tuple[str, ...] = (
    "id", "email", "first_name", "last_name", "company", "title", "phone", "website", "linkedin_url", "industry",
    "address", "city", "state", "country", "time_zone", "tags", "custom", "owner_id", "import_id", "sandbox", "status",
    "version", "created_at", "updated_at", "deleted_at",
)  # fmt: skip
_COLUMNS = [Lead.__table__.c[name] for name in SHOWN]

SORTS: dict[str, Any] = {
    "created": Lead.id,  # ids grow with time
    "updated": Lead.updated_at,
    "company": Lead.company_sort,
    "name": Lead.name_sort,
    "email": Lead.address_key,
    "status": Lead.status,
}
DEFAULT_SORT = "-created"
# Put together once, and read without records: of a page of few leads, that was most of the time (benchmarks/leads.py).
_PAGE_OF = {name: sa.select(*_COLUMNS, key.label("_key")) for name, key in SORTS.items()}


class LeadPage(NamedTuple):
    rows: list[dict[str, Any]]
    next_cursor: str | None


def page(  # noqa: PLR0913  the list's own five words
    db: Session,
    wanted: LeadFilter,
    user_id: str | None,
    *,
    sort: str,
    after: list[Any] | None,
    limit: int,
    named: list[str] | None = None,
) -> LeadPage:
    """One page. `sort` is a name of SORTS, with a minus for descending; `after` is the decoded cursor; `named` of `few_named`."""
    name, down = sort.removeprefix("-"), sort.startswith("-")
    key = SORTS[name]
    statement = _PAGE_OF[name].where(*narrowed(db, wanted, user_id, named))
    if after is not None:
        statement = statement.where(_beyond(key, after, down=down))
    order = (key, Lead.id) if name != "created" else (key,)
    statement = statement.order_by(*(column.desc() if down else column.asc() for column in order)).limit(limit + 1)
    db.flush()
    found = db.connection().execute(statement).all()
    rows = [dict(zip(SHOWN, row, strict=False)) for row in found[:limit]]
    cursor = encode_cursor(_plain(found[limit - 1][-1]), rows[-1]["id"]) if len(found) > limit else None
    return LeadPage(rows, cursor)


def narrowed(db: Session, wanted: LeadFilter, user_id: str | None, named: list[str] | None) -> Conditions:
    """The filter's conditions; where its words name few, those people are looked up and only the rest is asked of each."""
    if named is None:
        return conditions(wanted, user_id)
    return [among(named, db.connection()), *conditions(wanted.model_copy(update={"q": None}), user_id)]


def count_up_to(db: Session, wanted: LeadFilter, user_id: str | None, cap: int, named: list[str] | None) -> int:
    """How many match, at most `cap`. Of many whom words name, the index of letters is counted: nobody reads 100,000 texts."""
    words = searched(wanted) if named is None else []
    source: Any = Lead.__table__
    met = narrowed(db, wanted, user_id, named)
    if has_indexed(words) and is_sqlite(db.connection()):
        source, short = rows_containing(db.connection(), Lead.__table__, "search_text", words, key="number")
        met = [*short, *conditions(wanted.model_copy(update={"q": None}), user_id)]
    some = sa.select(sa.literal(1)).select_from(source).where(*met).limit(cap).subquery()
    db.flush()
    return db.connection().scalar(sa.select(sa.func.count()).select_from(some)) or 0


def _beyond(key: Any, after: list[Any], *, down: bool) -> sa.ColumnElement[bool]:
    if key is Lead.id:
        by_id: sa.ColumnElement[bool] = Lead.id < str(after[1]) if down else Lead.id > str(after[1])
        return by_id
    value = sa.bindparam("after_key", _typed(key, after[0]), type_=key.type)
    mine, last = sa.tuple_(key, Lead.id), sa.tuple_(value, sa.literal(str(after[1])))
    beyond: sa.ColumnElement[bool] = mine < last if down else mine > last
    return beyond


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _typed(key: Any, value: Any) -> Any:
    """Raises `BadCursorError` for a cursor of another sorting."""
    try:
        if key is not Lead.updated_at:
            return str(value)
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BadCursorError(str(value)) from error
    if moment.tzinfo is None:
        raise BadCursorError(str(value))
    return moment


def one(db: Session, lead_id: str) -> Lead | None:
    """A live, visible lead."""
    return db.scalar(sa.select(Lead).where(Lead.id == lead_id, *VISIBLE))


def one_deleted(db: Session, lead_id: str) -> Lead | None:
    return db.scalar(sa.select(Lead).where(Lead.id == lead_id, *RESTORABLE))


def many(db: Session, ids: Sequence[str]) -> list[Lead]:
    """Live, visible leads of these ids, in no order."""
    return [lead for chunk in chunks(ids) for lead in db.scalars(sa.select(Lead).where(Lead.id.in_(chunk), *VISIBLE))]


def holder_of(db: Session, key: str) -> str | None:
    """The id of the live lead with this address, one of an unfinished import included."""
    return db.scalar(sa.select(Lead.id).where(Lead.address_key == key, Lead.deleted_at.is_(None)))


def slices(db: Session, wanted: LeadFilter, user_id: str | None, size: int = 1000) -> Iterator[list[dict[str, Any]]]:
    """All that match, oldest first, a slice at a time: by key, so that memory does not grow."""
    last = ""
    statement = sa.select(*_COLUMNS).where(*conditions(wanted, user_id)).order_by(Lead.id).limit(size)
    while rows := [dict(row) for row in db.execute(statement.where(Lead.id > last)).mappings()]:
        yield rows
        last = rows[-1]["id"]


def custom_keys(db: Session, wanted: LeadFilter, user_id: str | None) -> list[str]:
    """Every custom field that some of them have, in order of the alphabet."""
    statement = sa.select(Lead.custom).where(*conditions(wanted, user_id)).execution_options(yield_per=1000)
    found: set[str] = set()
    for custom in db.scalars(statement):
        found.update(custom)
    return sorted(found)
