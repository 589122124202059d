"""What the simulated vendor does with people: the table of section 6.1 of the facts, row by row."""

from typing import Any

import pytest

from woodpecker_api.sandbox.woodpecker.account import Campaign, Enrolment, Prospect, WoodpeckerAccount
from woodpecker_api.sandbox.woodpecker.enrolling import Adding, add, remove
from woodpecker_api.sandbox.woodpecker.ledger import Ledger

NOW = "2026-11-22T10:00:00+0100"
ANN = "ann@acme.example"


class World:
    """A draft campaign 1, a completed campaign 2, and Ann, who is in neither."""

    def __init__(self, status: str = "ACTIVE") -> None:
        ann = Prospect(1, ANN, status, {"company": "Acme", "snippet1": "old", "tags": "#ICP"})
        campaigns = {1: Campaign(1, "Draft"), 2: Campaign(2, "Done", "COMPLETED")}
        self.account = WoodpeckerAccount({1: ann}, campaigns)
        self.ledger = Ledger()

    def add(self, *rows: dict[str, Any], campaign_id: int | None = 1, update: bool = True, force: bool = False) -> Any:
        return add(self.account, self.ledger, Adding(campaign_id, update, force, "", rows), NOW)

    def ann(self) -> Prospect:
        found = self.account.find(ANN)
        assert found is not None
        return found


@pytest.mark.parametrize("update", [True, False])
def test_an_unknown_person_is_created_and_enrolled(update: bool) -> None:
    world = World()
    answer = world.add({"email": "Bob@acme.example", "snippet1": "hi"}, update=update)

    bob = world.account.find("bob@ACME.example")
    assert bob is not None
    assert (bob.email, bob.values, list(bob.enrolments)) == ("Bob@acme.example", {"snippet1": "hi"}, [1])
    assert answer["prospects"][0] == {"email": "Bob@acme.example", "id": bob.id, "prospect": None, "prospect_campaign": None,
                                      "status": None, "code": None, "msg": None}  # fmt: skip


def test_without_update_a_known_person_is_enrolled_with_the_stored_texts() -> None:
    world = World()
    row = world.add({"email": ANN, "snippet1": "new"}, update=False)["prospects"][0]

    assert (row["prospect"], row["prospect_campaign"]) == ("DUPLICATE", None)
    assert world.ann().values["snippet1"] == "old"
    assert 1 in world.ann().enrolments


def test_with_update_only_the_keys_that_were_sent_change() -> None:
    world = World()
    world.add({"email": ANN, "snippet1": "", "city": "Hull", "time_zone": "CET"})

    assert world.ann().values == {"company": "Acme", "snippet1": "", "city": "Hull", "tags": "#ICP"}
    assert world.ledger.unknown_keys == {"time_zone"}


def test_tags_are_united() -> None:
    world = World()
    world.add({"email": ANN, "tags": "#Q4 #ICP"})

    assert world.ann().values["tags"] == "#ICP #Q4"


def test_texts_belong_to_the_person_in_every_campaign() -> None:
    world = World()
    world.add({"email": ANN}, campaign_id=1)
    world.add({"email": ANN, "snippet1": "rewritten"}, campaign_id=2)

    assert list(world.ann().enrolments) == [1, 2]
    assert world.ann().values["snippet1"] == "rewritten"


@pytest.mark.parametrize("update", [True, False])
def test_nobody_is_enrolled_twice_in_whatever_case_or_within_one_request(update: bool) -> None:
    world = World()
    rows = world.add({"email": ANN}, {"email": "ANN@acme.example"}, update=update)["prospects"]

    assert [row["prospect_campaign"] for row in rows] == [None, "DUPLICATE"]
    assert (world.ledger.arrived[1, ANN], world.ledger.applied[1, ANN]) == (2, 1)
    assert world.ledger.applied_too_often() == []


