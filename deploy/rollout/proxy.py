"""Which addresses may come in: kept as JSON with an end for each, written as a few lines that the proxy reads."""

import ipaddress
import json
from pathlib import Path

# Nobody: the proxy refuses an empty list.
_NOBODY = "192.0.2.255/32"


class AllowList:
    """`allow.json` is ours, `allow.caddy` is made from it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "allow.json"
        self._made = folder / "allow.caddy"
        folder.mkdir(parents=True, exist_ok=True)
        found = json.loads(self._file.read_text(encoding="utf-8")) if self._file.exists() else {}
        self._until: dict[str, float | None] = found

    def add(self, network: str, until: float | None) -> None:
        """Until then (seconds since 1970), or always. Who is there always is not shortened by a day's leave."""
        if network in self._until and self._until[network] is None:
            return
        self._until[network] = until

    def remove(self, network: str) -> None:
        self._until.pop(network, None)

    def entries(self, now: float) -> list[tuple[str, float | None]]:
        return sorted((network, until) for network, until in self._until.items() if until is None or until > now)

    def write(self, now: float) -> bool:
        """Forgets who has expired; True when the proxy has to read it again."""
        self._until = dict(self.entries(now))
        _replace(self._file, json.dumps(self._until, indent=2))
        content = matcher(list(self._until))
        if self._made.exists() and self._made.read_text(encoding="utf-8") == content:
            return False
        _replace(self._made, content)
        return True


def matcher(networks: list[str]) -> str:
    """Caddy's matcher of everybody else. By the connection's address, so that no header can lie."""
    wanted = [str(ipaddress.ip_network(network)) for network in networks] or [_NOBODY]
    return f"@outsider not remote_ip {' '.join(wanted)}\n"


def _replace(path: Path, content: str) -> None:
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(content, encoding="utf-8")
    draft.replace(path)
