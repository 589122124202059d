"""The mirror: everybody in the account as Woodpecker last said, page by page, and then who changed.

Promise: what was read is kept with its place, so that a read goes on where a killed worker stopped; nobody is taken away
who was not asked for by number first, because pages move when somebody is deleted while they are read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from woodpecker_api.clients.woodpecker import port
from woodpecker_api.clients.woodpecker.errors import UnreadableAnswerError
from woodpecker_api.features.campaigns import queries
from woodpecker_api.features.campaigns.models import AccountRead, ReadKind, ReadStatus, WoodpeckerAccount
from woodpecker_api.features.campaigns.queries import mirror as mirror_queries
from woodpecker_api.features.campaigns.rules import may_export_to, next_mirror_read
from woodpecker_api.features.campaigns.rules.mirroring import (
    MAX_PAGES,
    OVERLAP,
    READ_BACK_EVERY,
    is_no_next_page,
    last_page,
)
from woodpecker_api.features.campaigns.service.copying import begin, by_key, finish, person_row, turn_page
from woodpecker_api.features.campaigns.service.reads import request_read
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.changes.service import announce
from woodpecker_api.system.settings.service import read_settings

_LENGTH = 32
VERIFIED_AT_A_TIME = port.MAX_IDS_PER_QUESTION


STEPS_KEPT = timedelta(hours=12)
"""What a campaign's steps say is asked again after so long; before an export it can be asked for at any time."""
PROBED_EVERY = timedelta(hours=24)
"""Each read-only call we use is tried so often, so that a change at the vendor is noticed before an export meets it."""
_STEPS_AT_ONCE = 5


def ask_for_what_is_old(db: Session, actor: Actor, account_id: str, now: datetime) -> bool:
    """Requests every read whose time has come: people, and the steps of campaigns that can be filled. True when one waits."""
    asked = mirror_if_due(db, actor, account_id, now) is not None
    if read_settings(db).mirror_minutes <= 0:
        return asked
    account = db.get_one(WoodpeckerAccount, account_id)
    if account.campaigns_as_of is None:
        return request_read(db, actor, account_id, ReadKind.CAMPAIGNS) is not None
    probed = mirror_queries.newest_of_kind(db, account_id, ReadKind.PROBE)
    if probed is None or now - probed.created_at >= PROBED_EVERY:
        request_read(db, actor, account_id, ReadKind.PROBE)
        asked = True
    if _read_back_is_due(db, account_id, now):
        request_read(db, actor, account_id, ReadKind.BLACKLIST)
        asked = True
    for campaign in mirror_queries.steps_older_than(db, account_id, now - STEPS_KEPT, _STEPS_AT_ONCE):
        if may_export_to(campaign.status):
            request_read(db, actor, account_id, ReadKind.STEPS, campaign_id=campaign.id)
            asked = True
    return asked


def _read_back_is_due(db: Session, account_id: str, now: datetime) -> bool:
    newest = mirror_queries.newest_of_kind(db, account_id, ReadKind.BLACKLIST)
    if newest is None:
        return True
    # One that takes longer than an hour is not asked for a second time beside itself.
    return newest.status != ReadStatus.WAITING and now - newest.created_at >= READ_BACK_EVERY


def mirror_if_due(db: Session, actor: Actor, account_id: str, now: datetime) -> AccountRead | None:
    """Asks for what the age of our copy calls for; None when it is young enough or a read is under way."""
    account = db.get_one(WoodpeckerAccount, account_id)
    wish = next_mirror_read(
        account.people_as_of, account.people_full_as_of, now, minutes=read_settings(db).mirror_minutes
    )
    if wish is None or mirror_queries.waiting_of_kind(db, account_id, ReadKind.PEOPLE) is not None:
        return None
    return _request(db, actor, account_id, wish.since)


def request_mirror(db: Session, actor: Actor, account_id: str, *, everybody: bool = False) -> AccountRead:
    """A read of who changed since the last one, or of everybody when that was never read or is wished."""
    under_way = mirror_queries.waiting_of_kind(db, account_id, ReadKind.PEOPLE)
    if under_way is not None and (under_way.since is None or not everybody):
        return under_way
    account = db.get_one(WoodpeckerAccount, account_id)
    full = everybody or account.people_full_as_of is None or account.people_as_of is None
    return _request(db, actor, account_id, None if full else _since(account))


def _since(account: WoodpeckerAccount) -> datetime | None:
    return account.people_as_of - OVERLAP if account.people_as_of is not None else None


def _request(db: Session, actor: Actor, account_id: str, since: datetime | None) -> AccountRead:
    read = AccountRead(woodpecker_account_id=account_id, kind=ReadKind.PEOPLE, since=since, requested_by=actor.id)
    db.add(read)
    db.flush()
    after = {"kind": ReadKind.PEOPLE, "since": since.isoformat() if since else None}
    record(db, actor, "account_read.requested", ("account_read", read.id), after=after)
    return read


