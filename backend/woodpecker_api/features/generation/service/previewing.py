"""What would be asked for one lead, to be looked at before anything is spent."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from woodpecker_api.errors import NotFoundError
from woodpecker_api.features.generation.rules.prompt import Prompt, Wish, lead_data
from woodpecker_api.features.generation.rules.sizes import prompt_tokens
from woodpecker_api.features.generation.service.choosing import is_here
from woodpecker_api.features.generation.service.prompting import Setup, prompt_for
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.sequences import service as sequences
from woodpecker_api.features.templates.rules import Content, Problem, problems_of, variables_in


@dataclass(frozen=True)
class Preview:
    """`sent` is all that leaves this program about the lead; `empty` the variables that this lead has no value for."""

    prompt: Prompt
    sent: dict[str, str]
    empty: tuple[str, ...]
    tokens: int
    problems: tuple[Problem, ...]


def preview(db: Session, content: Content, lead_id: str, wish: Wish) -> Preview:
    """Raises `NotFoundError` when there is no such lead."""
    lead = db.get(Lead, lead_id)
    if not is_here(lead):
        raise NotFoundError("There is no such lead. Choose another one.")
    texts = sequences.lead_texts(lead)
    prompt = prompt_for(db, Setup(content, "", None, wish), lead, lead.status)
    return Preview(
        prompt=prompt,
        sent=lead_data(content, texts),
        empty=tuple(name for name in variables_in(content.person_text) if name not in texts),
        tokens=prompt_tokens(prompt.characters),
        problems=tuple(problems_of(content, lead.custom.keys())),
    )
