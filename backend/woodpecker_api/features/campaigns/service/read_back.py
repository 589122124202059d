"""Where a read of Woodpecker's blacklist stands: three lists after each other, one page at a time."""

from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.clients.woodpecker.errors import UnreadableAnswerError
from woodpecker_api.features.campaigns.models import AccountRead, WoodpeckerAccount
from woodpecker_api.features.campaigns.rules.mirroring import MAX_PAGES
from woodpecker_api.features.campaigns.service.copying import begin, finish
from woodpecker_api.kit.hashing import digest
from woodpecker_api.system.changes.service import announce

STAGES = ("emails", "domains", "opted_out")
"""`AccountRead.rounds` is the place of the one that is being read."""


def refuse_unturned_page(read: AccountRead, first: str | None) -> None:
    """Raises `UnreadableAnswerError` when a later page begins as the first one did: a vendor that does not turn pages would
    be asked for ever. `first`: the first value of this page, None for an empty one.
    """
    # A number instead of the value, and only until the read ends: reads are no list of people.
    mark = int(digest(first)[:15], 16) if first is not None else 0
    if read.next_page == 1:
        read.highest_id = mark
    elif read.next_page > MAX_PAGES or (first is not None and mark == read.highest_id):
        raise UnreadableAnswerError(f"Page {read.next_page} of the blacklist is the first one again.")


def next_page_of_blacklist(db: Session, read: AccountRead, *, more: bool, now: datetime) -> None:
    """The page is stored: the next one, else the next list, else the read has come to its end."""
    started_at = begin(read, now)
    if more:
        read.next_page += 1
    elif read.rounds + 1 < len(STAGES):
        read.rounds, read.next_page = read.rounds + 1, 1
    else:
        account = db.get_one(WoodpeckerAccount, read.woodpecker_account_id)
        account.blacklist_as_of = started_at
        read.highest_id = None
        finish(db, read, now)
        announce(db, "do_not_contact")
    db.flush()
