"""A book of a program's starts and orderly ends, kept in a file: what crashed is what started again without having ended."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

_KEPT_LINES = 200


@dataclass(frozen=True)
class StartBook:
    """`role` tells processes apart that live beside each other, such as two servers and a worker."""

    path: Path

    def began(self, role: str, now: datetime) -> None:
        self._shorten()
        self._note("began", role, now)

    def ended(self, role: str, now: datetime) -> None:
        self._note("ended", role, now)

    def crashes(self, within: timedelta, now: datetime) -> int:
        """Starts in that time whose predecessor of the same role had not ended in an orderly way; of the worst role."""
        running: set[str] = set()
        found: dict[str, int] = {}
        for line in self._lines():
            role, at = line["role"], datetime.fromisoformat(line["at"])
            if line["event"] == "ended":
                running.discard(role)
                continue
            if role in running and now - at <= within:
                found[role] = found.get(role, 0) + 1
            running.add(role)
        return max(found.values(), default=0)

    def _note(self, event: str, role: str, now: datetime) -> None:
        # One short write to the end of the file: also two processes at once leave two whole lines.
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"at": now.isoformat(), "role": role, "event": event}) + "\n")

    def _lines(self) -> Iterator[dict[str, Any]]:
        try:
            text = self.path.read_text(encoding="utf-8")
        except OSError:
            return
        for line in text.splitlines():
            try:
                yield json.loads(line)
            except ValueError:  # cut by a crash
                continue

    def _shorten(self) -> None:
        lines = list(self._lines())
        if len(lines) > 2 * _KEPT_LINES:
            text = "".join(json.dumps(line) + "\n" for line in lines[-_KEPT_LINES:])
            draft = self.path.with_suffix(".tmp")
            draft.write_text(text, encoding="utf-8")
            draft.replace(self.path)
