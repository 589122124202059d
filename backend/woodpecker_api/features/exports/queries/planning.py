"""What a plan is made from."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.inserting import insert_ignore
from woodpecker_api.features.exports.models import Export, ExportItem, ExportPlan, ExportPlanItem
from woodpecker_api.features.exports.rules import Reason
from woodpecker_api.features.leads.models import VISIBLE, Lead
from woodpecker_api.features.review.models import Decision, ReviewDecision
from woodpecker_api.features.sequences.models import Sequence as TextSequence
from woodpecker_api.features.sequences.models import SequenceVersion, Snippet


def leads_with_sequences(db: Session, lead_ids: Collection[str]) -> Sequence[tuple[Lead, TextSequence | None]]:
    """Live ones only, in no order."""
    statement = (
        sa.select(Lead, TextSequence)
        .outerjoin(TextSequence, TextSequence.lead_id == Lead.id)
        .where(Lead.id.in_(lead_ids), *VISIBLE)
    )
    return [(row[0], row[1]) for row in db.execute(statement)]


def domains_of(db: Session, lead_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Lead to (address key, domain), live ones only."""
    statement = sa.select(Lead.id, Lead.address_key, Lead.domain).where(Lead.id.in_(lead_ids), *VISIBLE)
    return {row.id: (row.address_key, row.domain) for row in db.execute(statement)}


def texts_of(db: Session, sequence_ids: Collection[str]) -> dict[str, dict[int, str]]:
    statement = sa.select(Snippet.sequence_id, Snippet.number, Snippet.text).where(
        Snippet.sequence_id.in_(sequence_ids)
    )
    texts: dict[str, dict[int, str]] = defaultdict(dict)
    for sequence_id, number, text in db.execute(statement):
        texts[sequence_id][number] = text
    return texts


def edited_since_approval(db: Session, sequence_ids: Collection[str]) -> set[str]:
    """Those whose texts got a new version after somebody had approved an earlier one."""
    newer = sa.exists().where(
        SequenceVersion.sequence_id == ReviewDecision.sequence_id, SequenceVersion.version > ReviewDecision.version
    )
    statement = sa.select(ReviewDecision.sequence_id).where(
        ReviewDecision.sequence_id.in_(sequence_ids), ReviewDecision.decision == Decision.APPROVED, newer
    )
    return set(db.scalars(statement))


def fields_ever_sent(db: Session, account_id: str, keys: Collection[str]) -> Sequence[tuple[str, dict[str, str]]]:
    """(address key, fields) of every item for which a request may have gone out."""
    statement = sa.select(ExportItem.address_key, ExportItem.fields).where(
        ExportItem.woodpecker_account_id == account_id, ExportItem.address_key.in_(keys), ExportItem.attempts > 0
    )
    return [(row[0], row[1]) for row in db.execute(statement)]


def store_plan_items(db: Session, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.execute(sa.insert(ExportPlanItem), rows)


def export_of_plan(db: Session, plan_id: str) -> Export | None:
    return db.scalar(sa.select(Export).where(Export.plan_id == plan_id).limit(1))


def locked_plan(db: Session, plan_id: str) -> ExportPlan | None:
    """Its row, locked: one plan starts one export."""
    return db.scalar(sa.select(ExportPlan).where(ExportPlan.id == plan_id).with_for_update())


def new_in_plan(db: Session, plan_id: str, after_position: int, limit: int) -> Sequence[ExportPlanItem]:
    """The next ones that go out, by position."""
    statement = sa.select(ExportPlanItem).where(
        ExportPlanItem.plan_id == plan_id,
        ExportPlanItem.decision == Reason.NEW,
        ExportPlanItem.position > after_position,
    )
    return db.scalars(statement.order_by(ExportPlanItem.position).limit(limit)).all()


def take_claims(db: Session, rows: list[dict[str, Any]]) -> set[str]:
    """Inserts queued items where both claims are free; the ids of those that got in.

    By address, so that two transactions which want the same people wait for each other in one order.
    """
    if not rows:
        return set()
    ordered = sorted(rows, key=lambda row: str(row["address_key"]))
    db.execute(insert_ignore(ExportItem.__table__, db.get_bind()), ordered)
    ids = [row["id"] for row in rows]
    return set(db.scalars(sa.select(ExportItem.id).where(ExportItem.id.in_(ids))))


def store_items(db: Session, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.execute(sa.insert(ExportItem), rows)
