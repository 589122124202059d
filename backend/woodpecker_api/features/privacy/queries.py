"""Every SELECT of the room."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns.models import AccountPerson, Membership
from woodpecker_api.features.exports.models import AttemptPerson, ExportItem
from woodpecker_api.features.leads.models import DoNotContact, ErasedPerson, Lead
from woodpecker_api.features.leads.rules import LeadStatus, SuppressionKind
from woodpecker_api.features.privacy.models import Erasure, RetentionReport
from woodpecker_api.features.privacy.rules import ErasureStatus
from woodpecker_api.features.sequences.models import Sequence as TextSequence
from woodpecker_api.features.sequences.models import Snippet
from woodpecker_api.features.sequences.rules import SequenceStatus
from woodpecker_api.kit.paging import COUNT_CAP, encode_cursor


def leads_at(db: Session, key: str) -> Sequence[Lead]:
    """Every lead with this address, deleted ones included."""
    return db.scalars(sa.select(Lead).where(Lead.address_key == key)).all()


def being_written(db: Session, lead_ids: Collection[str]) -> bool:
    found = sa.select(Lead.id).where(Lead.id.in_(lead_ids), Lead.status == LeadStatus.GENERATING)
    return db.scalar(found.limit(1)) is not None


def sequence_ids(db: Session, lead_ids: Collection[str]) -> Sequence[str]:
    return db.scalars(sa.select(TextSequence.id).where(TextSequence.lead_id.in_(lead_ids))).all()


def open_erasure(db: Session, hashed: str) -> Erasure | None:
    """One of this person that is not finished here."""
    wanted = sa.select(Erasure).where(Erasure.person_hash == hashed, Erasure.status == ErasureStatus.WAITING)
    return db.scalar(wanted.limit(1))


def any_waiting(db: Session) -> bool:
    return db.scalar(sa.select(Erasure.id).where(Erasure.status == ErasureStatus.WAITING).limit(1)) is not None


def with_status(db: Session, status: ErasureStatus, limit: int) -> Sequence[Erasure]:
    return db.scalars(sa.select(Erasure).where(Erasure.status == status).order_by(Erasure.id).limit(limit)).all()


def content_candidates(db: Session, added_before: datetime, after_id: str, limit: int) -> list[tuple[str, str, int]]:
    """(sequence, lead, last planned day) of exported sequences that still have their texts, by id."""
    last_day = (
        sa.select(sa.func.coalesce(sa.func.max(Snippet.day), 1))
        .where(Snippet.sequence_id == TextSequence.id)
        .scalar_subquery()
    )
    statement = sa.select(TextSequence.id, TextSequence.lead_id, last_day).where(
        TextSequence.status == SequenceStatus.EXPORTED,
        TextSequence.texts_removed_at.is_(None),
        TextSequence.updated_at <= added_before,
        TextSequence.id > after_id,
    )
    return [(row[0], row[1], row[2]) for row in db.execute(statement.order_by(TextSequence.id).limit(limit))]


def newest_reports(db: Session, limit: int) -> Sequence[RetentionReport]:
    return db.scalars(sa.select(RetentionReport).order_by(RetentionReport.id.desc()).limit(limit)).all()


def erasure_page(db: Session, after: list[Any] | None, limit: int) -> tuple[list[Erasure], str | None, int]:
    """Newest first, the cursor to go on, and how many there are (up to the cap)."""
    statement = sa.select(Erasure).order_by(Erasure.id.desc()).limit(limit + 1)
    if after is not None:
        statement = statement.where(Erasure.id < str(after[0]))
    rows = list(db.scalars(statement))
    some = sa.select(Erasure.id).limit(COUNT_CAP + 1).subquery()
    total = db.scalar(sa.select(sa.func.count()).select_from(some)) or 0
    return rows[:limit], encode_cursor(rows[limit - 1].id) if len(rows) > limit else None, total


def remembered(db: Session, hashes: Collection[str]) -> set[str]:
    """Those of the hashes that this database knows."""
    return set(db.scalars(sa.select(ErasedPerson.person_hash).where(ErasedPerson.person_hash.in_(hashes))))


def every_address(db: Session) -> Iterator[str]:
    """Each comparable address that this database holds somewhere as one; some several times."""
    for column, where in (
        (Lead.address_key, sa.true()),
        (AttemptPerson.address_key, sa.true()),
        (ExportItem.address_key, sa.true()),
        (AccountPerson.address_key, sa.true()),
        (Membership.address_key, sa.true()),
        (DoNotContact.value_key, DoNotContact.kind == SuppressionKind.EMAIL),
    ):
        yield from db.scalars(sa.select(column).where(where).execution_options(yield_per=5000))
