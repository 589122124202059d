"""The whole program in a process of its own, and a Chromium that looks at it."""

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests.e2e.browser import Program
from woodpecker_api.web.pages import STATIC

STARTED_WITHIN_SECONDS = 60
StartProgram = Callable[..., Program]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    quiet = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    arguments = [*quiet.split(), "--disable-component-update", "--disable-sync"]
    # Without a system's Chromium, Playwright's own is used.
    return {"args": arguments} | ({"executable_path": found} if found else {})


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", "timezone_id": "Europe/London"}


@pytest.fixture(scope="module")
def start_program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartProgram]:
    """Starts `woodpecker-api serve` on an empty data directory; everything is ended with the module."""
    assert (STATIC / "index.html").is_file(), "The pages are not built: run `make test`, or `make run` once."
    running: list[subprocess.Popen[str]] = []

    def start(*options: str) -> Program:
        data, port = tmp_path_factory.mktemp("data"), _free_port()
        log = data / "serve.log"
        process = subprocess.Popen(
            [sys.executable, "-m", "woodpecker_api", "serve", *options],
            env={"APP_DATA_DIR": str(data), "APP_PORT": str(port), "PATH": "/usr/bin:/bin", "HOME": str(data)},
            stdout=log.open("w"),
            stderr=subprocess.STDOUT,
            text=True,
        )
        running.append(process)
        return Program(f"http://127.0.0.1:{port}", "admin@sandbox.test", _password(process, log))

    yield start
    for process in running:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _password(process: "subprocess.Popen[str]", log: Path) -> str:
    until = time.monotonic() + STARTED_WITHIN_SECONDS
    while time.monotonic() < until:
        if found := re.search(r"Password:\s+(\S+)", log.read_text()):
            return found.group(1)
        if process.poll() is not None:
            break
        time.sleep(0.1)
    pytest.fail(f"The program did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser's console complained about; a test ends red when there is anything."""
    heard: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        # Asking who is signed in, when nobody is, is answered with 401: that is the sign-in page's beginning.
        expected = "401" in message.text and message.location.get("url", "").endswith("/api/session")
        if message.type == "error" and not expected:
            heard.append(f"{message.text} ({message.location.get('url', '')})")

    page.on("console", on_console)
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield heard
    assert heard == []
