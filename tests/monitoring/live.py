"""The whole way of an alert with the real processes: program → Prometheus → Alertmanager → a channel that remembers.

As on the droplet, with the same rules; only addresses differ. The data lies on a small disk of its own, so that it can be filled.
"""

import contextlib
import datetime as dt
import json
import os
import shutil
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import httpx
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.docs.pages import REPOSITORY
from tests.postgres import free_port
from woodpecker_api.kit.clock import system_clock
from woodpecker_api.system.backups.manifest import Kind
from woodpecker_api.system.backups.service import Backups

MONITORING = REPOSITORY / "deploy" / "monitoring"
DISK_BYTES = 256_000_000
SCRAPE = "5s"


@dataclass
class Channel:
    """What Alertmanager posted: (alert, status) and when."""

    heard: list[tuple[str, str, float]] = field(default_factory=list)

    def when(self, alert: str, status: str, after: float, within: float) -> float | None:
        """Seconds after `after` at which it was heard; None when it was not within that time."""
        while True:
            for name, said, at in list(self.heard):
                if (name, said) == (alert, status) and after <= at <= after + within:
                    return at - after
            if time.monotonic() > after + within:
                return None
            time.sleep(0.2)


class Lab:
    """Everything started; `faults` are (inject, repair) pairs by the name of the alert."""

    def __init__(self, home: Path) -> None:
        self.home, self.data = home, home / "data"
        self.channel = Channel()
        self.ports = {
            name: free_port() for name in ("app", "prometheus", "alertmanager", "blackbox", "channel", "site")
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._stack = contextlib.ExitStack()
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _begin(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self._small_disk()
        self._serve(self.ports["channel"], _listener(self.channel))
        self.certificate(days=90)
        self._serve(self.ports["site"], _hello(), tls=self._tls)
        self._configure()
        self.start_app()
        self.start_worker()
        self.backup(hours_old=0)
        for name, command in self._commands().items():
            self._start(name, command)

    def __exit__(self, *_: object) -> None:
        for process in self._processes.values():
            process.kill()
            process.wait()
        self._stack.close()

    # The faults.

    def start_app(self) -> None:
        command = [sys.executable, "-m", "woodpecker_api", "serve", "--no-samples", "--no-worker"]
        self._start("app", command, APP_DATA_DIR=str(self.data), APP_PORT=str(self.ports["app"]))
        until = time.monotonic() + 150
        while time.monotonic() < until:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"http://127.0.0.1:{self.ports['app']}/readyz", trust_env=False).status_code == 200:
                    return
            time.sleep(0.2)
        raise AssertionError("the program did not become ready")

    def start_worker(self) -> None:
        command = [sys.executable, "-m", "woodpecker_api", "worker"]
        self._start("worker", command, APP_DATA_DIR=str(self.data))

    def stop(self, name: str) -> None:
        process = self._processes.pop(name)
        process.terminate()
        process.wait(60)

    def enqueue(self) -> None:
        """Work that a worker would take at once."""
        address = f"http://127.0.0.1:{self.ports['app']}"
        password = (self.data / "sandbox-password.txt").read_text().strip()
        with httpx.Client(base_url=address, trust_env=False) as client:
            client.post("/api/session", json={"email": "admin@sandbox.test", "password": password}).raise_for_status()
            client.post("/api/campaigns/refresh", json={"kind": "check"}).raise_for_status()

    def backup(self, hours_old: float) -> None:
        """The newest sound backup is so old."""
        from woodpecker_api.db.dialect import make_engine

        shutil.rmtree(self.data / "backups", ignore_errors=True)
        engine = make_engine(f"sqlite:///{self.data / 'woodpecker-api.sqlite3'}")
        Backups(engine, self.data, lambda: system_clock() - dt.timedelta(hours=hours_old)).create(Kind.NIGHTLY)
        engine.dispose()

    def fill_disk(self, share: float) -> None:
        usage = shutil.disk_usage(self.data)
        with (self.data / "filling").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, int(usage.free - usage.total * (1 - share))))

    def empty_disk(self) -> None:
        (self.data / "filling").unlink()

    def certificate(self, days: float) -> None:
        """In force with the next connection."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
        now = system_clock()
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=days))
            .sign(key, hashes.SHA256())
        )
        plain = serialization.NoEncryption()
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        file = self.home / "certificate.pem"
        file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
        self._tls.load_cert_chain(file)

    # What surrounds them.

    def _small_disk(self) -> None:
        self.data.mkdir()
        if os.geteuid() != 0:
            return  # a disk cannot be filled then; everything else can be tried
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", self.data], check=True)
        self._stack.callback(lambda: subprocess.run(["umount", "-l", self.data], check=False))

    def _serve(self, port: int, handler: type[BaseHTTPRequestHandler], tls: ssl.SSLContext | None = None) -> None:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self._stack.callback(server.server_close)
        self._stack.callback(server.shutdown)

    def _configure(self) -> None:
        environ = {
            **os.environ,
            "MONITORING_STATE": str(self.home / "state"),
            "DOMAIN": f"127.0.0.1:{self.ports['site']}",
            "ALERT_WEBHOOK_URL": f"http://127.0.0.1:{self.ports['channel']}/",
        }
        subprocess.run([MONITORING / "configure"], env=environ, check=True)
        shutil.copy(MONITORING / "rules.yml", self.home)
        blackbox = yaml.safe_load((MONITORING / "blackbox.yml").read_text())
        blackbox["modules"]["site"]["http"]["tls_config"] = {"insecure_skip_verify": True}  # no CA signed ours
        (self.home / "blackbox.yml").write_text(yaml.safe_dump(blackbox))
        text = (MONITORING / "prometheus.yml").read_text()
        for there, here in (
            ("app-a:8000", f"127.0.0.1:{self.ports['app']}"),
            ("app-b:8000", "127.0.0.1:9"),  # the idle slot
            ("alertmanager:9093", f"127.0.0.1:{self.ports['alertmanager']}"),
            ("blackbox:9115", f"127.0.0.1:{self.ports['blackbox']}"),
            ("node:9100", "127.0.0.1:9"),
            ("15s", SCRAPE),
        ):
            text = text.replace(there, here)
        (self.home / "prometheus.yml").write_text(text)

    def _commands(self) -> dict[str, list[str]]:
        listen = {name: f"127.0.0.1:{port}" for name, port in self.ports.items()}
        return {
            "blackbox": [
                "prometheus-blackbox-exporter",
                f"--config.file={self.home}/blackbox.yml",
                f"--web.listen-address={listen['blackbox']}",
            ],
            "alertmanager": [
                "prometheus-alertmanager",
                f"--config.file={self.home}/state/alertmanager.yml",
                f"--storage.path={self.home}/alerts",
                f"--web.listen-address={listen['alertmanager']}",
                "--cluster.listen-address=",
            ],
            "prometheus": [
                "prometheus",
                f"--config.file={self.home}/prometheus.yml",
                f"--storage.tsdb.path={self.home}/metrics",
                f"--web.listen-address={listen['prometheus']}",
            ],
        }

    def _start(self, name: str, command: list[str], **environ: str) -> None:
        with (self.home / f"{name}.log").open("ab") as log:
            clean = {key: value for key, value in os.environ.items() if not key.startswith("APP_")}
            self._processes[name] = subprocess.Popen(
                command, cwd=self.home, env={**clean, **environ}, stdout=log, stderr=log
            )


def _listener(channel: Channel) -> type[BaseHTTPRequestHandler]:
    class Listener(_Quiet):
        def do_POST(self) -> None:
            body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["content-length"])))
            for alert in body["alerts"]:
                channel.heard.append((alert["labels"]["alertname"], alert["status"], time.monotonic()))
            self.send_response(200)
            self.end_headers()

    return Listener


def _hello() -> type[BaseHTTPRequestHandler]:
    class Hello(_Quiet):
        def do_GET(self) -> None:
            self.send_response(403)
            self.end_headers()

    return Hello


class _Quiet(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextlib.contextmanager
def running(home: Path) -> Iterator[Lab]:
    with Lab(home) as lab:
        yield lab
