"""What is known of a person changed: the texts stay, what the checks say of them may not."""

from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.sequences.models import Sequence
from woodpecker_api.features.sequences.rules import Author
from woodpecker_api.features.sequences.service.changing import flag, tell
from woodpecker_api.features.sequences.service.facts import facts_for
from woodpecker_api.features.sequences.service.reading import author_of, snippets_of
from woodpecker_api.features.templates import service as templates


def recheck(db: Session, sequence: Sequence, lead: Lead, now: datetime) -> None:
    """Finds the flags anew with the lead as it is now. The state is the caller's business."""
    shape = templates.used(db, sequence.template_version_id).content.shape if sequence.template_version_id else ()
    by_model = author_of(db, sequence) is Author.MODEL
    found = flag(snippets_of(db, sequence.id), shape, facts_for(db, sequence, lead), by_model=by_model)
    sequence.blocking_flags, sequence.warning_flags = found
    sequence.updated_at = now
    tell(db, sequence)
