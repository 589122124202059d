"""What the account's loop asks: who waits, what is open, what the database says of an item now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from woodpecker_api.features.campaigns.models import AccountRead, ReadStatus
from woodpecker_api.features.exports.models import Attempt, Export, ExportBatch, ExportItem
from woodpecker_api.features.exports.rules import ACTIVE, IN_FLIGHT, OPEN, UNSETTLED, ItemStatus
from woodpecker_api.features.leads.models import Lead
from woodpecker_api.features.sequences.models import Sequence as TextSequence
from woodpecker_api.features.templates.models import Template, TemplateVersion
from woodpecker_api.system.auth.models import User


def open_batches(db: Session, account_id: str) -> Sequence[ExportBatch]:
    """Intents whose outcome is not known to the end, oldest first."""
    statement = sa.select(ExportBatch).where(
        ExportBatch.woodpecker_account_id == account_id, ExportBatch.status.in_(UNSETTLED)
    )
    return db.scalars(statement.order_by(ExportBatch.id)).all()


def items_in_flight(db: Session, batch_id: str) -> Sequence[ExportItem]:
    statement = sa.select(ExportItem).where(ExportItem.batch_id == batch_id, ExportItem.status.in_(IN_FLIGHT))
    return db.scalars(statement.order_by(ExportItem.position)).all()


def is_in_flight(db: Session, batch_id: str) -> bool:
    """Whether nobody knows yet what became of somebody of the batch."""
    somebody = sa.exists().where(ExportItem.batch_id == batch_id, ExportItem.status.in_(IN_FLIGHT))
    return bool(db.scalar(sa.select(somebody)))


def ids_in_flight(db: Session, batch_ids: Collection[str]) -> dict[str, list[str]]:
    """By batch, those of `batch_ids` that nobody is in flight of included."""
    found: dict[str, list[str]] = {batch_id: [] for batch_id in batch_ids}
    statement = sa.select(ExportItem.batch_id, ExportItem.id).where(
        ExportItem.batch_id.in_(batch_ids), ExportItem.status.in_(IN_FLIGHT)
    )
    for batch_id, item_id in db.execute(statement.order_by(ExportItem.position)):
        found[str(batch_id)].append(item_id)
    return found


def active_exports(db: Session, account_id: str) -> Sequence[Export]:
    """Those that may send, oldest first, whose queue is not empty."""
    waiting = sa.exists().where(ExportItem.export_id == Export.id, ExportItem.status == ItemStatus.QUEUED)
    statement = sa.select(Export).where(Export.woodpecker_account_id == account_id, Export.status.in_(ACTIVE), waiting)
    return db.scalars(statement.order_by(Export.created_at, Export.id)).all()


def active_exports_to(db: Session, campaign_id: str) -> Sequence[str]:
    """Ids of the exports to this campaign that wait or run."""
    return db.scalars(sa.select(Export.id).where(Export.campaign_id == campaign_id, Export.status.in_(ACTIVE))).all()


def active_export_ids(db: Session, account_id: str) -> Sequence[str]:
    statement = sa.select(Export.id).where(Export.woodpecker_account_id == account_id, Export.status.in_(ACTIVE))
    return db.scalars(statement.order_by(Export.id)).all()


def unsettled_count(db: Session, export_id: str) -> int:
    # By its account, whose few open batches have an index: those of an export have none.
    account = sa.select(Export.woodpecker_account_id).where(Export.id == export_id).scalar_subquery()
    statement = sa.select(sa.func.count()).where(
        ExportBatch.woodpecker_account_id == account,
        ExportBatch.export_id == export_id,
        ExportBatch.status.in_(UNSETTLED),
    )
    return db.scalar(statement) or 0


def queued_items(db: Session, export_id: str, limit: int) -> Sequence[ExportItem]:
    statement = sa.select(ExportItem).where(ExportItem.export_id == export_id, ExportItem.status == ItemStatus.QUEUED)
    return db.scalars(statement.order_by(ExportItem.position).limit(limit)).all()


def is_open(db: Session, export_id: str) -> bool:
    """Whether somebody of the export waits or is on the way. Not counted: it is asked with every batch."""
    somebody = sa.exists().where(ExportItem.export_id == export_id, ExportItem.status.in_(OPEN))
    return bool(db.scalar(sa.select(somebody)))


def take_batch(db: Session, batch_id: str, values: dict[str, object]) -> bool:
    """Writes the outcome of an intent, unless somebody else already has: compare and set."""
    statement = (
        sa.update(ExportBatch).where(ExportBatch.id == batch_id, ExportBatch.status.in_(UNSETTLED)).values(values)
    )
    result = db.execute(statement, execution_options={"synchronize_session": False})
    return int(getattr(result, "rowcount", 0)) == 1


@dataclass(frozen=True)
class Present:
    """An item's lead and texts as the database has them now, and what a line of history copies from them."""

    lead: Lead | None
    sequence: TextSequence | None
    template_name: str | None
    template_version: int | None
    approved_by_name: str | None


def present_state(db: Session, items: Sequence[ExportItem]) -> dict[str, Present]:
    """By item id."""
    approver = aliased(User)
    statement = (
        sa.select(
            ExportItem.id, Lead, TextSequence, Template.name, TemplateVersion.number, approver.name, approver.email
        )
        .outerjoin(Lead, Lead.id == ExportItem.lead_id)
        .outerjoin(TextSequence, TextSequence.id == ExportItem.sequence_id)
        .outerjoin(TemplateVersion, TemplateVersion.id == TextSequence.template_version_id)
        .outerjoin(Template, Template.id == TemplateVersion.template_id)
        .outerjoin(approver, approver.id == TextSequence.approved_by)
        .where(ExportItem.id.in_([item.id for item in items]))
    )
    # The session may hold older copies of these rows.
    rows = db.execute(statement, execution_options={"populate_existing": True})
    return {row[0]: Present(row[1], row[2], row[3], row[4], row[5] or row[6]) for row in rows}


def attempts_of(db: Session, batch_id: str, item_ids: Collection[str]) -> dict[str, Attempt]:
    """By item id."""
    statement = sa.select(Attempt).where(Attempt.batch_id == batch_id, Attempt.item_id.in_(item_ids))
    return {attempt.item_id: attempt for attempt in db.scalars(statement)}


def without_members(db: Session, account_id: str) -> Sequence[Export]:
    """Active exports whose list of the campaign's members could not be read."""
    statement = (
        sa.select(Export)
        .join(AccountRead, AccountRead.id == Export.members_read_id)
        .where(
            Export.woodpecker_account_id == account_id,
            Export.status.in_(ACTIVE),
            AccountRead.status == ReadStatus.FAILED,
        )
    )
    return db.scalars(statement).all()


def user_name(db: Session, user_id: str | None) -> str:
    user = db.get(User, user_id) if user_id else None
    return (user.name or user.email) if user else ""
