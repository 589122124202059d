"""The client against the simulator, over real HTTP: each call, and each fault as the export will meet it."""

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from tests.woodpecker import DEADLINE, DRAFT, PAUSED, RUNNING, STOPPED, UNSUPPORTED, a_client, a_prospect, prospects
from woodpecker_api.clients.woodpecker.client import WoodpeckerClient
from woodpecker_api.clients.woodpecker.errors import (
    CampaignGoneError,
    CampaignUnsupportedError,
    ConnectionCutError,
    DeadlinePassedError,
    KeyRefusedError,
    PlanMissingError,
    RateLimitedError,
    UnreadableAnswerError,
    VendorFaultError,
    WoodpeckerError,
)
from woodpecker_api.clients.woodpecker.port import NewProspect, RowOutcome, WoodpeckerApi
from woodpecker_api.sandbox.woodpecker import Fault, FaultKind, WoodpeckerServer

KIM = "kim@acme.example"


def enrolled(woodpecker: WoodpeckerServer, email: str, campaign_id: int = DRAFT) -> bool:
    return woodpecker.control.enrolled(campaign_id).get(email, {}).get("status") is not None


def test_the_client_is_what_the_port_promises(woodpecker_client: WoodpeckerClient) -> None:
    api: WoodpeckerApi = woodpecker_client

    assert {user.email for user in api.check_account().users} >= {"ola@sender.example", "jan@sender.example"}


def test_campaigns_come_with_status_senders_and_pace(woodpecker_client: WoodpeckerClient) -> None:
    found = {campaign.id: campaign for campaign in woodpecker_client.list_campaigns()}

    assert [campaign.status for campaign in found.values()] == [
        "DRAFT",
        "PAUSED",
        "RUNNING",
        "COMPLETED",
        "STOPPED",
        "EDITED",
    ]
    assert found[RUNNING].from_emails == ("ola@sender.example", "jan@sender.example")
    assert (found[RUNNING].per_day, found[RUNNING].created) == (80, datetime(2026, 10, 20, 11, 14, 57, tzinfo=UTC))
    assert "disconnected" in found[STOPPED].error


@pytest.mark.parametrize("form", ["204", "message", "status_message"])
def test_an_account_without_campaigns_or_people_is_empty_in_every_form(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient, form: str
) -> None:
    woodpecker.control.reset(sample=False)
    woodpecker.control.behaviour(nothing_found=form)

    assert woodpecker_client.list_campaigns() == ()
    assert woodpecker_client.prospects_page(1).prospects == ()
    assert woodpecker_client.find_members([KIM]) == ()


def test_the_steps_of_a_campaign_tell_snippets_and_days(woodpecker_client: WoodpeckerClient) -> None:
    steps = woodpecker_client.campaign_settings(DRAFT).steps

    assert [(step.kind, step.day) for step in steps] == [
        ("EMAIL", 1), ("LINKEDIN", 3), ("EMAIL", 7), ("EMAIL", 12), ("EMAIL", 17), ("EMAIL", 25),
    ]  # fmt: skip
    assert steps[0].versions[0].subject == "{{SNIPPET_1}}"
    assert steps[0].windows["MONDAY"] == (("08:00", "18:00"),)


def test_a_campaign_the_new_api_cannot_show_is_read_from_its_statistics(woodpecker_client: WoodpeckerClient) -> None:
    with pytest.raises(CampaignUnsupportedError):
        woodpecker_client.campaign_settings(UNSUPPORTED)

    bodies = [step.versions[0].body for step in woodpecker_client.campaign_statistics(UNSUPPORTED).steps]
    assert bodies == [f"<p>{{{{SNIPPET_{number}}}}}</p>" for number in (2, 4, 5, 6, 7)]


