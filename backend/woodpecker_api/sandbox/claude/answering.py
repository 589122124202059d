"""Working out a message: the text, the usage, why it stopped."""

import json
from collections.abc import Mapping
from typing import Any

from woodpecker_api.kit.hashing import digest
from woodpecker_api.sandbox.claude.catalogue import Model
from woodpecker_api.sandbox.claude.faults import Fault
from woodpecker_api.sandbox.claude.prompt import Prompt
from woodpecker_api.sandbox.claude.shapes import value_for
from woodpecker_api.sandbox.claude.tokens import BYTES_A_TOKEN, THINKING, InputCount, tokens_of
from woodpecker_api.sandbox.claude.writer import write

DEFAULT_SHAPE = {
    "type": "object",
    "properties": {"text": {"type": "string", "description": "email"}},
    "additionalProperties": False,
}
REFUSED = {"type": "refusal", "category": "general_harms", "explanation": "The sandbox was told to refuse this one."}


def lead_key(prompt: Prompt) -> tuple[str, str]:
    """What the request is about, for counting: an id or address if the lead has one, else a fingerprint. And a label."""
    lead = prompt.lead
    label = " ".join(str(lead.get(name, "")) for name in ("first_name", "last_name", "company")).strip()
    named = lead.get("id") or lead.get("email")
    return (str(named) if named else digest(dict(lead))[:16]), label


def compose(
    body: Mapping[str, Any], prompt: Prompt, counted: InputCount, model: Model, fault: Fault | None
) -> dict[str, Any]:
    """The message for the request, spoiled as the fault wants it."""
    name = digest([dict(body), str(fault)])
    thinking = _thinking_tokens(body, name)
    text, stop_reason = _cut_to_fit(_text(body, prompt), int(body["max_tokens"]) - thinking)
    details = None
    if fault is Fault.REFUSAL:
        text, stop_reason, details = "", "refusal", REFUSED
    elif fault is not None:
        text, stop_reason = _spoiled(text, stop_reason, fault)
    content = [{"type": "text", "text": text}] if text else []
    if thinking:
        content.insert(0, {"type": "thinking", "thinking": "", "signature": name[:32]})
    return {
        "id": f"msg_sandbox_{name[:20]}",
        "type": "message",
        "role": "assistant",
        "model": model.id,
        "content": content,
        "stop_reason": None if fault is Fault.NO_STOP_REASON else stop_reason,
        "stop_sequence": None,
        "stop_details": details,
        "usage": _usage(counted, tokens_of(text) + thinking, thinking),
    }


def _text(body: Mapping[str, Any], prompt: Prompt) -> str:
    wanted = (body.get("output_config") or {}).get("format")
    if wanted is None:
        return "\n\n".join(write(prompt, {"text": "email"}).values())
    value = value_for(wanted["schema"], lambda told: write(prompt, told))
    return json.dumps(value, ensure_ascii=False)


def _thinking_tokens(body: Mapping[str, Any], name: str) -> int:
    if (body.get("thinking") or {}).get("type") == "disabled":
        return 0
    effort = (body.get("output_config") or {}).get("effort") or "medium"
    # Now and then a model does not think at all; the rest varies by a half.
    chance = int(name[:4], 16) / 0xFFFF
    return 0 if chance < 0.1 else round(THINKING[effort] * (0.5 + chance))


def _cut_to_fit(text: str, room: int) -> tuple[str, str]:
    if tokens_of(text) <= room:
        return text, "end_turn"
    kept = text.encode("utf-8", "replace")[: max(int(room * BYTES_A_TOKEN), 0)]
    return kept.decode("utf-8", "ignore"), "max_tokens"


def _spoiled(text: str, stop_reason: str, fault: Fault) -> tuple[str, str]:
    if fault is Fault.TRUNCATED:
        return text[: len(text) // 2], "max_tokens"
    if fault is Fault.NOT_JSON:
        return f"Here is the sequence you asked for:\n\n{text[1:-1]}", stop_reason
    if fault is Fault.WRONG_SHAPE:
        return '{"note": "something else"}', stop_reason
    return text, stop_reason


def _usage(counted: InputCount, output: int, thinking: int) -> dict[str, Any]:
    return {
        "input_tokens": counted.plain,
        "output_tokens": output,
        "cache_creation_input_tokens": counted.written,
        "cache_read_input_tokens": counted.read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": counted.written - counted.written_for_hour,
            "ephemeral_1h_input_tokens": counted.written_for_hour,
        },
        "output_tokens_details": {"thinking_tokens": thinking},
        "server_tool_use": None,
        "service_tier": "standard",
        "inference_geo": "global",
    }
