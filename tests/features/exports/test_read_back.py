"""Whom Woodpecker keeps out comes onto our own do-not-contact list, hourly; and whole domains go the other way."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import builders as make
from tests.features.exports.world import World
from woodpecker_api.clients.woodpecker.errors import ConnectionCutError, RequestRefusedError, UnreadableAnswerError
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import AccountPerson, AccountRead, ReadKind, WoodpeckerAccount
from woodpecker_api.features.exports.models import ExportPlanItem, Removal
from woodpecker_api.features.exports.service import removing
from woodpecker_api.features.leads.models import DoNotContact
from woodpecker_api.features.leads.service import NewEntry, add_entry
from woodpecker_api.features.leads.service.erasing import SUPPRESSION_KEY, person_hash, remember_erased
from woodpecker_api.features.leads.service.listeners import listen
from woodpecker_api.features.leads.service.read_back import SANDBOX_LIST
from woodpecker_api.features.leads.service.samples import remove_samples
from woodpecker_api.system.audit.models import AuditLine
from woodpecker_api.system.audit.service import SYSTEM


def ask(world: World) -> str:
    with world.database.writing() as db:
        return campaigns.request_read(db, SYSTEM, world.account_id, ReadKind.BLACKLIST).id


def read_back(world: World) -> AccountRead:
    read_id = ask(world)
    world.run()
    with world.database.reading() as db:
        return db.get_one(AccountRead, read_id)


def listed(world: World) -> dict[str, str]:
    """Value of each entry to its reason."""
    with world.database.reading() as db:
        return {entry.value: entry.reason for entry in db.scalars(sa.select(DoNotContact))}


def lines(world: World, action: str) -> int:
    with world.database.reading() as db:
        return db.scalar(sa.select(sa.func.count()).where(AuditLine.action == action)) or 0


def test_addresses_domains_and_opted_out_people_come_onto_the_list_with_their_reason(world: World):
    world.vendor.blacklist = {"No@Thanks.example"}
    world.vendor.blacklisted_at_domains = {"rival.example"}
    world.vendor.put("out@acme.example", world.vendor_id, status="BLACKLIST")
    world.vendor.put("in@acme.example", world.vendor_id)
    read = read_back(world)
    assert (read.status, read.rounds, read.highest_id) == ("done", 2, None)
    assert listed(world) == {
        "no@thanks.example": "On Woodpecker’s blacklist",
        "rival.example": "On Woodpecker’s blacklist",
        "out@acme.example": "Opted out or blacklisted in Woodpecker",
    }
    with world.database.reading() as db:
        account = db.get_one(WoodpeckerAccount, world.account_id)
        assert account.blacklist_as_of == read.started_at is not None
        # The people it met are as fresh in our copy.
        assert list(db.scalars(sa.select(AccountPerson.status))) == ["BLACKLIST"]


def test_a_long_list_is_read_page_by_page_and_goes_on_after_a_kill(world: World):
    world.vendor.blacklist_page_size = 2
    world.vendor.blacklist = {f"p{number}@acme.example" for number in range(5)}
    read_id = ask(world)
    world.turn()
    world.turn()
    world.restart()
    world.run()
    assert world.vendor.blacklist_pages == [
        ("emails", 1),
        ("emails", 2),
        ("emails", 3),
        ("domains", 1),
        ("opted_out", 1),
    ]
    assert len(listed(world)) == 5
    with world.database.reading() as db:
        assert db.get_one(AccountRead, read_id).status == "done"


def test_reading_the_same_again_adds_nothing_and_writes_no_line(world: World):
    world.vendor.blacklist = {"no@thanks.example"}
    read_back(world)
    before = lines(world, "do_not_contact.read_back")
    read_back(world)
    assert (before, lines(world, "do_not_contact.read_back")) == (1, 1)


def test_an_entry_of_a_person_keeps_its_reason_and_one_that_is_over_is_renewed(world: World):
    with world.database.writing() as db:
        now = world.time.now()
        add_entry(db, world.user, NewEntry("ours@acme.example", "Asked us to stop"), now)
        add_entry(db, world.user, NewEntry("over@acme.example", "Until May", now - timedelta(days=1)), now)
    world.vendor.blacklist = {"ours@acme.example", "over@acme.example"}
    read_back(world)
    assert listed(world) == {
        "ours@acme.example": "Asked us to stop",
        "over@acme.example": "On Woodpecker’s blacklist",
    }
    with world.database.reading() as db:
        assert set(db.scalars(sa.select(DoNotContact.until))) == {None}


def test_the_address_of_an_erased_person_does_not_come_back_from_the_vendor(world: World):
    world.database.info[SUPPRESSION_KEY] = b"k" * 32
    with world.database.writing() as db:
        remember_erased(db, person_hash(db, "gone@acme.example"), world.time.now())
    world.vendor.blacklist = {"Gone@acme.example", "other@acme.example"}
    read_back(world)
    assert set(listed(world)) == {"other@acme.example"}


def test_words_that_are_no_address_are_passed_over_and_a_star_means_the_domain(world: World):
    world.vendor.blacklist = {"*@star.example", "nonsense", "ok@acme.example"}
    assert read_back(world).status == "done"
    assert set(listed(world)) == {"star.example", "ok@acme.example"}


def test_a_vendor_that_does_not_turn_pages_ends_the_read_instead_of_looping(world: World):
    world.vendor.blacklist_page_size = 2
    world.vendor.counts = False
    world.vendor.always_first_page = True
    world.vendor.blacklist = {f"p{number}@acme.example" for number in range(5)}
    read = read_back(world)
    assert (read.status, read.error_code) == ("failed", "unreadable_answer")
    assert len(world.vendor.blacklist_pages) < 10


def test_a_cut_or_unreadable_page_is_asked_for_again(world: World):
    world.vendor.blacklist = {"no@thanks.example"}
    world.vendor.read_errors = [ConnectionCutError("cut"), UnreadableAnswerError("html")]
    assert read_back(world).status == "done"
    assert set(listed(world)) == {"no@thanks.example"}


def test_it_is_asked_for_every_hour_and_never_beside_itself(world: World):
    def due() -> int:
        with world.database.writing() as db:
            campaigns.ask_for_what_is_old(db, SYSTEM, world.account_id, world.time.now())
            kinds = [read.kind for read in campaigns.reads_waiting(db, world.account_id)]
        return kinds.count(ReadKind.BLACKLIST)

    with world.database.writing() as db:
        campaigns.store_campaigns(db, world.account_id, (), world.time.now())
        # Created by the database's clock: the reads of this test are as old as the test says.
        campaigns.ask_for_what_is_old(db, SYSTEM, world.account_id, world.time.now())
        db.execute(sa.update(AccountRead).values(created_at=world.time.now()))
    assert due() == 1
    world.time.pass_by(3 * 3600)
    assert due() == 1
    world.run()
    with world.database.writing() as db:
        db.execute(sa.update(AccountRead).values(created_at=world.time.now()))
    world.time.pass_by(59 * 60)
    assert due() == 0
    world.time.pass_by(2 * 60)
    assert due() == 1


def test_who_opted_out_there_is_kept_out_of_the_next_plan_here(world: World):
    [lead_id] = world.approved_leads(1, email="ann@rival.example")
    world.vendor.blacklisted_at_domains = {"rival.example"}
    read_back(world)
    plan_id = world.plan([lead_id])
    with world.database.reading() as db:
        decisions = db.scalars(sa.select(ExportPlanItem.decision).where(ExportPlanItem.plan_id == plan_id))
        assert list(decisions) == ["do_not_contact"]


def test_what_the_simulator_keeps_out_goes_with_the_sample_data(world: World):
    world.vendor.blacklist = {"no@thanks.example"}
    read_back(world)
    with world.database.writing() as db:
        add_entry(db, world.user, NewEntry("ours@acme.example"), world.time.now())
        assert set(db.scalars(sa.select(DoNotContact.list_name))) == {SANDBOX_LIST, None}
        remove_samples(db, SYSTEM, world.time.now())
    assert set(listed(world)) == {"ours@acme.example"}
    assert lines(world, "do_not_contact.list_removed") == 1


@pytest.fixture
def listening(world: World) -> World:
    listen(suppressed=removing.on_suppressed)
    return world


def suppress(world: World, value: str, until: timedelta | None = None) -> None:
    with world.database.writing() as db:
        now = world.time.now()
        add_entry(db, world.user, NewEntry(value, "", now + until if until else None), now)


def test_a_domain_is_blacklisted_as_a_whole_and_its_people_leave(listening: World):
    listening.vendor.put("ann@rival.example", listening.vendor_id)
    with listening.database.writing() as db:
        account = db.get_one(WoodpeckerAccount, listening.account_id)
        make.an_account_person(db, account, "ann@rival.example")
        campaigns.note_members(db, account.id, listening.vendor_id, ["ann@rival.example"], listening.time.now())
    suppress(listening, "rival.example")
    listening.run()
    assert listening.vendor.blacklisted_at_domains == {"rival.example"}
    assert not listening.vendor.has("ann@rival.example", listening.vendor_id)
    with listening.database.reading() as db:
        assert set(db.scalars(sa.select(Removal.status))) == {"done"}
        assert all(db.scalars(sa.select(Removal.blacklisted_at).where(Removal.address_key == "@rival.example")))


@pytest.mark.parametrize(
    "error", [ConnectionCutError("cut", outcome_unknown=True), RequestRefusedError("no", status=400)], ids=["cut", "no"]
)
def test_a_domain_that_was_not_taken_is_tried_again_until_it_is(listening: World, error: Exception):
    suppress(listening, "rival.example")
    listening.vendor.read_errors = [error]  # type: ignore[list-item]
    listening.run()
    assert listening.vendor.blacklisted_at_domains == {"rival.example"}


def test_a_domain_for_a_time_is_kept_out_here_and_not_blacklisted_there(listening: World):
    suppress(listening, "rival.example", timedelta(days=90))
    listening.run()
    assert listening.vendor.blacklisted_at_domains == set()


def test_once_a_real_account_is_known_only_that_one_is_told_of_domains(listening: World):
    with listening.database.writing() as db:
        real = make.an_account(db, sandbox=False, base_url="https://real.example")
    suppress(listening, "rival.example")
    with listening.database.reading() as db:
        assert list(db.scalars(sa.select(Removal.woodpecker_account_id))) == [real.id]
