"""The intent: everything is checked once more, then who is about to be sent is committed, before anything goes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import Campaign
from woodpecker_api.features.campaigns.service import VendorView
from woodpecker_api.features.exports.models import Export, ExportItem
from woodpecker_api.features.exports.queries import steering, working
from woodpecker_api.features.exports.queries.suppression import suppressed_keys
from woodpecker_api.features.exports.queries.working import Present
from woodpecker_api.features.exports.rules import (
    ACTIVE,
    Event,
    ExportBar,
    ExportStatus,
    Recheck,
    bar_for,
    recheck,
)
from woodpecker_api.features.exports.service import paragraphs
from woodpecker_api.features.exports.service.attempts import attempt_rows, store_attempts
from woodpecker_api.features.exports.service.batches import intended
from woodpecker_api.features.exports.service.holding import EpochFile, check_epoch
from woodpecker_api.features.exports.service.planning import SENDABLE
from woodpecker_api.features.exports.service.recording import Happening, write_down
from woodpecker_api.features.exports.service.stopping import stop_export
from woodpecker_api.kit.text import address_key
from woodpecker_api.system.audit.service import SYSTEM, record


@dataclass(frozen=True)
class Outgoing:
    """One person of the request."""

    item_id: str
    email: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Intent:
    """What is committed and may now be sent, once."""

    batch_id: str
    export_id: str
    account_id: str
    campaign_vendor_id: int
    send_after: datetime | None
    people: tuple[Outgoing, ...]


def write_intent(db: Session, export_id: str, epoch: EpochFile, batch_size: int, now: datetime) -> Intent | None:
    """None when nothing may go out now: the export was stopped meanwhile, or each of the next people was kept out."""
    export = steering.locked_export(db, export_id)
    if export is None or export.status not in ACTIVE or (export.not_before is not None and export.not_before > now):
        return None
    campaign = db.get_one(Campaign, export.campaign_id)
    bar = bar_for(
        held=check_epoch(db, epoch).held,
        gone=campaign.gone_at is not None,
        status=campaign.status,
        confirmed_status=export.confirmed_campaign_status,
    )
    if bar is not None:
        stop_export(db, export, bar, now, for_good=bar is ExportBar.CAMPAIGN_GONE)
        return None
    carefully = paragraphs.is_untested(db, export) and paragraphs.begins(db, export)
    limit = min(batch_size, export.batch_limit or batch_size, paragraphs.FIRST_PEOPLE if carefully else batch_size)
    items = working.queued_items(db, export.id, limit)
    present = working.present_state(db, items)
    kept_out = _kept_out(db, export, items, present, now)
    if kept_out:
        write_down(db, export, kept_out, {}, now)
        by_code = sorted({each.code or "" for each in kept_out})
        record(db, SYSTEM, "export.kept_out", ("export", export.id), after={"codes": by_code}, count=len(kept_out))
    out = {each.item.id for each in kept_out}
    going = [item for item in items if item.id not in out]
    intent = _committed(db, export, going, present, now) if going else None
    if intent is not None and carefully and paragraphs.some_wait(db, export):
        # The five go out; the others wait until somebody has looked at how the texts arrived.
        stop_export(db, export, paragraphs.REASON, now)
    return intent


def _kept_out(
    db: Session, export: Export, items: Sequence[ExportItem], present: Mapping[str, Present], now: datetime
) -> list[Happening]:
    keys = {item.address_key for item in items}
    suppressed = suppressed_keys(db, keys, now)
    views = campaigns.view_of(db, export.woodpecker_account_id, keys)
    happenings = []
    for item in items:
        view = views.get(item.address_key)
        found = recheck(_facts(export, item, present[item.id], view, suppressed=item.address_key in suppressed))
        if found is not None:
            happenings.append(Happening(item, found[0], found[1]))
    return happenings


def _facts(export: Export, item: ExportItem, present: Present, view: VendorView | None, *, suppressed: bool) -> Recheck:
    lead, sequence = present.lead, present.sequence
    return Recheck(
        lead_live=lead is not None and lead.deleted_at is None,
        same_address=lead is not None and address_key(lead.email) == item.address_key,
        suppressed=suppressed,
        sequence_status_ok=sequence is not None and sequence.status in SENDABLE,
        same_version=sequence is not None and sequence.version == item.sequence_version,
        sandbox=bool((sequence and sequence.sandbox) or (lead and lead.sandbox)),
        real=not export.sandbox,
        member=view is not None and export.campaign_vendor_id in view.campaigns,
        person_status=view.status if view else "",
    )


def _committed(
    db: Session, export: Export, items: Sequence[ExportItem], present: Mapping[str, Present], now: datetime
) -> Intent:
    batch = intended(db, export, len(items), now)
    if export.status == ExportStatus.QUEUED:
        export.status = ExportStatus.RUNNING
    for item in items:
        item.attempts += 1
        item.batch_id = batch.id
    # Each row of an item has many indexes: what the intent changes in it goes out as one change, not as three.
    with db.no_autoflush:
        store_attempts(db, attempt_rows(db, export, batch.id, items, now, present))
    write_down(db, export, [Happening(item, Event.INTENDED) for item in items], {}, now)
    record(
        db,
        SYSTEM,
        "export.batch_intended",
        ("export_batch", batch.id),
        after=_digestible(export, items),
        count=len(items),
    )
    db.flush()
    people = tuple(Outgoing(item.id, item.email, dict(item.fields)) for item in items)
    return Intent(
        batch.id, export.id, export.woodpecker_account_id, export.campaign_vendor_id, export.send_after, people
    )


def _digestible(export: Export, items: Sequence[ExportItem]) -> dict[str, object]:
    """Ids and hashes: which texts were meant for whom can be proven without naming anybody."""
    return {"export_id": export.id, "items": {item.id: item.fields_hash for item in items}}
