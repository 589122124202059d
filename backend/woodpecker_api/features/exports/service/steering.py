"""What people may do with an export that runs, rests or has ended. The account's loop reads the columns written here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.errors import NotFoundError
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.rules import MailsOnEnrol, mails_on_enrol
from woodpecker_api.features.exports.errors import ConfirmSendingError, CountdownOverError, ExportStateError
from woodpecker_api.features.exports.models import Export
from woodpecker_api.features.exports.queries import steering as queries
from woodpecker_api.features.exports.rules import ACTIVE, Event, ExportStatus, ItemStatus, possible_from
from woodpecker_api.features.exports.service import by_hand, progress
from woodpecker_api.features.exports.service.holding import refuse_when_held
from woodpecker_api.features.exports.service.members import read_members_first
from woodpecker_api.features.exports.service.planning import usable_campaign
from woodpecker_api.features.exports.service.recording import close_if_done
from woodpecker_api.features.exports.service.stopping import let_go
from woodpecker_api.system.audit.service import Actor, record
from woodpecker_api.system.changes.service import announce
from woodpecker_api.system.jobs.jobs import Jobs


@dataclass(frozen=True)
class Ask:
    """Who asks for what is done to which export, and when."""

    actor: Actor
    export_id: str
    now: datetime


def pause(db: Session, ask: Ask) -> Export:
    """Takes effect before the next batch; a request that is out is still waited for and settled."""
    export = _export(db, ask)
    if export.status == ExportStatus.PAUSED:
        return export
    if export.status not in ACTIVE:
        raise ExportStateError(f"This export is {export.status}; only a running one can be paused.")
    export.status, export.reason = ExportStatus.PAUSED, "by_user"
    return _changed(db, ask, export, "export.paused")


def resume(db: Session, jobs: Jobs, ask: Ask, *, confirm_sending: bool = False) -> Export:
    """Confirms the campaign's present status anew. Raises `ConfirmSendingError` when mail would go out unconfirmed."""
    export = _export(db, ask)
    if export.status in ACTIVE:
        return export
    if export.status != ExportStatus.PAUSED:
        raise ExportStateError(f"This export is {export.status}; only a paused one can be resumed.")
    refuse_when_held(db)
    campaign = usable_campaign(db, export.campaign_id)
    confirmed = export.confirm_sending or confirm_sending
    if mails_on_enrol(campaign.status) is MailsOnEnrol.YES and not confirmed:
        raise ConfirmSendingError(
            f"The campaign is {campaign.status} now: whoever is added gets mail. Confirm that this is meant (confirm_sending)."
        )
    export.status, export.reason = ExportStatus.RUNNING, None
    export.confirmed_campaign_status, export.confirm_sending = campaign.status, confirmed
    read_members_first(db, ask.actor, export, campaign, ask.now)
    close_if_done(db, export, ask.now)
    campaigns.wake(db, jobs, export.woodpecker_account_id)
    return _changed(db, ask, export, "export.resumed")


def cancel(db: Session, jobs: Jobs, ask: Ask) -> Export:
    """Everybody who waits is let go at once; who is in flight is still settled."""
    export = _export(db, ask)
    if export.status == ExportStatus.CANCELLED:
        return export
    if export.status not in ACTIVE | {ExportStatus.PAUSED}:
        raise ExportStateError(f"This export is {export.status}; there is nothing left to cancel.")
    export.status, export.reason = ExportStatus.CANCELLED, None
    count = let_go(db, export, ItemStatus.CANCELLED, None, ask.now)
    close_if_done(db, export, ask.now)
    campaigns.wake(db, jobs, export.woodpecker_account_id)
    return _changed(db, ask, export, "export.cancelled", count=count)


def undo(db: Session, jobs: Jobs, ask: Ask) -> Export:
    """Cancels during the countdown, when certainly nothing has gone out. Raises `CountdownOverError`."""
    export = _export(db, ask)
    begun = queries.anything_begun(db, export.id)
    if begun or export.not_before is None or export.not_before <= ask.now:
        raise CountdownOverError("The countdown is over, and adding may have begun. Cancel the export instead.")
    return cancel(db, jobs, ask)


def retry(db: Session, jobs: Jobs, ask: Ask, item_ids: Sequence[str] | None = None) -> Export:
    """Queues the failed (and, when named, the refused) again, where the person is still free."""
    export = _export(db, ask)
    usable_campaign(db, export.campaign_id)
    wanted = frozenset({ItemStatus.FAILED}) if item_ids is None else possible_from(Event.RETRIED)
    lead_ids = queries.requeue(db, export, wanted, item_ids, ask.now)
    if lead_ids:
        progress.held(db, lead_ids, ask.now)
        export.finished_at = None
        if export.status != ExportStatus.PAUSED:
            export.status, export.reason = ExportStatus.RUNNING, None
    campaigns.wake(db, jobs, export.woodpecker_account_id)
    return _changed(db, ask, export, "export.retried", count=len(lead_ids))


def done_by_hand(db: Session, ask: Ask, emails: Sequence[str] | None = None) -> Export:
    """Closes who was imported into Woodpecker by hand, all who wait and all failed unless `emails` names some.

    Raises `ExportStateError` while the export could send them too, or while a request may be on its way.
    """
    export = _export(db, ask)
    if export.status in ACTIVE:
        raise ExportStateError("Pause the export first: it could add the same people while you import them by hand.")
    if queries.in_flight_count(db, export.id):
        raise ExportStateError("Some people are still being checked with Woodpecker. Wait until that is settled.")
    count = by_hand.close(db, export, ask.actor, emails, ask.now)
    close_if_done(db, export, ask.now)
    return _changed(db, ask, export, "export.done_by_hand", count=count)


def _export(db: Session, ask: Ask) -> Export:
    known = db.get(Export, ask.export_id)
    if known is None:
        raise NotFoundError("There is no such export. Go back to the list of exports.")
    campaigns.lock_account(db, known.woodpecker_account_id)
    return queries.locked_export(db, known.id) or known


def _changed(db: Session, ask: Ask, export: Export, action: str, *, count: int = 1) -> Export:
    export.version += 1
    record(db, ask.actor, action, ("export", export.id), after={"status": export.status}, count=max(count, 1))
    announce(db, "export", export.id)
    db.flush()
    return export
