"""Where batches are kept: in memory, and in a folder when one is given, so that they outlive the process."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class StoredBatch:
    """`polls_left`: how many more looks it takes until the batch has ended. `lines`: the results, once ended."""

    id: str
    created_at: str
    expires_at: str
    requests: list[dict[str, Any]]
    version: str
    polls_left: int
    cancel_initiated_at: str | None = None
    ended_at: str | None = None
    archived_at: str | None = None
    lines: list[dict[str, Any]] = field(default_factory=list)


class BatchShelf:
    """Batches by id, oldest first. A batch that was changed must be kept again, else the folder does not know."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._batches: dict[str, StoredBatch] = {}
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            for path in sorted(folder.glob("*.json")):  # ids sort by time
                batch = StoredBatch(**json.loads(path.read_text(encoding="utf-8")))
                self._batches[batch.id] = batch

    def __len__(self) -> int:
        return len(self._batches)

    def __iter__(self) -> Iterator[StoredBatch]:
        return iter(list(self._batches.values()))

    def get(self, batch_id: str) -> StoredBatch | None:
        return self._batches.get(batch_id)

    def keep(self, batch: StoredBatch) -> None:
        self._batches[batch.id] = batch
        if self._folder is None:
            return
        unfinished = self._path(batch.id).with_suffix(".new")
        unfinished.write_text(json.dumps(asdict(batch)), encoding="utf-8")
        unfinished.replace(self._path(batch.id))  # all of it or nothing

    def drop(self, batch: StoredBatch) -> None:
        del self._batches[batch.id]
        if self._folder is not None:
            self._path(batch.id).unlink(missing_ok=True)

    def clear(self) -> None:
        for batch in self:
            self.drop(batch)

    def _path(self, batch_id: str) -> Path:
        if self._folder is None:
            raise RuntimeError("this shelf has no folder")
        return self._folder / f"{batch_id}.json"
