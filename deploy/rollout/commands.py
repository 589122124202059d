"""The one door to other programs: each call has a time limit, is written to the log, and can be made to fail in a test."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping

from rollout.journal import DeployError

# For tests only: the command that fails, or before which this program is killed: its number, or a part of its words.
FAIL_AT, KILL_AT = "DEPLOY_TEST_FAIL_AT", "DEPLOY_TEST_KILL_AT"


class Commands:
    """Runs programs on the host. `log` gets a line for each."""

    def __init__(self, log: Callable[[str], None]) -> None:
        self._log = log
        self._count = 0
        self._met: set[str] = set()

    def run(
        self,
        *words: str,
        env: Mapping[str, str] | None = None,
        stdin: str | None = None,
        timeout: float = 60,
        may_fail: bool = False,
    ) -> str:
        """What it printed. Raises `DeployError` with its last lines when it fails or takes too long; `may_fail` gives them back."""
        self._count += 1
        self._perhaps_fail(words)
        started = time.monotonic()
        try:
            done = subprocess.run(
                words,
                env={**os.environ, **(env or {})},
                input=stdin,
                capture_output=True,
                text=True,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise DeployError(f"{_short(words)} took longer than {timeout:g} s.") from None
        self._log(f"[{self._count}] {_short(words)} → {done.returncode} in {time.monotonic() - started:.1f} s")
        if done.returncode and not may_fail:
            raise DeployError(f"{_short(words)} failed: {_last_lines(done.stderr or done.stdout)}")
        return done.stdout

    def _perhaps_fail(self, words: tuple[str, ...]) -> None:
        if self._is_meant(FAIL_AT, words):
            raise DeployError(f"{_short(words)} was made to fail.")
        if self._is_meant(KILL_AT, words):
            os.kill(os.getpid(), signal.SIGKILL)

    def _is_meant(self, name: str, words: tuple[str, ...]) -> bool:
        """By number, or the first one that contains a text; each only once, so that the way back is free."""
        wanted = os.environ.get(name)
        if not wanted or name in self._met:
            return False
        met = str(self._count) == wanted if wanted.isdigit() else wanted in " ".join(words)
        self._met |= {name} if met else set()
        return met


def _short(words: tuple[str, ...]) -> str:
    """Without the compose files and the digest's length: a line is read by people."""
    shown = [word for word in words if not word.startswith(("-f", "--project", "/"))]
    return " ".join(shown)[:160]


def _last_lines(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return " / ".join(lines[-6:])[-1200:] or "it said nothing"
