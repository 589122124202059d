"""What the vendor rejects, in its words: each check gives the message of a 400, or None."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from woodpecker_api.sandbox.claude.catalogue import EFFORTS, MODELS, Model

VERSIONS = ("2023-06-01", "2026-10-21")
STRICT_VERSION = "2026-10-21"
MOST_MESSAGES = 100_000
MOST_CACHE_MARKERS = 4
# The vendor states no limit, only the message; this one is ours.
LARGEST_SCHEMA = 64_000
SAMPLING = {"temperature": 1, "top_p": 1, "top_k": None}
KNOWN = frozenset(
    [
        "model",
        "max_tokens",
        "messages",
        "system",
        "output_config",
        "tools",
        "tool_choice",
        "thinking",
        "stop_sequences",
        "stream",
        "metadata",
        "cache_control",
        "service_tier",
        "speed",
        "inference_geo",
        "container",
        "diagnostics",
    ]
) | frozenset(SAMPLING)

_Check = Callable[[Mapping[str, Any], Model, str], str | None]


def model_of(body: Mapping[str, Any]) -> Model | None:
    """The model asked for, unless unknown or retired: both are a 404."""
    model = MODELS.get(str(body.get("model")))
    return None if model is None or model.lifecycle == "retired" else model


def rejection(body: Mapping[str, Any], model: Model, version: str, *, counting: bool = False) -> str | None:
    """The first thing that is wrong with a Messages body. `counting`: for count_tokens, which takes no max_tokens."""
    checks: tuple[_Check, ...] = (_unknown, _messages, _prefill, _system, _sampling, _thinking, _tools, _output, _cache)
    for check in checks if counting else (*checks, _max_tokens):
        said = check(body, model, version)
        if said is not None:
            return said
    return None


def _unknown(body: Mapping[str, Any], _model: Model, _version: str) -> str | None:
    if body.get("stream"):
        return "stream: the sandbox does not stream."
    extra = sorted(body.keys() - KNOWN)
    return f"{extra[0]}: Extra inputs are not permitted" if extra else None


def _max_tokens(body: Mapping[str, Any], model: Model, _version: str) -> str | None:
    asked = body.get("max_tokens")
    if isinstance(asked, bool) or not isinstance(asked, int):
        return "max_tokens: Field required" if asked is None else "max_tokens: Input should be a valid integer"
    if asked < 0:
        return "max_tokens: Input should be greater than or equal to 0"
    if asked > model.max_tokens:
        return f"max_tokens: {asked} > {model.max_tokens}, which is the maximum allowed for {model.id}"
    return None


def _messages(body: Mapping[str, Any], _model: Model, version: str) -> str | None:
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        return "messages: at least one message is required"
    if len(messages) > MOST_MESSAGES:
        return f"messages: at most {MOST_MESSAGES} messages are allowed"
    for place, message in enumerate(messages):
        said = _message(message, version)
        if said is not None:
            return f"messages.{place}{said}"
    return None


def _message(message: Any, version: str) -> str | None:
    if not isinstance(message, Mapping) or message.get("role") not in ("user", "assistant"):
        return '.role: Input should be "user" or "assistant"'
    content = message.get("content")
    if isinstance(content, str):
        return None if content else ".content: text content blocks must be non-empty"
    if not isinstance(content, list) or not content:
        return ".content: Input should be a valid list"
    for place, block in enumerate(content):
        said = _content_block(block, str(message["role"]), version)
        if said is not None:
            return f".content.{place}{said}"
    return None


def _content_block(block: Any, role: str, version: str) -> str | None:
    if not isinstance(block, Mapping) or not isinstance(block.get("type"), str):
        return ".type: Field required"
    if block["type"] == "text" and not (isinstance(block.get("text"), str) and block["text"].strip()):
        return ".text: text content blocks must be non-empty"
    if version == STRICT_VERSION and role == "assistant" and block["type"] == "document":
        return ": document blocks are not allowed in assistant messages"
    if version == STRICT_VERSION and role == "user" and block["type"] == "text" and block.get("citations"):
        return ".citations: citations are not allowed on user text blocks"
    return None


def _prefill(body: Mapping[str, Any], _model: Model, _version: str) -> str | None:
    if body["messages"][-1]["role"] == "assistant":
        return "This model does not support assistant message prefill. The conversation must end with a user message."
    return None


def _system(body: Mapping[str, Any], _model: Model, _version: str) -> str | None:
    system = body.get("system", "")
    if isinstance(system, str):
        return None
    if not isinstance(system, list):
        return "system: Input should be a valid list"
    for place, block in enumerate(system):
        if not isinstance(block, Mapping) or block.get("type") != "text":
            return f"system.{place}.type: Input should be 'text'"
        if not isinstance(block.get("text"), str) or not block["text"].strip():
            return f"system.{place}.text: text content blocks must be non-empty"
    return None


def _sampling(body: Mapping[str, Any], model: Model, version: str) -> str | None:
    for name, usual in SAMPLING.items():
        if name not in body:
            continue
        if version == STRICT_VERSION:
            return f"{name}: this parameter is not supported with anthropic-version {STRICT_VERSION}."
        if body[name] != usual:
            return f"{name}: this parameter is not supported for {model.id}."
    return None


def _thinking(body: Mapping[str, Any], model: Model, _version: str) -> str | None:
    thinking = body.get("thinking")
    if thinking is None:
        return None
    kind = thinking.get("type") if isinstance(thinking, Mapping) else None
    if kind in model.thinking:
        return None
    return f'thinking.type: "{kind}" is not supported for this model.'


def _tools(body: Mapping[str, Any], model: Model, _version: str) -> str | None:
    choice = body.get("tool_choice")
    kind = choice.get("type") if isinstance(choice, Mapping) else None
    if kind in ("any", "tool") and not model.takes_forced_tools:
        return 'tool_choice: type "tool" and "any" are not supported for this model.'
    return None


def _output(body: Mapping[str, Any], _model: Model, _version: str) -> str | None:
    output = body.get("output_config")
    if output is None:
        return None
    if not isinstance(output, Mapping):
        return "output_config: Input should be a valid dictionary"
    if output.get("effort") not in (None, *EFFORTS):
        return f"output_config.effort: Input should be one of {', '.join(EFFORTS)}"
    wanted = output.get("format")
    if wanted is None:
        return None
    if not isinstance(wanted, Mapping) or wanted.get("type") != "json_schema":
        return "output_config.format.type: Input should be 'json_schema'"
    return _schema(wanted.get("schema"))


def _schema(schema: Any) -> str | None:
    if not isinstance(schema, Mapping):
        return "output_config.format.schema: Field required"
    if len(json.dumps(schema)) > LARGEST_SCHEMA:
        return "The compiled grammar is too large. Simplify your schema."
    for part in _parts(schema):
        if part.get("type") == "object" and part.get("additionalProperties") is not False:
            return (
                "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false"
            )
        if part.get("minItems", 0) not in (0, 1):
            return (
                "output_config.format.schema: For 'array' type, 'minItems' values other than 0 or 1 are not supported"
            )
    return None


def _parts(schema: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(schema, Mapping):
        yield schema
        for value in schema.values():
            yield from _parts(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _parts(value)


def _cache(body: Mapping[str, Any], _model: Model, _version: str) -> str | None:
    marked = sum(
        1 for part in _parts([body.get("system"), body.get("messages"), body.get("tools")]) if "cache_control" in part
    )
    if marked + ("cache_control" in body) > MOST_CACHE_MARKERS:
        return f"A maximum of {MOST_CACHE_MARKERS} blocks with cache_control may be provided. Found {marked}."
    return None
