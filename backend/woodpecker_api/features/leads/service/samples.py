"""Invented people, for trying the program: marked, and put away in one step when the first real key is there."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.leads.models import VISIBLE, Lead
from woodpecker_api.features.leads.queries import suppression as queries
from woodpecker_api.features.leads.service import bulk
from woodpecker_api.features.leads.service.listeners import listeners
from woodpecker_api.features.leads.service.read_back import SANDBOX_LIST
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.changes.service import announce


def mark_samples(db: Session, import_id: str) -> None:
    """The people of this list are invented."""
    db.execute(sa.update(Lead).where(Lead.import_id == import_id).values(sandbox=True))


def count_samples(db: Session) -> int:
    return db.scalar(sa.select(sa.func.count()).select_from(Lead).where(*_LIVE)) or 0


def remove_samples(db: Session, actor: Actor, now: datetime) -> int:
    """How many leads went. What the simulator wants kept out goes with them.

    Whom an export of the simulator still holds stays until that is cancelled; a real one refuses them anyway."""
    ids = db.scalars(sa.select(Lead.id).where(*_LIVE)).all()
    held = {lead_id for listener in listeners.held for lead_id in listener(db, ids)} if ids else set()
    free = [lead_id for lead_id in ids if lead_id not in held]
    away = queries.take_list_away(db, SANDBOX_LIST)
    if away:
        record(
            db, actor, "do_not_contact.list_removed", ("do_not_contact", None), after={"list": SANDBOX_LIST}, count=away
        )
        announce(db, "do_not_contact")
    return bulk.delete(db, actor, free, now) if free else 0


_LIVE = (Lead.sandbox.is_(True), *VISIBLE)
