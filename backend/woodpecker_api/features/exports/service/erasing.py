"""Where exports and their record speak of a person, and what they leave: outcomes, times and fingerprints, without a name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.forgetting import Place
from woodpecker_api.features.campaigns.models import WoodpeckerAccount
from woodpecker_api.features.exports.models import Attempt, AttemptPerson, Export, ExportItem, ExportPlanItem, Removal
from woodpecker_api.features.exports.rules import RemovalCause, RemovalStatus
from woodpecker_api.features.leads.rules.forgetting import Person
from woodpecker_api.kit.ids import new_id


def places(person: Person) -> list[Place]:
    """A claim stays, under the stand-in: what was added once is known to have been added."""

    def theirs(table: type[Attempt | ExportItem | ExportPlanItem]) -> sa.ColumnElement[bool]:
        return sa.or_(table.address_key == person.key, table.lead_id.in_(person.lead_ids))

    nameless = {"email": "", "address_key": person.stand_in}
    return [
        Place(ExportPlanItem, theirs(ExportPlanItem), {**nameless, "fields": {}, "detail": None}),
        Place(ExportItem, theirs(ExportItem), {**nameless, "fields": {}, "error": None}),
        Place(
            Attempt,
            theirs(Attempt),
            {**nameless, "domain": "", "person_name": "", "company": "", "search_text": "", "error": None},
        ),
        # The index of its letters goes with the row.
        Place(AttemptPerson, AttemptPerson.address_key == person.key),
        Place(
            Removal,
            sa.and_(Removal.address_key == person.key, Removal.status == RemovalStatus.DONE),
            {**nameless, "error": None},
        ),
    ]


def content(sequence_ids: Collection[str], now: datetime) -> list[Place]:
    """What was sent, word by word, when it was kept long enough; its fingerprint stays."""
    items = ExportItem.sequence_id.in_(sequence_ids)
    # By their plans: plan items have no index of their own on sequences.
    plans = sa.select(Export.plan_id).join(ExportItem, ExportItem.export_id == Export.id).where(items)
    planned = sa.and_(ExportPlanItem.plan_id.in_(plans), ExportPlanItem.sequence_id.in_(sequence_ids))
    return [
        Place(ExportPlanItem, planned, {"fields": {}}),
        Place(ExportItem, items, {"fields": {}, "texts_removed_at": now}),
    ]


@dataclass(frozen=True)
class ToDelete:
    """One person whom Woodpecker is to forget, and who asked for it."""

    erasure_id: str
    email: str
    key: str
    requested_by: str | None


def ask_deletion(db: Session, person: ToDelete, *, sandbox: bool, now: datetime) -> list[str]:
    """Woodpecker is to delete and blacklist the person, in each account of this kind; the accounts to wake.

    Everywhere, not only where our copy has them: it may be old.
    """
    accounts = db.scalars(sa.select(WoodpeckerAccount.id).where(WoodpeckerAccount.sandbox.is_(sandbox))).all()
    for account_id in accounts:
        db.add(
            Removal(
                id=new_id(),
                woodpecker_account_id=account_id,
                email=person.email,
                address_key=person.key,
                cause=RemovalCause.DO_NOT_CONTACT,
                blacklist=True,
                erasure_id=person.erasure_id,
                requested_by=person.requested_by,
                created_at=now,
            )
        )
    db.flush()
    return list(accounts)


def deletion_open(db: Session, erasure_ids: Sequence[str]) -> set[str]:
    """Those of the erasures that Woodpecker has not confirmed yet."""
    waiting = sa.select(Removal.erasure_id).where(
        Removal.erasure_id.in_(erasure_ids), Removal.status == RemovalStatus.WAITING
    )
    return {erasure_id for erasure_id in db.scalars(waiting) if erasure_id is not None}
