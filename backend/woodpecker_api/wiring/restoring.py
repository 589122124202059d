"""Putting a backup in the database's place: with nobody else there, its schema brought up to date, and sending held."""

from pathlib import Path

import structlog
from pydantic import SecretStr

from woodpecker_api.config import Settings
from woodpecker_api.db.dialect import make_engine
from woodpecker_api.db.presence import Presence
from woodpecker_api.db.revisions import newest_revision, present_revision
from woodpecker_api.db.session import Database
from woodpecker_api.features.exports.service import hold
from woodpecker_api.kit.crypto import UnreadableSecretError
from woodpecker_api.system.audit.service import Actor, record, write_pending
from woodpecker_api.system.backups.errors import BackupImpossibleError
from woodpecker_api.system.backups.manifest import Manifest
from woodpecker_api.system.backups.service import Backups, Restored
from woodpecker_api.system.settings.service import Vendor, vendor_key
from woodpecker_api.wiring.installation import open_database, secret_box, upgrade_database

log = structlog.get_logger()


def restore(settings: Settings, folder: Path) -> Restored:
    """Raises `BackupDamagedError` or `BackupImpossibleError`; then the present database is untouched."""
    alone = Presence.take(settings.data_dir, shared=False)
    if alone is None:
        raise BackupImpossibleError("The program is running on this data. Stop it, its worker too, and repeat.")
    try:
        database = open_database(settings)
        backups = Backups(database.engine, settings.data_dir)
        restored = backups.restore(folder, lambda url: _prepare(settings, url, folder))
    finally:
        alone.leave()
    log.warning("backup.restored", backup=restored.backup.id, kept_aside=restored.kept_aside)
    return restored


def unreadable_keys(settings: Settings) -> list[Vendor]:
    """Vendors whose key in this database no secret key of ours opens: it has to be entered again."""
    database, box = open_database(settings), secret_box(settings)
    found = []
    with database.reading() as db:
        for vendor in Vendor:
            try:
                vendor_key(db, box, vendor)
            except UnreadableSecretError:
                found.append(vendor)
    database.engine.dispose()
    return found


def _prepare(settings: Settings, url: str, folder: Path) -> None:
    """On the copy, before it takes the place: a migration that fails leaves the present database where it is."""
    copy = Database(make_engine(url), before_commit=(write_pending,))
    revision, newest = present_revision(copy.engine), newest_revision()
    if revision is not None and revision > newest:
        raise BackupImpossibleError(
            f"The backup has schema {revision}, this program {newest}. Restore it with the version that made it."
        )
    upgrade_database(settings.model_copy(update={"database_url": SecretStr(url)}), copy)
    manifest = Manifest.read(folder)
    with copy.writing() as db:
        # An older database has forgotten what was sent since: nothing goes out before it was compared with Woodpecker.
        hold(db, "restored")
        record(db, Actor("cli"), "backup.restored", ("backup", None), after={"backup": manifest.id})
    copy.engine.dispose()
