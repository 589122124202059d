"""What became of texts, as the routes give it."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel

from woodpecker_api.features.generation.rules.learning import Learned
from woodpecker_api.kit.money import usd_text


class LearnedShown(BaseModel):
    """One template version. Shares are from 0 to 1; None where there is nothing to divide by.

    `edited_words`: the usual share of words that people changed in a sequence they edited and approved. `mailed`: approved
    people whom Woodpecker has contacted since. `too_few`: fewer than a hundred were mailed, so replies say nothing yet.
    """

    template_id: str
    template_name: str
    version: int
    session_only: bool
    made_at: datetime
    written: int
    waiting: int
    approved: int
    approved_unedited: int
    rejected: int
    unedited_share: float | None
    edited_words: float | None
    usd_per_lead: str | None
    mailed: int
    replied: int
    bounced: int
    reply_share: float | None
    bounce_share: float | None
    too_few: bool


class LearningShown(BaseModel):
    """Newest version first. `as_of`: when Woodpecker's people were last read; None: never."""

    items: list[LearnedShown]
    sandbox: bool
    as_of: datetime | None


class VariablesShown(BaseModel):
    fields: list[str]
    columns: list[str]


def shown_learning(learned: tuple[Sequence[Learned], datetime | None], *, sandbox: bool) -> LearningShown:
    rows, as_of = learned
    return LearningShown(items=[_shown(one) for one in rows], sandbox=sandbox, as_of=as_of)


def _shown(one: Learned) -> LearnedShown:
    per_lead = one.micros_per_lead
    return LearnedShown(
        template_id=one.template_id,
        template_name=one.template_name,
        version=one.version,
        session_only=one.session_only,
        made_at=one.made_at,
        written=one.written,
        waiting=one.written - one.approved - one.rejected,
        approved=one.approved,
        approved_unedited=one.approved_unedited,
        rejected=one.rejected,
        unedited_share=one.unedited_share,
        edited_words=one.edited_words,
        usd_per_lead=None if per_lead is None else usd_text(per_lead),
        mailed=one.mailed,
        replied=one.replied,
        bounced=one.bounced,
        reply_share=one.reply_share,
        bounce_share=one.bounce_share,
        too_few=one.too_few,
    )
