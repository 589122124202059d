"""The simulator as any client sees it: codes, bodies, headers and queries of the vendor, over HTTP."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.woodpecker import COMPLETED, DRAFT, PAUSED, RUNNING, UNSUPPORTED
from woodpecker_api.sandbox.woodpecker import WoodpeckerServer


@pytest.fixture
def vendor(woodpecker: WoodpeckerServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=woodpecker.base_url, headers={"x-api-key": "k"}, trust_env=False) as client:
        yield client


def emails(answer: httpx.Response) -> list[str]:
    return [row["email"] for row in answer.json()]


@pytest.mark.parametrize("headers", [{}, {"x-api-key": ""}])
def test_without_a_key_there_is_the_newer_dialect_of_no(woodpecker: WoodpeckerServer, headers: dict[str, str]) -> None:
    answer = httpx.get(f"{woodpecker.base_url}/v1/campaign_list", headers=headers, trust_env=False)

    assert answer.status_code == 401
    assert (answer.json()["title"], answer.json()["detail"]) == ("Unauthorized", "Invalid api key")


def test_a_key_can_be_demanded_and_withdrawn(woodpecker: WoodpeckerServer, vendor: httpx.Client) -> None:
    woodpecker.control.behaviour(api_key="the-one")
    assert vendor.get("/v2/users").status_code == 401
    assert vendor.get("/v2/users", headers={"x-api-key": "the-one"}).status_code == 200

    woodpecker.control.behaviour(plan_active=False)
    assert vendor.get("/v2/users", headers={"x-api-key": "the-one"}).json()["detail"] == "No API addon"


def test_an_unknown_path_speaks_the_older_dialect(vendor: httpx.Client) -> None:
    answer = vendor.get("/v1/nothing/here")

    assert (answer.status_code, answer.json()["status"]["code"]) == (404, "E_URL_NOT_FOUND")


@pytest.mark.parametrize("path", ["/v2/blacklist/planets", "/v2/blacklist/emails?page=x"])
def test_what_cannot_be_asked_is_no_crash(vendor: httpx.Client, path: str) -> None:
    assert vendor.get(path).status_code in (400, 404)


def test_exactly_one_id_adds_statistics(vendor: httpx.Client) -> None:
    one = vendor.get(f"/v1/campaign_list?id={RUNNING}").json()
    two = vendor.get(f"/v1/campaign_list?id={RUNNING},{DRAFT}").json()

    assert one[0]["stats"]["prospects"] == 7
    assert (one[0]["stats"]["replied"], one[0]["stats"]["check"]) == (1, 1)
    assert [("stats" in row) for row in two] == [False, False]


def test_campaigns_are_chosen_by_status(vendor: httpx.Client) -> None:
    assert [row["id"] for row in vendor.get("/v1/campaign_list?status=DRAFT,PAUSED").json()] == [DRAFT, PAUSED]


@pytest.mark.parametrize(
    ("campaign", "status", "code"),
    [(UNSUPPORTED, 409, "API_UNSUPPORTED_CAMPAIGN_FEATURES"), (1, 404, "CAMPAIGN_NOT_EXIST")],
)
def test_a_campaign_that_cannot_be_shown_says_why(vendor: httpx.Client, campaign: int, status: int, code: str) -> None:
    answer = vendor.get(f"/v2/campaigns/{campaign}")

    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("search=email=anna.keller@nordwind.example", {"anna.keller@nordwind.example"}),
        ("search=email=ANNA.keller@nordwind.example,email=finn.larsen@fjord.example",
         {"anna.keller@nordwind.example", "finn.larsen@fjord.example"}),
        ("search=email=anna.keller@nordwind.example,company=fjord", set()),
        ("search=company=nordwind,first_name=bruno", {"bruno.haas@nordwind.example"}),
        ("search=email=fjord", {"finn.larsen@fjord.example", "greta.olsen@fjord.example"}),
        ("search=company=(", set()),
        ("status=REPLIED", {"bruno.haas@nordwind.example", "katrin.vogel@isar.example"}),
        (f"campaigns_id={COMPLETED}&status=ACTIVE", {"jakub.wrona@gdynia.example"}),
        (f"campaigns_id={PAUSED}&search=email=greta.olsen@fjord.example", {"greta.olsen@fjord.example"}),
        (f"campaigns_id={DRAFT}&search=email=greta.olsen@fjord.example", set()),
        ("id=900000001,900000003", {"anna.keller@nordwind.example", "chiara.rossi@vetro.example"}),
        ("contacted=false&status=ACTIVE",
         {"finn.larsen@fjord.example", "greta.olsen@fjord.example", "marta.zielinska@gdynia.example"}),
        ("diff=2026-11-16T09:12:00%2B0100", {"chiara.rossi@vetro.example"}),
    ],
)  # fmt: skip
def test_people_are_found_as_the_vendor_finds_them(
    woodpecker: WoodpeckerServer, vendor: httpx.Client, query: str, expected: set[str]
) -> None:
    woodpecker.control.behaviour(nothing_found="message")
    answer = vendor.get(f"/v1/prospects?{query}")

    assert answer.status_code == 200
    found = answer.json()
    assert {row["email"] for row in (found if isinstance(found, list) else [])} == expected


def test_a_bare_email_parameter_is_ignored_and_gives_everybody(vendor: httpx.Client) -> None:
    answer = vendor.get("/v1/prospects?email=anna.keller@nordwind.example")

    assert len(answer.json()) == int(answer.headers["X-Total-Count"]) == 14


@pytest.mark.parametrize(
    "query", ["search=anna", "search=planet=mars", "id=x", "campaigns_id=1;2", "page=0", "diff=yesterday"]
)
def test_a_query_the_vendor_does_not_understand_is_400(vendor: httpx.Client, query: str) -> None:
    answer = vendor.get(f"/v1/prospects?{query}")

    assert (answer.status_code, answer.json()["status"]["code"]) == (400, "E_WRONG_PARAM")


def test_pages_are_at_most_a_thousand_rows(woodpecker: WoodpeckerServer, vendor: httpx.Client) -> None:
    woodpecker.control.generate_prospects(1100)

    assert len(vendor.get("/v1/prospects").json()) == 100
    assert len(vendor.get("/v1/prospects?per_page=5000").json()) == 1000
    assert len(vendor.get("/v1/prospects?per_page=1000&page=2").json()) == 114


def test_memberships_are_shown_only_when_asked_for(vendor: httpx.Client) -> None:
    greta = "/v1/prospects?search=email=greta.olsen@fjord.example"

    assert "campaigns_details" not in vendor.get(greta).json()[0]
    details = vendor.get(f"{greta}&campaigns_details=true").json()[0]["campaigns_details"]
    assert {(each["campaign_id"], each["campaign_prospect_status"]) for each in details} == {
        (PAUSED, "ACTIVE"),
        (RUNNING, "PAUSED"),
    }


def test_the_status_in_a_list_of_members_is_the_one_in_that_campaign(vendor: httpx.Client) -> None:
    rows = {row["email"]: row["status"] for row in vendor.get(f"/v1/prospects?campaigns_id={RUNNING}").json()}

    assert (rows["chiara.rossi@vetro.example"], rows["finn.larsen@fjord.example"]) == ("AUTOREPLIED", "TO-CHECK")


def test_the_three_ways_to_say_nobody_take_turns(vendor: httpx.Client) -> None:
    seen = [vendor.get("/v1/prospects?search=email=nobody@x.example") for _ in range(3)]

    assert sorted(answer.status_code for answer in seen) == [200, 200, 204]
    assert sorted(len(answer.json()) for answer in seen if answer.status_code == 200) == [1, 2]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "E_REQUIRED_ELEMENT"),
        ({"campaign": {"campaign_id": DRAFT}}, 400, "E_REQUIRED_ELEMENT"),
        ({"campaign": {"campaign_id": str(DRAFT)}, "prospects": [{}]}, 400, "E_REQUIRED_ELEMENT"),
        ({"campaign": {"campaign_id": DRAFT}, "prospects": []}, 400, "E_REQUIRED_ELEMENT"),
        ({"campaign": {"campaign_id": 1}, "prospects": [{"email": "a@x.example"}]}, 404, "E_RECORD_NOT_FOUND"),
        ({"campaign": {"campaign_id": DRAFT}, "prospects": [{}] * 20_001}, 400, "E_WRONG_PARAM"),
    ],
)  # fmt: skip
def test_an_add_request_that_is_none_is_refused_as_a_whole(
    vendor: httpx.Client, body: Any, status: int, code: str
) -> None:
    answer = vendor.post("/v1/add_prospects_campaign", json=body)

    assert (answer.status_code, answer.json()["status"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("content", "kind"), [(b"{", "application/json"), (b"[]", "application/json"), (b"{}", "text/plain")]
)
def test_a_body_that_is_no_json_is_refused(vendor: httpx.Client, content: bytes, kind: str) -> None:
    assert vendor.post("/v1/add_prospects_campaign", content=content, headers={"content-type": kind}).status_code == 400


def test_keys_the_vendor_would_drop_in_silence_are_noted(woodpecker: WoodpeckerServer, vendor: httpx.Client) -> None:
    body = {
        "campaign": {"campaign_id": DRAFT, "id": 1},
        "updat": True,
        "prospects": [{"email": "a@x.example", "snippet16": "x"}],
    }
    vendor.post("/v1/add_prospects_campaign", json=body)

    assert woodpecker.control.ledger()["unknown_keys"] == ["campaign.id", "snippet16", "updat"]


def test_the_blacklist_is_written_paged_and_filtered(vendor: httpx.Client) -> None:
    vendor.post("/v2/blacklist/emails", json={"emails": [f"P{place}@x.example" for place in range(5)]})
    vendor.request("DELETE", "/v2/blacklist/emails", json={"emails": ["p4@x.example"]})

    page = vendor.get("/v2/blacklist/emails?email_filter=p*&page=2&per_page=3").json()
    assert page == {"emails": ["p3@x.example"], "total": 4}
    assert vendor.post("/v2/blacklist/emails", json={"emails": ["x"] * 501}).status_code == 400


def test_a_removal_answers_without_a_body(vendor: httpx.Client) -> None:
    answer = vendor.delete(f"/v1/prospects?id=900000001&campaigns_id={RUNNING}")

    assert (answer.status_code, answer.content) == (200, b"")
    assert vendor.delete("/v1/prospects?id=").status_code == 400