@pytest.mark.parametrize("status", ["REPLIED", "BOUNCED", "BLACKLIST", "INVALID"])
@pytest.mark.parametrize("update", [True, False])
def test_a_person_who_is_not_active_is_refused_and_left_as_they_were(status: str, update: bool) -> None:
    world = World(status)
    answer = world.add({"email": ANN, "snippet1": "new"}, update=update)

    assert answer["prospects"][0]["status"] == "ERROR"
    assert answer["status"] == {
        "status": "ERROR",
        "code": "E_INV_STATUS",
        "msg": "None of the requested prospects were added",
    }
    assert (world.ann().values["snippet1"], world.ann().enrolments) == ("old", {})
    assert world.ledger.applied[1, ANN] == 0


def test_force_enrols_even_those() -> None:
    world = World("REPLIED")
    world.add({"email": ANN}, force=True)

    assert 1 in world.ann().enrolments


def test_one_good_row_makes_the_whole_answer_ok() -> None:
    answer = World().add({"email": "nonsense"}, {"email": ANN}, {"company": "nobody"})

    assert [row["status"] for row in answer["prospects"]] == ["ERROR", None, "ERROR"]
    assert answer["status"]["status"] == "OK"


@pytest.mark.parametrize(("email", "status"), [(ANN, "RUNNING"), ("nonsense", "COMPLETED")])
def test_a_completed_campaign_runs_again_as_soon_as_somebody_was_accepted(email: str, status: str) -> None:
    world = World()
    world.add({"email": email}, campaign_id=2)

    assert world.account.campaigns[2].status == status


def test_the_status_in_the_campaign_can_be_set_when_enrolling() -> None:
    world = World()
    world.add({"email": ANN, "status": "TO-REVIEW"})

    assert world.ann().enrolments[1].status == "TO-REVIEW"


def test_adding_to_the_account_enrols_nobody() -> None:
    world = World()
    world.add({"email": ANN, "snippet1": "new"}, campaign_id=None)

    assert (world.ann().values["snippet1"], world.ann().enrolments) == ("new", {})


def test_leaving_one_campaign_keeps_the_person() -> None:
    world = World()
    world.add({"email": ANN}, campaign_id=1)
    world.add({"email": ANN}, campaign_id=2)
    remove(world.account, world.ledger, [1, 999], [1], NOW)

    assert list(world.ann().enrolments) == [2]
    assert [each.id for each in world.account.members([1])] == []


def test_deleting_takes_the_person_out_of_everything() -> None:
    world = World()
    world.add({"email": ANN})
    remove(world.account, world.ledger, [1], [], NOW)

    assert world.account.find(ANN) is None
    assert world.account.count_members(1) == 0


def test_who_left_may_come_back_without_counting_as_added_twice() -> None:
    world = World()
    world.add({"email": ANN})
    remove(world.account, world.ledger, [1], [1], NOW)
    world.add({"email": ANN})

    assert (world.ledger.applied[1, ANN], world.ledger.removed[1, ANN]) == (2, 1)
    assert world.ledger.applied_too_often() == []


def test_the_ledger_sees_a_person_who_was_enrolled_twice() -> None:
    world = World()
    world.add({"email": ANN})
    world.ann().enrolments.clear()
    world.add({"email": ANN})

    assert world.ledger.applied_too_often() == [(1, ANN)]
    assert world.ledger.summary()["applied_too_often"] == [{"campaign_id": 1, "email": ANN}]


def test_ids_are_never_given_twice() -> None:
    world = World()
    first = world.account.create("a@x.example", NOW)
    world.account.delete(first)

    assert world.account.create("b@x.example", NOW).id > first.id


def test_an_account_read_back_from_its_json_is_the_same() -> None:
    world = World()
    world.ann().enrolments[1] = Enrolment("PAUSED", "INTERESTED", NOW, 2)

    assert Prospect.from_json(world.ann().to_json()) == world.ann()
    assert Campaign.from_json(world.account.campaigns[2].to_json()) == world.account.campaigns[2]