@dataclass(frozen=True)
class MirrorState:
    """How many people our copy holds, and the read that is under way, if any."""

    people: int
    reading: AccountRead | None


def mirror_state(db: Session, account: WoodpeckerAccount) -> MirrorState:
    reading = mirror_queries.waiting_of_kind(db, account.id, ReadKind.PEOPLE)
    return MirrorState(mirror_queries.people_count(db, account.id), reading)


def store_people_page(db: Session, read: AccountRead, page: port.ProspectsPage, now: datetime) -> None:
    """One page of everybody, or of who changed. Raises UnreadableAnswerError where pages lead nowhere."""
    number, ids = read.next_page, [person.id for person in page.prospects]
    if is_no_next_page(number, read.highest_id, ids) or number > MAX_PAGES:
        raise UnreadableAnswerError(f"Page {number} of the people brings nobody who was not on the first one.")
    begin(read, now)
    if number == 1 and not read.rounds:
        read.highest_id, read.total = max(ids, default=0), page.total
        if _goes_backwards(read, page):
            return
    _store(db, read, page.prospects, now)
    if read.rounds:
        read.next_page = number - 1
        more = number > 1
    else:
        more = turn_page(read, page)
    if not more:
        read.next_page = max(1, read.next_page)
        _all_pages_read(db, read, now)


def _goes_backwards(read: AccountRead, page: port.ProspectsPage) -> bool:
    """Everybody, on more than one page: nothing of the first page is kept, because it is read again as the last."""
    size = len(page.prospects) + page.unreadable_rows
    last = last_page(page.total, size) if read.since is None else None
    if last is None or last == 1:
        return False
    read.rounds, read.next_page = 1, last
    return True


def _all_pages_read(db: Session, read: AccountRead, now: datetime) -> None:
    if read.since is not None:
        _ended(db, read, _started(read), now)
        return
    read.verifying = True
    _end_if_verified(db, read, now)


def to_verify(db: Session, read: AccountRead) -> dict[int, str]:
    """The next people whom a complete read did not bring: the vendor's numbers to our ids."""
    unseen = mirror_queries.unseen_by(db, read, _started(read), VERIFIED_AT_A_TIME)
    return {person.vendor_id: person.id for person in unseen if person.vendor_id}


def store_verified(
    db: Session, read: AccountRead, asked: dict[int, str], found: Sequence[port.KnownProspect], now: datetime
) -> None:
    """Who was asked for by number and is there after all stays; who is not has left the account."""
    _store(db, read, found, now)
    there = {person.id for person in found}
    gone = [our_id for number, our_id in asked.items() if number not in there]
    if gone:
        mirror_queries.forget_people(db, gone)
    _end_if_verified(db, read, now)


def _end_if_verified(db: Session, read: AccountRead, now: datetime) -> None:
    if to_verify(db, read):
        return
    started_at = _started(read)
    without_number = mirror_queries.unseen_by(db, read, started_at, VERIFIED_AT_A_TIME)
    if without_number:
        mirror_queries.forget_people(db, [person.id for person in without_number])
    mirror_queries.sweep_memberships(db, read, started_at)
    account = db.get_one(WoodpeckerAccount, read.woodpecker_account_id)
    account.people_full_as_of = started_at
    _ended(db, read, started_at, now)


def _ended(db: Session, read: AccountRead, started_at: datetime, now: datetime) -> None:
    account = db.get_one(WoodpeckerAccount, read.woodpecker_account_id)
    account.people_as_of = started_at
    finish(db, read, now)
    announce(db, "campaign")


def store_found_people(db: Session, read: AccountRead, found: Sequence[port.KnownProspect], now: datetime) -> None:
    """People whom a read met that was about something else: our copy of them becomes as young."""
    begin(read, now)
    _store(db, read, found, now)


def _started(read: AccountRead) -> datetime:
    if read.started_at is None:
        raise ValueError("a read is verified after its pages")
    return read.started_at


def _store(db: Session, read: AccountRead, prospects: Sequence[port.KnownProspect], now: datetime) -> None:
    people = dict(by_key(prospects))
    queries.store_people(db, [person_row(read, key, person, now) for key, person in people.items()])
    # An answer without memberships says nothing about them: what we know stays.
    described = {key: person for key, person in people.items() if person.memberships is not None}
    queries.forget_memberships(db, read.woodpecker_account_id, described)
    rows = [
        {
            "woodpecker_account_id": read.woodpecker_account_id,
            "address_key": key[:320],
            "campaign_vendor_id": membership.campaign_id,
            "vendor_prospect_id": person.id,
            "status": membership.status[:_LENGTH],
            "interest": membership.interest[:_LENGTH] or None,
            "sender": membership.sender[:320] or None,
            "fetched_at": now,
            "read_id": read.id,
        }
        for key, person in described.items()
        for membership in {each.campaign_id: each for each in person.memberships or ()}.values()
    ]
    queries.store_memberships(db, rows)
