"""What becomes of a paid answer: texts of the lead, or a reason why not. The caller has charged it in this transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.clients.anthropic.port import GenerationAnswer
from woodpecker_api.features.generation.models import GenerationItem, GenerationRun, ItemStatus
from woodpecker_api.features.generation.rules.failures import Next, after_problem
from woodpecker_api.features.generation.rules.prompt import texts_of
from woodpecker_api.features.generation.service import ledger
from woodpecker_api.features.generation.service.choosing import is_here
from woodpecker_api.features.generation.service.finishing import fail
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.sequences import service as sequences
from woodpecker_api.features.sequences.errors import SequenceLockedError
from woodpecker_api.features.templates import service as templates

RAW_ANSWER_KEPT = 100_000


def keep_unusable(db: Session, item: GenerationItem, answer: GenerationAnswer, now: datetime) -> Next:
    """Keeps the answer as it came. AGAIN leaves the item waiting, GIVE_UP has failed it."""
    problem = str(answer.problem)
    item.raw_answer = (answer.text or "")[:RAW_ANSWER_KEPT]
    item.error_code, item.error = problem, answer.problem_detail
    following = after_problem(problem, ledger.paid_answers(db, item))
    if following is Next.AGAIN:
        item.status = ItemStatus.QUEUED
    else:
        fail(db, item, problem, answer.problem_detail, now)
    return following


def keep_texts(
    db: Session,
    of: tuple[GenerationRun, GenerationItem],
    answer: GenerationAnswer,
    now: datetime,
    together: sequences.Together | None = None,
) -> str | None:
    """The texts become the lead's sequence, whose id is given back for the caller to tell; where that cannot be any more, the
    item fails and keeps the answer. `together`: as for `store_generated`."""
    run, item = of
    lead = db.get(Lead, item.lead_id)
    written = sequences.Written(
        texts=texts_of(answer.data or {}),
        template=templates.used_cached(db, run.template_version_id),
        run_id=run.id,
        sandbox=run.sandbox,
        instruction=run.instruction,
        sender=run.sender,
        author_id=run.created_by,
    )
    if not is_here(lead):
        item.raw_answer = answer.text
        fail(db, item, "lead_deleted", "The lead was deleted while it was written; the answer is kept here.", now)
        return None
    try:
        sequence = sequences.store_generated(db, lead, written, now, together)
    except SequenceLockedError:
        item.raw_answer = answer.text
        fail(db, item, "export_in_progress", "An export took this lead meanwhile; the answer is kept here.", now)
        return None
    item.status, item.finished_at = ItemStatus.DONE, now
    item.flagged = bool(sequence.blocking_flags or sequence.warning_flags)
    item.error_code = item.error = item.raw_answer = None
    return sequence.id