@pytest.mark.parametrize("habits", [{}, {"short_rows": True}])
def test_new_people_are_added_with_what_was_sent(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient, habits: dict[str, bool]
) -> None:
    woodpecker.control.behaviour(**habits)
    outcome = woodpecker_client.add_prospects(DRAFT, [a_prospect(KIM, company="Acme")], deadline=DEADLINE)

    [kim] = woodpecker_client.find_members([KIM])
    assert [(row.outcome, row.prospect_id) for row in outcome.rows] == [(RowOutcome.ADDED, kim.id)]
    assert (kim.fields["company"], kim.snippets[1], kim.snippets[3]) == ("Acme", "A question", "")
    assert kim.is_member_of(DRAFT)
    assert woodpecker.control.ledger()["unknown_keys"] == []


def test_adding_again_says_already_there_and_enrols_nobody_twice(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient
) -> None:
    woodpecker_client.add_prospects(DRAFT, [a_prospect(KIM)], deadline=DEADLINE)
    again = woodpecker_client.add_prospects(DRAFT, [a_prospect("Kim@ACME.example")], deadline=DEADLINE)

    assert again.rows[0].outcome is RowOutcome.ALREADY_IN_CAMPAIGN
    assert woodpecker.control.enrolled(DRAFT)[KIM] == {"arrived": 2, "applied": 1, "removed": 0, "status": "ACTIVE"}


def test_people_known_to_the_account_get_the_new_texts_and_empty_ones_clear(
    woodpecker_client: WoodpeckerClient,
) -> None:
    woodpecker_client.add_prospects(
        DRAFT, [a_prospect(KIM, snippets={1: "old", 2: "old", 3: "old"})], deadline=DEADLINE
    )
    outcome = woodpecker_client.add_prospects(PAUSED, [a_prospect(KIM, snippets={1: "new", 2: ""})], deadline=DEADLINE)

    [kim] = woodpecker_client.find_members([KIM])
    assert (outcome.rows[0].outcome, outcome.rows[0].known_before) == (RowOutcome.ADDED, True)
    assert (kim.snippets[1], kim.snippets[2], kim.snippets[3]) == ("new", "", "old")


def test_people_who_replied_bounced_or_opted_out_are_rejected_one_by_one(woodpecker_client: WoodpeckerClient) -> None:
    people = [
        NewProspect(email)
        for email in ("katrin.vogel@isar.example", "ines.costa@portofoods.example", "not-an-address", KIM)
    ]

    rows = woodpecker_client.add_prospects(DRAFT, people, deadline=DEADLINE).rows

    assert [row.outcome.value for row in rows] == ["rejected", "rejected", "rejected", "added"]
    assert [row.error_code for row in rows] == ["E_INV_STATUS", "E_INV_STATUS", "E_EMAIL", ""]


def test_a_batch_in_which_everybody_was_rejected_still_tells_why(woodpecker_client: WoodpeckerClient) -> None:
    rows = woodpecker_client.add_prospects(DRAFT, [NewProspect("not-an-address")], deadline=DEADLINE).rows

    assert [(row.outcome, row.error_code) for row in rows] == [(RowOutcome.REJECTED, "E_EMAIL")]


def test_the_first_day_of_sending_arrives(woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient) -> None:
    moment = datetime(2027, 1, 4, 7, tzinfo=UTC)
    woodpecker_client.add_prospects(DRAFT, [a_prospect(KIM)], deadline=DEADLINE, send_after=moment)

    [request] = woodpecker.control.requests()
    assert (request["send_after"], request["update"], request["force"]) == ("2027-01-04T07:00:00+0000", True, False)


@pytest.mark.parametrize("wrapped", [False, True])
def test_members_are_found_by_address_with_all_their_campaigns(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient, wrapped: bool
) -> None:
    woodpecker.control.behaviour(wrap_rows=wrapped)
    found = woodpecker_client.find_members(["GRETA.olsen@fjord.example", "hugo.martin@atelier.example", KIM])

    assert [person.email for person in found] == ["greta.olsen@fjord.example", "hugo.martin@atelier.example"]
    assert found[0].memberships is not None
    assert {inside.campaign_id: inside.status for inside in found[0].memberships} == {
        PAUSED: "ACTIVE",
        RUNNING: "PAUSED",
    }


