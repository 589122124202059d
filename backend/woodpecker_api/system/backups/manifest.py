"""What a backup says of itself, sealed: a manifest that was exchanged or edited is noticed like a damaged copy."""

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from woodpecker_api.kit.clock import rfc3339
from woodpecker_api.kit.hashing import digest

NAME = "manifest.json"


class Kind(StrEnum):
    """Why it was taken; retention differs."""

    MANUAL = "manual"
    NIGHTLY = "nightly"
    DEPLOY = "deploy"


class UnreadableManifestError(Exception):
    """The text says what is wrong."""


@dataclass(frozen=True)
class StoredFile:
    """`name` is relative to the backup's folder, with slashes."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Content:
    """What is in a database, as far as a copy can be compared with its original."""

    revision: str | None
    environment: str | None
    instance_id: str | None
    audit_line: int
    audit_hash: str
    counts: dict[str, int]
    """Rows of every table of ours and, on SQLite, of the engine's."""


@dataclass(frozen=True)
class Manifest:
    """`taken_at` is the moment before the copy began: everything acknowledged until then is inside."""

    id: str
    kind: Kind
    taken_at: datetime
    app_version: str
    engine: str
    content: Content
    files: tuple[StoredFile, ...]

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)

    def write(self, folder: Path) -> None:
        document = asdict(self) | {"taken_at": rfc3339(self.taken_at), "files": [asdict(file) for file in self.files]}
        text = json.dumps({**document, "seal": digest(document)}, indent=2, ensure_ascii=False)
        (folder / NAME).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Raises `UnreadableManifestError`."""
        try:
            document = json.loads((folder / NAME).read_text(encoding="utf-8"))
            seal = document.pop("seal")
            manifest = cls._of(document)
        except OSError:
            raise UnreadableManifestError("there is no manifest") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise UnreadableManifestError("the manifest cannot be read") from None
        if seal != digest(document):
            raise UnreadableManifestError("the manifest was changed after it was written")
        if manifest.id != folder.name:
            raise UnreadableManifestError(f"the manifest belongs to another backup ({manifest.id})")
        return manifest

    @classmethod
    def _of(cls, document: dict[str, Any]) -> Self:
        if set(document) != {field.name for field in fields(cls)}:
            raise ValueError("other fields than a manifest has")
        return cls(
            **{
                **document,
                "kind": Kind(document["kind"]),
                "taken_at": datetime.fromisoformat(document["taken_at"]),
                "content": Content(**document["content"]),
                "files": tuple(StoredFile(**file) for file in document["files"]),
            }
        )
