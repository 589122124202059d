"""What is missing or wrong on this machine, each with what to do."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import sqlalchemy as sa
import typer

from woodpecker_api.cli.failing import FAILED, CommandFailedError
from woodpecker_api.cli.local import Local, open_program
from woodpecker_api.cli.output import AsJson, say, show_json
from woodpecker_api.cli.space import Space, make_room, survey
from woodpecker_api.cli.work import refresh_campaigns
from woodpecker_api.config import Settings, load_settings
from woodpecker_api.db.dialect import SAFE_SQLITE, database_bytes, is_sqlite_url, sqlite_is_safe, sqlite_version
from woodpecker_api.db.revisions import is_up_to_date, newest_revision, present_revision
from woodpecker_api.system.settings.service import Vendor
from woodpecker_api.wiring.installation import open_database

ENOUGH_DISK_GB = 2
IMAGE_BYTES = 600_000_000
"""A release unpacked, with room to spare."""


@dataclass(frozen=True)
class Finding:
    name: str
    ok: bool
    says: str


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(
    vendor: Annotated[bool, typer.Option("--vendor", help="Also ask both vendors whether the keys are good.")] = False,
    campaign: Annotated[
        str | None, typer.Option(help="With --vendor: a DRAFT campaign on which the open questions are tried.")
    ] = None,
    address: Annotated[
        str | None, typer.Option(help="With --campaign: an address of your own, which is added to that draft.")
    ] = None,
    disk: Annotated[
        bool, typer.Option("--disk", help="Also say what takes how much space, and whether a deploy fits.")
    ] = False,
    free: Annotated[
        bool, typer.Option("--free", help="First remove what nobody misses: old backups, what crashes left.")
    ] = False,
    image_bytes: Annotated[
        int, typer.Option(help="With --disk: room that a deploy's image takes.", min=0)
    ] = IMAGE_BYTES,
    as_json: AsJson = False,
) -> None:
    """Checks Python, SQLite, the data directory, the disk and the schema; status 1 when something is wrong."""
    if (campaign is None) != (address is None) or (campaign is not None and not vendor):
        raise typer.BadParameter("--campaign and --address belong together, and to --vendor")
    settings = load_settings()
    removed = make_room(settings) if free else []
    findings = examine(settings)
    findings += [Finding(f"Removed {name}", ok=True, says=_megabytes(size)) for name, size in removed]
    space = survey(settings, image_bytes) if disk else None
    if space is not None:
        findings += _what_takes_space(settings, space)
    if vendor:
        findings += _vendors(settings, (campaign, address) if campaign and address else None)
    if as_json:
        document: dict[str, Any] = {"ok": all(f.ok for f in findings), "findings": [asdict(f) for f in findings]}
        if space is not None:
            document["space"] = asdict(space) | {"deploy_fits": space.deploy_fits}
        show_json(document)
    else:
        for finding in findings:
            say(f"{'ok   ' if finding.ok else 'WRONG'}  {finding.name}: {finding.says}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(FAILED)


def examine(settings: Settings) -> list[Finding]:
    findings = [_python(), _data_dir(settings), _disk(settings)]
    if is_sqlite_url(settings.resolved_database_url):
        findings.insert(1, _sqlite())
    if findings[-2].ok:
        findings.append(_schema(settings))
    return findings


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
    try:
        present = present_revision(engine)
        fits = present is None or is_up_to_date(engine)
    except sa.exc.OperationalError as error:
        return Finding("Database", ok=False, says=f"does not answer: {error.orig}")
    finally:
        engine.dispose()
    advice = "" if fits else f", newest {newest_revision()}; run: woodpecker-api db upgrade"
    return Finding("Schema", fits, f"{present or 'not made yet'}{advice}")


def _what_takes_space(settings: Settings, space: Space) -> Iterator[Finding]:
    """The database, and each thing in the data directory, in the order of size."""
    if not is_sqlite_url(settings.resolved_database_url):
        engine = open_database(settings).engine
        with engine.connect() as connection:
            yield Finding("Database", ok=True, says=_megabytes(database_bytes(connection)))
        engine.dispose()
    for item in space.items:
        may_go = f", {_megabytes(item.removable)} may go (--free)" if item.removable else ""
        what = f" ({item.what})" if item.what else ""
        yield Finding(f"Space of {item.name}", ok=True, says=f"{_megabytes(item.bytes)}{may_go}{what}")
    advice = "" if space.deploy_fits else "; make room: woodpecker-api doctor --free"
    says = f"needs {_megabytes(space.deploy_needs_bytes)}, {_megabytes(space.free_bytes)} are free{advice}"
    yield Finding("Room for a deploy", ok=space.deploy_fits, says=says)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _vendors(settings: Settings, draft: tuple[str, str] | None) -> Iterator[Finding]:
    """Really asks: Claude for its models, Woodpecker (through the worker, its only speaker) each read-only call we use.

    `draft` (campaign, own address) tries besides what nobody knows yet, and says what that settles.
    """
    with open_program(working=True, settings=settings) as program:
        api = Local.as_user(program, None)
        for name, ask in ((Vendor.ANTHROPIC, _ask_claude), (Vendor.WOODPECKER, _ask_woodpecker)):
            mode = program.services.vendor_state(name).mode
            try:
                says = ask(api)
            except CommandFailedError as error:
                yield Finding(name.value.capitalize(), ok=False, says=f"({mode}) {error}")
            else:
                yield Finding(name.value.capitalize(), ok=True, says=f"({mode}) {says}")
        yield from _probe(api)
        if draft is not None:
            yield from _questions(api, *draft)


def _probe(api: Local) -> Iterator[Finding]:
    """Each read-only call we use, as the daily probe asks it."""
    try:
        refresh_campaigns(api)
        read = api.call("POST", "/api/campaigns/refresh", json={"kind": "probe"})
        yield from (
            Finding(f"Woodpecker {each['call']}", each["outcome"] == "ok", _outcome(each))
            for each in _answers_of(api, read["id"])
        )
    except CommandFailedError as error:
        yield Finding("Woodpecker calls", ok=False, says=str(error))


def _questions(api: Local, campaign: str, address: str) -> Iterator[Finding]:
    try:
        read = api.call("POST", "/api/campaigns/questions", json={"campaign_id": campaign, "address": address})
        for each in _answers_of(api, read["id"]):
            found, _, change = each["sketch"].partition("\n")
            yield Finding(each["call"], ok=True, says=f"{found}\n       docs/unverified.md: {change}")
    except CommandFailedError as error:
        yield Finding("Open questions", ok=False, says=str(error))
        return
    left = "429 and the limits of webhooks were not asked: that would take provoking them. Remove your address from the draft."
    yield Finding("Not asked", ok=True, says=left)


def _answers_of(api: Local, read_id: str) -> list[dict[str, Any]]:
    done = api.wait_for(f"/api/campaigns/reads/{read_id}", lambda r: r["status"] != "waiting", lambda _: None)
    answers: list[dict[str, Any]] = api.call("GET", f"/api/campaigns/reads/{read_id}/answers")
    if done["status"] == "failed" and not answers:
        raise CommandFailedError(done["error"] or str(done["error_code"]))
    return answers


def _outcome(answer: dict[str, Any]) -> str:
    if answer["outcome"] == "ok":
        return "answers as this program reads it"
    return f"{answer['outcome']}: {answer['sketch'] or answer['status']}"


def _ask_claude(api: Local) -> str:
    models = api.call("GET", "/api/generations/models")["items"]
    default = next((model["id"] for model in models if model["is_default"]), "none")
    return f"{len(models)} models offered; new runs use {default}"


def _ask_woodpecker(api: Local) -> str:
    read = api.call("POST", "/api/campaigns/refresh", json={"kind": "check"})
    done = api.wait_for(f"/api/campaigns/reads/{read['id']}", lambda r: r["status"] != "waiting", lambda _: None)
    if done["status"] == "failed":
        raise CommandFailedError(done["error"] or str(done["error_code"]))
    return "the key is good"
