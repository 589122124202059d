"""What this server lacks, each with the line that mends it. Looks only; changes nothing."""

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ENOUGH_FREE_BYTES = 5_000_000_000
ENOUGH_MEMORY_BYTES = 1_900_000_000
SECRETS_WANTED = ("app_secret_key", "app_admin_password")


@dataclass(frozen=True)
class Finding:
    name: str
    ok: bool
    mend: str


def examine(
    root: Path, settings: Mapping[str, str], *, succeeds: Callable[..., bool] | None = None
) -> Iterator[Finding]:
    """`succeeds(*words)` says whether a command ends with 0."""
    works = succeeds or _succeeds
    domain = settings.get("DOMAIN", "")
    yield Finding("Docker answers", works("docker", "info"), "systemctl start docker")
    yield Finding("Compose is there", works("docker", "compose", "version"), "apt-get install docker-compose")
    yield Finding("the release key is there", (root / "cosign.pub").is_file(), f"put cosign.pub at {root}/cosign.pub")
    yield Finding("cosign is there", works("cosign", "version"), "apt-get install cosign")
    yield Finding(
        "the firewall is on", works("iptables", "-C", "DOCKER-USER", "-j", "WOODPECKER-DOCKER"), "woodpecker-firewall"
    )
    yield Finding(
        "repairs run by themselves",
        works("systemctl", "is-active", "-q", "woodpecker-minute.timer"),
        "run bootstrap again",
    )
    yield Finding(
        "security updates come by themselves",
        works("systemctl", "is-enabled", "-q", "unattended-upgrades"),
        "run bootstrap again",
    )
    yield Finding(f"{domain} has an address", _resolves(domain), "make its DNS record (A) point to this server")
    yield Finding(
        "no IPv6 address for the name",
        not _resolves(domain, socket.AF_INET6),
        "remove the AAAA record: the proxy answers over IPv4 only",
    )
    for name in SECRETS_WANTED:
        path = root / "secrets" / name
        yield Finding(
            f"secrets/{name} is filled", path.is_file() and bool(path.read_text().strip()), "run bootstrap again"
        )
    free = shutil.disk_usage(root).free
    yield Finding(
        f"room on the disk ({free / 1e9:.0f} GB)",
        free >= ENOUGH_FREE_BYTES,
        "woodpecker-api doctor --disk, then --free",
    )
    yield Finding("memory", memory_bytes() >= ENOUGH_MEMORY_BYTES, "a droplet with 2 GB or more")
    yield Finding("somebody may come in", _anybody_allowed(root), "woodpecker-deploy allow --always ADDRESS")


def memory_bytes(meminfo: str | None = None) -> int:
    """From the text of /proc/meminfo."""
    text = meminfo if meminfo is not None else Path("/proc/meminfo").read_text(encoding="ascii")
    lines = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    return int(lines["MemTotal"].split()[0]) * 1024


def _anybody_allowed(root: Path) -> bool:
    path = root / "state/proxy/allow.json"
    return path.is_file() and path.read_text(encoding="utf-8").strip() not in ("", "{}")


def _resolves(name: str, family: int = socket.AF_INET) -> bool:
    try:
        return bool(socket.getaddrinfo(name, 443, family))
    except OSError:
        return False


def _succeeds(*words: str) -> bool:
    try:
        return subprocess.run(words, capture_output=True, check=False, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
