"""The simulated droplet and what surrounds it: a registry, a certificate authority, the keys of the pipeline. From nothing, as root."""

import fcntl
import json
import os
import shutil
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from typing import TypeVar

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[2]
STATE = Path(os.environ.get("LAB_STATE", "/var/tmp/deploy-lab"))
NETWORK, SUBNET = "deploy-lab", "198.18.200.0/24"
HOST, DROPLET, AUTHORITY, OUTSIDER = "198.18.200.1", "198.18.200.10", "198.18.200.20", "198.18.200.66"
SUBNET6, DROPLET6 = "fd00:198:18:200::/64", "fd00:198:18:200::10"
DOMAIN = "droplet.test"
REGISTRY_PORT = 5055
# Woodpecker's simulator, where the site of a soak finds it.
VENDOR_PORT = 5056
VENDOR_URL = f"http://{HOST}:{VENDOR_PORT}/rest"
IMAGE = "woodpecker-api"
ROOT = "/srv/woodpecker-api"
T = TypeVar("T")


def run(
    *words: str, stdin: str | None = None, timeout: float = 600, check: bool = True, env: dict[str, str] | None = None
) -> str:
    done = subprocess.run(
        words,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        env={**os.environ, **(env or {})},
    )
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(words)[:200]} → {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}")
    return done.stdout.strip()