def test_an_address_with_a_plus_is_found_as_itself(woodpecker_client: WoodpeckerClient) -> None:
    woodpecker_client.add_prospects(DRAFT, [a_prospect("kim+q4@acme.example"), a_prospect(KIM)], deadline=DEADLINE)

    assert [person.email for person in woodpecker_client.find_members(["kim+q4@acme.example"])] == [
        "kim+q4@acme.example"
    ]


def test_25_addresses_fit_one_question(woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient) -> None:
    people = prospects(25)
    woodpecker_client.add_prospects(DRAFT, people, deadline=DEADLINE)

    assert len(woodpecker_client.find_members([person.email for person in people])) == 25
    assert woodpecker.control.ledger()["calls"]["GET /v1/prospects"] == 1


@pytest.mark.parametrize("total_is_sent", [True, False])
def test_members_of_a_campaign_are_paged(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient, total_is_sent: bool
) -> None:
    woodpecker.control.behaviour(send_total=total_is_sent)
    woodpecker.control.generate_prospects(1200, DRAFT)

    first, second = woodpecker_client.campaign_members(DRAFT, 1), woodpecker_client.campaign_members(DRAFT, 2)

    assert [(len(page.prospects), page.more) for page in (first, second)] == [(1000, True), (200, False)]
    assert first.total == (1200 if total_is_sent else None)
    assert len({person.id for page in (first, second) for person in page.prospects}) == 1200


def test_the_mirror_reads_everybody_and_then_only_what_changed(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient
) -> None:
    before = datetime.now(UTC) - timedelta(seconds=5)
    everybody = woodpecker_client.prospects_page(1)
    woodpecker.control.put_prospect("marta.zielinska@gdynia.example", status="REPLIED")

    changed = woodpecker_client.prospects_page(1, diff=before)

    assert len(everybody.prospects) == 14
    assert [(person.email, person.status) for person in changed.prospects] == [
        ("marta.zielinska@gdynia.example", "REPLIED")
    ]


def test_people_are_taken_out_of_one_campaign_and_stay_in_others(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient
) -> None:
    [greta] = woodpecker_client.find_members(["greta.olsen@fjord.example"])
    woodpecker_client.remove_from_campaign([greta.id], RUNNING)

    assert not enrolled(woodpecker, greta.email, RUNNING)
    assert enrolled(woodpecker, greta.email, PAUSED)


def test_people_are_deleted_from_the_account(woodpecker_client: WoodpeckerClient) -> None:
    [greta] = woodpecker_client.find_members(["greta.olsen@fjord.example"])
    woodpecker_client.delete_prospects([greta.id])

    assert woodpecker_client.find_members([greta.email]) == ()


def test_a_removal_without_a_campaign_is_never_sent(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient
) -> None:
    with pytest.raises(ValueError, match="deleted from the account"):
        woodpecker_client.remove_from_campaign([1], 0)

    assert woodpecker.control.ledger()["calls"] == {}


def test_who_opted_out_is_found_by_the_word_the_account_has_for_them(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient
) -> None:
    before = {person.email for person in woodpecker_client.opted_out(1).prospects}
    woodpecker.control.put_prospect("no@acme.example", status="BLACKLIST")
    woodpecker.control.put_prospect("yes@acme.example", status="ACTIVE")

    page = woodpecker_client.opted_out(1)

    assert {person.email for person in page.prospects} - before == {"no@acme.example"}
    assert all(person.memberships is not None for person in page.prospects)
    assert woodpecker_client.opted_out(2).prospects == ()


