"""Backups: making, listing, checking, and putting one in the database's place."""

from pathlib import Path
from typing import Annotated, Any

import typer

from woodpecker_api.cli.failing import FAILED, CommandFailedError
from woodpecker_api.cli.output import AsJson, say, show_json, show_table
from woodpecker_api.config import Settings, load_settings
from woodpecker_api.kit.clock import rfc3339
from woodpecker_api.kit.logging import configure_logging
from woodpecker_api.system.backups.manifest import Kind
from woodpecker_api.system.backups.retention import Policy
from woodpecker_api.system.backups.service import Backups
from woodpecker_api.system.backups.shelf import Backup, Verdict
from woodpecker_api.wiring.installation import open_database
from woodpecker_api.wiring.restoring import restore as put_back
from woodpecker_api.wiring.restoring import unreadable_keys

backup = typer.Typer(no_args_is_help=True, help="Backups of the database and the uploads.")

Wanted = Annotated[str, typer.Argument(metavar="BACKUP", help="An id from the list, `newest`, or a folder.")]


@backup.command("create")
def create(
    kind: Annotated[Kind, typer.Option(help="Why; `deploy` ones are kept for the last five releases.")] = Kind.MANUAL,
    prune: Annotated[bool, typer.Option("--prune", help="Then remove what is beyond retention.")] = False,
    as_json: AsJson = False,
) -> None:
    """A consistent copy while the program runs, opened and checked before it counts."""
    backups = _backups(load_settings())
    made = backups.create(kind)
    dropped = backups.prune(Policy()) if prune else []
    if as_json:
        show_json(as_document(made) | {"dropped": dropped})
    else:
        say(f"Backup {made.id}: {_megabytes(made)}, checked.")
        for backup_id in dropped:
            say(f"Removed {backup_id}.")


@backup.command("list")
def list_backups(as_json: AsJson = False) -> None:
    """Newest first."""
    found = _backups(load_settings()).shelf.all()
    if as_json:
        show_json({"items": [as_document(each) for each in found]})
    elif found:
        rows = [(each.id, f"{each.taken_at:%Y-%m-%d %H:%M} UTC", each.status, _megabytes(each)) for each in found]
        show_table(["backup", "taken", "status", "size"], rows)
    else:
        say("There is no backup yet. Make one: woodpecker-api backup create")


@backup.command("verify")
def verify(wanted: Wanted, as_json: AsJson = False) -> None:
    """Opens it, reads all of it and compares it with its manifest; status 1 when it is damaged."""
    backups = _backups(load_settings())
    folder = _folder(backups, wanted)
    inside = folder.parent == backups.shelf.root
    verdict = backups.verify(folder.name) if inside else backups.examine(folder)
    if as_json:
        show_json({"id": folder.name, **_verdict(verdict)})
    else:
        say(f"Backup {folder.name}: {'sound' if verdict.ok else 'DAMAGED'}")
        for problem in verdict.problems:
            say(f"  {problem}")
    if not verdict.ok:
        raise typer.Exit(FAILED)


@backup.command("restore")
def restore(
    wanted: Wanted,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Puts a sound backup in the database's place; the program must be stopped. What was there is kept aside.

    Afterwards sending is held until history was compared with Woodpecker (`reconcile`).
    """
    settings = load_settings()
    folder = _folder(_backups(settings), wanted)
    if not yes and not typer.confirm(f"Replace the present database by {folder.name}?"):
        raise CommandFailedError("Nothing was changed.")
    restored = put_back(settings, folder)
    lost = unreadable_keys(settings)
    if as_json:
        document = {"restored": as_document(restored.backup), "kept_aside": restored.kept_aside, "sending": "held"}
        show_json(document | {"unreadable_keys": [vendor.value for vendor in lost]})
        return
    say(f"Restored {restored.backup.id}, as of {rfc3339(restored.backup.taken_at)}.")
    if restored.kept_aside:
        say(f"What was there before: {restored.kept_aside}")
    for vendor in lost:
        say(f"The key for {vendor.value.capitalize()} was encrypted with another APP_SECRET_KEY: enter it again.")
    say("Sending is held. Start the program, then: woodpecker-api reconcile --adopt --release")


def as_document(found: Backup) -> dict[str, Any]:
    """One backup as the list shows it."""
    manifest = found.manifest
    return {
        "id": found.id,
        "kind": found.kind.value,
        "status": found.status.value,
        "taken_at": rfc3339(found.taken_at),
        "bytes": manifest.bytes if manifest else None,
        "revision": manifest.content.revision if manifest else None,
        "app_version": manifest.app_version if manifest else None,
        "verified": _verdict(found.verdict) if found.verdict else None,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {"ok": verdict.ok, "checked_at": rfc3339(verdict.checked_at), "problems": list(verdict.problems)}


def _backups(settings: Settings) -> Backups:
    # Not the whole program: a backup is taken before a migration, and when the program does not start any more.
    configure_logging(as_json=False, quiet=True)
    return Backups(open_database(settings).engine, settings.data_dir)


def _folder(backups: Backups, wanted: str) -> Path:
    if wanted == "newest":
        newest = backups.shelf.last_sound()
        if newest is None:
            raise CommandFailedError("There is no verified backup.")
        return backups.shelf.path(newest.id)
    return Path(wanted).resolve() if "/" in wanted else backups.shelf.path(wanted)


def _megabytes(found: Backup) -> str:
    return f"{found.manifest.bytes / 1e6:.1f} MB" if found.manifest else "–"
