"""Monitoring beside the program: on and off by one command, brought along by each release, and needed by nothing."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from rollout.commands import Commands
from rollout.journal import DeployError

# The user of the monitoring's containers.
NOBODY = 65534
# What they write. Made here: Docker gives a new volume to root where an image has no folder of its own in that place.
VOLUMES = ("metrics", "alerts", "logs")


class Monitoring:
    """Of one droplet. `release` is the folder of the release that serves; `root` holds .env and what containers mount."""

    def __init__(self, root: Path, release: Path, commands: Commands) -> None:
        self._root = root
        self._release = release
        self._run = commands.run
        self._mark = root / "state" / "monitoring-on"

    def on(self, settings: Mapping[str, str]) -> None:
        """Raises `DeployError` when nobody would be told."""
        mounted = self._root / "monitoring"
        shutil.copytree(self._release / "monitoring", mounted, dirs_exist_ok=True)
        environment = {name: value for name, value in settings.items() if name == "DOMAIN" or name.startswith("ALERT_")}
        self._run(str(mounted / "configure"), env={**environment, "WOODPECKER_ROOT": str(self._root)})
        # What it wrote holds the channel's secrets: for the containers' user alone.
        for path in (mounted / "state", *(mounted / "state").iterdir()):
            shutil.chown(path, NOBODY, NOBODY)
            path.chmod(0o500 if path.is_dir() else 0o400)
        for volume in VOLUMES:
            self._make(volume, settings.get("COMPOSE_PROJECT_NAME") or "woodpecker-api")
        self._mark.touch()
        self._compose("up", "--detach", "--no-deps", *self._services(), timeout=600)

    def off(self) -> None:
        """Its figures and logs stay in their volumes."""
        self._mark.unlink(missing_ok=True)
        self._compose("rm", "--stop", "--force", *self._services(), timeout=120)

    def refresh(self, settings: Mapping[str, str]) -> str | None:
        """After a deploy, where it is on. Gives what went wrong instead of raising: a release is never undone for it."""
        if not self._mark.exists():
            return None
        try:
            self.on(settings)
        except (DeployError, OSError) as error:
            return f"Monitoring was not renewed: {error}"
        return None

    def _make(self, volume: str, project: str) -> None:
        """Harmless to repeat. With the labels by which Compose knows its own."""
        name = f"{project}_{volume}"
        labels = (f"com.docker.compose.project={project}", f"com.docker.compose.volume={volume}")
        self._run("docker", "volume", "create", *(word for label in labels for word in ("--label", label)), name)
        folder = self._run("docker", "volume", "inspect", "--format", "{{.Mountpoint}}", name).strip()
        shutil.chown(folder, NOBODY, NOBODY)

    def _services(self) -> list[str]:
        """Those that the monitoring file adds."""
        ours = set(self._compose("config", "--services", with_monitoring=False).split())
        return sorted(set(self._compose("config", "--services").split()) - ours)

    def _compose(self, *words: str, timeout: float = 60, with_monitoring: bool = True) -> str:
        files = ["-f", str(self._release / "compose.yml")]
        if with_monitoring:
            files += ["-f", str(self._release / "compose.monitoring.yml")]
        files += ["--env-file", str(self._root / ".env"), "--env-file", str(self._root / "state/images.env")]
        return self._run("docker", "compose", "--project-directory", str(self._root), *files, *words, timeout=timeout)
