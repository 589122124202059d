"""The uploaded files: kept by import id under the data directory until some days after the import is settled."""

import hashlib
from pathlib import Path
from typing import BinaryIO

from woodpecker_api.features.imports.errors import ImportTooLargeError, ImportUnreadableError

LARGEST = 600 << 20
"""Bytes. A list of 100,000 people with seven texts each has 450 MiB."""
_CHUNK = 1 << 20
_VERDICTS = ".rows"


class Uploads:
    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "uploads"

    def path(self, import_id: str) -> Path:
        return self._folder / import_id

    def verdicts(self, import_id: str) -> Path:
        """Where the preview keeps what it found about each row."""
        return self._folder / f"{import_id}{_VERDICTS}"

    def keep(self, import_id: str, source: BinaryIO) -> tuple[int, str]:
        """Copies the upload; its size and SHA-256. Raises `ImportTooLargeError`; then nothing is kept."""
        self._folder.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        path = self.path(import_id)
        try:
            with path.open("wb") as target:
                while chunk := source.read(_CHUNK):
                    size += len(chunk)
                    if size > LARGEST:
                        raise ImportTooLargeError("The file is larger than 600 MiB. Divide it and import the parts.")
                    digest.update(chunk)
                    target.write(chunk)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return size, digest.hexdigest()

    def open(self, import_id: str) -> BinaryIO:
        """Raises `ImportUnreadableError` when the file is gone."""
        try:
            return self.path(import_id).open("rb")
        except FileNotFoundError:
            raise ImportUnreadableError(
                "The uploaded file is no longer kept. Upload it again.", reason="file_gone"
            ) from None

    def drop(self, import_id: str) -> None:
        self.path(import_id).unlink(missing_ok=True)
        for path in self._folder.glob(f"{import_id}{_VERDICTS}*"):
            path.unlink(missing_ok=True)

    def ids(self) -> list[str]:
        """The imports whose files are here."""
        if not self._folder.is_dir():
            return []
        # A file of verdicts, or the part of one that a crash left, belongs to its upload.
        return sorted({path.name.partition(".")[0] for path in self._folder.iterdir()})
