"""What exports let go of with the years: plans that nobody ran, and who the people of old attempts were."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.exports.models import (
    Attempt,
    AttemptPerson,
    Export,
    ExportItem,
    ExportPlan,
    ExportPlanItem,
)
from woodpecker_api.features.exports.rules import OPEN
from woodpecker_api.features.leads.rules.forgetting import stand_in
from woodpecker_api.features.leads.service.erasing import person_hash


def last_added(db: Session, sequence_ids: Sequence[str]) -> dict[str, datetime | None]:
    """When each of these sequences was last dealt with by an export; None while one of its items is open."""
    found: dict[str, datetime | None] = {}
    statement = sa.select(ExportItem.sequence_id, ExportItem.status, ExportItem.updated_at)
    for sequence_id, status, at in db.execute(statement.where(ExportItem.sequence_id.in_(sequence_ids))):
        before = found.get(sequence_id, at)
        found[sequence_id] = None if status in OPEN or before is None else max(before, at)
    return found


def drop_unused_plan(db: Session, before: datetime) -> int:
    """One plan that was looked at and never run, with its items; how many items. 0: there is none (or an empty one)."""
    used = sa.exists().where(Export.plan_id == ExportPlan.id)
    oldest = sa.select(ExportPlan.id).where(ExportPlan.created_at < before, ~used).order_by(ExportPlan.id).limit(1)
    plan_id = db.scalar(oldest)
    if plan_id is None:
        return 0
    gone = db.execute(sa.delete(ExportPlanItem).where(ExportPlanItem.plan_id == plan_id))
    db.execute(sa.delete(ExportPlan).where(ExportPlan.id == plan_id))
    return max(int(getattr(gone, "rowcount", 1)), 1)


def forget_names(db: Session, since: datetime | None, before: datetime, limit: int) -> tuple[int, datetime | None]:
    """Takes person and company out of the oldest attempts begun between the two moments, `limit` of them at most.

    How many, and the moment to go on from. Outcome, times, template, approver and fingerprint stay; so does the claim, as a keyed hash.
    """
    statement = sa.select(Attempt).where(Attempt.started_at < before).order_by(Attempt.started_at, Attempt.id)
    if since is not None:
        statement = statement.where(Attempt.started_at >= since)
    attempts = db.scalars(statement.where(Attempt.email != "").limit(limit)).all()
    keys = {attempt.address_key for attempt in attempts}
    names = {key: stand_in(person_hash(db, key)) for key in keys}
    items = db.scalars(sa.select(ExportItem).where(ExportItem.id.in_([attempt.item_id for attempt in attempts]))).all()
    for attempt in attempts:
        attempt.address_key = names[attempt.address_key]
        attempt.email = attempt.domain = attempt.person_name = attempt.company = attempt.search_text = ""
        attempt.error = None
    for item in items:
        if item.status not in OPEN and item.address_key in names:
            item.address_key, item.email, item.fields, item.error = names[item.address_key], "", {}, None
            item.texts_removed_at = item.texts_removed_at or before
    db.flush()
    still = set(db.scalars(sa.select(Attempt.address_key).where(Attempt.address_key.in_(keys)).distinct()))
    db.execute(sa.delete(AttemptPerson).where(AttemptPerson.address_key.in_(keys - still)))
    return len(attempts), attempts[-1].started_at if attempts else None
