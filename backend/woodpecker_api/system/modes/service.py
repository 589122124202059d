"""Reading and setting the mode."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from woodpecker_api.kit.clock import rfc3339

FILE = "mode.json"
MESSAGES = {
    "read_only": "Everything can be looked at; changes have to wait a moment.",
    "maintenance": "We are working on it and will be back in a moment.",
}


class Mode(StrEnum):
    LIVE = "live"
    READ_ONLY = "read_only"
    MAINTENANCE = "maintenance"


@dataclass(frozen=True)
class State:
    mode: Mode
    message: str | None = None
    since: datetime | None = None


LIVE = State(Mode.LIVE)


class ModeFile:
    """Cheap to ask with every request: the file is read again only when it has changed."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE
        self._seen: tuple[int, int] | None = None
        self._state = LIVE

    def read(self) -> State:
        try:
            found = self._path.stat()
        except OSError:
            return LIVE
        if self._seen != (found.st_mtime_ns, found.st_ino):
            self._state, self._seen = self._parse(), (found.st_mtime_ns, found.st_ino)
        return self._state

    def set(self, mode: Mode, message: str | None, now: datetime) -> State:
        """In force with the next request of every process. Live removes the file."""
        if mode is Mode.LIVE:
            self._path.unlink(missing_ok=True)
            return LIVE
        document = {"mode": mode.value, "message": message or MESSAGES[mode], "since": rfc3339(now)}
        draft = self._path.with_suffix(".tmp")
        draft.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        draft.replace(self._path)
        return self.read()

    def _parse(self) -> State:
        """A file that cannot be understood means maintenance: somebody wanted to keep people out."""
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            return State(Mode(found["mode"]), str(found["message"]), datetime.fromisoformat(found["since"]))
        except (OSError, ValueError, KeyError, TypeError):
            return State(Mode.MAINTENANCE, MESSAGES[Mode.MAINTENANCE])
