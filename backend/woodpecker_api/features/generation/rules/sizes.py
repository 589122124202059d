"""How many tokens and seconds a run will take: room for each answer, and our own estimate when nothing can be counted."""

from collections.abc import Collection
from dataclasses import dataclass
from math import ceil

from woodpecker_api.features.templates.rules import SnippetShape, Unit

TOKENS_A_WORD = 1.7
"""English, with the newest models' finer tokens (about 30 % more than the older 1.3)."""
CHARACTERS_A_TOKEN = 3.2
JSON_TOKENS_A_SNIPPET = 15
ROOM_FOR_THINKING = {None: 8_000, "low": 3_000, "medium": 6_000, "high": 10_000, "xhigh": 12_000, "max": 12_000}
"""Thinking counts as output; a cut answer is paid and useless."""
USUAL_THINKING = {None: 900, "low": 200, "medium": 600, "high": 1_500, "xhigh": 3_000, "max": 5_000}
LARGEST_ANSWER = 20_000
"""The SDK refuses to wait for more in one piece."""
TOKENS_A_SECOND = 70.0
SECONDS_TO_BEGIN = 1.5
BATCH_HOURS = 1.0
"""Most batches end within an hour; the vendor promises a day."""


def answer_room(shape: Collection[SnippetShape], effort: str | None, model_limit: int | None = None) -> int:
    """`max_tokens` for a call: every snippet at its hard limit, and room to think."""
    texts = sum(_tokens(one, one.limit) + JSON_TOKENS_A_SNIPPET for one in shape)
    room = ceil(texts * 1.25) + ROOM_FOR_THINKING.get(effort, ROOM_FOR_THINKING[None])
    return min(room, LARGEST_ANSWER, model_limit or LARGEST_ANSWER)


def usual_answer(shape: Collection[SnippetShape], effort: str | None) -> int:
    """Output tokens to expect: every snippet in the middle of its target, and some thinking."""
    texts = sum(_tokens(one, (one.target_min + one.target_max) // 2) + JSON_TOKENS_A_SNIPPET for one in shape)
    return texts + USUAL_THINKING.get(effort, USUAL_THINKING[None])


def prompt_tokens(characters: int) -> int:
    """Our own estimate, when the vendor's count is not to be had."""
    return ceil(characters / CHARACTERS_A_TOKEN)


def _tokens(one: SnippetShape, amount: int) -> int:
    return ceil(amount * TOKENS_A_WORD) if one.unit is Unit.WORDS else ceil(amount / CHARACTERS_A_TOKEN)


@dataclass(frozen=True)
class RunSize:
    """The expected tokens of a whole run, and how long it takes with so many calls at a time."""

    leads: int
    input_tokens: int
    output_tokens: int
    at_once: int

    @property
    def seconds(self) -> int:
        if not self.leads:
            return 0
        one_call = SECONDS_TO_BEGIN + self.output_tokens / self.leads / TOKENS_A_SECOND
        return ceil(one_call * ceil(self.leads / max(1, self.at_once)))
