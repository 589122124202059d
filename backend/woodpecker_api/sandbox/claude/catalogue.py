"""The models the sandbox offers, and what each of them rejects."""

from dataclasses import dataclass
from typing import Any

EFFORTS = ("low", "medium", "high", "xhigh", "max")


@dataclass(frozen=True, slots=True)
class Model:
    """`thinking`: the settings it takes. `smallest_prefix`: tokens below which nothing is cached."""

    id: str
    display_name: str
    line: str
    created_at: str
    lifecycle: str = "active"
    retires_at: str | None = None
    max_input_tokens: int = 1_000_000
    max_tokens: int = 128_000
    thinking: tuple[str, ...] = ("adaptive",)
    takes_forced_tools: bool = False
    smallest_prefix: int = 512

    def as_json(self) -> dict[str, Any]:
        return {
            "type": "model",
            "id": self.id,
            "display_name": self.display_name,
            "created_at": self.created_at,
            "lifecycle": self.lifecycle,
            "deprecated_at": None if self.lifecycle == "active" else "2026-08-01T00:00:00Z",
            "retires_at": self.retires_at,
            "line": self.line,
            "max_input_tokens": self.max_input_tokens,
            "max_tokens": self.max_tokens,
            "capabilities": _capabilities(self),
        }


def _capabilities(model: Model) -> dict[str, Any]:
    yes, no = {"supported": True}, {"supported": False}
    return {
        "batch": yes,
        "citations": yes,
        "code_execution": no,
        "context_management": no,
        "effort": {"supported": True, **dict.fromkeys(EFFORTS, yes)},
        "image_input": yes,
        "pdf_input": yes,
        "server_tools": no,
        "structured_outputs": yes,
        "thinking": {
            "supported": True,
            "types": {
                name: yes if name in model.thinking else no for name in ("adaptive", "between_tools", "disabled")
            },
        },
    }


# Newest first, as the vendor lists them. Deprecated and retired ones are there so that both can be met.
MODELS: dict[str, Model] = {
    model.id: model
    for model in (
        Model(
            "claude-haiku-5-5", "Claude Haiku 5.5", "haiku", "2026-10-07T00:00:00Z", thinking=("adaptive", "disabled")
        ),
        Model(
            "claude-sonnet-5-5",
            "Claude Sonnet 5.5",
            "sonnet",
            "2026-09-16T00:00:00Z",
            thinking=("adaptive", "between_tools"),
        ),
        Model("claude-fable-5-1", "Claude Fable 5.1", "fable", "2026-08-26T00:00:00Z"),
        Model("claude-opus-5-5", "Claude Opus 5.5", "opus", "2026-08-05T00:00:00Z"),
        Model(
            "claude-sonnet-4-5",
            "Claude Sonnet 4.5",
            "sonnet",
            "2025-09-29T00:00:00Z",
            lifecycle="deprecated",
            retires_at="2026-11-30T00:00:00Z",
            max_input_tokens=200_000,
            max_tokens=64_000,
            thinking=("adaptive", "enabled", "disabled"),
            takes_forced_tools=True,
            smallest_prefix=1024,
        ),
        Model("claude-sonnet-4", "Claude Sonnet 4", "sonnet", "2025-05-14T00:00:00Z", lifecycle="retired"),
    )
}
