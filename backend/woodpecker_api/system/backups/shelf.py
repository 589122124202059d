"""The folder of all backups: which there are, what is known of them, and removing them whole."""

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from woodpecker_api.kit.clock import rfc3339
from woodpecker_api.system.backups.errors import BackupNotFoundError
from woodpecker_api.system.backups.manifest import Kind, Manifest, UnreadableManifestError
from woodpecker_api.system.backups.retention import Copy

FOLDER = "backups"
VERDICT = "verified.json"
_MAKING = ".making-"
_FAILED = ".failed"
_ID = re.compile(r"(\d{8})-(\d{6})-([a-z]+)-[0-9a-f]{6}")
# Longer than any copy takes: what lies about so long was left by a crash.
_ABANDONED = timedelta(days=1)


class Status(StrEnum):
    MAKING = "making"
    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    DAMAGED = "damaged"
    FAILED = "failed"


@dataclass(frozen=True)
class Verdict:
    """What a check found. `problems` are sentences without a full stop."""

    ok: bool
    checked_at: datetime
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Backup:
    """One row of the list. `manifest` is None while it is being made, and when it cannot be read."""

    id: str
    kind: Kind
    taken_at: datetime
    status: Status
    manifest: Manifest | None = None
    verdict: Verdict | None = None

    @property
    def copy(self) -> Copy:
        sound = {Status.VERIFIED: True, Status.UNVERIFIED: None}.get(self.status, False)
        return Copy(self.id, self.kind, self.taken_at, sound)


class Shelf:
    def __init__(self, data_dir: Path) -> None:
        self._root = data_dir / FOLDER

    @property
    def root(self) -> Path:
        return self._root

    def path(self, backup_id: str) -> Path:
        """Raises `BackupNotFoundError`, also for what could not be an id of ours."""
        if not _ID.fullmatch(backup_id) or not (self._root / backup_id).is_dir():
            raise BackupNotFoundError(f"There is no backup {backup_id!r}. See: woodpecker-api backup list")
        return self._root / backup_id

    def begin(self, backup_id: str) -> Path:
        """An empty folder for a backup in the making, which no list takes for a backup."""
        self._root.mkdir(parents=True, exist_ok=True)
        self._root.chmod(0o700)
        draft = self._root / f"{_MAKING}{backup_id}"
        shutil.rmtree(draft, ignore_errors=True)  # of a crash: the same job does it again
        draft.mkdir(mode=0o700)
        return draft

    def finish(self, draft: Path) -> Path:
        """Whole and on the disk, or not there at all."""
        for path in sorted(draft.rglob("*"), reverse=True):
            sync(path)
        sync(draft)
        final = self._root / draft.name.removeprefix(_MAKING)
        draft.rename(final)
        sync(self._root)
        return final

    def give_up(self, backup_id: str, sentence: str) -> None:
        """Removes the draft and remembers why, for the list."""
        shutil.rmtree(self._root / f"{_MAKING}{backup_id}", ignore_errors=True)
        with suppress(OSError):  # no room for a sentence either: the log and the caller have it
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self._root / f"{backup_id}{_FAILED}").write_text(sentence, encoding="utf-8")

    def note_verdict(self, backup_id: str, verdict: Verdict) -> None:
        document = {"ok": verdict.ok, "checked_at": rfc3339(verdict.checked_at), "problems": list(verdict.problems)}
        draft = self.path(backup_id) / f".{VERDICT}"
        draft.write_text(json.dumps(document), encoding="utf-8")
        draft.replace(draft.with_name(VERDICT))

    def all(self) -> list[Backup]:
        """Newest first. Reads manifests and verdicts, not the copies: quick."""
        return sorted(self._found(), key=lambda backup: (backup.taken_at, backup.id), reverse=True)

    def last_sound(self) -> Backup | None:
        return next((backup for backup in self.all() if backup.status is Status.VERIFIED), None)

    def drop(self, backup_id: str) -> None:
        """Out of the list first, then its content: a crash leaves no half of a backup that looks like one."""
        (self._root / f"{backup_id}{_FAILED}").unlink(missing_ok=True)
        going = self._root / f"{_MAKING}{backup_id}"
        if (self._root / backup_id).is_dir():
            (self._root / backup_id).rename(going)
        shutil.rmtree(going, ignore_errors=True)

    def sweep(self, now: datetime) -> None:
        """Removes what a crash left in the making."""
        for path in self._root.glob(f"{_MAKING}*") if self._root.is_dir() else ():
            if now.timestamp() - path.stat().st_mtime > _ABANDONED.total_seconds():
                shutil.rmtree(path, ignore_errors=True)

    def _found(self) -> Iterator[Backup]:
        for path in self._root.iterdir() if self._root.is_dir() else ():
            backup_id = path.name.removeprefix(_MAKING).removesuffix(_FAILED)
            named = _ID.fullmatch(backup_id)
            if named is None or named.group(3) not in set(Kind):
                continue
            kind = Kind(named.group(3))
            at = datetime.strptime(f"{named.group(1)}{named.group(2)}+0000", "%Y%m%d%H%M%S%z")
            if path.name.startswith(_MAKING):
                yield Backup(backup_id, kind, at, Status.MAKING)
            elif path.name.endswith(_FAILED):
                sentence = path.read_text(encoding="utf-8")
                yield Backup(backup_id, kind, at, Status.FAILED, verdict=Verdict(False, at, (sentence,)))
            else:
                yield self._kept(path, kind, at)

    def _kept(self, folder: Path, kind: Kind, at: datetime) -> Backup:
        verdict = _verdict_in(folder)
        try:
            manifest = Manifest.read(folder)
        except UnreadableManifestError as error:
            return Backup(folder.name, kind, at, Status.DAMAGED, verdict=Verdict(False, at, (str(error),)))
        status = Status.UNVERIFIED if verdict is None else Status.VERIFIED if verdict.ok else Status.DAMAGED
        return Backup(folder.name, kind, manifest.taken_at, status, manifest, verdict)


def new_backup_id(kind: Kind, now: datetime) -> str:
    """Sorts by time and says what it is: 20261122-023000-nightly-a1b2c3."""
    return f"{now:%Y%m%d-%H%M%S}-{kind}-{secrets.token_hex(3)}"


def sync(path: Path) -> None:
    """A file's content, or a folder's names, are on the disk when this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _verdict_in(folder: Path) -> Verdict | None:
    try:
        found = json.loads((folder / VERDICT).read_text(encoding="utf-8"))
        return Verdict(found["ok"] is True, datetime.fromisoformat(found["checked_at"]), tuple(found["problems"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
