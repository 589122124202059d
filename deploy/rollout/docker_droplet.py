"""The droplet as it is: Docker Compose, one SQLite file on a volume, Caddy in front."""

import json
import secrets
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rollout.commands import Commands
from rollout.droplet import Pending
from rollout.gate import Client, walk
from rollout.journal import SLOTS, DeployError
from rollout.monitoring import Monitoring
from rollout.watch import Sample, counts, verdict

# Three of the proxy's probes (200 ms): fewer lost requests when it was measured.
PROXY_NOTICES_SECONDS = 1.2
START_SECONDS, WORKER_SECONDS, MIGRATION_SECONDS = 120, 60, 600
SAMPLE_SECONDS = 2.0
ASK_WORKER_EVERY = 10
KEEP_SNAPSHOTS = 6
SNAPSHOTS = "/data/deploys"
INNER_DOORS = {"app-a": 9001, "app-b": 9002}
IMAGE_OF = {"app-a": "APP_A_IMAGE", "app-b": "APP_B_IMAGE", "worker": "WORKER_IMAGE"}


@dataclass(frozen=True)
class Place:
    """Where things are on the host. `root` holds .env, secrets/, state/ and proxy/; `compose` is the release's own file."""

    root: Path
    compose: Path
    settings: Mapping[str, str]

    @property
    def project(self) -> str:
        return self.settings.get("COMPOSE_PROJECT_NAME") or "woodpecker-api"


