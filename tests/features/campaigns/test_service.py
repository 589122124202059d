"""The copy: what reads store, what they take away, and the one job that speaks for an account."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.builders import NOON, a_campaign, a_membership, an_account, an_account_person
from woodpecker_api.clients.woodpecker import port
from woodpecker_api.db.session import Database
from woodpecker_api.features.campaigns import service
from woodpecker_api.features.campaigns.models import (
    AccountPerson,
    AccountRead,
    Campaign,
    Membership,
    ReadKind,
    WoodpeckerAccount,
)
from woodpecker_api.system.audit.service import SYSTEM

LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    with database.writing() as session:
        yield session


class Jobs:
    def __init__(self) -> None:
        self.keys: list[str] = []

    def enqueue(self, _db: Session, _name: str, _record_id: str, **options: str) -> str:
        self.keys.append(options["key"])
        return options["key"]


def vendor_campaign(number: int, status: str = "RUNNING", name: str = "Q1") -> port.Campaign:
    return port.Campaign(number, name, status, ("olga@team.example",), 50, NOON, "")


def person(email: str, *campaigns: int, status: str = "ACTIVE", number: int = 1) -> port.KnownProspect:
    memberships = tuple(port.Membership(each, "", "RUNNING", "ACTIVE", "", "") for each in campaigns)
    return port.KnownProspect(number, email, status, {}, {}, NOON, None, None, memberships)


def page(*people: port.KnownProspect, number: int = 1, more: bool = False, unreadable: int = 0) -> port.ProspectsPage:
    return port.ProspectsPage(people, number, more, None, unreadable)


def members(db: Session, campaign: Campaign) -> set[str]:
    found = sa.select(Membership.address_key).where(Membership.campaign_vendor_id == campaign.vendor_id)
    return set(db.scalars(found))


def a_read(db: Session, campaign: Campaign | None, kind: ReadKind, account_id: str) -> AccountRead:
    return service.request_read(db, SYSTEM, account_id, kind, campaign_id=campaign.id if campaign else None)


def test_the_sandbox_is_one_account_although_its_port_changes(db: Session):
    first = service.ensure_account(db, "http://127.0.0.1:1/rest", sandbox=True)
    second = service.ensure_account(db, "http://127.0.0.1:2/rest/", sandbox=True)
    assert (first.id, second.base_url) == (second.id, "http://127.0.0.1:2/rest")
    real = service.ensure_account(db, "https://api.woodpecker.co/rest", sandbox=False)
    assert real.id != first.id
    assert service.the_account(db, sandbox=True).id == first.id


def test_a_list_of_campaigns_adds_renews_and_marks_who_is_gone(db: Session):
    account = an_account(db)
    kept = a_campaign(db, account=account, vendor_id=1, status="DRAFT")
    gone = a_campaign(db, account=account, vendor_id=2)
    deleted = a_campaign(db, account=account, vendor_id=3)
    found = [vendor_campaign(1, "RUNNING"), vendor_campaign(3, "DELETED"), vendor_campaign(4, "WAITING-FOR-GODOT")]
    service.store_campaigns(db, account.id, found, LATER)
    assert (kept.status, kept.gone_at, kept.fetched_at) == ("RUNNING", None, LATER)
    assert (gone.gone_at, deleted.gone_at) == (LATER, LATER)
    new = db.scalars(sa.select(Campaign).where(Campaign.vendor_id == 4)).one()
    assert new.status == "WAITING-FOR-GODOT"
    assert account.campaigns_as_of == LATER


def test_a_campaign_that_comes_back_is_no_longer_gone(db: Session):
    account = an_account(db)
    campaign = a_campaign(db, account=account, vendor_id=1, gone_at=NOON)
    service.store_campaigns(db, account.id, [vendor_campaign(1)], LATER)
    assert campaign.gone_at is None


def test_a_complete_read_of_members_takes_away_who_has_left(db: Session):
    campaign = a_campaign(db)
    a_membership(db, campaign, "left@acme.example")
    read = a_read(db, campaign, ReadKind.MEMBERS, campaign.woodpecker_account_id)
    service.store_members_page(db, read, page(person("Ann@Acme.example"), more=True), LATER)
    assert (read.status, read.next_page, members(db, campaign)) == (
        "waiting",
        2,
        {"ann@acme.example", "left@acme.example"},
    )
    service.store_members_page(db, read, page(person("bob@acme.example"), number=2), LATER + timedelta(minutes=1))
    assert (read.status, members(db, campaign)) == ("done", {"ann@acme.example", "bob@acme.example"})
    assert campaign.members_as_of == LATER


def test_a_row_nobody_can_read_takes_nobody_away(db: Session):
    campaign = a_campaign(db)
    a_membership(db, campaign, "maybe@acme.example")
    read = a_read(db, campaign, ReadKind.MEMBERS, campaign.woodpecker_account_id)
    service.store_members_page(db, read, page(person("ann@acme.example"), unreadable=1), LATER)
    assert members(db, campaign) == {"ann@acme.example", "maybe@acme.example"}


def test_whom_we_added_while_a_read_was_under_way_stays(db: Session):
    campaign = a_campaign(db)
    read = a_read(db, campaign, ReadKind.MEMBERS, campaign.woodpecker_account_id)
    service.store_members_page(db, read, page(more=True), NOON)
    service.note_members(db, campaign.woodpecker_account_id, campaign.vendor_id, ["new@acme.example"], LATER)
    service.store_members_page(db, read, page(number=2), LATER)
    assert members(db, campaign) == {"new@acme.example"}


def test_a_campaigns_page_does_not_overwrite_what_the_account_says_of_a_person(db: Session):
    campaign = a_campaign(db)
    account = db.get_one(WoodpeckerAccount, campaign.woodpecker_account_id)
    an_account_person(db, account, "ann@acme.example", status="REPLIED")
    read = a_read(db, campaign, ReadKind.MEMBERS, account.id)
    service.store_members_page(db, read, page(person("ann@acme.example", status="PAUSED")), LATER)
    assert service.view_of(db, account.id, ["ann@acme.example"])["ann@acme.example"].status == "REPLIED"


def test_a_complete_read_of_everybody_renews_people_and_memberships(db: Session):
    campaign = a_campaign(db)
    account = db.get_one(WoodpeckerAccount, campaign.woodpecker_account_id)
    an_account_person(db, account, "gone@acme.example")
    an_account_person(db, account, "ann@acme.example")
    a_membership(db, campaign, "ann@acme.example")
    read = a_read(db, None, ReadKind.PEOPLE, account.id)
    found = page(person("ann@acme.example", status="BOUNCED"), person("bob@acme.example", 77))
    service.store_people_page(db, read, found, LATER)
    asked = service.to_verify(db, read)
    assert (read.status, read.verifying, len(asked)) == ("waiting", True, 1)
    service.store_verified(db, read, asked, [], LATER)
    assert read.status == "done"
    assert set(db.scalars(sa.select(AccountPerson.address_key))) == {"ann@acme.example", "bob@acme.example"}
    views = service.view_of(db, account.id, ["ann@acme.example", "bob@acme.example"])
    assert (views["ann@acme.example"].status, dict(views["ann@acme.example"].campaigns)) == ("BOUNCED", {})
    assert dict(views["bob@acme.example"].campaigns) == {77: "campaign 77"}
    assert account.people_as_of == LATER


def test_asking_twice_for_the_same_is_one_read_until_it_has_begun(db: Session):
    campaign = a_campaign(db)
    account_id = campaign.woodpecker_account_id
    first = a_read(db, campaign, ReadKind.MEMBERS, account_id)
    assert a_read(db, campaign, ReadKind.MEMBERS, account_id).id == first.id
    assert a_read(db, None, ReadKind.CAMPAIGNS, account_id).id != first.id
    service.store_members_page(db, first, page(more=True), NOON)
    assert a_read(db, campaign, ReadKind.MEMBERS, account_id).id != first.id


def test_a_job_that_ends_leaves_its_number_to_the_next(db: Session):
    account, jobs = an_account(db), Jobs()
    service.wake(db, jobs, account.id)  # type: ignore[arg-type]
    service.wake(db, jobs, account.id)  # type: ignore[arg-type]
    assert jobs.keys == [f"account-{account.id}-0"] * 2
    assert not service.end_job(db, account.id, lambda _: True)
    assert service.end_job(db, account.id, lambda _: False)
    service.wake(db, jobs, account.id)  # type: ignore[arg-type]
    assert jobs.keys[-1] == f"account-{account.id}-1"
