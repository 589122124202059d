"""The disk: what fills it, what may go without anybody missing it, and whether a deploy fits."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from woodpecker_api.config import Settings
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.system.backups.retention import Policy, to_drop
from woodpecker_api.system.backups.service import Backups
from woodpecker_api.system.backups.shelf import Status
from woodpecker_api.system.backups.sqlite import ASIDE
from woodpecker_api.wiring.installation import open_database

BALLAST = "ballast"
BALLAST_BYTES = 256_000_000
"""On a full disk not even a DELETE works: this is the room to act, given back at once."""
_ROOM_FOR_BALLAST = 20 * BALLAST_BYTES
_NO_ROOM = 500_000_000
# Long enough to notice that a restore was a mistake.
_ASIDE_KEPT = timedelta(days=30)
_ABANDONED = timedelta(days=1)

WHAT = {
    "backups": "checked copies; retention removes old ones",
    ASIDE: "databases that a restore replaced, kept for 30 days",
    "uploads": "imported files, kept for some days",
    "deploys": "copies of the last five deploys",
    BALLAST: "room to act when the disk is full",
}


@dataclass(frozen=True)
class Item:
    """One thing in the data directory; `removable` of its bytes may go."""

    name: str
    bytes: int
    removable: int
    what: str


@dataclass(frozen=True)
class Space:
    free_bytes: int
    total_bytes: int
    items: list[Item]
    backup_needs_bytes: int
    deploy_needs_bytes: int
    """A copy to rehearse the migration on, a snapshot, and the image."""

    @property
    def deploy_fits(self) -> bool:
        return self.free_bytes >= self.deploy_needs_bytes


def survey(settings: Settings, image_bytes: int) -> Space:
    backups = Backups(open_database(settings).engine, settings.data_dir)
    removable = {path: bytes_under(path) for path in _removable(settings, backups, system_clock())}
    items = [
        Item(
            name=path.name,
            bytes=bytes_under(path),
            removable=sum(size for each, size in removable.items() if each == path or path in each.parents),
            what=WHAT.get(path.name.removesuffix("-wal").removesuffix("-shm"), ""),
        )
        for path in settings.data_dir.iterdir()
    ]
    needs = backups.bytes_needed()
    disk = shutil.disk_usage(settings.data_dir)
    return Space(
        free_bytes=disk.free,
        total_bytes=disk.total,
        items=sorted(items, key=lambda item: -item.bytes),
        backup_needs_bytes=needs,
        deploy_needs_bytes=2 * needs + image_bytes,
    )


def make_room(settings: Settings) -> list[tuple[str, int]]:
    """Removes what nobody misses, the ballast last and only where there is no room otherwise; (name, bytes) each."""
    backups = Backups(open_database(settings).engine, settings.data_dir)
    gone = []
    for path in list(_removable(settings, backups, system_clock())):
        gone.append((path.relative_to(settings.data_dir).as_posix(), bytes_under(path)))
        if path.parent == backups.shelf.root:
            backups.shelf.drop(path.name)
        elif path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    ballast = settings.data_dir / BALLAST
    if ballast.exists() and shutil.disk_usage(settings.data_dir).free < _NO_ROOM:
        gone.append((BALLAST, ballast.stat().st_size))
        ballast.unlink()
    return gone


def take_ballast(settings: Settings) -> bool:
    """Puts the ballast aside where there is plenty of room; whether it is there."""
    ballast = settings.data_dir / BALLAST
    if not ballast.exists() and shutil.disk_usage(settings.data_dir).free > _ROOM_FOR_BALLAST:
        draft = ballast.with_suffix(".tmp")
        with draft.open("wb") as file:
            # Really allocated: a file with a hole would give back nothing.
            os.posix_fallocate(file.fileno(), 0, BALLAST_BYTES)
        draft.replace(ballast)
    return ballast.exists()


def bytes_under(path: Path) -> int:
    if not path.is_dir():
        with suppress(FileNotFoundError):
            return path.stat().st_size
        return 0
    return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())


def _removable(settings: Settings, backups: Backups, now: datetime) -> Iterator[Path]:
    """What may go: never the database, the last sound backup, or the newest database that a restore replaced."""
    known = [backup for backup in backups.shelf.all() if backup.status not in (Status.MAKING, Status.FAILED)]
    for backup_id in to_drop((backup.copy for backup in known), Policy(), now):
        yield backups.shelf.root / backup_id
    aside = settings.data_dir / ASIDE
    replaced = sorted(aside.iterdir())[:-1] if aside.is_dir() else []
    drafts = [*settings.data_dir.glob(".restoring-*"), *settings.data_dir.glob("*.tmp")]
    drafts += backups.shelf.root.glob(".making-*") if backups.shelf.root.is_dir() else []
    for path, kept in [*((path, _ASIDE_KEPT) for path in replaced), *((path, _ABANDONED) for path in drafts)]:
        if now.timestamp() - path.stat().st_mtime > kept.total_seconds():
            yield path
