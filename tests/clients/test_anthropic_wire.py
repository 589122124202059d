"""Their JSON: what we send, what we make of what comes back, whatever it is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.claude import a_request
from woodpecker_api.clients.anthropic import errors
from woodpecker_api.clients.anthropic.port import AnswerProblem, BatchItem, BatchOutcome, Lifecycle, SystemBlock
from woodpecker_api.clients.anthropic.usage import TokenUsage
from woodpecker_api.clients.anthropic.wire import catalogue, schema_for
from woodpecker_api.clients.anthropic.wire.answers import answer_from
from woodpecker_api.clients.anthropic.wire.faults import error_from
from woodpecker_api.clients.anthropic.wire.requests import batch_requests, counting_body, message_body
from woodpecker_api.clients.anthropic.wire.values import limits_from, moment, retry_after_from, usage_from

SCHEMA = schema_for({"snippet_1": "subject", "snippet_2": "email"})
TEXTS = {"snippet_1": "A subject", "snippet_2": "A body"}

any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
header_names = st.sampled_from(
    [
        "request-id",
        "retry-after",
        "retry-after-ms",
        "date",
        "anthropic-ratelimit-requests-limit",
        "anthropic-ratelimit-requests-reset",
        "anthropic-ratelimit-tokens-remaining",
    ]
)
any_headers = st.dictionaries(header_names, st.text(max_size=30), max_size=5)


def a_message(**changes: Any) -> dict[str, Any]:
    """A message as the vendor gives it: an empty thinking block, then the JSON asked for."""
    message: dict[str, Any] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-5-5",
        "content": [
            {"type": "thinking", "thinking": "", "signature": "x"},
            {"type": "text", "text": json.dumps(TEXTS)},
        ],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 10, "output_tokens": 20},
    }
    return message | changes


def text_block(text: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": text}]


# What we send


def test_a_request_has_only_what_every_current_model_takes() -> None:
    body = message_body(a_request())

    assert body.keys() == {"model", "max_tokens", "messages", "system", "output_config"}
    assert body["output_config"].keys() == {"format", "effort"}
    assert [message["role"] for message in body["messages"]] == ["user"]


def test_counting_sends_the_same_without_max_tokens() -> None:
    request = a_request()

    assert counting_body(request) | {"max_tokens": request.max_tokens} == message_body(request)


def test_effort_and_system_are_left_out_when_not_wanted() -> None:
    body = message_body(a_request(effort=None, system=()))

    assert "system" not in body
    assert "effort" not in body["output_config"]


def test_the_end_of_the_stable_prefix_is_marked() -> None:
    blocks = (SystemBlock("rules"), SystemBlock("brief", ends_stable_prefix=True), SystemBlock("today"))

    system = message_body(a_request(system=blocks))["system"]

    assert ["cache_control" in block for block in system] == [False, True, False]


def test_at_most_four_marks_are_sent_and_the_longest_prefixes_win() -> None:
    blocks = tuple(SystemBlock(str(number), ends_stable_prefix=True) for number in range(6))

    system = message_body(a_request(system=blocks))["system"]

    assert ["cache_control" in block for block in system] == [False, False, True, True, True, True]


def test_a_line_of_a_batch_is_a_whole_message_body() -> None:
    request = a_request()

    assert batch_requests([BatchItem("lead-1", request)]) == [{"custom_id": "lead-1", "params": message_body(request)}]


@given(st.dictionaries(st.text(min_size=1, max_size=12), st.text(max_size=40), max_size=8))
def test_a_schema_takes_exactly_the_texts_it_names(fields: dict[str, str]) -> None:
    schema = schema_for(fields)
    texts = dict.fromkeys(fields, "text")

    assert schema["additionalProperties"] is False
    assert answer_from(a_message(content=text_block(json.dumps(texts))), {}, schema).problem is None
    more = json.dumps({**texts, "one more than all": "x"})
    assert answer_from(a_message(content=text_block(more)), {}, schema).problem is AnswerProblem.WRONG_SHAPE
    for name in fields:
        fewer = json.dumps({other: "text" for other in fields if other != name})
        assert answer_from(a_message(content=text_block(fewer)), {}, schema).problem is AnswerProblem.WRONG_SHAPE


# Messages


def test_the_text_is_found_behind_thinking_blocks() -> None:
    assert answer_from(a_message(), {}, SCHEMA).data == TEXTS


def test_unknown_blocks_and_fields_are_passed_over() -> None:
    content = [{"type": "hologram", "text": "no"}, *a_message()["content"]]

    assert answer_from(a_message(content=content, mood="fine"), {}, SCHEMA).data == TEXTS


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"stop_reason": "refusal", "content": []}, AnswerProblem.REFUSED),
        ({"stop_reason": "refusal"}, AnswerProblem.REFUSED),
        ({"stop_reason": "max_tokens"}, AnswerProblem.TRUNCATED),
        ({"stop_reason": "model_context_window_exceeded"}, AnswerProblem.TRUNCATED),
        ({"stop_reason": "tool_use"}, AnswerProblem.UNEXPECTED_STOP),
        ({"stop_reason": "pause_turn"}, AnswerProblem.UNEXPECTED_STOP),
        ({"stop_reason": "something_new"}, AnswerProblem.UNEXPECTED_STOP),
        ({"content": []}, AnswerProblem.NO_TEXT),
        ({"content": None}, AnswerProblem.NO_TEXT),
        ({"content": text_block("")}, AnswerProblem.NO_TEXT),
        ({"content": text_block("Here you are: {}")}, AnswerProblem.NOT_JSON),
        ({"content": text_block("null")}, AnswerProblem.NOT_JSON),
        ({"content": text_block("[" * 100_000)}, AnswerProblem.NOT_JSON),
        ({"content": text_block(json.dumps(TEXTS)) * 2}, AnswerProblem.NOT_JSON),
        ({"content": text_block("[1]")}, AnswerProblem.WRONG_SHAPE),
        ({"content": text_block('{"snippet_1": "a", "snippet_2": null}')}, AnswerProblem.WRONG_SHAPE),
        ({"content": text_block('{"snippet_1": "a", "snippet_2": "\\ud83d"}')}, AnswerProblem.WRONG_SHAPE),
        ({"content": text_block('{"snippet_1": "a", "snippet_2": "\\u0000"}')}, AnswerProblem.WRONG_SHAPE),
    ],
)
def test_a_problem_is_named_and_no_data_is_given(changes: dict[str, Any], problem: AnswerProblem) -> None:
    answer = answer_from(a_message(**changes), {}, SCHEMA)

    assert answer.problem is problem
    assert answer.data is None
    assert answer.problem_detail
    assert answer.usage == TokenUsage(input=10, output=20)


def test_a_cut_text_is_kept_as_it_came() -> None:
    answer = answer_from(a_message(stop_reason="max_tokens", content=text_block('{"snippet_1": "A sub')), {}, SCHEMA)

    assert answer.text == '{"snippet_1": "A sub'


def test_a_text_without_a_schema_needs_only_to_be_an_object() -> None:
    assert answer_from(a_message(content=text_block('{"a": 1}')), {}, None).data == {"a": 1}
    assert answer_from(a_message(content=text_block("1")), {}, None).problem is AnswerProblem.WRONG_SHAPE


@pytest.mark.parametrize("changes", [{"stop_reason": None}, {"usage": None}, {"type": "error"}])
def test_what_is_no_complete_message_may_have_been_charged(changes: dict[str, Any]) -> None:
    with pytest.raises(errors.ClaudeUnusableAnswerError) as caught:
        answer_from(a_message(**changes), {"request-id": "req_1"}, SCHEMA)

    assert caught.value.may_have_been_charged
    assert caught.value.request_id == "req_1"


@given(any_json, any_headers)
def test_a_body_that_is_no_message_may_have_been_charged(body: Any, headers: dict[str, str]) -> None:
    with pytest.raises(errors.ClaudeUnusableAnswerError) as caught:
        answer_from(body, headers, SCHEMA)

    assert caught.value.may_have_been_charged


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "content": any_json | st.lists(st.fixed_dictionaries({"type": st.just("text"), "text": any_json})),
            "stop_reason": st.sampled_from(["end_turn", "refusal", "max_tokens"]) | any_json,
            "stop_details": any_json,
            "usage": st.dictionaries(st.sampled_from(["input_tokens", "output_tokens"]), any_json),
            "model": any_json,
            "id": any_json,
        },
    ),
    any_headers,
)
def test_an_answer_has_either_data_or_a_problem(changes: dict[str, Any], headers: dict[str, str]) -> None:
    try:
        answer = answer_from(a_message(**changes), headers, SCHEMA)
    except errors.ClaudeUnusableAnswerError:
        return
    assert (answer.data is None) != (answer.problem is None)
    assert bool(answer.problem_detail) == (answer.problem is not None)
    assert answer.usage.input >= 0
    assert answer.usage.output >= 0
    (answer.text or "").encode()


def test_all_kinds_of_tokens_are_read() -> None:
    usage = {
        "input_tokens": 1,
        "output_tokens": 2,
        "cache_creation_input_tokens": 30,
        "cache_read_input_tokens": 40,
        "cache_creation": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20},
        "output_tokens_details": {"thinking_tokens": 1},
    }

    read = usage_from({"usage": usage})

    assert read == TokenUsage(input=1, output=2, cache_write=30, cache_write_hour=20, cache_read=40, thinking=1)
    assert read is not None
    assert read.total_input == 71


# Headers


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        (
            {"retry-after": "Sun, 22 Nov 2026 10:00:30 GMT", "date": "Sun, 22 Nov 2026 10:00:00 GMT"},
            30.0,
        ),
        ({"retry-after": "Sun, 22 Nov 2026 10:00:30 GMT"}, None),
        ({"retry-after": "0"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_the_wait_is_read_as_seconds(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_from(headers) == seconds


@given(any_headers)
def test_any_headers_can_be_read(headers: dict[str, str]) -> None:
    wait = retry_after_from(headers)
    limits = limits_from(headers)

    assert wait is None or wait > 0
    assert limits.output_tokens is None


def test_a_limit_that_makes_no_sense_is_not_told() -> None:
    headers = {
        "anthropic-ratelimit-tokens-limit": "1_000",
        "anthropic-ratelimit-tokens-remaining": "99999999999999999999999",
        "anthropic-ratelimit-tokens-reset": "later",
    }

    assert limits_from(headers).tokens is None


@given(any_json)
def test_any_value_is_a_moment_or_none(value: Any) -> None:
    read = moment(value)

    assert read is None or read.utcoffset() is not None


# Failures


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [
        (400, "invalid_request_error", errors.ClaudeRequestError),
        (401, "authentication_error", errors.ClaudeKeyError),
        (402, "billing_error", errors.ClaudeBillingError),
        (403, "permission_error", errors.ClaudePermissionError),
        (404, "not_found_error", errors.ClaudeNotFoundError),
        (408, None, errors.ClaudeTimeoutError),
        (409, "conflict_error", errors.ClaudeServerError),
        (413, "request_too_large", errors.ClaudeRequestError),
        (422, None, errors.ClaudeRequestError),
        (429, "rate_limit_error", errors.ClaudeRateLimitError),
        (500, "api_error", errors.ClaudeServerError),
        (501, None, errors.ClaudeServerError),
        (503, None, errors.ClaudeOverloadedError),
        (504, "timeout_error", errors.ClaudeTimeoutError),
        (529, "overloaded_error", errors.ClaudeOverloadedError),
        (500, "memory_something_new", errors.ClaudeServerError),
        (400, "memory_something_new", errors.ClaudeRequestError),
        (307, None, errors.ClaudeRequestError),
        (None, "overloaded_error", errors.ClaudeOverloadedError),
        (None, "invalid_request_error", errors.ClaudeRequestError),
        (None, "something_new", errors.ClaudeServerError),
    ],
)
def test_the_http_class_decides(status: int | None, kind: str | None, expected: type[errors.ClaudeError]) -> None:
    body = {"type": "error", "error": {"type": kind, "message": "said"}, "request_id": "req_body"}

    error = error_from(status, body, {}, paid_call=True)

    assert type(error) is expected
    assert error.vendor_message == "said"
    assert error.request_id == "req_body"


@pytest.mark.parametrize(
    "code", ["enforced_spend_limit_reached", "contract_spend_limit_reached", "linked_organization_spend_limit_reached"]
)
@pytest.mark.parametrize("status", [400, 429])
def test_every_spending_limit_is_permanent_even_with_a_wait(code: str, status: int) -> None:
    body = {"error": {"type": "rate_limit_error", "message": "no", "details": {"error_code": code}}}

    error = error_from(status, body, {"retry-after": "5"}, paid_call=True)

    assert isinstance(error, errors.ClaudeSpendLimitError)
    assert error.permanent
    assert error.retry_after is None


def test_a_fast_ramp_is_an_ordinary_rate_limit() -> None:
    body = {"error": {"type": "rate_limit_error", "details": {"error_code": "ramp_limit_exceeded"}}}

    error = error_from(429, body, {"retry-after": "5"}, paid_call=True)

    assert isinstance(error, errors.ClaudeRateLimitError)
    assert error.retry_after == 5


@pytest.mark.parametrize(
    ("status", "body", "uncertain"),
    [
        (500, {"error": {"type": "api_error"}}, False),
        (529, {"error": {"type": "overloaded_error"}}, False),
        (429, {"error": {"type": "rate_limit_error"}}, False),
        (502, "<html>", True),
        (503, None, True),
        (504, {"error": {"type": "timeout_error"}}, True),
        (400, "<html>", False),
    ],
)
def test_only_what_the_vendor_did_not_state_itself_may_have_been_charged(
    status: int, body: Any, uncertain: bool
) -> None:
    assert error_from(status, body, {}, paid_call=True).may_have_been_charged is uncertain
    assert error_from(status, body, {}, paid_call=False).may_have_been_charged is False


@given(st.integers(300, 599) | st.none(), any_json, any_headers)
def test_any_failure_is_one_of_our_errors(status: int | None, body: Any, headers: dict[str, str]) -> None:
    error = error_from(status, body, headers, paid_call=True)

    assert str(error)
    assert not (error.permanent and error.may_have_been_charged)
    assert error.retry_after is None or error.retry_after > 0


# Models and batches


@given(any_json)
def test_any_page_of_models_is_read_or_refused(entry: Any) -> None:
    offers, following = catalogue.models_from({"data": [entry, {"id": "m"}]}, {})

    assert offers[-1].id == "m"
    assert offers[-1].lifecycle is Lifecycle.UNKNOWN
    assert not offers[-1].efforts
    assert following is None


@given(any_json)
def test_a_batch_is_read_or_refused_without_a_charge(body: Any) -> None:
    with pytest.raises(errors.ClaudeUnusableAnswerError) as caught:
        catalogue.batch_from(body, {})

    assert not caught.value.may_have_been_charged


def test_a_success_without_a_message_is_an_error_of_that_line_alone() -> None:
    result = catalogue.batch_result_from({"custom_id": "a", "result": {"type": "succeeded", "message": {}}}, SCHEMA)

    assert result.outcome is BatchOutcome.ERRORED
    assert isinstance(result.error, errors.ClaudeUnusableAnswerError)


def test_a_token_count_that_is_none_is_refused() -> None:
    with pytest.raises(errors.ClaudeUnusableAnswerError):
        catalogue.tokens_from({"input_tokens": "many"}, {})
