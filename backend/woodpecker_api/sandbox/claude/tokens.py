"""Counting tokens and the prompt cache: close enough to the vendor's to make costs and savings visible."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from woodpecker_api.sandbox.claude.catalogue import Model

BYTES_A_TOKEN = 3.4
TOKENS_A_MESSAGE = 7
LIFETIMES = {"5m": timedelta(minutes=5), "1h": timedelta(hours=1)}
THINKING = {"low": 40, "medium": 160, "high": 380, "xhigh": 800, "max": 1500}


def tokens_of(text: str) -> int:
    return math.ceil(len(text.encode("utf-8", "surrogatepass")) / BYTES_A_TOKEN)


@dataclass(frozen=True, slots=True)
class Segment:
    """A block of the prompt, in the order in which prefixes are cached; `ttl` where a marker stands."""

    text: str
    ttl: str | None

    @property
    def tokens(self) -> int:
        return tokens_of(self.text)


@dataclass(frozen=True, slots=True)
class InputCount:
    plain: int
    written: int = 0
    written_for_hour: int = 0
    read: int = 0

    @property
    def total(self) -> int:
        return self.plain + self.written + self.read


def segments_of(body: Mapping[str, Any]) -> list[Segment]:
    """Tools, system, messages; the answer's schema counts with the tools, because a change of it misses the cache."""
    shape = {"tools": body.get("tools"), "format": (body.get("output_config") or {}).get("format")}
    segments = [Segment(json.dumps(shape), None)]
    segments += _segments(body.get("system"))
    for message in body.get("messages", []):
        segments += _segments(message.get("content"))
    top = body.get("cache_control")
    if isinstance(top, Mapping):
        segments[-1] = Segment(segments[-1].text, _ttl(top))
    return segments


def _segments(content: Any) -> list[Segment]:
    if isinstance(content, str):
        return [Segment(content, None)]
    blocks = content if isinstance(content, list) else []
    return [Segment(str(block.get("text") or json.dumps(block)), _ttl(block.get("cache_control"))) for block in blocks]


def _ttl(marker: Any) -> str | None:
    return str(marker.get("ttl", "5m")) if isinstance(marker, Mapping) else None


def input_tokens(body: Mapping[str, Any]) -> int:
    return sum(segment.tokens for segment in segments_of(body)) + TOKENS_A_MESSAGE * len(body["messages"])


class PromptCache:
    """Prefixes that were marked, until they expire; a read keeps them alive."""

    def __init__(self) -> None:
        self._expiry: dict[str, datetime] = {}

    def count(self, body: Mapping[str, Any], model: Model, now: datetime) -> InputCount:
        """What of the prompt is read, written, or neither. Marked prefixes below the model's minimum are ignored."""
        prefixes = [entry for entry in _prefixes(body, model) if entry[1] >= model.smallest_prefix]
        known = [size for key, size, _ in prefixes if self._expiry.get(key, now) > now]
        read = max(known, default=0)
        largest = max((size for _, size, _ in prefixes), default=0)
        for key, _, ttl in prefixes:
            self._expiry[key] = now + LIFETIMES.get(ttl, LIFETIMES["5m"])
        written = max(largest - read, 0)
        hour = written if prefixes and prefixes[-1][2] == "1h" else 0
        return InputCount(input_tokens(body) - read - written, written, hour, read)


def _prefixes(body: Mapping[str, Any], model: Model) -> list[tuple[str, int, str]]:
    """Key, tokens and lifetime of each marked prefix, the longest last."""
    found: list[tuple[str, int, str]] = []
    running = hashlib.sha256(model.id.encode())
    size = 0
    for segment in segments_of(body):
        running.update(b"\0" + segment.text.encode("utf-8", "surrogatepass"))
        size += segment.tokens
        if segment.ttl is not None:
            found.append((running.hexdigest(), size, segment.ttl))
    return found
