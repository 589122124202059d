"""The verbs: make a backup, check one, put one in the database's place, drop what is beyond retention."""

import hashlib
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import sqlalchemy as sa

from woodpecker_api.db.dialect import database_bytes, is_sqlite, server_version
from woodpecker_api.kit.clock import Clock, system_clock
from woodpecker_api.system.backups import postgres, sqlite
from woodpecker_api.system.backups.errors import BackupDamagedError, BackupImpossibleError
from woodpecker_api.system.backups.manifest import NAME, Kind, Manifest, StoredFile, UnreadableManifestError
from woodpecker_api.system.backups.retention import Policy, to_drop
from woodpecker_api.system.backups.shelf import VERDICT, Backup, Shelf, Status, Verdict, new_backup_id

UPLOADS = "uploads"
# Beside the copy itself: room for the log of the writes that go on meanwhile.
_SPARE_BYTES = 50_000_000


@dataclass(frozen=True)
class Restored:
    """`kept_aside`: a folder (SQLite) or a database (PostgreSQL) with what was there before."""

    backup: Backup
    kept_aside: str | None


class Backups:
    """All of it for one installation. Works on any schema: a deploy takes its snapshot before it migrates."""

    def __init__(self, engine: sa.Engine, data_dir: Path, clock: Clock = system_clock) -> None:
        self._engine = engine
        self._data_dir = data_dir
        self._clock = clock
        self.shelf = Shelf(data_dir)

    def create(self, kind: Kind, backup_id: str | None = None) -> Backup:
        """Makes one and checks it. Raises `BackupImpossibleError`, or `BackupDamagedError` when the check failed."""
        backup_id = backup_id or new_backup_id(kind, self._clock())
        try:
            self._refuse_without_room()
            draft = self.shelf.begin(backup_id)
            self._fill(draft, backup_id, kind)
            self.shelf.finish(draft)
        except (BackupImpossibleError, OSError, sa.exc.SQLAlchemyError) as error:
            sentence = error.detail if isinstance(error, BackupImpossibleError) else type(error).__name__
            self.shelf.give_up(backup_id, sentence)
            raise
        self._require_sound(backup_id)
        return self.find(backup_id)

    def verify(self, backup_id: str) -> Verdict:
        """Really opens it and reads all of it; the verdict is remembered. Raises `BackupNotFoundError`."""
        verdict = self.examine(self.shelf.path(backup_id))
        self.shelf.note_verdict(backup_id, verdict)
        return verdict

    def examine(self, folder: Path) -> Verdict:
        """`verify` for a folder anywhere, such as one that came back from off-site; nothing is written."""
        try:
            manifest = Manifest.read(folder)
        except UnreadableManifestError as error:
            return Verdict(False, self._clock(), (str(error),))
        # What is not byte for byte what was written is not opened at all: a backup is foreign input.
        problems = _wrong_files(folder, manifest) or self._wrong_content(folder, manifest)
        return Verdict(not problems, self._clock(), tuple(problems))

    def restore(self, folder: Path, prepare: Callable[[str], None]) -> Restored:
        """Puts a sound backup in the database's place. `prepare` gets the copy's address first, to bring its schema up to
        date and to hold sending. Raises `BackupDamagedError` or `BackupImpossibleError`; then the database is untouched."""
        verdict = self.examine(folder)
        if not verdict.ok:
            raise _damaged(folder.name, verdict)
        manifest = Manifest.read(folder)
        aside = self._put_in_place(folder, prepare)
        self._bring_uploads(folder, manifest)
        found = Backup(manifest.id, manifest.kind, manifest.taken_at, Status.VERIFIED, manifest, verdict)
        return Restored(found, aside)

    def find(self, backup_id: str) -> Backup:
        """Raises `BackupNotFoundError`."""
        self.shelf.path(backup_id)
        return next(backup for backup in self.shelf.all() if backup.id == backup_id)

    def prune(self, policy: Policy) -> list[str]:
        """Removes what is beyond retention; which."""
        now = self._clock()
        self.shelf.sweep(now)
        known = [backup for backup in self.shelf.all() if backup.status is not Status.MAKING]
        going = to_drop((backup.copy for backup in known), policy, now)
        for backup_id in going:
            self.shelf.drop(backup_id)
        return going

    def bytes_needed(self) -> int:
        """Room that the next backup takes."""
        with self._engine.connect() as connection:
            database = database_bytes(connection)
        return database + sum(path.stat().st_size for path in self._uploads()) + _SPARE_BYTES

    def _refuse_without_room(self) -> None:
        self._data_dir.mkdir(parents=True, exist_ok=True)
        needed, free = self.bytes_needed(), shutil.disk_usage(self._data_dir).free
        if free < needed:
            raise BackupImpossibleError(
                f"A backup needs {needed / 1e6:.0f} MB and {free / 1e6:.0f} MB are free."
                " Make room: woodpecker-api doctor --free"
            )

    def _fill(self, draft: Path, backup_id: str, kind: Kind) -> None:
        taken_at = self._clock()
        if is_sqlite(self._engine):
            file = draft / sqlite.FILE
            sqlite.copy_database(Path(self._engine.url.database or ""), file)
            content = sqlite.content_of(file)
        else:
            file = draft / postgres.FILE
            content = postgres.copy_database(self._engine, file)
        # After the database: every import it knows of has its file.
        for path in self._uploads():
            (draft / UPLOADS).mkdir(exist_ok=True)
            with suppress(FileNotFoundError):  # its import was settled a week ago, just now
                shutil.copyfile(path, draft / UPLOADS / path.name)
        with self._engine.connect() as connection:
            engine = server_version(connection)
        files = tuple(_stored(draft, path) for path in sorted(draft.rglob("*")) if path.is_file())
        Manifest(backup_id, kind, taken_at, version("woodpecker-api"), engine, content, files).write(draft)

    def _require_sound(self, backup_id: str) -> None:
        verdict = self.verify(backup_id)
        if not verdict.ok:
            raise _damaged(backup_id, verdict)

    def _wrong_content(self, folder: Path, manifest: Manifest) -> list[str]:
        if (folder / sqlite.FILE).is_file():
            return sqlite.problems_of(folder / sqlite.FILE, manifest.content)
        if (folder / postgres.FILE).is_file() and not is_sqlite(self._engine):
            return postgres.problems_of(folder / postgres.FILE, manifest.content, self._engine.url)
        return ["it holds no copy of a database of this kind"]

    def _put_in_place(self, folder: Path, prepare: Callable[[str], None]) -> str | None:
        if is_sqlite(self._engine) and (folder / sqlite.FILE).is_file():
            database = Path(self._engine.url.database or "")
            self._engine.dispose()
            aside = sqlite.put_in_place(
                folder / sqlite.FILE, database, lambda copy: prepare(f"sqlite:///{copy}"), self._clock()
            )
            return None if aside is None else str(aside)
        if not is_sqlite(self._engine) and (folder / postgres.FILE).is_file():
            self._engine.dispose()
            shown = {"hide_password": False}
            return postgres.put_in_place(
                folder / postgres.FILE,
                self._engine.url,
                lambda url: prepare(url.render_as_string(**shown)),
                self._clock(),
            )
        raise BackupImpossibleError("This backup is of the other kind of database. Look at DATABASE_URL.")

    def _bring_uploads(self, folder: Path, manifest: Manifest) -> None:
        """Those that are gone since; one that is there is the same: an upload never changes."""
        there = self._data_dir / UPLOADS
        for file in manifest.files:
            if file.name.startswith(f"{UPLOADS}/") and not (self._data_dir / file.name).exists():
                there.mkdir(exist_ok=True)
                shutil.copyfile(folder / file.name, self._data_dir / file.name)

    def _uploads(self) -> list[Path]:
        folder = self._data_dir / UPLOADS
        return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def _stored(folder: Path, path: Path) -> StoredFile:
    return StoredFile(path.relative_to(folder).as_posix(), path.stat().st_size, _sha256(path))


def _wrong_files(folder: Path, manifest: Manifest) -> list[str]:
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    there = {name: path for name, path in there.items() if name not in (NAME, VERDICT, f".{VERDICT}")}
    expected = {file.name: file for file in manifest.files}
    wrong = [f"{name} is missing" for name in sorted(expected.keys() - there.keys())]
    wrong += [f"{name} does not belong to it" for name in sorted(there.keys() - expected.keys())]
    for name in sorted(there.keys() & expected.keys()):
        size = there[name].stat().st_size
        if size != expected[name].bytes:
            wrong.append(f"{name} has {size} bytes, the manifest says {expected[name].bytes}")
        elif _sha256(there[name]) != expected[name].sha256:
            wrong.append(f"{name} has another content than when it was written")
    return wrong


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _damaged(backup_id: str, verdict: Verdict) -> BackupDamagedError:
    return BackupDamagedError(
        f"Backup {backup_id} is damaged: {'; '.join(verdict.problems)}. Take another one: woodpecker-api backup list",
        problems=list(verdict.problems),
    )
