"""The simulator as strange clients meet it: strict where the vendor is."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.claude import LEAD, MODEL, SNIPPETS, SimulatedClaude, a_request, simulated_claude, user_text
from woodpecker_api.clients.anthropic.wire import schema_for
from woodpecker_api.clients.anthropic.wire.requests import message_body
from woodpecker_api.sandbox.claude.app import make_app
from woodpecker_api.sandbox.claude.world import World

HAIKU, OPUS, OLD = "claude-haiku-5-5", "claude-opus-5-5", "claude-sonnet-4-5"


@pytest.fixture(scope="module")
def server() -> Iterator[SimulatedClaude]:
    with simulated_claude() as running:
        yield running


@pytest.fixture
def claude(server: SimulatedClaude) -> SimulatedClaude:
    server.control("POST", "reset")
    return server


def a_body(**changes: Any) -> dict[str, Any]:
    """A Messages body that nothing is wrong with."""
    return message_body(a_request()) | changes


def said(claude: SimulatedClaude, body: Any, status: int = 400, **headers: str) -> str:
    """The message of the error that the body is answered with."""
    answer = claude.post("/v1/messages", body, headers)
    assert answer.status_code == status, answer.text
    wrong = answer.json()
    assert wrong["type"] == "error"
    assert wrong["request_id"] == answer.headers["request-id"]
    return str(wrong["error"]["message"])


def test_a_message_looks_like_the_vendors(claude: SimulatedClaude) -> None:
    message = claude.post("/v1/messages", a_body()).json()

    assert message["type"] == "message"
    assert message["role"] == "assistant"
    assert message["stop_reason"] == "end_turn"
    assert message["content"][-1]["type"] == "text"
    assert json.loads(message["content"][-1]["text"]).keys() == SNIPPETS.keys()
    assert message["usage"]["service_tier"] == "standard"


def test_thinking_comes_first_and_is_empty(claude: SimulatedClaude) -> None:
    messages = [
        claude.post("/v1/messages", message_body(a_request(lead={"first_name": f"Ann{number}"}))).json()
        for number in range(8)
    ]
    thinking = [message["content"][0] for message in messages if message["content"][0]["type"] == "thinking"]

    assert thinking
    assert all(block["thinking"] == "" for block in thinking)


def test_more_effort_thinks_more(claude: SimulatedClaude) -> None:
    def thought(effort: str) -> int:
        output = a_body()["output_config"] | {"effort": effort}
        answers = [
            claude.post("/v1/messages", a_body(output_config=output, messages=[{"role": "user", "content": str(n)}]))
            for n in range(4)
        ]
        return sum(answer.json()["usage"]["output_tokens_details"]["thinking_tokens"] for answer in answers)

    assert thought("low") < thought("high") < thought("max")


@pytest.mark.parametrize("headers", [{"x-api-key": "any"}, {"x-api-key": "", "authorization": "Bearer any"}])
def test_the_key_counts_in_either_header(claude: SimulatedClaude, headers: dict[str, str]) -> None:
    assert claude.post("/v1/messages", a_body(), headers).status_code == 200


@pytest.mark.parametrize("headers", [{"x-api-key": ""}, {"x-api-key": "invalid"}])
def test_no_key_and_a_wrong_key_are_refused(claude: SimulatedClaude, headers: dict[str, str]) -> None:
    answer = claude.post("/v1/messages", a_body(), headers)

    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "authentication_error"


def test_both_versions_are_known_and_no_others(claude: SimulatedClaude) -> None:
    assert claude.post("/v1/messages", a_body(), {"anthropic-version": "2023-06-01"}).status_code == 200
    assert "anthropic-version" in said(claude, a_body(), **{"anthropic-version": "1999-01-01"})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tool_choice": {"type": "tool", "name": "x"}}, 'type "tool" and "any" are not supported'),
        ({"tool_choice": {"type": "any"}}, 'type "tool" and "any" are not supported'),
        (
            {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "{"}]},
            "does not support assistant message prefill",
        ),
        ({"temperature": 0.7}, "temperature"),
        ({"temperature": 1}, "temperature"),
        ({"top_p": 0.9}, "top_p"),
        ({"top_k": 5}, "top_k"),
        ({"thinking": {"type": "enabled", "budget_tokens": 1024}}, "thinking.type"),
        ({"thinking": {"type": "disabled"}}, "thinking.type"),
        ({"max_tokens": None}, "max_tokens"),
        ({"max_tokens": "many"}, "max_tokens"),
        ({"max_tokens": -1}, "max_tokens"),
        ({"max_tokens": 128_001}, "maximum allowed"),
        ({"messages": []}, "at least one message"),
        ({"messages": [{"role": "system", "content": "x"}]}, "role"),
        ({"messages": [{"role": "user", "content": ""}]}, "non-empty"),
        ({"messages": [{"role": "user", "content": []}]}, "content"),
        ({"messages": [{"role": "user", "content": ["x"]}]}, "type: Field required"),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": " "}]}]}, "non-empty"),
        (
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "x", "citations": [{}]}]}]},
            "citations",
        ),
        (
            {
                "messages": [
                    {"role": "user", "content": "a"},
                    {"role": "assistant", "content": [{"type": "document"}]},
                    {"role": "user", "content": "b"},
                ]
            },
            "document blocks",
        ),
        ({"system": 5}, "system"),
        ({"system": [{"type": "image"}]}, "system.0.type"),
        ({"system": [{"type": "text", "text": ""}]}, "system.0.text"),
        ({"system": [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}] * 5}, "maximum of 4"),
        ({"output_config": []}, "output_config"),
        ({"output_config": {"effort": "enormous"}}, "effort"),
        ({"output_config": {"format": {"type": "json"}}}, "json_schema"),
        ({"output_config": {"format": {"type": "json_schema"}}}, "schema"),
        ({"output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}}}, "additionalProperties"),
        (
            {"output_config": {"format": {"type": "json_schema", "schema": {"type": "array", "minItems": 3}}}},
            "minItems",
        ),
        (
            {"output_config": {"format": {"type": "json_schema", "schema": schema_for({"a": "x" * 70_000})}}},
            "compiled grammar is too large",
        ),
        ({"output_format": {}}, "Extra inputs are not permitted"),
        ({"stream": True}, "stream"),
    ],
)
def test_what_current_models_reject_is_rejected(claude: SimulatedClaude, changes: dict[str, Any], words: str) -> None:
    assert words in said(claude, a_body(**changes))
    assert claude.counters()["rejected"] == 1
    assert claude.counters()["paid"] == 0


def test_the_older_version_takes_sampling_at_its_usual_value_only(claude: SimulatedClaude) -> None:
    old = {"anthropic-version": "2023-06-01"}

    assert claude.post("/v1/messages", a_body(temperature=1), old).status_code == 200
    assert "temperature" in said(claude, a_body(temperature=0.7), **old)


@pytest.mark.parametrize(
    ("model", "thinking", "status"),
    [
        (HAIKU, "disabled", 200),
        (MODEL, "between_tools", 200),
        (OPUS, "between_tools", 400),
        (OPUS, "adaptive", 200),
        (OLD, "enabled", 200),
    ],
)
def test_each_model_takes_its_own_thinking(claude: SimulatedClaude, model: str, thinking: str, status: int) -> None:
    body = a_body(model=model, thinking={"type": thinking})

    assert claude.post("/v1/messages", body).status_code == status


def test_a_model_of_before_may_be_forced_to_use_a_tool(claude: SimulatedClaude) -> None:
    assert claude.post("/v1/messages", a_body(model=OLD, tool_choice={"type": "any"})).status_code == 200


@pytest.mark.parametrize("model", ["claude-unheard-of", "claude-sonnet-4", None, 5])
def test_unknown_and_retired_models_are_not_found(claude: SimulatedClaude, model: Any) -> None:
    assert "model" in said(claude, a_body(model=model), 404)


def test_what_is_no_json_object_is_refused(claude: SimulatedClaude) -> None:
    assert "JSON" in said(claude, [1])


def test_an_unknown_address_is_an_error_in_the_vendors_form(claude: SimulatedClaude) -> None:
    answer = claude.post("/v1/complete", {})

    assert answer.status_code == 404
    assert answer.json()["error"]["type"] == "not_found_error"


def test_any_schema_of_the_subset_is_filled(claude: SimulatedClaude) -> None:
    schema = {
        "$defs": {"Kind": {"type": "string", "enum": ["warm", "cold"]}},
        "type": "object",
        "additionalProperties": False,
        "required": ["kind", "score", "notes", "fixed", "inner"],
        "properties": {
            "kind": {"$ref": "#/$defs/Kind"},
            "score": {"type": "integer"},
            "sure": {"type": "boolean"},
            "notes": {"type": "array", "items": {"type": "string", "description": "bump"}},
            "fixed": {"const": 7},
            "maybe": {"anyOf": [{"type": "null"}, {"type": "string"}]},
            "inner": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"share": {"type": "number"}, "line": {"type": "string", "description": "subject"}},
            },
        },
    }
    body = a_body(output_config={"format": {"type": "json_schema", "schema": schema}})

    value = json.loads(claude.post("/v1/messages", body).json()["content"][-1]["text"])

    assert value["kind"] == "warm"
    assert value["score"] == 1
    assert value["sure"] is True
    assert isinstance(value["notes"][0], str)
    assert value["fixed"] == 7
    assert value["maybe"] is None
    assert value["inner"]["share"] == 1.0
    assert 36 <= len(value["inner"]["line"]) <= 50


def test_a_schema_that_contains_itself_is_answered(claude: SimulatedClaude) -> None:
    node = {"type": "object", "additionalProperties": False, "properties": {"next": {"$ref": "#/$defs/Node"}}}
    schema = {"$defs": {"Node": node}, **node}
    body = a_body(output_config={"format": {"type": "json_schema", "schema": schema}})

    assert claude.post("/v1/messages", body).status_code == 200


def test_without_a_schema_the_answer_is_plain_text(claude: SimulatedClaude) -> None:
    body = a_body()
    del body["output_config"]

    assert "Acme" in claude.post("/v1/messages", body).json()["content"][-1]["text"]


def test_counting_refuses_max_tokens_and_knows_the_model(claude: SimulatedClaude) -> None:
    body = a_body()
    assert claude.post("/v1/messages/count_tokens", body).status_code == 400
    del body["max_tokens"]
    assert claude.post("/v1/messages/count_tokens", body).json()["input_tokens"] > 100
    assert claude.post("/v1/messages/count_tokens", body | {"model": "x"}).status_code == 404
    assert claude.post("/v1/messages/count_tokens", body | {"messages": []}).status_code == 400


def test_longer_prompts_cost_more(claude: SimulatedClaude) -> None:
    short = a_body(messages=[{"role": "user", "content": user_text(LEAD)}])
    long = a_body(messages=[{"role": "user", "content": user_text(LEAD) + " more" * 1_000}])

    costs = [claude.post("/v1/messages", body).json()["usage"]["input_tokens"] for body in (short, long)]

    assert costs[1] - costs[0] > 1_000


@pytest.mark.parametrize(
    ("requests", "words"),
    [
        ([], "at least one request"),
        ([{"custom_id": "a b", "params": {}}], "custom_id"),
        ([{"custom_id": "x" * 65, "params": {}}], "custom_id"),
        ([{"custom_id": "a", "params": {}}] * 2, "unique"),
        ([{"custom_id": "a"}], "params"),
        (["a"], "custom_id"),
    ],
)
def test_a_batch_is_refused_for_its_ids(claude: SimulatedClaude, requests: list[Any], words: str) -> None:
    answer = claude.post("/v1/messages/batches", {"requests": requests})

    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]


def test_the_app_needs_nothing_to_start() -> None:
    assert {route.path for route in make_app(World()).routes} >= {"/v1/messages", "/_control/state"}
