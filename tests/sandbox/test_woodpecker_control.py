"""Seeding, looking, and letting time pass at the vendor."""

import httpx
import pytest

from tests.woodpecker import COMPLETED, DRAFT, RUNNING, a_prospect
from woodpecker_api.clients.woodpecker.client import WoodpeckerClient
from woodpecker_api.sandbox.woodpecker import WoodpeckerServer


def test_the_sample_has_campaigns_in_every_state_and_people_with_a_past(woodpecker: WoodpeckerServer) -> None:
    state = woodpecker.control.state()

    assert {campaign["status"] for campaign in state["campaigns"]} == {
        "DRAFT",
        "PAUSED",
        "RUNNING",
        "COMPLETED",
        "STOPPED",
        "EDITED",
    }
    assert (state["prospects"], state["blacklist"]) == (14, {"emails": 2, "domains": 1})
    statuses = {person["status"] for person in woodpecker.control.enrolled(RUNNING).values()}
    assert statuses == {"ACTIVE", "REPLIED", "AUTOREPLIED", "BOUNCED", "BLACKLIST", "TO-CHECK", "PAUSED"}


def test_people_are_made_and_changed_by_address(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient
) -> None:
    first = woodpecker.control.put_prospect("kim@acme.example", values={"company": "Acme"}, campaigns={DRAFT: "PAUSED"})
    second = woodpecker.control.put_prospect(
        "KIM@acme.example", status="BOUNCED", last_contacted="2026-11-01T10:00:00+0100"
    )

    [kim] = woodpecker_client.find_members(["kim@acme.example"])
    assert first == second == kim.id
    assert (kim.status, kim.fields["company"], kim.memberships[0].status if kim.memberships else None) == (
        "BOUNCED",
        "Acme",
        "PAUSED",
    )


def test_campaigns_are_made_changed_and_removed(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient
) -> None:
    made = woodpecker.control.put_campaign(name="New", status="RUNNING")
    woodpecker.control.put_campaign(id=DRAFT, status="STOPPED")
    woodpecker.control.remove_campaign(COMPLETED)

    found = {campaign.id: (campaign.name, campaign.status) for campaign in woodpecker_client.list_campaigns()}
    assert found[made] == ("New", "RUNNING")
    assert found[DRAFT] == ("Q1 learning leaders", "STOPPED")
    assert COMPLETED not in found


@pytest.mark.parametrize(
    ("path", "body"),
    [("behaviour", {"nothing_found": "shrug"}), ("behaviour", {"colour": 1}), ("prospects", {"prospects": [{}]}),
     ("campaigns", {"remove": [1]})],
)  # fmt: skip
def test_an_order_that_cannot_be_followed_is_refused(
    woodpecker: WoodpeckerServer, path: str, body: dict[str, object]
) -> None:
    assert httpx.post(f"{woodpecker.url}/_control/{path}", json=body, trust_env=False).status_code == 400


def test_a_running_campaign_mails_who_has_all_texts_and_holds_the_others(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient
) -> None:
    campaign = woodpecker.control.put_campaign(
        name="Fresh", status="RUNNING", steps=[{"subject": "{{SNIPPET_1}}", "message": "{{SNIPPET_2}}"}]
    )
    people = [a_prospect("full@x.example"), a_prospect("empty@x.example", snippets={1: "only a subject", 2: ""})]
    woodpecker_client.add_prospects(campaign, people, deadline=5)

    assert woodpecker.control.process()["mailed"] >= 1

    full, empty = woodpecker_client.find_members(["full@x.example", "empty@x.example"])
    assert full.last_contacted is not None
    assert empty.last_contacted is None
    assert [person["status"] for person in woodpecker.control.enrolled(campaign).values()] == ["TO-CHECK", "ACTIVE"]


def test_the_blacklist_takes_effect_only_when_the_campaign_is_processed(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient
) -> None:
    woodpecker_client.blacklist_emails(["kim@acme.example"])
    rows = woodpecker_client.add_prospects(RUNNING, [a_prospect("kim@acme.example")], deadline=5).rows
    [before] = woodpecker_client.find_members(["kim@acme.example"])
    woodpecker.control.process()
    [after] = woodpecker_client.find_members(["kim@acme.example"])

    assert rows[0].outcome.value == "added"
    assert (before.status, after.status) == ("ACTIVE", "BLACKLIST")


def test_a_campaign_without_anybody_left_to_mail_completes(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient
) -> None:
    campaign = woodpecker.control.put_campaign(
        name="Short", status="RUNNING", steps=[{"subject": "Hi", "message": "Ho"}]
    )
    woodpecker_client.add_prospects(campaign, [a_prospect()], deadline=5)

    def status() -> str:
        return next(each["status"] for each in woodpecker.control.state()["campaigns"] if each["id"] == campaign)

    woodpecker.control.process()
    assert status() == "RUNNING"
    woodpecker.control.process()
    assert status() == "COMPLETED"