def test_the_blacklist_is_written_and_read_back(woodpecker_client: WoodpeckerClient) -> None:
    woodpecker_client.blacklist_emails(["Zoe@acme.example"])
    woodpecker_client.blacklist_domains(["acme.example"])

    emails, domains = woodpecker_client.blacklisted_emails(1), woodpecker_client.blacklisted_domains(1)
    assert emails.values == ("elif.demir@anadolu.example", "no-thanks@nordwind.example", "zoe@acme.example")
    assert (domains.values, domains.more) == (("acme.example", "rival.example"), False)


# Faults: what the export is told, and what really happened.
NOT_APPLIED, APPLIED = False, True


@pytest.mark.parametrize(
    ("fault", "expected", "unknown", "really"),
    [
        (Fault(FaultKind.RATE_LIMITED), RateLimitedError, False, NOT_APPLIED),
        (Fault(FaultKind.RATE_LIMITED_409), RateLimitedError, False, NOT_APPLIED),
        (Fault(FaultKind.UNAUTHORIZED), KeyRefusedError, False, NOT_APPLIED),
        (Fault(FaultKind.NO_PLAN), PlanMissingError, False, NOT_APPLIED),
        (Fault(FaultKind.CAMPAIGN_GONE), CampaignGoneError, False, NOT_APPLIED),
        (Fault(FaultKind.SERVER_ERROR), VendorFaultError, True, NOT_APPLIED),
        (Fault(FaultKind.BAD_GATEWAY), VendorFaultError, True, NOT_APPLIED),
        (Fault(FaultKind.ERROR_IN_200), VendorFaultError, True, NOT_APPLIED),
        (Fault(FaultKind.CUT_BEFORE), ConnectionCutError, True, NOT_APPLIED),
        (Fault(FaultKind.SERVER_ERROR_AFTER), VendorFaultError, True, APPLIED),
        (Fault(FaultKind.CUT_AFTER), ConnectionCutError, True, APPLIED),
        (Fault(FaultKind.CUT_MIDWAY), ConnectionCutError, True, APPLIED),
        (Fault(FaultKind.EMPTY_BODY), UnreadableAnswerError, True, APPLIED),
        (Fault(FaultKind.UNREADABLE), UnreadableAnswerError, True, APPLIED),
        (Fault(FaultKind.HALF_JSON), UnreadableAnswerError, True, APPLIED),
        (Fault(FaultKind.DRIP), DeadlinePassedError, True, APPLIED),
        (Fault(FaultKind.SLOW, latency_ms=60_000), DeadlinePassedError, True, NOT_APPLIED),
    ],
    ids=lambda value: str(value.kind) if isinstance(value, Fault) else None,
)
def test_whoever_says_not_applied_was_not_applied(
    woodpecker: WoodpeckerServer,
    woodpecker_client: WoodpeckerClient,
    fault: Fault,
    expected: type[WoodpeckerError],
    unknown: bool,
    really: bool,
) -> None:
    woodpecker.control.faults(fault)

    with pytest.raises(WoodpeckerError) as caught:
        woodpecker_client.add_prospects(DRAFT, [a_prospect(KIM)], deadline=0.5)

    assert type(caught.value) is expected
    assert caught.value.outcome_unknown is unknown
    assert enrolled(woodpecker, KIM) is really


@pytest.mark.parametrize(("header", "seconds"), [("", None), ("7", 7.0), ("2.5", 2.5), ("soon", None), ("-3", 0.0)])
def test_a_busy_vendor_may_say_how_long(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient, header: str, seconds: float | None
) -> None:
    woodpecker.control.faults(Fault(FaultKind.RATE_LIMITED, retry_after=header))

    with pytest.raises(RateLimitedError) as caught:
        woodpecker_client.list_campaigns()

    assert caught.value.retry_after == seconds


