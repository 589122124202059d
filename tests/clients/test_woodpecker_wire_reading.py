"""People, campaigns and the blacklist as Woodpecker tells them, odd spellings and drifting types included."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.woodpecker_json import json_values
from woodpecker_api.clients.woodpecker.errors import Answer, UnreadableAnswerError
from woodpecker_api.clients.woodpecker.wire import (
    address_batches,
    id_list,
    moment_of,
    read_blacklist,
    read_campaigns,
    read_found,
    read_page,
    read_settings,
    read_statistics,
    read_users,
    search_for,
)

ANN: dict[str, Any] = {"id": 7, "email": "ann@acme.example", "status": "ACTIVE", "campaigns_details": []}


def ok(payload: Any, total: int | None = None) -> Answer:
    return Answer(200, payload, total=total)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-10T13:14:57+0100", datetime(2026, 2, 10, 12, 14, 57, tzinfo=UTC)),
        ("2026-02-10T13:14:57+01:00", datetime(2026, 2, 10, 12, 14, 57, tzinfo=UTC)),
        ("2026-02-10T13:14:57-0530", datetime(2026, 2, 10, 18, 44, 57, tzinfo=UTC)),
        ("2026-02-10 13:14:57", datetime(2026, 2, 10, 13, 14, 57, tzinfo=UTC)),
        ("2026-02-10T13:14:57.123Z", datetime(2026, 2, 10, 13, 14, 57, 123000, tzinfo=UTC)),
        ("2026-02-10", datetime(2026, 2, 10, tzinfo=UTC)),
        ("", None), (None, None), ("soon", None), ("2026-13-01T00:00:00Z", None), (1770000000, None),
        ("0001-01-01T00:00:00+1400", None),
    ],
)  # fmt: skip
def test_moments_are_read_with_every_offset_they_come_with(text: Any, moment: datetime | None) -> None:
    assert moment_of(text) == moment


@given(value=st.text() | json_values)
def test_no_moment_raises(value: Any) -> None:
    found = moment_of(value)

    assert found is None or found.tzinfo is UTC


def test_a_person_is_read_with_snippets_memberships_and_dates() -> None:
    row = {
        **ANN, "company": "Acme", "city": None, "snippet1": "Subject", "snippet15": None,
        "last_contacted": "2026-03-20T14:32:34+0100", "last replied": "2026-03-21T10:00:00+0100",
        "campaigns_details": [
            {"campaign_id": "12", "campaign_name": "Q4", "campaign_status": "running",
             "campaign_prospect_status": "TO-CHECK", "interest_level": {"level": "MAYBE_LATER", "ai_detected": True},
             "campaign_email": "ola@sender.example"},
        ],
    }  # fmt: skip

    ann = read_page(ok([row], 1), 1).prospects[0]

    assert (ann.id, ann.email, ann.status, ann.fields["company"], ann.fields["city"]) == (
        7,
        ANN["email"],
        "ACTIVE",
        "Acme",
        "",
    )
    assert ann.snippets == {1: "Subject"} | dict.fromkeys(range(2, 16), "")
    assert ann.last_contacted == datetime(2026, 3, 20, 13, 32, 34, tzinfo=UTC)
    assert ann.last_replied == datetime(2026, 3, 21, 9, 0, tzinfo=UTC)
    assert ann.memberships is not None
    [inside] = ann.memberships
    assert (inside.campaign_id, inside.campaign_status, inside.status, inside.interest) == (
        12,
        "RUNNING",
        "TO-CHECK",
        "MAYBE-LATER",
    )
    assert ann.is_member_of(12)
    assert not ann.is_member_of(13)


def test_old_spellings_count_only_where_the_right_one_is_missing() -> None:
    row = {**ANN, "snipet1": "old", "snippet2": "right", "snipet2": "wrong", "snipper9": "nine"}

    snippets = read_page(ok([row]), 1).prospects[0].snippets

    assert (snippets[1], snippets[2], snippets[9]) == ("old", "right", "nine")


def test_a_moment_that_cannot_be_read_is_named_rather_than_never() -> None:
    ann = read_page(ok([{**ANN, "last_contacted": "yesterday"}]), 1).prospects[0]

    assert (ann.last_contacted, ann.unreadable) == (None, ("last_contacted",))


@pytest.mark.parametrize("row", [{**ANN}, {"prospect": ANN}, {"prospect": {**ANN, "campaigns_details": None}}])
def test_rows_come_plain_or_wrapped(row: dict[str, Any]) -> None:
    assert read_page(ok([row]), 1).prospects[0].memberships == ()


@pytest.mark.parametrize("details", ["x", {"campaign_id": 1}, [{"campaign_name": "no id"}], [None]])
def test_half_a_list_of_campaigns_is_none_at_all(details: Any) -> None:
    assert read_page(ok([{**ANN, "campaigns_details": details}]), 1).prospects[0].memberships is None


@pytest.mark.parametrize(
    "answer",
    [Answer(204, None), ok({"message": "There are no prospects matching the given criteria."}),
     ok({"status": {"status": "OK"}, "message": "No prospects found"}), ok([])],
)  # fmt: skip
def test_every_way_to_say_nobody_is_an_empty_page(answer: Answer) -> None:
    page = read_page(answer, 3)

    assert (page.prospects, page.more, page.page) == ((), False, 3)
    assert read_found(answer) == ()


@pytest.mark.parametrize(
    "payload", [None, {}, "nobody", {"prospects": [ANN]}, {"message": "x", "rows": [1]}, [{}], [7, None]]
)
def test_what_is_neither_people_nor_nobody_is_unreadable(payload: Any) -> None:
    with pytest.raises(UnreadableAnswerError) as caught:
        read_page(ok(payload), 1)

    assert not caught.value.outcome_unknown


def test_a_full_page_promises_more_and_rows_without_id_are_counted() -> None:
    page = read_page(ok([ANN, {"email": "x"}]), 1, per_page=2)

    assert (len(page.prospects), page.unreadable_rows, page.more) == (1, 1, True)


@pytest.mark.parametrize(
    "answer",
    [ok([ANN, {"email": "b@x.example"}]), ok([ANN], total=2), ok([{**ANN, "id": number} for number in range(1, 1001)]),
     ok([{key: value for key, value in ANN.items() if key != "campaigns_details"}])],
)  # fmt: skip
def test_absence_is_never_concluded_from_half_an_answer(answer: Answer) -> None:
    with pytest.raises(UnreadableAnswerError):
        read_found(answer)


def test_a_search_names_each_address() -> None:
    assert search_for(["a+b@x.example", "c@x.example"]) == "email=a+b@x.example,email=c@x.example"


@pytest.mark.parametrize("addresses", [[], ["no-address"], ["a,b@x.example"], [f"a{n}@x.example" for n in range(26)]])
def test_a_search_that_would_mean_something_else_is_refused(addresses: list[str]) -> None:
    with pytest.raises(ValueError, match="address"):
        search_for(addresses)


@given(sizes=st.lists(st.integers(1, 240), max_size=80))
def test_batches_hold_every_address_once_and_fit_a_url(sizes: list[int]) -> None:
    addresses = [f"{'ä' * (size // 4)}{place}{'x' * size}@x.example" for place, size in enumerate(sizes)]

    batches = list(address_batches(addresses))

    assert [address for batch in batches for address in batch] == addresses
    assert all(len(quote(search_for(batch))) < 4000 for batch in batches)


@pytest.mark.parametrize("ids", [[], [0], [-1], [*range(1, 302)]])
def test_a_removal_that_could_mean_everybody_is_refused(ids: list[int]) -> None:
    with pytest.raises(ValueError, match="people at a time"):
        id_list(ids)


def test_campaigns_are_read_with_all_senders_and_unknown_words() -> None:
    rows = [
        {"id": 1, "name": "A", "status": "running", "from_email": "a@s.example", "from_emails": ["a@s.example", "b@s.example"],
         "per_day": "50", "created": "2026-02-10T13:14:57+0100", "error": None},
        {"id": "2", "name": None, "status": "HIBERNATING", "from_email": "c@s.example", "per_day": None},
        {"name": "a shell without an id"},
    ]  # fmt: skip

    first, second = read_campaigns(ok(rows))

    assert (first.status, first.from_emails, first.per_day, first.error) == (
        "RUNNING",
        ("a@s.example", "b@s.example"),
        50,
        "",
    )
    assert first.created == datetime(2026, 2, 10, 12, 14, 57, tzinfo=UTC)
    assert (second.id, second.status, second.from_emails, second.per_day) == (2, "HIBERNATING", ("c@s.example",), None)


@pytest.mark.parametrize("answer", [Answer(204, None), ok({"message": "There are no campaigns"}), ok([])])
def test_an_account_may_have_no_campaigns(answer: Answer) -> None:
    assert read_campaigns(answer) == ()


def email_step(text: str, followup: Any = None, **wait: Any) -> dict[str, Any]:
    return {"type": "EMAIL", "followup_after": wait or None, "followup": followup,
            "body": {"versions": [{"version": "A", "subject": None, "message": text, "signature": "SENDER"}]}}  # fmt: skip


def test_days_add_up_along_the_steps_from_day_one() -> None:
    third = email_step("three", range="HOUR", value=30)
    steps = {
        "type": "START",
        "followup": email_step("one", email_step("two", third, range="DAY", value=3), range="DAY", value=9),
    }

    found = read_settings(
        ok({"id": 5, "name": "C", "status": "draft", "settings": {"timezone": "Europe/Berlin"}, "steps": steps}), 5
    )

    assert [(step.number, step.kind, step.day, step.versions[0].body) for step in found.steps] == [
        (1, "EMAIL", 1, "one"), (2, "EMAIL", 4, "two"), (3, "EMAIL", 5, "three"),
    ]  # fmt: skip
    assert (found.status, found.time_zone, found.per_day) == ("DRAFT", "Europe/Berlin", None)


def test_after_a_wait_nobody_understands_the_days_are_unknown() -> None:
    steps = {
        "type": "START",
        "followup": email_step(
            "one", email_step("two", email_step("three", range="DAY", value=1), range="MOON", value=1)
        ),
    }

    assert [step.day for step in read_settings(ok({"id": 5, "steps": steps}), 5).steps] == [1, None, None]


def test_steps_without_an_end_are_unreadable() -> None:
    step = email_step("again", range="DAY", value=1)
    step["followup"] = step

    with pytest.raises(UnreadableAnswerError):
        read_settings(ok({"id": 5, "steps": {"type": "START", "followup": step}}), 5)


def test_statistics_give_version_a_without_days() -> None:
    stats = {
        "emails": [
            {"step": 1, "subject": "{{SNIPPET_1}}", "msg": "one", "timezone": "Europe/Warsaw"},
            {"step": 2, "msg": "two"},
        ]
    }

    found = read_statistics(ok([{"id": 5, "name": "C", "status": "RUNNING", "per_day": 30, "stats": stats}]), 5)

    assert [(step.number, step.day, step.versions[0].subject, step.versions[0].body) for step in found.steps] == [
        (1, 1, "{{SNIPPET_1}}", "one"), (2, None, "", "two"),
    ]  # fmt: skip
    assert (found.time_zone, found.per_day) == ("Europe/Warsaw", 30)


def test_the_blacklist_is_paged_by_its_total_or_by_full_pages() -> None:
    assert read_blacklist(ok({"emails": ["a", "b"], "total": 5}), 2, "emails", per_page=2).more
    assert not read_blacklist(ok({"emails": ["a"], "total": 5}), 3, "emails", per_page=2).more
    assert read_blacklist(ok({"domains": ["a", "b"]}), 1, "domains", per_page=2).more
    assert not read_blacklist(ok({"domains": []}), 2, "domains", per_page=2).more


@given(payload=json_values, total=st.none() | st.integers(0, 9))
def test_no_answer_makes_a_reader_stumble(payload: Any, total: int | None) -> None:
    readers = (
        read_users, read_campaigns, read_found,
        lambda answer: read_page(answer, 1),
        lambda answer: read_settings(answer, 5),
        lambda answer: read_statistics(answer, 5),
        lambda answer: read_blacklist(answer, 1, "emails", per_page=100),
    )  # fmt: skip
    for reader in readers:
        with suppress(UnreadableAnswerError):
            assert reader(ok(payload, total)) is not None


def test_pages_smaller_than_asked_for_are_no_end_where_the_count_says_so() -> None:
    rows = [{"id": number, "email": f"p{number}@acme.example", "status": "ACTIVE"} for number in range(1, 501)]
    assert read_page(ok(rows, total=1200), 1).more
    assert read_page(ok(rows, total=1200), 2).more
    assert not read_page(ok(rows, total=1000), 2).more
    assert not read_page(ok(rows), 1).more
