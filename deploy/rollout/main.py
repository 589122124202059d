"""The commands of the host: deploy, rollback, repair, status, allow, monitoring. Each prints lines; a record is kept in state/."""

import argparse
import getpass
import ipaddress
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rollout.changeover import Changeover
from rollout.commands import Commands
from rollout.docker_droplet import DockerDroplet, Place
from rollout.host_check import examine
from rollout.journal import DeployError, Store
from rollout.monitoring import Monitoring
from rollout.proxy import AllowList

LOCK_WAIT_SECONDS = 600
DEFAULT_ROOT = "/srv/woodpecker-api"


def main(words: list[str]) -> int:
    """Exit status 0 done, 1 failed (the old release serves), 2 wrong use."""
    arguments = _parser().parse_args(words)
    try:
        done: int = arguments.do(arguments)
    except DeployError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return done


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="woodpecker-deploy", description="Operates one droplet of Woodpecker-API.")
    parser.add_argument("--root", type=Path, default=Path(os.environ.get("WOODPECKER_ROOT", DEFAULT_ROOT)))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    deploy = commands.add_parser("deploy", help="bring this image into service; undone by itself when it is bad")
    deploy.add_argument("digest", help="sha256:… of the image in the registry of .env")
    deploy.set_defaults(do=_deploy)
    rollback = commands.add_parser("rollback", help="back to an earlier release")
    rollback.add_argument("steps", nargs="?", type=int, default=1, help="how many releases back (1 to 5; default 1)")
    rollback.add_argument(
        "--with-database", action="store_true", help="also the database of then: what was written since is set aside"
    )
    rollback.set_defaults(do=_rollback)
    repair = commands.add_parser("repair", help="finish the way back of a deploy that was killed (a timer calls this)")
    repair.add_argument(
        "--if-idle", action="store_true", help="do nothing while a deploy is at work, instead of waiting"
    )
    repair.set_defaults(do=_repair)
    status = commands.add_parser("status", help="what serves, and what served before")
    status.set_defaults(do=_status)
    check = commands.add_parser("check", help="what this server lacks")
    check.set_defaults(do=_check)
    allow = commands.add_parser("allow", help="let an address or network in")
    allow.add_argument(
        "address", nargs="?", help="such as 203.0.113.7; without one the list is shown and expired ones are removed"
    )
    allow.add_argument("--hours", type=float, default=24.0, help="for how long (default 24)")
    allow.add_argument("--always", action="store_true", help="until it is removed")
    allow.add_argument("--remove", action="store_true")
    allow.set_defaults(do=_allow)
    monitoring = commands.add_parser("monitoring", help="Prometheus, alerts and logs beside the program")
    monitoring.add_argument("wanted", choices=("on", "off"))
    monitoring.set_defaults(do=_monitoring)
    return parser


def read_settings(path: Path) -> dict[str, str]:
    """NAME=value lines; quotes around a value are taken off, as Compose does."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#") and "=" in line)
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}


def _deploy(arguments: argparse.Namespace) -> int:
    settings = read_settings(arguments.root / ".env")
    digest = arguments.digest
    if not digest.startswith("sha256:") or len(digest) != 71:
        raise DeployError("An image is deployed by its digest, sha256: and 64 letters: a tag can be moved.")
    if not settings.get("REGISTRY_IMAGE"):
        raise DeployError("REGISTRY_IMAGE in .env must say where images come from.")
    return _locked(
        arguments.root, "deploy", lambda change: change.deploy(f"{settings['REGISTRY_IMAGE']}@{digest}", who=_who())
    )


def _rollback(arguments: argparse.Namespace) -> int:
    return _locked(
        arguments.root,
        "rollback",
        lambda change: change.roll_back(arguments.steps, who=_who(), with_database=arguments.with_database),
    )


def _repair(arguments: argparse.Namespace) -> int:
    store = Store(arguments.root / "state")
    # A journal is also there while a deploy is at work: that one goes back by itself, and each minute's look is no failure.
    if store.journal() is None or (arguments.if_idle and store.is_locked()):
        return 0
    return _locked(arguments.root, "repair", lambda change: change.repair())


def _locked(root: Path, what: str, do: Callable[[Changeover], object]) -> int:
    store = Store(root / "state")
    log = root / "state" / "deploy.log"

    def note(line: str) -> None:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {line}\n")

    def say(line: str) -> None:
        print(line, flush=True)
        note(line)

    with store.lock(f"{what} by {_who()}", LOCK_WAIT_SECONDS):
        settings = read_settings(root / ".env")
        place = Place(root, root / "current" / "compose.yml", settings)
        do(Changeover(DockerDroplet(place, Commands(note), say), store, say))
    return 0


def _status(arguments: argparse.Namespace) -> int:
    store = Store(arguments.root / "state")
    state = store.state()
    print(f"Serving: {state.image or 'nothing yet'} in {state.slot or 'no slot'}")
    for steps, release in enumerate(state.history):
        print(
            f"  {steps or 'now':>4}  {release['id']}  {release['image']}{'  (breaking)' if release['breaking'] else ''}"
        )
    journal = store.journal()
    if journal is not None:
        print(
            f"A deploy of {journal.image} is in progress or was cut off after: {', '.join(journal.begun) or 'nothing'}"
        )
    return 0


def _check(arguments: argparse.Namespace) -> int:
    findings = list(examine(arguments.root, read_settings(arguments.root / ".env")))
    for finding in findings:
        print(f"{'ok   ' if finding.ok else 'WRONG'}  {finding.name}{'' if finding.ok else f': {finding.mend}'}")
    return 0 if all(finding.ok for finding in findings) else 1


def _allow(arguments: argparse.Namespace) -> int:
    listed = AllowList(arguments.root / "state/proxy")
    if arguments.address:
        try:
            network = str(ipaddress.ip_network(arguments.address))
        except ValueError as error:
            raise DeployError(f"{arguments.address} is no address or network: {error}") from None
        if arguments.remove:
            listed.remove(network)
        else:
            listed.add(network, None if arguments.always else time.time() + arguments.hours * 3600)
    changed = listed.write(time.time())
    if changed:
        settings = read_settings(arguments.root / ".env")
        place = Place(arguments.root, arguments.root / "current" / "compose.yml", settings)
        DockerDroplet(place, Commands(lambda _line: None), print).reload_proxy()
    for network, until in listed.entries(time.time()):
        print(
            f"{network:24} {'always' if until is None else time.strftime('until %Y-%m-%d %H:%M UTC', time.gmtime(until))}"
        )
    return 0


def _monitoring(arguments: argparse.Namespace) -> int:
    root: Path = arguments.root
    monitoring = Monitoring(root, root / "current", Commands(lambda _line: None))
    if arguments.wanted == "off":
        monitoring.off()
        return 0
    monitoring.on(read_settings(root / ".env"))
    print("Monitoring runs. Look at it through an SSH tunnel to 127.0.0.1:9090 (figures), 9093 (alerts), 9428 (logs).")
    return 0


def _who() -> str:
    return os.environ.get("SUDO_USER") or getpass.getuser()
