"""Storing what a read brought. Each function is one transaction's work: a page, and where the read stands after it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.clients.woodpecker import port
from woodpecker_api.features.campaigns import queries
from woodpecker_api.features.campaigns.models import AccountRead, Campaign, ReadStatus, WoodpeckerAccount
from woodpecker_api.kit.clock import rfc3339
from woodpecker_api.kit.ids import new_id
from woodpecker_api.kit.text import address_key, domain_key, shorten
from woodpecker_api.system.audit.service import SYSTEM, record
from woodpecker_api.system.changes.service import announce

_STATUS_LENGTH = 32


def store_campaigns(db: Session, account_id: str, found: Sequence[port.Campaign], now: datetime) -> None:
    """The whole list as read at `now`: new ones appear, missing and DELETED ones are marked as gone."""
    known = queries.all_campaigns(db, account_id)
    for each in found:
        campaign = known.pop(each.id, None)
        if campaign is None:
            campaign = Campaign(woodpecker_account_id=account_id, vendor_id=each.id)
            db.add(campaign)
        _copy_campaign(campaign, each, now)
    for campaign in known.values():
        campaign.gone_at = campaign.gone_at or now
        campaign.fetched_at = now
    account = db.get_one(WoodpeckerAccount, account_id)
    account.campaigns_as_of = now
    db.flush()
    announce(db, "campaign")


def store_members_page(db: Session, read: AccountRead, page: port.ProspectsPage, now: datetime) -> None:
    """One page of a campaign's members; after the last one, who was not seen has left."""
    campaign = db.get_one(Campaign, read.campaign_id)
    started_at = begin(read, now)
    membership = dict(by_key(page.prospects))
    _add_unknown_people(db, read, membership, now)
    rows = [_member_row(read, campaign, key, person, now) for key, person in membership.items()]
    queries.store_memberships(db, rows)
    if turn_page(read, page):
        return
    # A row that could not be read may be anybody: then nobody is said to have left.
    if page.unreadable_rows == 0:
        queries.sweep_members(db, read, campaign.vendor_id, started_at)
    campaign.members_as_of = started_at
    finish(db, read, now)
    announce(db, "campaign", campaign.id)


def store_steps(db: Session, campaign_id: str, found: port.CampaignSteps | None, now: datetime) -> None:
    """What the campaign's steps say; None when Woodpecker cannot show them."""
    campaign = db.get_one(Campaign, campaign_id)
    campaign.steps_asked_at = now
    if found is None:
        campaign.detail = None
        return
    campaign.time_zone = found.time_zone[:64] or campaign.time_zone
    campaign.per_day = found.per_day if found.per_day is not None else campaign.per_day
    campaign.detail = {
        "as_of": rfc3339(now),
        "uses_prospect_time_zone": found.uses_prospect_time_zone,
        "steps": [
            {
                "number": step.number,
                "kind": step.kind,
                "day": step.day,
                "windows": {day: [list(span) for span in spans] for day, spans in step.windows.items()},
                "versions": [
                    {"name": v.name, "subject": v.subject, "body": v.body, "signature": v.signature}
                    for v in step.versions
                ],
            }
            for step in found.steps
        ],
    }


def finish_check(db: Session, read: AccountRead, now: datetime, users: Sequence[port.Mailbox] = ()) -> None:
    """The read brought nothing to store beyond that it went well, and whom the key sees in the account."""
    read.found = [{"name": each.name, "email": each.email, "role": each.role} for each in users] or None
    begin(read, now)
    finish(db, read, now)


def fail_read(db: Session, read: AccountRead, code: str, sentence: str, now: datetime) -> None:
    """The read cannot be done; pages already stored stay, nobody is removed."""
    read.status = ReadStatus.FAILED
    read.error_code, read.error = code, shorten(sentence, 500)
    read.finished_at = now
    record(db, SYSTEM, "account_read.failed", ("account_read", read.id), after={"code": code})
    announce(db, "account_read", read.id)


