"""Reading a message: why it stopped first, then the text blocks (by type, never by place), then the JSON in them."""

from collections.abc import Mapping
from typing import Any

from woodpecker_api.clients.anthropic.errors import ClaudeUnusableAnswerError
from woodpecker_api.clients.anthropic.port import AnswerProblem, GenerationAnswer, Refusal
from woodpecker_api.clients.anthropic.usage import CallFacts
from woodpecker_api.clients.anthropic.wire.values import (
    limits_from,
    parsed_json,
    part,
    storable,
    text_or_none,
    usage_from,
)

COMPLETE = ("end_turn", "stop_sequence")
CUT = ("max_tokens", "model_context_window_exceeded")


def answer_from(body: Any, headers: Mapping[str, str], schema: Mapping[str, Any] | None) -> GenerationAnswer:
    """The answer in a 200. Raises ClaudeUnusableAnswerError, with what is known, for what is no complete message."""
    usage = usage_from(body)
    stop_reason = text_or_none(part(body, "stop_reason"))
    request_id = headers.get("request-id")
    limits = limits_from(headers)
    if part(body, "type") != "message" or usage is None or stop_reason is None:
        facts = CallFacts(status=200, request_id=request_id, usage=usage, limits=limits)
        raise ClaudeUnusableAnswerError(_what_it_is(body), facts=facts, may_have_been_charged=True)
    text = _text_of(part(body, "content"))
    refusal = _refusal_of(body, stop_reason)
    data, problem, detail = _read(stop_reason, text, refusal, schema)
    return GenerationAnswer(
        model=text_or_none(part(body, "model")) or "",
        stop_reason=stop_reason,
        text=text,
        data=data,
        problem=problem,
        problem_detail=detail,
        refusal=refusal,
        usage=usage,
        message_id=text_or_none(part(body, "id")),
        request_id=request_id,
        limits=limits,
    )


def _what_it_is(body: Any) -> str:
    if not isinstance(body, Mapping):
        return "no JSON object"
    if body.get("type") != "message":
        return "JSON, but no message"
    return "a message without usage" if body.get("usage") is None else "a message without an end"


def _text_of(content: Any) -> str | None:
    if not isinstance(content, list):
        return None
    texts = [text_or_none(part(block, "text")) for block in content if part(block, "type") == "text"]
    return "".join(text for text in texts if text is not None) or None


def _refusal_of(body: Any, stop_reason: str) -> Refusal | None:
    if stop_reason != "refusal":
        return None
    details = part(body, "stop_details")
    return Refusal(text_or_none(part(details, "category")), text_or_none(part(details, "explanation")))


_Reading = tuple[Mapping[str, Any] | None, AnswerProblem | None, str]


def _read(stop_reason: str, text: str | None, refusal: Refusal | None, schema: Mapping[str, Any] | None) -> _Reading:
    stopped = _stop_problem(stop_reason, refusal)
    if stopped is not None:
        return None, *stopped
    if text is None:
        return None, AnswerProblem.NO_TEXT, "The answer holds no text."
    data = parsed_json(text)
    if data is None:
        return None, AnswerProblem.NOT_JSON, "The answer is not JSON."
    difference = mismatch(data, schema) if schema is not None else _not_an_object(data)
    if difference:
        return None, AnswerProblem.WRONG_SHAPE, difference
    return data, None, ""


def _stop_problem(stop_reason: str, refusal: Refusal | None) -> tuple[AnswerProblem, str] | None:
    if refusal is not None:
        said = refusal.explanation or refusal.category or "no reason given"
        return AnswerProblem.REFUSED, f"Claude declined to write this: {said}"
    if stop_reason in CUT:
        return AnswerProblem.TRUNCATED, f"The answer was cut ({stop_reason}); allow more tokens or less effort."
    if stop_reason not in COMPLETE:
        return AnswerProblem.UNEXPECTED_STOP, f"The answer stopped in an unexpected way ({stop_reason})."
    return None


def _not_an_object(data: Any) -> str:
    return "" if isinstance(data, dict) else "The answer is JSON, but no object."


def mismatch(data: Any, schema: Mapping[str, Any]) -> str:
    """How the answer differs from a shape made by `schema_for`; "" when it does not."""
    if not isinstance(data, dict):
        return _not_an_object(data)
    wanted = schema.get("required", ())
    missing = [name for name in wanted if name not in data]
    if missing:
        return f"The answer lacks {', '.join(missing)}."
    extra = [name for name in data if name not in schema.get("properties", {})]
    if extra and schema.get("additionalProperties") is False:
        return f"The answer holds more than was asked for: {storable(', '.join(sorted(extra)))[:200]}."
    not_text = [name for name in wanted if not isinstance(data[name], str)]
    if not_text:
        return f"Not a text in the answer: {', '.join(not_text)}."
    broken = [name for name in wanted if storable(data[name]) != data[name]]
    return f"Characters that cannot be stored in {', '.join(broken)}." if broken else ""