class DockerDroplet:
    def __init__(self, place: Place, commands: Commands, say: Callable[[str], None]) -> None:
        self._place = place
        self._commands = commands
        self._run = commands.run
        self._say = say
        self._probe_user_made = place.root / "state" / "probe-user-made"

    # --- the image

    def verify(self, image: str) -> None:
        key = self._place.root / "cosign.pub"
        if not key.exists():
            raise DeployError(f"{key} is missing: without it no image can be trusted. Put the release key there.")
        # Signed with a key pair of ours; a public log would tell the world when an internal tool is released.
        words = ["cosign", "verify", "--key", str(key), "--insecure-ignore-tlog=true"]
        if self._place.settings.get("REGISTRY_IS_LOCAL") == "yes":
            words.append("--allow-insecure-registry")
        self._run(*words, image, timeout=60)

    def pull(self, image: str) -> None:
        database = self._volume() / "woodpecker-api.sqlite3"
        size = database.stat().st_size if database.exists() else 0
        # Snapshot, rehearsal with its log, the final snapshot of a breaking one; and the image, whose size is known only after.
        wanted, free = 4 * size + 1_500_000_000, shutil.disk_usage(self._place.root).free
        if free < wanted:
            raise DeployError(
                f"The disk has {free / 1e9:.1f} GB free, the deploy needs {wanted / 1e9:.1f} GB. See: woodpecker-api doctor --disk"
            )
        self._run("docker", "pull", "--quiet", image, timeout=300)
        self._unpack(image)

    # --- the database

    def pending(self, image: str) -> Pending:
        found = self._tool_json(image, "db", "check")
        revisions = tuple(each["revision"] for each in found["pending"])
        return Pending(
            revisions, any(each["kind"] == "breaking" for each in found["pending"]), found["present"] is None
        )

    def snapshot(self, image: str, name: str) -> Mapping[str, int]:
        path = f"{SNAPSHOTS}/{name}.sqlite3"
        self._forget_old_snapshots()
        return self._sound(self._tool_json(image, "db", "clone", path))

    def rehearse(self, image: str, name: str) -> Mapping[str, int]:
        copy = self._volume() / "deploys" / "rehearsal.sqlite3"
        self._forget(copy)
        shutil.copyfile(copy.with_name(f"{name}.sqlite3"), copy)
        shutil.chown(copy, 10001, 10001)
        inside = f"{SNAPSHOTS}/{copy.name}"
        try:
            self._tool(image, "db", "upgrade", database=f"sqlite:///{inside}", timeout=MIGRATION_SECONDS)
            return self._sound(self._tool_json(image, "db", "examine", "--quickly", inside))
        finally:
            self._forget(copy)

    def migrate(self, image: str) -> None:
        self._tool(image, "db", "upgrade", timeout=MIGRATION_SECONDS)

    def put_back(self, image: str, name: str) -> Mapping[str, int]:
        path = f"{SNAPSHOTS}/{name}.sqlite3"
        done = self._tool_json(image, "db", "put-back", path)
        lost: dict[str, int] = done["lost"]
        if lost:
            self._say(f"Written since the snapshot, and only in {done['kept']} now: {lost}")
        return lost

    # --- the proxy

    def close(self) -> None:
        (self._place.root / "state/proxy/maintenance").touch()

    def open(self) -> None:
        (self._place.root / "state/proxy/maintenance").unlink(missing_ok=True)

    def reload_proxy(self) -> None:
        """Nothing when it does not run: it reads its files at its start."""
        words = (
            "caddy",
            "reload",
            "--config",
            "/etc/caddy/Caddyfile",
            "--adapter",
            "caddyfile",
            "--address",
            "unix//run/caddy/admin.sock",
        )
        if self._compose("ps", "--quiet", "caddy").strip():
            self._run("docker", "exec", self._container("caddy"), *words)

    def adopt(self, image: str) -> None:
        release = self._release_of(image)
        if not release.exists():
            return
        self._run("docker", "exec", self._container("caddy"), "caddy", "version")
        shutil.copytree(release / "proxy", self._place.root / "proxy", dirs_exist_ok=True)
        self.reload_proxy()
        draft = self._place.root / ".current"
        draft.unlink(missing_ok=True)
        draft.symlink_to(Path("releases") / release.name)
        draft.replace(self._place.root / "current")
        said = Monitoring(self._place.root, release, self._commands).refresh(self._place.settings)
        if said is not None:
            self._say(said)

    # --- the slots

    def start_slot(self, slot: str, image: str, *, draining: bool) -> None:
        self._set_drain(slot, on=draining)
        # On the way back the old slot often still runs, and may be serving: making it anew would cut its requests off.
        if draining or not self._runs(slot, image):
            self._up(slot, image)
        client = Client(f"http://{self._address(slot)}:8000", self._place.settings["DOMAIN"])
        end = time.monotonic() + START_SECONDS
        reasons: object = "it does not answer"
        while time.monotonic() < end:
            try:
                answer = client.ask("GET", "/readyz")
                reasons = answer.json().get("reasons")
                if reasons == (["draining"] if draining else []):
                    return
            except (DeployError, ValueError) as error:
                reasons = error
            if self._has_crashed(slot):
                raise DeployError(f"{slot} crashes at its start: {self._last_words(slot)}")
            time.sleep(0.4)
        raise DeployError(f"{slot} was not ready within {START_SECONDS} s ({reasons}).")

    def take_traffic(self, slot: str) -> None:
        self._set_drain(slot, on=False)
        time.sleep(PROXY_NOTICES_SECONDS)

    def drain(self, slot: str) -> None:
        self._set_drain(slot, on=True)
        time.sleep(PROXY_NOTICES_SECONDS)

    def stop_slot(self, slot: str) -> None:
        # Stopped, not removed: its log is what explains a bad release. The next start in this slot makes it anew.
        if self._run("docker", "ps", "--quiet", "--filter", f"name=^{self._container(slot)}$").strip():
            self._compose("stop", slot)

    def gate(self, slot: str) -> None:
        password = self._probe_password(slot)
        door = f"http://{self._address('caddy')}:{INNER_DOORS[slot]}"
        slowest = walk(Client(door, self._place.settings["DOMAIN"]), self._probe_email, password)
        self._say(f"                a person's walk through {slot}: slowest answer {slowest * 1000:.0f} ms")

    # --- the worker

    def start_worker(self, image: str) -> None:
        self._up("worker", image)
        self._ask_worker(WORKER_SECONDS)

    def stop_worker(self) -> None:
        self._compose("stop", "worker")

    # --- the watch

    def watch(self, slot: str) -> None:
        end = time.monotonic() + float(self._place.settings.get("DEPLOY_WATCH_SECONDS") or 300)
        samples: list[Sample] = []
        while True:
            ask_worker = len(samples) % ASK_WORKER_EVERY == ASK_WORKER_EVERY - 1
            samples.append(self._sample(slot, ask_worker=ask_worker))
            bad = verdict(samples)
            if bad is not None:
                raise DeployError(f"{slot} was live, but {bad}.")
            if time.monotonic() >= end:
                return
            time.sleep(SAMPLE_SECONDS)

    def _sample(self, slot: str, *, ask_worker: bool) -> Sample:
        worker_done = None
        if ask_worker:
            try:
                self._ask_worker(WORKER_SECONDS)
                worker_done = True
            except DeployError:
                worker_done = False
        restarts = self._restarts(slot) + self._restarts("worker")
        try:
            client = Client(f"http://{self._address(slot)}:8000", self._place.settings["DOMAIN"])
            ready = client.ask("GET", "/readyz").status == 200
            read = client.ask("GET", "/api/session")
            answers, failures = counts(client.expect("GET", "/metrics").body.decode())
            return Sample(True, ready, answers, failures, read.seconds, restarts, self._memory(slot), worker_done)
        except DeployError:
            return Sample(self._is_running(slot), False, 0, 0, 0.0, restarts, 0.0, worker_done)

    def _ask_worker(self, seconds: int) -> None:
        container = self._container("worker")
        self._run(
            "docker", "exec", container, "woodpecker-api", "pulse", "--seconds", str(seconds), timeout=seconds + 20
        )

    def _memory(self, slot: str) -> float:
        said = self._run("docker", "stats", "--no-stream", "--format", "{{.MemPerc}}", self._container(slot))
        return float(said.strip().rstrip("%") or 0) / 100

    # --- Docker

    def _up(self, service: str, image: str) -> None:
        self._remember_image(service, image)
        # --no-deps: else Compose also makes what depends on it anew, the proxy included.
        self._compose("up", "--detach", "--no-deps", "--force-recreate", service, timeout=120)

    def _compose(
        self, *words: str, timeout: float = 60, env: Mapping[str, str] | None = None, may_fail: bool = False
    ) -> str:
        root = self._place.root
        files = ["--env-file", str(root / ".env"), "--env-file", str(root / "state/images.env")]
        return self._run(
            "docker", "compose", "--project-directory", str(root), "-f", str(self._place.compose), *files, *words,
            env={**(env or {})}, timeout=timeout, may_fail=may_fail,
        )  # fmt: skip

    def _tool(self, image: str, *words: str, database: str = "", timeout: float = 120, stdin: str | None = None) -> str:
        root = self._place.root
        override = ["-e", f"DATABASE_URL={database}"] if database else []
        files = ["--env-file", str(root / ".env"), "--env-file", str(root / "state/images.env")]
        return self._run(
            "docker", "compose", "--project-directory", str(root), "-f", str(self._place.compose), *files,
            "run", "--rm", "--no-deps", "-T", *override, "tool", *words,
            env={"TOOL_IMAGE": image}, timeout=timeout, stdin=stdin, may_fail="--json" in words,
        )  # fmt: skip

    def _tool_json(self, image: str, *words: str) -> dict[str, Any]:
        """The command's document; a status of 1 that comes with one (a check that found something) is an answer too."""
        said = self._tool(image, *words, "--json", timeout=MIGRATION_SECONDS)
        try:
            found: dict[str, Any] = json.loads(said[said.index("{") :])
        except ValueError:
            raise DeployError(f"{' '.join(words)} gave no answer: {said[-500:]}") from None
        if "error" in found:
            raise DeployError(f"{' '.join(words)}: {found['error'].get('detail')}")
        return found

    def _container(self, service: str) -> str:
        return f"{self._place.project}-{service}-1"

    def _inspect(self, service: str, template: str) -> str:
        return self._run("docker", "inspect", "--format", template, self._container(service)).strip()

    def _address(self, service: str) -> str:
        network = f"{self._place.project}_edge"
        found = self._inspect(
            service, f'{{{{with index .NetworkSettings.Networks "{network}"}}}}{{{{.IPAddress}}}}{{{{end}}}}'
        )
        return found or "0.0.0.0"

    def _runs(self, service: str, image: str) -> bool:
        words = ("docker", "inspect", "--format", "{{.State.Running}} {{.Config.Image}}", self._container(service))
        return self._run(*words, may_fail=True).strip() == f"true {image}"

    def _is_running(self, service: str) -> bool:
        return self._inspect(service, "{{.State.Running}}") == "true"

    def _has_crashed(self, service: str) -> bool:
        return self._inspect(service, "{{.State.Running}} {{.RestartCount}}") != "true 0"

    def _restarts(self, service: str) -> int:
        return int(self._inspect(service, "{{.RestartCount}}") or 0)

    def _last_words(self, service: str) -> str:
        said = self._compose("logs", "--no-color", "--no-log-prefix", "--tail", "5", service, may_fail=True)
        return said.strip()[-600:]

    def _volume(self) -> Path:
        name = f"{self._place.project}_data"
        self._run("docker", "volume", "create", name)
        return Path(self._run("docker", "volume", "inspect", "--format", "{{.Mountpoint}}", name).strip())

    # --- small things of the host

    def _release_of(self, image: str) -> Path:
        return self._place.root / "releases" / image.rpartition(":")[2][:16]

    def _unpack(self, image: str) -> None:
        """What the image brings for the host: covered by the same signature."""
        release = self._release_of(image)
        if release.exists():
            return
        release.parent.mkdir(exist_ok=True)
        draft = release.with_name(f".{release.name}")
        shutil.rmtree(draft, ignore_errors=True)
        container = self._run("docker", "create", image).strip()
        try:
            self._run("docker", "cp", f"{container}:/deploy", str(draft))
        finally:
            self._run("docker", "rm", "--force", container)
        draft.replace(release)

    def _set_drain(self, slot: str, *, on: bool) -> None:
        folder = self._place.root / "state/slots" / slot
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "drain").touch() if on else (folder / "drain").unlink(missing_ok=True)

    def _remember_image(self, service: str, image: str) -> None:
        path = self._place.root / "state/images.env"
        known = (
            dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line) if path.exists() else {}
        )
        known[IMAGE_OF[service]] = image
        draft = path.with_name(".images.env.part")
        draft.write_text("".join(f"{name}={value}\n" for name, value in sorted(known.items())))
        draft.replace(path)

    def _sound(self, found: dict[str, Any]) -> Mapping[str, int]:
        if found["problems"]:
            raise DeployError(f"{found['file']} is not sound: {found['problems'][0]}")
        tables: dict[str, int] = found["tables"]
        return tables

    def _forget(self, path: Path) -> None:
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}-journal"):
            path.with_name(name).unlink(missing_ok=True)

    def _forget_old_snapshots(self) -> None:
        """The newest are kept, those of the last five releases among them."""
        folder = self._volume() / "deploys"
        found = sorted(folder.glob("2*.sqlite3")) if folder.exists() else []
        for path in found[: -KEEP_SNAPSHOTS * 2]:
            path.unlink()

    @property
    def _probe_email(self) -> str:
        return f"deploy-gate@{self._place.settings['DOMAIN']}"

    def _probe_password(self, slot: str) -> str:
        """Made once; the user is a viewer, who can do nothing but look and keep views of its own."""
        path = self._place.root / "secrets/deploy_gate_password"
        if not path.exists():
            path.write_text(secrets.token_urlsafe(24))
            path.chmod(0o600)
        password = path.read_text().strip()
        if not self._probe_user_made.exists():
            container = self._container(slot)
            words = ("docker", "exec", "-i", container, "woodpecker-api", "users")
            made = ("create", "--role", "viewer", "--name", "Deploy gate", self._probe_email)
            try:
                self._run(*words, *made, stdin=password)
            except DeployError:
                # It is there already, from a deploy that was cut off right here or from a database that was put back.
                self._run(*words, "set-password", self._probe_email, stdin=password)
            self._probe_user_made.touch()
        return password


assert set(INNER_DOORS) == set(SLOTS)