class Lab:
    """One droplet. `say` gets a line with the seconds so far."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.has_ipv6 = Path("/proc/net/if_inet6").exists()
        STATE.mkdir(parents=True, exist_ok=True)
        # One lab on a machine: two would take each other's droplet away. The kernel gives it back when this process ends.
        self._lock = (STATE / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(
                "Another run of the deployment lab is at work on this machine. Wait for its end."
            ) from None

    def say(self, line: str) -> None:
        print(f"[{time.monotonic() - self.started:6.1f} s] {line}", flush=True)

    # --- around the droplet

    def prepare(self) -> None:
        # The engine's own socket, for every command from here on.
        os.environ["DOCKER_HOST"] = f"unix://{STATE}/docker.sock"
        # What the lab asks itself lies on this machine, whatever proxy leads out of it.
        os.environ["no_proxy"] = f"127.0.0.1,{HOST},{DROPLET},{AUTHORITY}"
        # It says itself what it does, and what this machine lacks.
        if subprocess.run((str(HERE / "engine.sh"), "start"), check=False, timeout=900).returncode:
            raise SystemExit(1)
        self.say("an engine answers")
        run(str(HERE / "images.sh"), "python", "caddy", "droplet")
        self.say("the images that a registry would give are there")
        self.remove()
        six = ("--ipv6", "--subnet", SUBNET6) if self.has_ipv6 else ()
        run("docker", "network", "create", "--subnet", SUBNET, "--gateway", HOST, *six, NETWORK)
        self._start_registry()
        self._start_authority()
        self._make_keys()

    def _start_registry(self) -> None:
        """In a container too: so nothing of the lab outlives its engine, even where the lab was killed."""
        folder = STATE / "registry"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        config = STATE / "registry.yml"
        config.write_text(
            "version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: /images}, delete: {enabled: true}}\n"
            f"http: {{addr: '0.0.0.0:{REGISTRY_PORT}'}}\n"
        )
        run(
            "docker", "run", "-d", "--name", "lab-registry", "--network", "host", "-v", f"{folder}:/images",
            "-v", f"{config}:/registry.yml:ro", "-v", f"{shutil.which('docker-registry')}:/docker-registry:ro",
            "python:3.13-slim-trixie", "/docker-registry", "serve", "/registry.yml",
        )  # fmt: skip
        self.wait_for(self._registry_answers, 30, f"the registry on port {REGISTRY_PORT}")

    def _registry_answers(self) -> bool:
        with urllib.request.urlopen(f"http://127.0.0.1:{REGISTRY_PORT}/v2/", timeout=5) as answer:
            return bool(answer.status == 200)

    def _start_authority(self) -> None:
        """Pebble in a container of its own, which knows the droplet by name; certificates are good for 90 seconds' worth of tests."""
        folder = STATE / "authority"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        run(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=pebble",
            "-addext", f"subjectAltName=IP:{AUTHORITY}", "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"),
        )  # fmt: skip
        (folder / "config.json").write_text(
            json.dumps(
                {
                    "pebble": {
                        "listenAddress": "0.0.0.0:14000",
                        "managementListenAddress": "0.0.0.0:15000",
                        "certificate": "/authority/cert.pem",
                        "privateKey": "/authority/key.pem",
                        "httpPort": 80,
                        "tlsPort": 443,
                        "ocspResponderURL": "",
                        "certificateValidityPeriod": 86400,
                    }
                }
            )
        )
        run(
            "docker", "run", "-d", "--name", "lab-authority", "--network", NETWORK, "--ip", AUTHORITY,
            "--add-host", f"{DOMAIN}:{DROPLET}", "-e", "PEBBLE_VA_NOSLEEP=1", "-e", "PEBBLE_WFE_NONCEREJECT=0",
            "-v", f"{folder}:/authority:ro", "-v", f"{shutil.which('pebble')}:/pebble:ro",
            "python:3.13-slim-trixie", "/pebble", "-config", "/authority/config.json",
        )  # fmt: skip

    def _make_keys(self) -> None:
        for name in ("ours", "theirs"):
            if not (STATE / f"{name}.key").exists():
                run(
                    "cosign", "generate-key-pair", "--output-key-prefix", str(STATE / name), env={"COSIGN_PASSWORD": ""}
                )
        if not (STATE / "pipeline").exists():
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(STATE / "pipeline"))

    # --- images

    def publish(self, tag: str, *, key: str | None = "ours") -> str:
        """Pushes a local image and signs it, as the pipeline does; gives its digest."""
        name = f"127.0.0.1:{REGISTRY_PORT}/{IMAGE}"
        run("docker", "tag", f"{IMAGE}:{tag}", f"{name}:{tag}")
        run("docker", "push", "-q", f"{name}:{tag}")
        digests = json.loads(run("docker", "image", "inspect", "--format", "{{json .RepoDigests}}", f"{name}:{tag}"))
        digest = next(each for each in digests if each.startswith(name)).partition("@")[2]
        if key is not None:
            signing = ("--tlog-upload=false", "--allow-http-registry", "--yes")
            run(
                "cosign",
                "sign",
                "--key",
                str(STATE / f"{key}.key"),
                *signing,
                f"{name}@{digest}",
                env={"COSIGN_PASSWORD": ""},
            )
        return digest

    def compressed_bytes(self, digest: str) -> int:
        """What a pull of it transfers, from the registry's own figures."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{REGISTRY_PORT}/v2/{IMAGE}/manifests/{digest}",
            headers={
                "Accept": "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json"
            },
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            manifest = json.load(answer)
        return sum(part["size"] for part in (manifest["config"], *manifest["layers"]))

    # --- the droplet

    def start_droplet(self) -> None:
        run(
            "docker", "run", "-d", "--name", "lab-droplet", "--hostname", "droplet", "--privileged", "--network", NETWORK,
            "--ip", DROPLET, *(("--ip6", DROPLET6) if self.has_ipv6 else ()), "--tmpfs", "/run", "--tmpfs", "/run/lock", "--tmpfs", "/tmp:exec",
            "-v", "lab-droplet-docker:/var/lib/docker", "-v", f"{REPOSITORY}:/source:ro",
            "deploy-lab/droplet", "/sbin/init", "SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1", "systemd.log_target=console",
        )  # fmt: skip
        self.wait_for(lambda: self.on("systemctl is-active docker || true") == "active" or None, 120, "the droplet")
        # A provider's image makes its keys at the first start; until then SSH has tried in vain, and systemd counts how often.
        self.wait_for(
            lambda: self.on("ssh-keygen -A >/dev/null; systemctl reset-failed ssh; systemctl restart ssh && echo up"),
            60,
            "SSH on the droplet",
        )
        self.say("the droplet is up")

    def bootstrap(self, more: dict[str, str]) -> str:
        """`more` settings than every site has."""
        self.on(f"mkdir -p {ROOT}")
        self.put(STATE / "ours.pub", f"{ROOT}/cosign.pub")
        self.put(STATE / "pipeline.pub", f"{ROOT}/deploy-key.pub")
        self.put(STATE / "authority" / "cert.pem", f"{ROOT}/state/proxy/acme-roots.pem")
        self.on("cp -R /source/deploy /root/deploy && ip -6 addr show dev eth0 | head -2")
        # Before the first run, as an operator would edit .env; everything else is left to bootstrap.
        settings = {
            "DOMAIN": DOMAIN,
            "REGISTRY_IMAGE": f"{HOST}:{REGISTRY_PORT}/{IMAGE}",
            "REGISTRY_IS_LOCAL": "yes",
            "ACME_CA": f"https://{AUTHORITY}:14000/dir",
            "ACME_ROOTS": "/state/acme-roots.pem",
            "EDGE_SUBNET": "198.18.130.0/24",
            # The stand-in has the real one's name, and cannot have its digest.
            "CADDY_IMAGE": "caddy:2.11.7",
            "DEPLOY_WATCH_SECONDS": "8",
            "APP_ADMIN_EMAIL": "ada@team.test",
        } | more
        script = "".join(
            f"grep -q '^#* *{name}=' .env.example && sed -i 's|^#* *{name}=.*|{name}={value}|' .env.example || echo '{name}={value}' >>.env.example; "
            for name, value in settings.items()
        )
        self.on(f"cd /root/deploy && {script}")
        return self.on(self._bootstrap_command(), timeout=300)

    def _bootstrap_command(self) -> str:
        extra = (
            f'"insecure-registries": ["{HOST}:{REGISTRY_PORT}"], "bip": "198.18.128.1/24", '
            '"default-address-pools": [{"base": "198.18.160.0/19", "size": 24}]'
        )
        return f"cd /root/deploy && BOOTSTRAP_SWAP=no BOOTSTRAP_DOCKER_EXTRA='{extra}' ./bootstrap {DOMAIN} {HOST}/32"

    def bootstrap_again(self) -> str:
        return self.on(self._bootstrap_command(), timeout=300)

    def give_image(self, name: str) -> None:
        """An image that the real droplet pulls from a public registry."""
        run("sh", "-c", f"docker save {name} | docker exec -i lab-droplet docker load -q")

    def on(self, command: str, *, timeout: float = 600, check: bool = True) -> str:
        """As root on the droplet."""
        return run("docker", "exec", "-i", "lab-droplet", "sh", "-c", command, timeout=timeout, check=check)

    def put(self, source: Path, target: str) -> None:
        self.on(f"mkdir -p {Path(target).parent}")
        run("docker", "cp", "-q", str(source), f"lab-droplet:{target}")
        self.on(f"chown root:root {target} && chmod 644 {target}")

    def deploy(self, digest: str, env: str = "") -> subprocess.CompletedProcess[str]:
        command = f"{env} /usr/local/sbin/woodpecker-deploy deploy {digest}"
        words = ("docker", "exec", "-i", "lab-droplet", "sh", "-c", command)
        return subprocess.run(words, capture_output=True, text=True, timeout=600, check=False)

    def over_ssh(self, command: str) -> subprocess.CompletedProcess[str]:
        """As the pipeline does: with the key that can only deploy."""
        rules = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR")
        words = ("ssh", "-i", str(STATE / "pipeline"), *(word for rule in rules for word in ("-o", rule)))
        return subprocess.run(
            (*words, f"deploy@{DROPLET}", command), capture_output=True, text=True, timeout=600, check=False
        )

    def trust(self) -> ssl.SSLContext:
        """What a browser would trust: the authority's root."""
        inner = ssl.create_default_context(cafile=str(STATE / "authority/cert.pem"))
        root = STATE / "root.pem"
        with urllib.request.urlopen(f"https://{AUTHORITY}:15000/roots/0", context=inner, timeout=10) as answer:
            root.write_bytes(answer.read())
        return ssl.create_default_context(cafile=str(root))

    # --- ends

    def remove(self) -> None:
        """Containers and volumes of an earlier run; the images stay."""
        for name in ("lab-droplet", "lab-authority", "lab-registry", "lab-outsider"):
            run("docker", "rm", "-f", "-v", name, check=False)
        run("docker", "volume", "rm", "-f", "lab-droplet-docker", check=False)
        run("docker", "network", "rm", NETWORK, check=False)

    def end(self) -> None:
        """Nothing stays running, whatever happened before."""
        if shutil.which("docker") is not None:
            self.remove()
        # After its containers are gone: else restart policies would bring them back the next time.
        run(str(HERE / "engine.sh"), "stop", timeout=120, check=False)

    def wait_for(self, look: Callable[[], T | None], seconds: float, what: str) -> T:
        end = time.monotonic() + seconds
        error: Exception | None = None
        while time.monotonic() < end:
            try:
                found = look()
                if found is not None:
                    return found
            except (OSError, RuntimeError, ValueError, HTTPException) as problem:
                error = problem
            time.sleep(0.3)
        raise RuntimeError(f"{what} did not come about within {seconds:g} s ({error})")
