"""What imports keep of a person."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from woodpecker_api.db.forgetting import mentions
from woodpecker_api.features.imports.models import Import, ImportReject, ImportStatus
from woodpecker_api.features.leads.models import Lead


def all_ids(db: Session) -> set[str]:
    return set(db.scalars(sa.select(Import.id)))


def committing(db: Session) -> bool:
    """Whether a list is being taken in at this moment: the person may be in it."""
    return db.scalar(sa.select(Import.id).where(Import.status == ImportStatus.COMMITTING).limit(1)) is not None


def imports_of(db: Session, lead_ids: Collection[str], words: Collection[str]) -> Sequence[Import]:
    """Those that brought one of the leads, or whose samples show the person."""
    brought = sa.select(Lead.import_id).where(Lead.id.in_(lead_ids), Lead.import_id.is_not(None))
    shows = mentions(Import.columns, words)
    return db.scalars(sa.select(Import).where(sa.or_(Import.id.in_(brought), shows))).all()


def rejected_rows(db: Session, words: Collection[str], names: Collection[str]) -> list[tuple[str, int]]:
    """(import, row) of rejected rows that hold the address, or the parts of a full name in cells of their own."""
    by_name = [sa.and_(*(mentions(ImportReject.cells, [part]) for part in name.split())) for name in names]
    wanted = sa.or_(mentions(ImportReject.cells, words), *by_name)
    return [
        (row.import_id, row.row)
        for row in db.execute(sa.select(ImportReject.import_id, ImportReject.row).where(wanted))
    ]
