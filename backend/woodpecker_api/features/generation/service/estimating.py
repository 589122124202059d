"""What a run will cost and how long it will take, before anything is spent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from woodpecker_api.clients.anthropic.errors import ClaudeError
from woodpecker_api.clients.anthropic.port import GenerationRequest
from woodpecker_api.features.generation.models import RunMode
from woodpecker_api.features.generation.rules.prices import CHECKED_ON, Tokens, cost_micros, price_of, worst_case_micros
from woodpecker_api.features.generation.rules.prompt import Prompt
from woodpecker_api.features.generation.rules.sizes import BATCH_HOURS, RunSize, prompt_tokens, usual_answer
from woodpecker_api.features.generation.service.choosing import choose
from woodpecker_api.features.generation.service.prompting import Setup, prompt_for, request_for, wish_of
from woodpecker_api.features.generation.service.starting import Order, check_brief, template_for
from woodpecker_api.kit.money import usd_text

SAMPLE = 200
"""Prompts that are built to learn how long they are; the others are taken to be alike."""
COUNTED = 3
"""Prompts that the vendor is asked to count."""
AT_ONCE = 20


CountTokens = Callable[[GenerationRequest], int]


@dataclass(frozen=True)
class Estimate:
    """`source`: counted (by the vendor, from samples) or estimated (by us). Money is None without a known price."""

    leads: int
    excluded: dict[str, int]
    model: str
    effort: str | None
    source: str
    input_tokens: int
    output_tokens: int
    seconds: int
    micros: int | None
    worst_micros: int | None
    batch_micros: int | None
    batch_hours: float
    prices_of: str

    def as_json(self, mode: RunMode = RunMode.LIVE) -> dict[str, Any]:
        """What a run keeps of it, to be compared with what came."""
        is_batch = mode is RunMode.BATCH
        micros = self.batch_micros if is_batch else self.micros
        return {
            "source": self.source,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "usd": None if micros is None else usd_text(micros),
            "seconds": round(self.batch_hours * 3600) if is_batch else self.seconds,
        }


@dataclass(frozen=True)
class Sampled:
    """What was read for an estimate: enough to count, so that no transaction is open during the counting."""

    leads: int
    excluded: dict[str, int]
    setup: Setup
    prompts: tuple[Prompt, ...]


def sample(db: Session, order: Order, now: datetime) -> Sampled:
    used = template_for(db, order, now)
    check_brief(used, sandbox=order.sandbox)
    numbers = list(order.numbers) if order.numbers is not None else None
    wish = wish_of(numbers, order.instruction, order.sender)
    version = None if order.content is not None else used.version_id
    setup = Setup(used.content, order.model.id, order.effort, wish, order.model.max_output_tokens, version)
    chosen = choose(db, order.lead_ids, order.first)
    step = max(1, len(chosen.leads) // SAMPLE)
    prompts = tuple(prompt_for(db, setup, lead, lead.status) for lead in chosen.leads[::step][:SAMPLE])
    return Sampled(len(chosen.leads), chosen.excluded, setup, prompts)


def estimate(sampled: Sampled, count_tokens: CountTokens | None, now: datetime) -> Estimate:
    """Asks the vendor to count a few prompts (network); without `count_tokens`, or when it cannot, the estimate is ours."""
    prompts, setup = sampled.prompts, sampled.setup
    stable, person, source = _prompt_sizes(prompts, setup, count_tokens)
    output = usual_answer(setup.shape, setup.effort)
    size = RunSize(sampled.leads, round((stable + person) * sampled.leads), output * sampled.leads, AT_ONCE)
    price = price_of(setup.model, now.date())
    micros = batch = worst = None
    if price is not None and sampled.leads:
        # The stable part is written to the cache by the first calls and read by all that follow.
        writers = min(sampled.leads, AT_ONCE)
        tokens = Tokens(
            input=round(person * sampled.leads),
            output=size.output_tokens,
            cache_write=round(stable * writers),
            cache_read=round(stable * (sampled.leads - writers)),
        )
        one = Tokens(input=round(stable + person), output=output)
        micros = cost_micros(price, tokens)
        batch = cost_micros(price, one, batch=True) * sampled.leads
        longest = max(prompt.size_in_bytes for prompt in prompts)
        worst = worst_case_micros(price, longest, setup.max_tokens) * sampled.leads
    return Estimate(
        leads=sampled.leads,
        excluded=sampled.excluded,
        model=setup.model,
        effort=setup.effort,
        source=source,
        input_tokens=size.input_tokens,
        output_tokens=size.output_tokens,
        seconds=size.seconds,
        micros=micros,
        worst_micros=worst,
        batch_micros=batch,
        batch_hours=BATCH_HOURS,
        prices_of=CHECKED_ON.isoformat(),
    )


def _prompt_sizes(
    prompts: tuple[Prompt, ...], setup: Setup, count_tokens: CountTokens | None
) -> tuple[float, float, str]:
    """(tokens of the stable part, of the person's part on average, counted or estimated)."""
    if not prompts:
        return 0.0, 0.0, "estimated"
    characters = sum(prompt.characters for prompt in prompts) / len(prompts)
    stable_share = len(prompts[0].stable) / prompts[0].characters
    tokens, source = float(prompt_tokens(round(characters))), "estimated"
    if count_tokens is None:
        return tokens * stable_share, tokens * (1 - stable_share), source
    try:
        counted = [(p.characters, count_tokens(request_for(setup, p, setup.max_tokens))) for p in prompts[:COUNTED]]
    except ClaudeError:
        pass  # the estimate then is ours, and says so
    else:
        tokens, source = characters * sum(n for _, n in counted) / sum(c for c, _ in counted), "counted"
    return tokens * stable_share, tokens * (1 - stable_share), source
