"""Files of the pages outlive their release by a day: a tab that was opened before a deploy still finds its parts afterwards.

Kept in the data directory, which the old and the new program share. Names carry a hash of the content, so equal names are equal files.
"""

import os
from pathlib import Path

from woodpecker_api.kit.ids import new_id

FOLDER = "page-assets"
_CURRENT = ".current"
KEEP_SECONDS = 24 * 3600


def keep_assets(static: Path, data_dir: Path, now: float) -> None:
    """Puts this release's files beside those of earlier ones, and forgets those that were replaced over a day before `now`."""
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    ours = {path.name for path in (static / "assets").glob("*") if path.is_file()}
    for name in ours:
        _write(folder / name, (static / "assets" / name).read_bytes())
    current = folder / _CURRENT
    before = set(current.read_text(encoding="utf-8").split("\n")) if current.exists() else set()
    for path in folder.iterdir():
        if path.name in ours or path == current:
            continue
        if path.name in before:
            # A file counts its day from the moment it was replaced, not from when its release came.
            os.utime(path, (now, now))
        elif path.stat().st_mtime < now - KEEP_SECONDS:
            path.unlink(missing_ok=True)
    _write(current, "\n".join(sorted(ours)).encode(), replace=True)


def _write(path: Path, content: bytes, *, replace: bool = False) -> None:
    """Whole or not there: another process may be serving from this folder now."""
    if replace or not path.exists():
        draft = path.with_name(f".{new_id()}")
        draft.write_bytes(content)
        draft.replace(path)


def kept_asset(data_dir: Path, name: str) -> Path | None:
    """The file of an earlier release, if it is still kept."""
    folder = (data_dir / FOLDER).resolve()
    wanted = (folder / name).resolve()
    return wanted if wanted.parent == folder and not name.startswith(".") and wanted.is_file() else None
