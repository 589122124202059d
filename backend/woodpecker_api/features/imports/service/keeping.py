"""What the preview found about each row, kept in a file beside the upload: a commit goes on from there.

Checking a row costs as much as storing it, and the user has decided about what the preview showed. Verdicts are kept under a
fingerprint of all that they depend on; where that no longer holds, rows are checked again.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self, TextIO

from woodpecker_api.features.imports.models import Import
from woodpecker_api.features.imports.rules.issues import Issue, Severity
from woodpecker_api.features.imports.rules.prepared import PREPARED, ROW_END, Prepared
from woodpecker_api.features.imports.rules.rows import SEPARATOR
from woodpecker_api.features.imports.service.reading import Reading, Sources, read_file
from woodpecker_api.features.imports.service.starting import choices_of, wanted_mapping
from woodpecker_api.features.imports.service.uploads import Uploads
from woodpecker_api.features.leads.rules import Suppressed
from woodpecker_api.kit.hashing import digest

FORMAT = 1
"""Goes up whenever the records of the file mean something else."""
_CHUNK = 1 << 20
_OK, _INVALID, _DOUBLE, _END = "ok", "invalid", "double", "end"
_LONGEST_END = 200
"""Bytes: a word, a digest, a number."""


def read_upload(uploads: Uploads, imported: Import, sources: Sources) -> Reading:
    """Raises `UnreadableFileError`, `ImportUnreadableError`. Outside of any transaction: a large file takes seconds."""
    with uploads.open(imported.id) as file, Keeper(uploads.verdicts(imported.id)) as keeper:
        reading = read_file(file, choices_of(imported), wanted_mapping(imported), sources, keeper.add)
        keeper.finish(fingerprint(imported.file_sha256, imported.choices, reading.mapping, sources.suppressed))
    return reading


def fingerprint(
    file_sha256: str, choices: Mapping[str, Any], mapping: Mapping[str, Any], suppressed: Suppressed
) -> str:
    """Equal as long as the same file, read and mapped the same way, meets the same do-not-contact list."""
    listed = [sorted(suppressed.addresses.items()), sorted(suppressed.domains.items())]
    place = {name: value for name, value in choices.items() if name != "mapping"}
    return digest([FORMAT, file_sha256, place, dict(mapping), listed])


class Keeper:
    """Writes prepared rows; they count only after `finish`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(f"{path.name}.{os.getpid()}.part")
        self._file: TextIO | None = None
        self._rows = 0

    def __enter__(self) -> Self:
        self._path.unlink(missing_ok=True)  # of an earlier reading
        self._file = self._part.open("w", encoding="utf-8", errors="surrogatepass", newline="", buffering=_CHUNK)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
        with suppress(FileNotFoundError):
            self._part.unlink()

    def add(self, one: Prepared) -> None:
        assert self._file is not None
        self._rows += 1
        if one.refusal is None:
            parts = (_OK, str(one.line), one.key, *one.columns, one.drafts, one.raw)
        else:
            refusal = one.refusal
            told = json.dumps([refusal.column, refusal.code, refusal.message])
            parts = (_DOUBLE if one.is_double else _INVALID, str(one.line), one.key, told, one.raw)
        self._file.write(SEPARATOR.join(parts) + ROW_END)

    def finish(self, mark: str) -> None:
        """On the disk before it counts: half a file would lose rows without a word."""
        assert self._file is not None
        self._file.write(SEPARATOR.join((_END, mark, str(self._rows), "")) + ROW_END)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.replace(self._path)


def kept_rows(path: Path, mark: str) -> Iterator[Prepared] | None:
    """The rows that were kept under this fingerprint, in the order of the file; None when there are none such."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _LONGEST_END))
            last = file.read().decode("utf-8", "replace").rstrip(ROW_END).rpartition(ROW_END)[2]
    except FileNotFoundError:
        return None
    word, _, said = last.partition(SEPARATOR)
    if word != _END or said.partition(SEPARATOR)[0] != mark:
        return None
    return _rows(path)


def _rows(path: Path) -> Iterator[Prepared]:
    for record in _records(path):
        kind, line, key, rest = record.split(SEPARATOR, 3)
        if kind == _OK:
            *columns, drafts, raw = rest.split(SEPARATOR, len(PREPARED) + 1)
            yield Prepared(int(line), key, None, False, tuple(columns), drafts, raw)
        elif kind != _END:
            told, raw = rest.split(SEPARATOR, 1)
            column, code, message = json.loads(told)
            severity = Severity.NOTE if kind == _DOUBLE else Severity.ERROR
            yield Prepared(
                int(line), key, Issue(int(line), column, code, message, severity), kind == _DOUBLE, (), "", raw
            )


def _records(path: Path) -> Iterator[str]:
    rest = ""
    with path.open(encoding="utf-8", errors="surrogatepass", newline="") as file:
        while chunk := file.read(_CHUNK):
            *whole, rest = (rest + chunk).split(ROW_END)
            yield from whole
