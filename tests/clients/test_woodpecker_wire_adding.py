"""What goes out when people are added, and what the rows of the answer mean."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.woodpecker_json import json_values
from woodpecker_api.clients.woodpecker.errors import UnreadableAnswerError
from woodpecker_api.clients.woodpecker.port import NewProspect, RowOutcome
from woodpecker_api.clients.woodpecker.wire import add_body, read_add, row_of

EMAIL = "ann@acme.example"
OK = {"status": "OK", "code": "OK", "msg": "OK"}


def outcome_of(row: dict[str, Any], status: Any = None) -> RowOutcome:
    return read_add({"prospects": [{"email": EMAIL, **row}], "status": status or OK}, [EMAIL]).rows[0].outcome


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"id": 7}, RowOutcome.ADDED),
        ({"id": "7"}, RowOutcome.ADDED),
        ({"id": 7, "prospect": None, "prospect_campaign": None, "status": None, "code": None}, RowOutcome.ADDED),
        ({"id": 7, "prospect": "DUPLICATE"}, RowOutcome.ADDED),
        ({"id": 7, "status": "OK", "code": "WHATEVER", "msg": "Fine, thanks"}, RowOutcome.ADDED),
        ({"id": 7, "code": "OK", "msg": "E_FOO"}, RowOutcome.ADDED),
        ({"id": 7, "prospect": "DUPLICATE", "prospect_campaign": "DUPLICATE"}, RowOutcome.ALREADY_IN_CAMPAIGN),
        ({"id": 7, "prospect_campaign": "duplicate"}, RowOutcome.ALREADY_IN_CAMPAIGN),
        ({"prospect_campaign": "DUPLICATE", "status": "ERROR", "code": "E_DUPLICATE"}, RowOutcome.ALREADY_IN_CAMPAIGN),
        ({"status": "ERROR", "code": "E_EMAIL", "msg": "Wrong address"}, RowOutcome.REJECTED),
        ({"status": "error"}, RowOutcome.REJECTED),
        ({"code": "E_EMAIL"}, RowOutcome.REJECTED),
        ({}, RowOutcome.UNCLEAR),
        ({"id": 0}, RowOutcome.UNCLEAR),
        ({"id": True}, RowOutcome.UNCLEAR),
        ({"id": 7, "status": "PENDING"}, RowOutcome.UNCLEAR),
        ({"id": 7, "status": True}, RowOutcome.UNCLEAR),
        ({"id": 7, "status": {"status": "ERROR"}}, RowOutcome.UNCLEAR),
        ({"id": 7, "prospect_campaign": "LATER"}, RowOutcome.UNCLEAR),
    ],
)
def test_a_row_means_what_its_marks_say(row: dict[str, Any], expected: RowOutcome) -> None:
    assert outcome_of(row) is expected


@pytest.mark.parametrize("above", [{"status": "ERROR", "code": "E_INV_STATUS"}, "ERROR"])
def test_a_row_that_looks_added_below_a_failure_as_a_whole_is_unclear(above: Any) -> None:
    assert outcome_of({"id": 7}, above) is RowOutcome.UNCLEAR


def test_a_rejected_row_tells_code_and_sentence_without_the_address() -> None:
    answer = {"prospects": [{"email": EMAIL, "status": "ERROR", "code": "E_EMAIL", "msg": f"Wrong: {EMAIL}!"}]}

    row = read_add(answer, [EMAIL]).rows[0]

    assert (row.error_code, row.error) == ("E_EMAIL", "Wrong: <address>")


def test_an_answer_with_a_missing_row_is_unknown_for_that_row_alone() -> None:
    answer = {"prospects": [{"email": "b@x.example", "id": 2}], "status": OK}

    rows = read_add(answer, ["a@x.example", "b@x.example"]).rows

    assert [row.outcome for row in rows] == [RowOutcome.MISSING, RowOutcome.ADDED]
    assert rows[0].outcome.is_unknown
    assert not rows[1].outcome.is_unknown


def test_rows_are_matched_by_address_in_any_case_and_never_by_position() -> None:
    answer = {"prospects": [{"email": "B@X.example", "id": 2}, {"email": " a@x.example ", "id": 1}], "status": OK}

    rows = read_add(answer, ["A@x.example", "b@x.example"]).rows

    assert [(row.email, row.prospect_id) for row in rows] == [("A@x.example", 1), ("b@x.example", 2)]


def test_rows_for_nobody_we_asked_for_are_counted() -> None:
    answer = {"prospects": [{"email": EMAIL, "id": 1}, {"email": "who@x.example", "id": 2}], "status": OK}

    outcome = read_add(answer, [EMAIL])

    assert (len(outcome.rows), outcome.unasked_rows) == (1, 1)


def test_two_rows_that_contradict_each_other_are_unclear() -> None:
    rows = [{"email": EMAIL, "id": 1}, {"email": EMAIL, "status": "ERROR", "code": "E_EMAIL"}]

    assert read_add({"prospects": rows, "status": OK}, [EMAIL]).rows[0].outcome is RowOutcome.UNCLEAR


def test_rows_wrapped_in_prospect_are_unwrapped() -> None:
    answer = {"prospects": [{"prospect": {"email": EMAIL, "id": 7}}], "status": OK}

    assert read_add(answer, [EMAIL]).rows[0].outcome is RowOutcome.ADDED


@pytest.mark.parametrize("payload", [None, [], {}, {"prospects": []}, {"prospects": None}, {"prospects": {}}, "ok", 7])
def test_an_answer_without_rows_leaves_the_outcome_unknown(payload: Any) -> None:
    with pytest.raises(UnreadableAnswerError) as caught:
        read_add(payload, [EMAIL])

    assert caught.value.outcome_unknown


@given(payload=json_values, count=st.integers(1, 3))
def test_whatever_comes_back_each_address_gets_one_result_or_the_answer_is_unreadable(payload: Any, count: int) -> None:
    emails = [f"p{place}@x.example" for place in range(count)]
    with suppress(UnreadableAnswerError):
        outcome = read_add(payload, emails)

        assert [row.email for row in outcome.rows] == emails
        assert all(row.outcome.is_unknown for row in outcome.rows)


@given(
    row=st.dictionaries(st.sampled_from(["id", "status", "code", "msg", "prospect", "prospect_campaign"]), json_values)
)
def test_added_is_never_concluded_without_an_id_and_never_beside_an_error(row: dict[str, Any]) -> None:
    if outcome_of({**row, "email": EMAIL}) is RowOutcome.ADDED:
        inner = row.get("prospect") if isinstance(row.get("prospect"), dict) else {}
        seen = {**row, **inner}
        assert seen["id"]
        assert str(seen.get("status") or "OK").strip().upper() == "OK"


def test_only_the_fields_and_snippets_that_were_given_go_out_and_empty_ones_clear() -> None:
    prospect = NewProspect(EMAIL, {"company": "Acme", "city": ""}, {3: "", 1: "Hello"})

    assert row_of(prospect) == {"email": EMAIL, "company": "Acme", "city": "", "snippet1": "Hello", "snippet3": ""}


@pytest.mark.parametrize(
    "prospect",
    [NewProspect(EMAIL, {"status": "ACTIVE"}), NewProspect(EMAIL, {"time_zone": "CET"}), NewProspect(EMAIL, {}, {16: "x"}),
     NewProspect(EMAIL, {}, {0: "x"})],
)  # fmt: skip
def test_a_field_woodpecker_does_not_have_is_refused_before_it_is_dropped_there(prospect: NewProspect) -> None:
    with pytest.raises(ValueError, match="Woodpecker has no"):
        row_of(prospect)


def test_the_request_updates_and_never_forces() -> None:
    body = add_body(12, [NewProspect(EMAIL)])

    assert body == {"campaign": {"campaign_id": 12}, "update": True, "prospects": [{"email": EMAIL}]}


def test_the_first_day_of_sending_goes_out_with_an_offset_without_colon() -> None:
    moment = datetime(2026, 12, 1, 8, tzinfo=timezone(timedelta(hours=1)))

    assert add_body(12, [], moment)["campaign"] == {"campaign_id": 12, "send_after": "2026-12-01T07:00:00+0000"}


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        add_body(12, [], datetime(2026, 12, 1, 8, tzinfo=UTC).replace(tzinfo=None))
