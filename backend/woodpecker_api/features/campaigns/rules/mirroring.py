"""When the account is read again, and how much of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FULL_EVERY = timedelta(hours=24)
"""Only a read of everybody finds who was deleted at Woodpecker, and status changes that do not count as changes there."""
READ_BACK_EVERY = timedelta(hours=1)
"""Woodpecker's blacklist and opt-outs: a no that somebody said there counts here within so long."""
OVERLAP = timedelta(minutes=10)
"""A read of changes begins so long before the last one did: two clocks, and moments in whole seconds."""
MAX_PAGES = 5_000
"""Of 1,000 people; beyond it no account is plausible, and a read must come to an end."""


@dataclass(frozen=True)
class MirrorWish:
    """`since` None: everybody."""

    since: datetime | None


def next_mirror_read(
    as_of: datetime | None, full_as_of: datetime | None, now: datetime, *, minutes: int
) -> MirrorWish | None:
    """What to read now, if anything. `minutes` is how old the copy may grow; 0 never reads by itself."""
    if minutes <= 0:
        return None
    if as_of is None or full_as_of is None or now - full_as_of >= FULL_EVERY:
        return MirrorWish(None)
    if now - as_of < timedelta(minutes=minutes):
        return None
    return MirrorWish(as_of - OVERLAP)


def is_no_next_page(page: int, first_page_to: int | None, ids: list[int]) -> bool:
    """People stand by number: a page after the first that brings nobody above the first means that pages are not turned."""
    return page > 1 and bool(ids) and first_page_to is not None and max(ids) <= first_page_to


def last_page(total: int | None, size: int) -> int | None:
    """The page to begin with when everybody is read from the last page to the first; None when nobody said how many.

    Pages are counted from the front, and only the front loses people (new ones come to the end): read backwards, somebody
    who slips to the page before is read twice; read forwards, nobody would see them. `size`: people on the first page.
    """
    if total is None or size <= 0:
        return None
    return max(1, -(-total // size))
