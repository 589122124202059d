"""The mirror of the account, read by its one loop: complete, taken up where it stopped, and nobody lost on the way."""

from datetime import timedelta
from itertools import pairwise

import sqlalchemy as sa

from tests.features.exports.world import World
from woodpecker_api.clients.woodpecker.errors import ConnectionCutError, UnreadableAnswerError
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import AccountPerson, AccountRead, Membership, ReadKind, WoodpeckerAccount
from woodpecker_api.system.audit.service import SYSTEM


def ask(world: World, *, everybody: bool = False) -> str:
    with world.database.writing() as db:
        return campaigns.request_mirror(db, SYSTEM, world.account_id, everybody=everybody).id


def a_read(world: World, read_id: str) -> AccountRead:
    with world.database.reading() as db:
        return db.get_one(AccountRead, read_id)


def copy_of(world: World) -> set[str]:
    with world.database.reading() as db:
        return set(db.scalars(sa.select(AccountPerson.address_key)))


def as_of(world: World) -> WoodpeckerAccount:
    with world.database.reading() as db:
        return db.get_one(WoodpeckerAccount, world.account_id)


def people(world: World, count: int) -> None:
    for number in range(count):
        world.vendor.put(f"p{number}@acme.example", world.vendor_id)


def test_everybody_is_read_page_by_page_and_the_time_is_kept(world: World):
    world.vendor.page_size = 4
    people(world, 10)
    began = world.time.now()
    read_id = ask(world)
    world.run()
    read = a_read(world, read_id)
    assert (read.status, read.rounds, read.total) == ("done", 1, 10)
    assert world.vendor.pages == [1, 3, 2, 1]
    assert len(copy_of(world)) == 10
    assert as_of(world).people_as_of == as_of(world).people_full_as_of == read.started_at
    assert read.started_at is not None
    assert read.started_at >= began


def test_a_killed_worker_leaves_a_read_that_goes_on_with_the_next_page(world: World):
    world.vendor.page_size = 4
    people(world, 10)
    read_id = ask(world)
    world.turn()
    world.turn()
    world.restart()
    asked_before = len(world.vendor.diffs)
    world.run()
    assert (asked_before, world.vendor.pages) == (2, [1, 3, 2, 1])
    assert a_read(world, read_id).status == "done"


def test_the_next_read_asks_only_for_changes_and_overlaps_the_last_one(world: World):
    people(world, 3)
    ask(world)
    world.run()
    world.time.pass_by(3_600)
    world.vendor.people["p1@acme.example"].status = "REPLIED"
    world.vendor.people["p1@acme.example"].updated = world.time.now()
    first = as_of(world).people_as_of
    assert first is not None
    ask(world)
    world.run()
    assert world.vendor.diffs == [None, first - timedelta(minutes=10)]
    assert as_of(world).people_full_as_of == first
    assert as_of(world).people_as_of == world.time.now()
    with world.database.reading() as db:
        facts = campaigns.facts_of(db, world.account_id, ["p1@acme.example"])
    assert (facts.people["p1@acme.example"].replied, facts.as_of) == (True, as_of(world).people_as_of)


def test_people_who_slip_to_the_page_before_are_read_twice_and_never_lost(world: World):
    world.vendor.page_size = 4
    people(world, 10)

    def lose_one(page: int) -> None:
        # Everybody behind moves one place to the front, onto a page that is not read yet.
        world.vendor.people.pop("p0@acme.example", None)

    world.vendor.after_page = lose_one
    ask(world)
    world.run()
    assert copy_of(world) == {f"p{number}@acme.example" for number in range(1, 10)}


def test_nobody_is_taken_away_who_is_still_there_when_asked_by_number(world: World):
    world.vendor.page_size = 4
    people(world, 10)
    ask(world)
    world.run()
    world.time.pass_by(60)
    del world.vendor.people["p9@acme.example"]
    world.vendor.hidden = {"p4@acme.example"}
    ask(world, everybody=True)
    world.run()
    assert copy_of(world) == {f"p{number}@acme.example" for number in range(9)}
    assert [len(ids) for ids in world.vendor.asked_by_id] == [2]


def test_a_vendor_that_does_not_count_is_read_forwards(world: World):
    world.vendor.page_size = 4
    world.vendor.counts = False
    people(world, 10)
    ask(world)
    world.run()
    assert (world.vendor.pages, len(copy_of(world))) == ([1, 2, 3], 10)


def test_a_vendor_that_gives_smaller_pages_than_asked_for_is_read_to_the_end(world: World):
    world.vendor.page_size = 3
    people(world, 10)
    ask(world)
    world.run()
    assert (world.vendor.pages, len(copy_of(world))) == ([1, 4, 3, 2, 1], 10)


def test_who_left_the_account_is_gone_with_all_memberships(world: World):
    people(world, 3)
    ask(world)
    world.run()
    del world.vendor.people["p2@acme.example"]
    world.time.pass_by(60)
    ask(world, everybody=True)
    world.run()
    with world.database.reading() as db:
        keys = set(db.scalars(sa.select(Membership.address_key)))
    assert keys == copy_of(world) == {"p0@acme.example", "p1@acme.example"}


def test_a_vendor_that_does_not_turn_pages_ends_the_read_instead_of_looping(world: World):
    people(world, 10)
    world.vendor.page_size = 4
    world.vendor.always_first_page = True
    read_id = ask(world)
    world.run()
    read = a_read(world, read_id)
    assert (read.status, read.error_code) == ("failed", "unreadable_answer")
    assert world.vendor.requests < 20


def test_a_read_that_is_cut_off_changes_nothing_and_is_asked_again(world: World):
    people(world, 3)
    world.vendor.read_errors = [ConnectionCutError("cut"), UnreadableAnswerError("html")]
    read_id = ask(world)
    world.run()
    assert (a_read(world, read_id).status, len(copy_of(world))) == ("done", 3)


def test_an_export_beside_the_mirror_waits_for_one_page_at_most(world: World):
    world.vendor.page_size = 1
    people(world, 30)
    ask(world)
    export_id = world.start(world.approved_leads(120))
    world.run()
    assert world.statuses(export_id) == {"added": 120}
    log = world.vendor.log
    adds = [place for place, call in enumerate(log) if call == "add"]
    between = [log[a:b].count("people") for a, b in pairwise(adds)]
    assert max(between) <= 1
    assert log.count("people") >= 30


def test_two_who_ask_at_once_get_one_read(world: World):
    assert ask(world) == ask(world)


def test_what_is_old_is_asked_for_once_and_not_with_the_setting_at_zero(world: World):
    with world.database.writing() as db:
        assert campaigns.ask_for_what_is_old(db, SYSTEM, world.account_id, world.time.now())
        waiting = [read.kind for read in campaigns.reads_waiting(db, world.account_id)]
    assert sorted(waiting) == [ReadKind.CAMPAIGNS, ReadKind.PEOPLE]
    world.run()
    with world.database.writing() as db:
        assert campaigns.ask_for_what_is_old(db, SYSTEM, world.account_id, world.time.now())
        waiting = {(read.kind, read.campaign_id) for read in campaigns.reads_waiting(db, world.account_id)}
        assert waiting == {(ReadKind.PROBE, None), (ReadKind.BLACKLIST, None), (ReadKind.STEPS, world.campaign_id)}
    world.run()
    with world.database.writing() as db:
        assert not campaigns.ask_for_what_is_old(db, SYSTEM, world.account_id, world.time.now())
        later = world.time.now() + timedelta(minutes=16)
        assert campaigns.ask_for_what_is_old(db, SYSTEM, world.account_id, later)
