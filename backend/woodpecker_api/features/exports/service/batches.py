"""The written intent itself: the row that says that people of an export may be on their way."""

from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.features.exports.models import Export, ExportBatch
from woodpecker_api.features.exports.rules import BatchStatus
from woodpecker_api.kit.ids import new_id


def intended(db: Session, export: Export, size: int, now: datetime) -> ExportBatch:
    """About to be sent: from its commit on, only Woodpecker knows what came of it."""
    return _stored(db, export, ExportBatch(status=BatchStatus.INTENDED, size=size, intended_at=now))


def already_settled(db: Session, export: Export, size: int, code: str, now: datetime) -> ExportBatch:
    """Nothing of it was sent by us, nothing of it is open; `code` says how these people came into the campaign.

    History is read by batches, so that people who came in by other ways need one too.
    """
    settled = ExportBatch(status=BatchStatus.SETTLED, size=size, error_code=code, intended_at=now, settled_at=now)
    return _stored(db, export, settled)


def _stored(db: Session, export: Export, batch: ExportBatch) -> ExportBatch:
    batch.id = new_id()
    batch.export_id = export.id
    batch.woodpecker_account_id = export.woodpecker_account_id
    batch.campaign_vendor_id = export.campaign_vendor_id
    db.add(batch)
    db.flush()  # attempts refer to it
    return batch
