"""Erasures outside the database: a database that was restored from before them is told again whom it must not know."""

import json
import os
from datetime import datetime
from pathlib import Path

from woodpecker_api.kit.clock import rfc3339


class ErasureLedger:
    """One line a person, keyed hashes only. Lies beside the database, not in it."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "erasures.jsonl"

    def add(self, person_hash: str, at: datetime) -> None:
        """On the disk when this returns. Harmless to repeat."""
        if person_hash in self.hashes():
            return
        line = json.dumps({"person_hash": person_hash, "erased_at": rfc3339(at)})
        with self._path.open("a", encoding="ascii") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())

    def hashes(self) -> dict[str, datetime]:
        """Whom to forget, and since when. A line that a crash left half written is passed over: it is written again."""
        if not self._path.exists():
            return {}
        found: dict[str, datetime] = {}
        for line in self._path.read_text(encoding="ascii", errors="replace").splitlines():
            try:
                entry = json.loads(line)
                found[str(entry["person_hash"])] = datetime.fromisoformat(entry["erased_at"])
            except (ValueError, KeyError, TypeError):
                continue
        return found

    def remove(self, person_hash: str) -> None:
        """The erasure was lifted: a restore must not repeat it."""
        kept = {hashed: at for hashed, at in self.hashes().items() if hashed != person_hash}
        draft = self._path.with_suffix(".new")
        lines = [json.dumps({"person_hash": hashed, "erased_at": rfc3339(at)}) + "\n" for hashed, at in kept.items()]
        draft.write_text("".join(lines), encoding="ascii")
        draft.replace(self._path)
