"""`postgres_url`: a fresh database on a PostgreSQL server that the first test to ask starts and the session's end stops.

Skips only where no server is installed and CI is not set: in CI a missing server is a failure.
"""

import contextlib
import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

_numbers = itertools.count(1)
# The server refuses to run as root; distributions bring this user along.
_SERVER_USER = "postgres"
# Durability is not under test, our processes are what gets killed: without fsync the suite takes half the time.
_OPTIONS = "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=200"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Address of a running server without a database name (ends in a slash), as SQLAlchemy writes it."""
    tools = _tools()
    if tools is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs a PostgreSQL server (initdb and pg_ctl).")
        pytest.skip("no PostgreSQL server on this machine")
    with _home() as home:
        _run(tools / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        port = _free_port()
        _run(tools / "pg_ctl", "-D", home / "data", "-w", "-l", home / "log", "-o", f"{_OPTIONS} -p {port}", "start")
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/"
        finally:
            _run(tools / "pg_ctl", "-D", home / "data", "-w", "-m", "immediate", "stop")


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A database of its own for one test, empty."""
    name = f"test_{next(_numbers)}"
    maintenance = postgres_server.replace("+psycopg", "") + "postgres"
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield postgres_server + name
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _tools() -> Path | None:
    on_path = shutil.which("initdb")
    if on_path and shutil.which("pg_ctl"):
        return Path(on_path).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return installed[-1].parent if installed else None


@contextlib.contextmanager
def _home() -> Iterator[Path]:
    """A directory that the server's user owns."""
    home = Path(tempfile.mkdtemp(prefix="postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(home, _SERVER_USER)
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(*command: object) -> None:
    user = _SERVER_USER if os.geteuid() == 0 else None
    done = subprocess.run(
        [str(part) for part in command], check=False, capture_output=True, text=True, user=user, cwd="/"
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stdout[-500:]}{done.stderr[-500:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