def note_members(db: Session, account_id: str, campaign_vendor_id: int, keys: Iterable[str], now: datetime) -> None:
    """These people are in the campaign since a moment ago, by our own adding."""
    rows = [
        {
            "woodpecker_account_id": account_id,
            "address_key": key,
            "campaign_vendor_id": campaign_vendor_id,
            "vendor_prospect_id": None,
            "status": None,
            "interest": None,
            "sender": None,
            "fetched_at": now,
            "read_id": None,
        }
        for key in keys
    ]
    queries.store_memberships(db, rows)


def forget_members(db: Session, account_id: str, key: str, campaign_vendor_id: int | None) -> None:
    """The person has left this campaign, or with None every one."""
    queries.forget_one(db, account_id, key, campaign_vendor_id)


def _copy_campaign(campaign: Campaign, found: port.Campaign, now: datetime) -> None:
    campaign.name = found.name[:500]
    campaign.status = found.status[:_STATUS_LENGTH]
    campaign.from_emails = list(found.from_emails)
    campaign.from_names = list(found.from_names)
    campaign.per_day = found.per_day
    campaign.last_error = found.error or None
    campaign.created_at = found.created
    campaign.fetched_at = now
    campaign.gone_at = (campaign.gone_at or now) if found.status.upper() == "DELETED" else None


def begin(read: AccountRead, now: datetime) -> datetime:
    read.started_at = read.started_at or now
    return read.started_at


def turn_page(read: AccountRead, page: port.ProspectsPage) -> bool:
    """Whether there is another page."""
    if page.more:
        read.next_page = page.page + 1
    return page.more


def finish(db: Session, read: AccountRead, now: datetime) -> None:
    read.status = ReadStatus.DONE
    read.finished_at = now
    record(
        db, SYSTEM, "account_read.done", ("account_read", read.id), after={"kind": read.kind, "pages": read.next_page}
    )
    announce(db, "account_read", read.id)


def _member_row(
    read: AccountRead, campaign: Campaign, key: str, person: port.KnownProspect, now: datetime
) -> dict[str, object]:
    """A row of a campaign's page; what it says beyond the status stands in the membership, where the vendor sends it."""
    own = next((each for each in person.memberships or () if each.campaign_id == campaign.vendor_id), None)
    return {
        "woodpecker_account_id": read.woodpecker_account_id,
        "address_key": key[:320],
        "campaign_vendor_id": campaign.vendor_id,
        "vendor_prospect_id": person.id,
        "status": person.status[:_STATUS_LENGTH],
        "interest": (own.interest[:_STATUS_LENGTH] or None) if own else None,
        "sender": (own.sender[:320] or None) if own else None,
        "fetched_at": now,
        "read_id": read.id,
    }


def by_key(prospects: Iterable[port.KnownProspect]) -> Iterable[tuple[str, port.KnownProspect]]:
    return ((address_key(person.email), person) for person in prospects)


def _add_unknown_people(db: Session, read: AccountRead, found: dict[str, port.KnownProspect], now: datetime) -> None:
    """A campaign's page tells the status in the campaign, so it must not overwrite what we know of the account."""
    known = queries.known_keys(db, read.woodpecker_account_id, found)
    rows = [person_row(read, key, person, now) for key, person in found.items() if key not in known]
    queries.store_people(db, [{**row, "status": ""} for row in rows])


def person_row(read: AccountRead, key: str, person: port.KnownProspect, now: datetime) -> dict[str, object]:
    return {
        "id": new_id(),
        "woodpecker_account_id": read.woodpecker_account_id,
        "vendor_id": person.id,
        "email": person.email[:320],
        "address_key": key[:320],
        "domain": domain_key(person.email.rpartition("@")[2])[:255],
        "status": person.status[:_STATUS_LENGTH],
        "interest": person.interest[:_STATUS_LENGTH] or None,
        "last_contacted_at": person.last_contacted,
        "last_replied_at": person.last_replied,
        "vendor_updated_at": person.updated,
        "fetched_at": now,
        "read_id": read.id,
    }
