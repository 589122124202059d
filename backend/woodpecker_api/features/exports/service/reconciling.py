"""After a restore: what Woodpecker has that we do not know, taking it over, and letting exports send again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.models import AccountRead, Campaign, ReadKind, ReadStatus, WoodpeckerAccount
from woodpecker_api.features.exports.errors import ReconciliationError
from woodpecker_api.features.exports.models import Export, ExportItem
from woodpecker_api.features.exports.queries import reconciling as queries
from woodpecker_api.features.exports.queries.reconciling import Stranger
from woodpecker_api.features.exports.rules import (
    AttemptStatus,
    ExportBar,
    ExportStatus,
    ItemStatus,
    fields_hash,
)
from woodpecker_api.features.exports.service import progress
from woodpecker_api.features.exports.service.attempts import attempt_rows, store_attempts
from woodpecker_api.features.exports.service.batches import already_settled
from woodpecker_api.features.exports.service.holding import let_send, sending
from woodpecker_api.kit.ids import new_id
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.changes.service import announce
from woodpecker_api.system.jobs.jobs import Jobs
from woodpecker_api.system.settings.service import fact, set_fact

READS = "reconciliation_reads"
CODE = "adopted"
_SLICE = 500


@dataclass(frozen=True)
class Standing:
    """`status`: none (never asked), reading, failed, or ready; the counts are only true when it is ready."""

    status: str
    error: str | None
    as_of: datetime | None
    unknown_here: int
    missing_there: int


def run(db: Session, jobs: Jobs, actor: Actor, account: WoodpeckerAccount) -> None:
    """Asks for the whole account: campaigns, and everybody with their memberships."""
    reads = [campaigns.request_read(db, actor, account.id, kind) for kind in (ReadKind.CAMPAIGNS, ReadKind.PEOPLE)]
    set_fact(db, READS, json.dumps([read.id for read in reads]))
    record(db, actor, "reconciliation.asked", ("woodpecker_account", account.id))
    campaigns.wake(db, jobs, account.id)
    announce(db, "reconciliation")


def standing(db: Session, account: WoodpeckerAccount) -> Standing:
    reads = [db.get(AccountRead, read_id) for read_id in json.loads(fact(db, READS) or "[]")]
    known = [read for read in reads if read is not None and read.woodpecker_account_id == account.id]
    if not known:
        return Standing("none", None, None, 0, 0)
    failed = next((read for read in known if read.status == ReadStatus.FAILED), None)
    if failed is not None:
        return Standing("failed", failed.error, None, 0, 0)
    if any(read.status != ReadStatus.DONE for read in known):
        return Standing("reading", None, None, 0, 0)
    as_of = min(read.started_at for read in known if read.started_at is not None)
    unknown, missing = queries.strangers_count(db, account.id), queries.missing_there_count(db, account.id)
    return Standing("ready", None, as_of, unknown, missing)


def adopt(db: Session, actor: Actor, account: WoodpeckerAccount, now: datetime) -> int:
    """Takes over every lead of ours who is in a campaign there: history says so, and the claim is taken. How many.

    A lead without texts gets no line of history; our copy of the campaign keeps it out of plans all the same.
    Raises `ReconciliationError` before the account was read.
    """
    _require_ready(db, account)
    campaigns.lock_account(db, account.id)
    after: tuple[str, int] | None = None
    exports: dict[str, Export] = {}
    adopted = 0
    while found := queries.strangers(db, account.id, after, _SLICE):
        after = (found[-1].lead.address_key, found[-1].campaign.vendor_id)
        with_texts = [each for each in found if each.sequence is not None]
        for campaign_id in dict.fromkeys(each.campaign.id for each in with_texts):
            part = [each for each in with_texts if each.campaign.id == campaign_id]
            export = exports.get(campaign_id)
            if export is None:
                export = exports[campaign_id] = _export(db, actor, account, part[0].campaign, now)
            _take_over(db, export, part, now)
            adopted += len(part)
    record(db, actor, "reconciliation.adopted", ("woodpecker_account", account.id), count=max(adopted, 1))
    announce(db, "reconciliation")
    return adopted


def release(db: Session, jobs: Jobs, actor: Actor, account: WoodpeckerAccount, now: datetime) -> int:
    """Sending goes on, that of exports which were stopped by the hold too; how many of them.

    Raises `ReconciliationError` before the account was read, or while people are there whom we do not know.
    """
    if not sending(db).held:
        return 0
    if _require_ready(db, account).unknown_here and _adoptable(db, account):
        raise ReconciliationError("Woodpecker has people of ours that this database does not know. Adopt them first.")
    let_send(db, actor)
    resumed = queries.exports_paused_for(db, ExportBar.SENDING_HELD)
    for export in resumed:
        export.status, export.reason = ExportStatus.RUNNING, None
        export.version, export.last_unit_at = export.version + 1, now
        announce(db, "export", export.id)
        campaigns.wake(db, jobs, export.woodpecker_account_id)
    announce(db, "reconciliation")
    return len(resumed)


def _require_ready(db: Session, account: WoodpeckerAccount) -> Standing:
    state = standing(db, account)
    if state.status != "ready":
        raise ReconciliationError("Read the account first (run), and wait until that is done.")
    return state


def _adoptable(db: Session, account: WoodpeckerAccount) -> bool:
    after: tuple[str, int] | None = None
    while found := queries.strangers(db, account.id, after, _SLICE):
        if any(each.sequence is not None for each in found):
            return True
        after = (found[-1].lead.address_key, found[-1].campaign.vendor_id)
    return False


def _export(db: Session, actor: Actor, account: WoodpeckerAccount, campaign: Campaign, now: datetime) -> Export:
    export = Export(
        id=new_id(),
        woodpecker_account_id=account.id,
        campaign_id=campaign.id,
        campaign_vendor_id=campaign.vendor_id,
        campaign_name=campaign.name,
        status=ExportStatus.COMPLETED,
        reason=CODE,
        confirmed_campaign_status=campaign.status,
        sandbox=account.sandbox,
        created_by=actor.id,
        created_at=now,
        finished_at=now,
    )
    db.add(export)
    db.flush()
    return export


def _take_over(db: Session, export: Export, found: Sequence[Stranger], now: datetime) -> None:
    batch = already_settled(db, export, len(found), CODE, now)
    items = [_item(export, place, each, now) for place, each in enumerate(found, start=export.total)]
    export.total += len(items)
    db.add_all(items)
    db.flush()
    done = {"status": AttemptStatus.ALREADY_IN_CAMPAIGN, "error_code": CODE, "finished_at": now}
    store_attempts(db, [{**row, **done} for row in attempt_rows(db, export, batch.id, items, now)])
    progress.entered(db, items, now)


def _item(export: Export, place: int, found: Stranger, now: datetime) -> ExportItem:
    assert found.sequence is not None
    # What was sent then is not known any more: the address is all that this line vouches for.
    fields = {"email": found.lead.email, "first_name": found.lead.first_name, "company": found.lead.company}
    return ExportItem(
        id=new_id(),
        export_id=export.id,
        position=place,
        woodpecker_account_id=export.woodpecker_account_id,
        campaign_vendor_id=export.campaign_vendor_id,
        lead_id=found.lead.id,
        sequence_id=found.sequence.id,
        sequence_version=found.sequence.version,
        email=found.lead.email,
        address_key=found.lead.address_key,
        fields=fields,
        fields_hash=fields_hash(fields),
        status=ItemStatus.ALREADY_IN_CAMPAIGN,
        attempts=1,
        error_code=CODE,
        updated_at=now,
    )
