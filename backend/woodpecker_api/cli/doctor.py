"""What is missing or wrong on this machine, each with what to do."""

import shutil
import sys
from dataclasses import asdict, dataclass

import typer

from woodpecker_api.cli.output import AsJson, say, show_json
from woodpecker_api.config import Settings, load_settings
from woodpecker_api.db.dialect import SAFE_SQLITE, is_sqlite_url, sqlite_is_safe, sqlite_version
from woodpecker_api.db.revisions import newest_revision, present_revision
from woodpecker_api.wiring.installation import open_database

ENOUGH_DISK_GB = 2


@dataclass(frozen=True)
class Finding:
    name: str
    ok: bool
    says: str


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(as_json: AsJson = False) -> None:
    """Checks Python, SQLite, the data directory, the disk and the schema; status 1 when something is wrong."""
    findings = examine(load_settings())
    if as_json:
        show_json({"ok": all(f.ok for f in findings), "findings": [asdict(f) for f in findings]})
    else:
        for finding in findings:
            say(f"{'ok   ' if finding.ok else 'WRONG'}  {finding.name}: {finding.says}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def examine(settings: Settings) -> list[Finding]:
    findings = [_python(), _data_dir(settings), _disk(settings)]
    if is_sqlite_url(settings.resolved_database_url):
        findings.insert(1, _sqlite())
    return [*findings, _schema(settings)]


def _python() -> Finding:
    running = ".".join(map(str, sys.version_info[:3]))
    return Finding(
        "Python", sys.version_info[:2] in ((3, 11), (3, 12), (3, 13)), f"{running} (3.11 to 3.13 are supported)"
    )


def _sqlite() -> Finding:
    wanted = ".".join(map(str, SAFE_SQLITE))
    return Finding("SQLite", sqlite_is_safe(), f"{sqlite_version()} ({wanted} or newer keeps every committed write)")


def _data_dir(settings: Settings) -> Finding:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        probe = settings.data_dir / ".doctor"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        return Finding("Data directory", ok=False, says=f"{settings.data_dir} cannot be written: {error.strerror}")
    return Finding("Data directory", ok=True, says=str(settings.data_dir.resolve()))


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.data_dir if settings.data_dir.exists() else ".").free / 1e9
    return Finding("Disk", free >= ENOUGH_DISK_GB, f"{free:.1f} GB free (at least {ENOUGH_DISK_GB} are wanted)")


def _schema(settings: Settings) -> Finding:
    engine = open_database(settings).engine
    present, newest = present_revision(engine), newest_revision()
    advice = "" if present == newest else "; run: woodpecker-api db upgrade"
    return Finding("Schema", present in (newest, None), f"{present or 'not made yet'}{advice}")
