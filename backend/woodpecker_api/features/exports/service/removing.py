"""People who are to leave a campaign at Woodpecker: taken back by somebody, or on the do-not-contact list by now."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from woodpecker_api.errors import NotFoundError
from woodpecker_api.features.campaigns import service as campaigns
from woodpecker_api.features.campaigns.service import forget_members
from woodpecker_api.features.campaigns.service.erasing import forget_person
from woodpecker_api.features.exports.models import Export, ExportItem, Removal
from woodpecker_api.features.exports.queries import removing as queries
from woodpecker_api.features.exports.queries.taking_back import TAKEN_BACK
from woodpecker_api.features.exports.rules import Event, ItemStatus, RemovalCause, RemovalStatus, after
from woodpecker_api.features.exports.service import progress
from woodpecker_api.features.exports.service.steering import Ask
from woodpecker_api.system.audit.service import SYSTEM, Actor, record
from woodpecker_api.system.changes.service import announce
from woodpecker_api.system.jobs.jobs import Jobs

_SLICE = 500


def take_back(db: Session, jobs: Jobs, ask: Ask, item_ids: Sequence[str] | None = None) -> Export:
    """Asks for everybody whom this export added (or those named) to leave the campaign. Mail that went out stays out."""
    export = db.get(Export, ask.export_id)
    if export is None:
        raise NotFoundError("There is no such export. Go back to the list of exports.")
    items = queries.items_to_take_back(db, export.id, item_ids)
    db.add_all(
        Removal(
            woodpecker_account_id=export.woodpecker_account_id,
            email=item.email,
            address_key=item.address_key,
            cause=RemovalCause.TAKE_BACK,
            campaign_vendor_id=item.campaign_vendor_id,
            item_id=item.id,
            requested_by=ask.actor.id,
            created_at=ask.now,
        )
        for item in items
    )
    record(db, ask.actor, "export.take_back_asked", ("export", export.id), count=max(len(items), 1))
    announce(db, "export", export.id)
    campaigns.wake(db, jobs, export.woodpecker_account_id)
    return export


def on_suppressed(db: Session, actor: Actor, keys: Sequence[str], now: datetime) -> None:
    """Listens to the do-not-contact list: whoever is at Woodpecker through us, or in a campaign there, is to leave.

    The account's job is woken by its watch, within a minute.
    """
    for start in range(0, len(keys), _SLICE):
        _ask_to_leave(db, actor, keys[start : start + _SLICE], now)


def _ask_to_leave(db: Session, actor: Actor, keys: Sequence[str], now: datetime) -> None:
    for_ever = queries.kept_out_for_ever(db, keys)
    by_account: dict[str, list[str]] = {}
    domains = {(account_id, key) for key in for_ever if key.startswith("@") for account_id in campaigns.spoken_to(db)}
    for account_id, key in sorted(queries.accounts_that_know(db, keys) | domains):
        by_account.setdefault(account_id, []).append(key)
    for account_id, known in by_account.items():
        asked = queries.already_asked(db, account_id, RemovalCause.DO_NOT_CONTACT, known)
        new = [key for key in known if key not in asked]
        db.add_all(
            Removal(
                woodpecker_account_id=account_id,
                email=key,
                address_key=key,
                cause=RemovalCause.DO_NOT_CONTACT,
                blacklist=key in for_ever,
                requested_by=actor.id,
                created_at=now,
            )
            for key in new
        )
        if new:
            record(db, actor, "removal.asked", ("woodpecker_account", account_id), count=len(new))


def note_blacklisted(db: Session, removal_ids: Sequence[str], now: datetime) -> None:
    for removal_id in removal_ids:
        db.get_one(Removal, removal_id).blacklisted_at = now
    record(db, SYSTEM, "removal.blacklisted", ("removal", None), count=len(removal_ids))


def note_tried(db: Session, removal_ids: Sequence[str], code: str | None, sentence: str | None) -> None:
    """A request went out for these, or was refused."""
    for removal_id in removal_ids:
        removal = db.get_one(Removal, removal_id)
        removal.tries += 1
        removal.error_code, removal.error = code, sentence
    record(db, SYSTEM, "removal.tried", ("removal", None), after={"code": code}, count=len(removal_ids))


def finish(db: Session, removal_ids: Sequence[str], now: datetime) -> None:
    """Woodpecker was asked and does not have them there any more."""
    back: list[ExportItem] = []
    exports: set[str] = set()
    for removal_id in removal_ids:
        removal = db.get_one(Removal, removal_id)
        removal.status, removal.finished_at = RemovalStatus.DONE, now
        removal.error_code = removal.error = None
        forget_members(db, removal.woodpecker_account_id, removal.address_key, removal.campaign_vendor_id)
        if removal.erasure_id is not None:
            # The copy may have been read once more between the erasure and this moment.
            forget_person(db, removal.woodpecker_account_id, removal.address_key)
            removal.email = removal.address_key = ""
        item = db.get(ExportItem, removal.item_id) if removal.item_id else None
        if item is not None and item.status == ItemStatus.ADDED:
            item.status = after(ItemStatus.ADDED, Event.TAKEN_BACK).status
            item.error_code, item.updated_at = TAKEN_BACK, now
            back.append(item)
            exports.add(item.export_id)
    db.flush()
    progress.left(db, back, now)
    record(db, SYSTEM, "removal.done", ("removal", None), after={"ids": list(removal_ids)}, count=len(removal_ids))
    announce(db, "removal")
    if exports:
        announce(db, "export", *sorted(exports))
