"""Which failure an answer reports, and whether a change may have been applied all the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.woodpecker_json import json_values
from woodpecker_api.clients.woodpecker.errors import (
    NOT_JSON,
    Answer,
    CampaignGoneError,
    CampaignUnsupportedError,
    KeyRefusedError,
    PlanMissingError,
    RateLimitedError,
    RequestRefusedError,
    UnreadableAnswerError,
    VendorFaultError,
    WoodpeckerError,
    failure_in,
    without_addresses,
)


def v1(code: str | None, word: str = "ERROR") -> dict[str, Any]:
    return {"status": {"status": word, "code": code, "msg": "Words that change"}}


def v2(code: str) -> dict[str, Any]:
    return {"code": code, "message": "Words that change", "details": None}


UNAUTHORIZED = {"title": "Unauthorized", "status": 401, "detail": "Invalid api key", "timestamp": "2026-11-22 10:00:00"}

# status, payload, failure, may a change have been applied
CASES: list[tuple[int, Any, type[WoodpeckerError], bool]] = [
    (429, None, RateLimitedError, False),
    (429, NOT_JSON, RateLimitedError, False),
    (409, v1("E_TOO_MANY_REQUESTS"), RateLimitedError, False),
    (200, v1("E_TOO_MANY_REQUESTS"), RateLimitedError, False),
    (503, v1("E_TOO_MANY_REQUESTS"), RateLimitedError, False),
    (401, UNAUTHORIZED, KeyRefusedError, False),
    (401, {"message": "Unauthorized"}, KeyRefusedError, False),
    (401, None, KeyRefusedError, False),
    (401, v1("E_SESSION"), KeyRefusedError, False),
    (400, v1("E_SESSION"), KeyRefusedError, False),
    (200, v1("E_SESSION"), KeyRefusedError, False),
    (401, {**UNAUTHORIZED, "detail": "No API addon"}, PlanMissingError, False),
    (401, {**UNAUTHORIZED, "detail": "Upgrade your plan"}, PlanMissingError, False),
    (403, v1("E_NO_PERMISSION"), PlanMissingError, False),
    (403, {"message": "No Agency addon"}, PlanMissingError, False),
    (200, v1("E_NO_PERMISSION"), PlanMissingError, False),
    (404, v1("E_RECORD_NOT_FOUND"), CampaignGoneError, False),
    (400, v1("E_RECORD_NOT_FOUND"), CampaignGoneError, False),
    (200, v1("E_RECORD_NOT_FOUND"), CampaignGoneError, False),
    (404, v2("CAMPAIGN_NOT_EXIST"), CampaignGoneError, False),
    (409, v2("API_UNSUPPORTED_CAMPAIGN"), CampaignUnsupportedError, False),
    (409, v2("API_UNSUPPORTED_CAMPAIGN_FEATURES"), CampaignUnsupportedError, False),
    (400, v1("E_WRONG_PARAM"), RequestRefusedError, False),
    (404, v1("E_URL_NOT_FOUND"), RequestRefusedError, False),
    (413, {"message": "Too large"}, RequestRefusedError, False),
    (200, v1("E_REQUIRED_ELEMENT"), RequestRefusedError, False),
    (200, v1("E_UNKNOWN"), VendorFaultError, True),
    (200, v1("E_INV_STATUS"), VendorFaultError, True),
    (200, v1("E_NEW_IN_2027"), VendorFaultError, True),
    (200, v1(None), VendorFaultError, True),
    (200, {"status": "ERROR"}, VendorFaultError, True),
    (200, {"status": 500, "title": "Oops", "detail": "x"}, VendorFaultError, True),
    (200, v2("SOMETHING"), VendorFaultError, True),
    (500, v1("E_UNKNOWN"), VendorFaultError, True),
    (500, NOT_JSON, VendorFaultError, True),
    (502, NOT_JSON, VendorFaultError, True),
    (503, None, VendorFaultError, True),
    (408, None, VendorFaultError, True),
    (302, None, UnreadableAnswerError, True),
    (404, NOT_JSON, UnreadableAnswerError, True),
    (403, NOT_JSON, UnreadableAnswerError, True),
    (400, None, UnreadableAnswerError, True),
]


@pytest.mark.parametrize(("status", "payload", "expected", "may_be_applied"), CASES)
def test_a_failed_change_says_whether_it_may_have_been_applied(
    status: int, payload: Any, expected: type[WoodpeckerError], may_be_applied: bool
) -> None:
    failure = failure_in(Answer(status, payload), change=True, about_campaign=True)

    assert type(failure) is expected
    assert failure.outcome_unknown is may_be_applied
    assert failure.status == status


@pytest.mark.parametrize(("status", "payload", "expected", "_unknown"), CASES)
def test_a_failed_read_changed_nothing(
    status: int, payload: Any, expected: type[WoodpeckerError], _unknown: bool
) -> None:
    failure = failure_in(Answer(status, payload), change=False, about_campaign=True)

    assert type(failure) is expected
    assert not failure.outcome_unknown


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, []), Answer(204, None), Answer(200, None), Answer(201, {"prospects": [], "status": {"status": "OK"}}),
        Answer(200, {"message": "There are no campaigns"}), Answer(200, {"status": {"status": "OK"}, "message": "None"}),
        Answer(200, {**v1("E_INV_STATUS"), "prospects": [{"email": "a@x.example", "status": "ERROR"}]}),
        Answer(200, {"id": 5, "status": "DRAFT"}),
    ],
)  # fmt: skip
def test_yes_nothing_found_and_rows_of_their_own_are_no_failure(answer: Answer) -> None:
    assert failure_in(answer, change=True) is None


@pytest.mark.parametrize("status", [200, 400, 404])
def test_a_missing_record_that_is_no_campaign_is_a_refusal(status: int) -> None:
    failure = failure_in(Answer(status, v1("E_RECORD_NOT_FOUND")), change=True)

    assert type(failure) is RequestRefusedError
    assert failure.code == "E_RECORD_NOT_FOUND"


def test_only_what_a_person_must_mend_is_permanent() -> None:
    permanent = {kind.__name__ for _, _, kind, _ in CASES if kind.permanent}

    assert permanent == {
        "KeyRefusedError", "PlanMissingError", "CampaignGoneError", "CampaignUnsupportedError", "RequestRefusedError",
    }  # fmt: skip


def test_retry_after_is_passed_on() -> None:
    failure = failure_in(Answer(429, None, retry_after=7.0), change=True)

    assert failure is not None
    assert failure.retry_after == 7.0


def test_what_is_told_to_operators_holds_no_address() -> None:
    failure = failure_in(Answer(500, NOT_JSON, text="<b>ann.lee+x@acme.example failed</b>"), change=True)

    assert "acme.example" not in str(failure)
    assert "failed" in str(failure)


@given(
    local=st.from_regex(r"[a-z0-9.+_-]{1,20}", fullmatch=True), around=st.sampled_from([" ", '"', "<", ">", ",", "="])
)
def test_addresses_are_taken_out_wherever_they_stand(local: str, around: str) -> None:
    assert "secret.example" not in without_addresses(f"x{around}{local}@secret.example{around}y")


@given(status=st.integers(100, 599), payload=json_values | st.just(NOT_JSON), change=st.booleans())
def test_every_answer_is_judged_and_none_below_200_or_above_299_is_a_yes(
    status: int, payload: Any, change: bool
) -> None:
    failure = failure_in(Answer(status, payload), change=change)

    assert failure is not None or 200 <= status < 300
    assert failure is None or not failure.outcome_unknown or change
