"""The server as a process: ready, sign-in, other commands beside it on the same data, an orderly end."""

import json
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import COMMAND

pytestmark = pytest.mark.timeout(110)


@dataclass
class Served:
    process: subprocess.Popen[str]
    url: str
    said: str
    environ: dict[str, str]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A sandbox without sample data, once it says that it is ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {"APP_DATA_DIR": str(tmp_path / "data"), "APP_PORT": str(port), "PATH": "/usr/bin:/bin"}
    process = subprocess.Popen(
        [*COMMAND, "serve", "--no-samples"], env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "Stop with" in line:
            break
    yield Served(process, f"http://127.0.0.1:{port}", said, environ)
    process.kill()
    process.wait()


def test_the_server_says_where_it_is_and_lets_the_printed_person_in(served: Served):
    assert f"is ready:  {served.url}" in served.said
    email, password = re.search(r"Sign in as:  (\S+)    Password:  (\S+)", served.said).groups()  # type: ignore[union-attr]
    with httpx.Client(base_url=served.url, trust_env=False) as client:
        assert client.get("/readyz").json() == {"status": "ok", "reasons": []}
        assert client.post("/api/session", json={"email": email, "password": password}).status_code == 200
        assert client.get("/api/session").json()["vendors"] == {"anthropic": "sandbox", "woodpecker": "sandbox"}


def test_a_command_beside_a_running_server_leaves_the_work_to_its_worker(served: Served, tmp_path: Path):
    file = tmp_path / "leads.csv"
    file.write_text("Email,First Name,Last Name,Company\nann@acme.example,Ann,Ames,Acme\n")
    done = subprocess.run(
        [*COMMAND, "import", str(file), "--json"],
        env=served.environ,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["created"] == 1
    assert served.process.poll() is None


def test_a_server_that_is_told_to_stop_ends_well_and_soon(served: Served):
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(20) == 0


def test_a_port_that_is_taken_is_status_1(served: Served, tmp_path: Path):
    environ = served.environ | {"APP_DATA_DIR": str(tmp_path / "other")}
    second = subprocess.run(
        [*COMMAND, "serve", "--no-samples"], env=environ, capture_output=True, text=True, timeout=90, check=False
    )
    assert second.returncode == 1
    assert "Traceback" not in second.stderr
    assert served.environ["APP_PORT"] in second.stderr