def test_a_busy_vendor_may_give_a_date(woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient) -> None:
    woodpecker.control.faults(Fault(FaultKind.RATE_LIMITED, retry_after="Fri, 31 Dec 2100 23:59:59 GMT"))

    with pytest.raises(RateLimitedError) as caught:
        woodpecker_client.list_campaigns()

    assert caught.value.retry_after is not None
    assert caught.value.retry_after > 1_000_000


def test_a_partly_failed_batch_is_told_row_by_row(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient
) -> None:
    woodpecker.control.faults(Fault(FaultKind.PARTIAL_FAILURE, every=3))

    rows = woodpecker_client.add_prospects(DRAFT, prospects(6), deadline=DEADLINE).rows

    assert [row.outcome.value for row in rows] == ["added", "added", "rejected"] * 2


@pytest.mark.parametrize("applied", [True, False])
def test_rows_missing_from_the_answer_are_missing_whether_applied_or_not(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient, applied: bool
) -> None:
    woodpecker.control.faults(Fault(FaultKind.MISSING_ROWS, every=2, applied=applied))

    rows = woodpecker_client.add_prospects(DRAFT, prospects(4), deadline=DEADLINE).rows

    assert [row.outcome.value for row in rows] == ["added", "missing", "added", "missing"]
    assert [enrolled(woodpecker, row.email) for row in rows] == [True, applied, True, applied]


def test_a_request_given_up_by_us_is_applied_all_the_same(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient
) -> None:
    woodpecker.control.faults(Fault(FaultKind.SLOW, latency_ms=400))

    with pytest.raises(DeadlinePassedError):
        woodpecker_client.add_prospects(DRAFT, [a_prospect(KIM)], deadline=0.1)
    assert not enrolled(woodpecker, KIM)

    # Our next question waits in the vendor's queue until the first request is through.
    assert [person.email for person in woodpecker_client.find_members([KIM])] == [KIM]


def test_the_wrong_key_is_refused_from_the_moment_it_is_withdrawn(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient
) -> None:
    woodpecker_client.check_account()
    woodpecker.control.behaviour(key_valid=False)

    with pytest.raises(KeyRefusedError):
        woodpecker_client.add_prospects(DRAFT, [a_prospect(KIM)], deadline=DEADLINE)


def test_a_campaign_removed_in_the_middle_is_gone(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient
) -> None:
    woodpecker.control.remove_campaign(DRAFT)

    with pytest.raises(CampaignGoneError):
        woodpecker_client.add_prospects(DRAFT, [a_prospect(KIM)], deadline=DEADLINE)
    with pytest.raises(CampaignGoneError):
        woodpecker_client.campaign_settings(DRAFT)


@pytest.mark.parametrize("kind", [FaultKind.EMPTY_BODY, FaultKind.UNREADABLE, FaultKind.HALF_JSON])
def test_an_answer_that_lost_its_text_is_not_nobody(
    woodpecker: WoodpeckerServer, woodpecker_client: WoodpeckerClient, kind: FaultKind
) -> None:
    woodpecker.control.faults(Fault(kind))

    with pytest.raises(UnreadableAnswerError):
        woodpecker_client.find_members(["greta.olsen@fjord.example"])


@pytest.mark.parametrize("key", ["", "  ", "gehört mir", "two\nlines"])
def test_a_key_no_header_can_carry_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(ValueError, match="Woodpecker key") as caught:
        WoodpeckerClient(key)

    assert key.strip() == "" or key not in str(caught.value)


def test_neither_the_key_nor_a_person_is_written_to_the_log(woodpecker: WoodpeckerServer) -> None:
    client = a_client(woodpecker, key="very-secret-key")
    with capture_logs() as lines:
        client.add_prospects(DRAFT, [a_prospect(KIM)], deadline=DEADLINE)
        client.find_members([KIM])
    client.close()

    assert [line["path"] for line in lines] == ["/v1/add_prospects_campaign", "/v1/prospects"]
    assert "secret" not in str(lines)
    assert "acme" not in str(lines)
