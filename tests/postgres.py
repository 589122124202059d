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


class NoServerError(Exception):
    """There is no PostgreSQL server on this machine."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Address of a running server without a database name (ends in a slash), as SQLAlchemy writes it."""
    with contextlib.ExitStack() as stack:
        try:
            address = stack.enter_context(running_server())
        except NoServerError:
            if os.environ.get("CI"):
                pytest.fail("CI needs a PostgreSQL server (initdb and pg_ctl).")
            pytest.skip("no PostgreSQL server on this machine")
        yield address


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A database of its own for one test, empty."""
    with fresh_database(postgres_server) as url:
        yield url


@contextlib.contextmanager
def running_server() -> Iterator[str]:
    """A server of its own, stopped at the end. Raises `NoServerError`."""
    tools = _tools()
    if tools is None:
        raise NoServerError
    with _home() as home:
        _run(tools / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        port = free_port()
        _run(tools / "pg_ctl", "-D", home / "data", "-w", "-l", home / "log", "-o", f"{_OPTIONS} -p {port}", "start")
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/"
        finally:
            _run(tools / "pg_ctl", "-D", home / "data", "-w", "-m", "immediate", "stop")


@contextlib.contextmanager
def fresh_database(server: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    maintenance = server.replace("+psycopg", "") + "postgres"
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield server + name
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
