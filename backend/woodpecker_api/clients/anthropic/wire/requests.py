"""What we send. Only parameters that every current model takes: no sampling, no forced tools, no prefill, no thinking
setting (adaptive by default); `effort` is the only dial."""

from collections.abc import Mapping, Sequence
from typing import Any

from woodpecker_api.clients.anthropic.port import BatchItem, GenerationRequest, SystemBlock

CACHE_MARKERS_ALLOWED = 4


def schema_for(fields: Mapping[str, str]) -> dict[str, Any]:
    """The answer's shape: an object of texts, all required, none besides. `fields`: name → what the model is told.

    Lengths are not part of it, because the vendor does not enforce them: check them afterwards.
    """
    return {
        "type": "object",
        "properties": {name: {"type": "string", "description": told} for name, told in fields.items()},
        "required": list(fields),
        "additionalProperties": False,
    }


def message_body(request: GenerationRequest) -> dict[str, Any]:
    """The body of POST /v1/messages, and of one line of a batch."""
    return {**counting_body(request), "max_tokens": request.max_tokens}


def counting_body(request: GenerationRequest) -> dict[str, Any]:
    """The body of POST /v1/messages/count_tokens: the same without `max_tokens`, which it does not take."""
    output: dict[str, Any] = {"format": {"type": "json_schema", "schema": dict(request.schema)}}
    if request.effort is not None:
        output["effort"] = request.effort.value
    body: dict[str, Any] = {
        "model": request.model,
        "messages": [{"role": "user", "content": request.user_text}],
        "output_config": output,
    }
    if request.system:
        body["system"] = _system(request.system)
    return body


def _system(blocks: Sequence[SystemBlock]) -> list[dict[str, Any]]:
    marked = [place for place, block in enumerate(blocks) if block.ends_stable_prefix]
    # The later a marker, the longer the prefix it keeps.
    kept = set(marked[-CACHE_MARKERS_ALLOWED:])
    return [_block(block, marked=place in kept) for place, block in enumerate(blocks)]


def _block(block: SystemBlock, *, marked: bool) -> dict[str, Any]:
    body: dict[str, Any] = {"type": "text", "text": block.text}
    if marked:
        body["cache_control"] = {"type": "ephemeral"}
    return body


def batch_requests(items: Sequence[BatchItem]) -> list[dict[str, Any]]:
    return [{"custom_id": item.custom_id, "params": message_body(item.request)} for item in items]
