"""What a changeover has begun, on disk before it is done: whoever finds it after a crash knows how to go back."""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

SLOTS = ("app-a", "app-b")


class DeployError(Exception):
    """Why a deploy did not go through; the text is for the operator."""


@dataclass
class Journal:
    """One changeover. `begun` holds the phases in which something was, or may have been, changed."""

    id: str
    image: str
    new_slot: str
    old_slot: str | None
    old_image: str | None
    breaking: bool = False
    snapshot: str | None = None
    begun: list[str] = field(default_factory=list)


@dataclass
class State:
    """What serves now, and what served before (newest first)."""

    slot: str | None = None
    image: str | None = None
    history: list[dict[str, object]] = field(default_factory=list)

    @property
    def free_slot(self) -> str:
        return SLOTS[1] if self.slot == SLOTS[0] else SLOTS[0]


class Store:
    """The folder `state/`: each file whole or not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def state(self) -> State:
        found = self._read("state.json")
        return State(**found) if found else State()

    def keep_state(self, state: State) -> None:
        self._write("state.json", asdict(state))

    def journal(self) -> Journal | None:
        found = self._read("journal.json")
        return Journal(**found) if found else None

    def keep_journal(self, journal: Journal) -> None:
        self._write("journal.json", asdict(journal))

    def forget_journal(self) -> None:
        (self.folder / "journal.json").unlink(missing_ok=True)

    def keep_record(self, record: dict[str, object]) -> None:
        """One file for each deploy, for the operator and for audits; the newest is also `last-deploy.json`."""
        (self.folder / "records").mkdir(exist_ok=True)
        self._write(f"records/{record['id']}.json", record)
        self._write("last-deploy.json", record)

    @contextlib.contextmanager
    def lock(self, who: str, wait_seconds: float) -> Iterator[None]:
        """One deploy at a time; the kernel takes the lock back from a dead one. Raises `DeployError` that names the holder."""
        path = self.folder / "lock"
        with path.open("a+", encoding="utf-8") as file:
            end = time.monotonic() + wait_seconds
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= end:
                        file.seek(0)
                        raise DeployError(f"Another deploy is running: {file.read().strip()}.") from None
                    time.sleep(0.5)
            file.seek(0)
            file.truncate()
            file.write(f"{who}, process {os.getpid()}, since {time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime())} UTC")
            file.flush()
            yield

    def is_locked(self) -> bool:
        """Whether a deploy, a rollback or a repair is at work now."""
        try:
            with self.lock("look", 0):
                return False
        except DeployError:
            return True

    def _read(self, name: str) -> dict[str, Any]:
        path = self.folder / name
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return found

    def _write(self, name: str, content: dict[str, object]) -> None:
        path = self.folder / name
        draft = path.with_name(f".{path.name}.part")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
