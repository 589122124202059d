"""From stored records to the request for one lead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from woodpecker_api.clients.anthropic.port import Effort, GenerationRequest, SystemBlock
from woodpecker_api.errors import NotFoundError
from woodpecker_api.features.generation.models import GenerationRun
from woodpecker_api.features.generation.rules.prices import price_of, worst_case_micros
from woodpecker_api.features.generation.rules.prompt import Prompt, Standing, Wish, build_prompt
from woodpecker_api.features.generation.rules.sizes import answer_room
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.leads.rules import LeadStatus
from woodpecker_api.features.sequences import service as sequences
from woodpecker_api.features.templates import service as templates
from woodpecker_api.features.templates.rules import Content, SnippetShape


@dataclass(frozen=True)
class Setup:
    """What is the same for all leads of a run."""

    content: Content
    model: str
    effort: str | None
    wish: Wish
    max_output_tokens: int | None = None
    version_id: str | None = None
    """The template version, once it is stored."""

    @property
    def shape(self) -> tuple[SnippetShape, ...]:
        """The snippets that are asked for."""
        numbers = self.wish.numbers
        return tuple(one for one in self.content.shape if numbers is None or one.number in numbers)

    @property
    def max_tokens(self) -> int:
        return answer_room(self.shape, self.effort, self.max_output_tokens)


def prompt_for(db: Session, setup: Setup, lead: Lead, was: str) -> Prompt:
    """`was`: the lead's status before the run took it."""
    # Most leads of a large run are new: nothing to look up for them.
    standing = None if was == LeadStatus.IMPORTED else _standing(db, setup, lead)
    return build_prompt(setup.content, sequences.lead_texts(lead), setup.wish, standing)


def setup_of(db: Session, run: GenerationRun) -> Setup:
    """What is the same for every lead of a run that has begun."""
    content = templates.used_cached(db, run.template_version_id).content
    wish = wish_of(run.numbers, run.instruction, run.sender)
    return Setup(content, run.model, run.effort, wish, version_id=run.template_version_id)


def worst_case(setup: Setup, prompt: Prompt, now: datetime, *, batch: bool = False) -> int:
    """Micro-dollars that one call can cost at most; 0 when the model has no price (then there is no budget either)."""
    price = price_of(setup.model, now.date())
    return worst_case_micros(price, prompt.size_in_bytes, setup.max_tokens, batch=batch) if price else 0


def request_for(setup: Setup, prompt: Prompt, max_tokens: int) -> GenerationRequest:
    return GenerationRequest(
        model=setup.model,
        system=(SystemBlock(prompt.stable, ends_stable_prefix=True),),
        user_text=prompt.user_text,
        schema=prompt.schema,
        max_tokens=max_tokens,
        effort=Effort(setup.effort) if setup.effort else None,
    )


def wish_of(numbers: list[int] | None, instruction: str | None, sender: Mapping[str, Any] | None) -> Wish:
    return Wish(frozenset(numbers) if numbers is not None else None, instruction, sender)


def _standing(db: Session, setup: Setup, lead: Lead) -> Standing | None:
    """What the lead's sequence says now. The same template version would bring nearly the same words again, so it is shown
    what it wrote; another one starts afresh, unless it writes some snippets only and the others stay."""
    try:
        sequence, _ = sequences.of_lead(db, lead.id)
    except NotFoundError:
        return None
    texts = {one.number: one.text for one in sequences.snippets_of(db, sequence.id)}
    numbers = set(texts) if setup.wish.numbers is None else set(setup.wish.numbers)
    is_rewrite = setup.version_id is not None and sequence.template_version_id == setup.version_id
    replaced = {number: text for number, text in texts.items() if number in numbers and text} if is_rewrite else {}
    return Standing({number: text for number, text in texts.items() if number not in numbers}, replaced)
