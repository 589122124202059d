"""How paragraphs travel to an account: untested until somebody tried, then as that person saw it arrive."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.errors import FieldProblem, ValidationFailedError
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import AccountRead, ParagraphEncoding, ReadKind, WoodpeckerAccount
from woodpecker_api.features.exports.models import Export, ExportItem
from woodpecker_api.features.exports.rules import ItemStatus
from woodpecker_api.kit.text import address_key
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.auth.models import User
from woodpecker_api.system.changes.service import announce
from woodpecker_api.system.jobs.jobs import Jobs

FIRST_PEOPLE = 5
"""So many go first while nobody knows how paragraphs arrive: few enough to be written to again by hand."""
REASON = "paragraphs_untested"


@dataclass(frozen=True)
class Trial:
    """A test that somebody asks for: one's own address in a draft."""

    campaign_id: str
    email: str


def ask_trial(db: Session, jobs: Jobs, actor: Actor, account: WoodpeckerAccount, trial: Trial) -> AccountRead:
    """Raises `ValidationFailedError` for an address that is nobody's of the team, `NotFoundError` for an unknown campaign."""
    key = address_key(trial.email)
    if db.scalar(sa.select(User.id).where(User.email_key == key)) is None:
        sentence = "Use an address of somebody in your team: the test adds it to a campaign."
        raise ValidationFailedError(sentence, errors=(FieldProblem("email", "not_of_the_team", sentence),))
    campaign = campaigns.find_campaign(db, account.id, trial.campaign_id)
    if campaign.status != "DRAFT":
        sentence = "The test needs a campaign in draft: it mails nobody."
        raise ValidationFailedError(sentence, errors=(FieldProblem("campaign_id", "no_draft", sentence),))
    read = campaigns.request_read(db, actor, account.id, ReadKind.QUESTIONS, campaign_id=campaign.id)
    read.subject = trial.email.strip()
    campaigns.wake(db, jobs, account.id)
    return read


def choose(db: Session, actor: Actor, account: WoodpeckerAccount, encoding: ParagraphEncoding) -> None:
    """What arrived as it should. Plans made from now on use it; exports under way keep what their plan showed."""
    before = account.paragraph_encoding
    account.paragraph_encoding = encoding
    if before != encoding:
        subject = ("woodpecker_account", account.id)
        record(db, actor, "account.paragraphs_chosen", subject, before={"is": before}, after={"is": encoding.value})
        announce(db, "settings")


def is_untested(db: Session, export: Export) -> bool:
    """Only a real account can surprise us: the simulator keeps what it is given."""
    account = db.get_one(WoodpeckerAccount, export.woodpecker_account_id)
    return not export.sandbox and account.paragraph_encoding == ParagraphEncoding.UNTESTED


def begins(db: Session, export: Export) -> bool:
    """Whether nobody of it went out yet."""
    went = sa.select(ExportItem.id).where(ExportItem.export_id == export.id, ExportItem.attempts > 0)
    return db.scalar(went.limit(1)) is None


def some_wait(db: Session, export: Export) -> bool:
    waiting = sa.select(ExportItem.id).where(ExportItem.export_id == export.id, ExportItem.status == ItemStatus.QUEUED)
    return db.scalar(waiting.limit(1)) is not None
