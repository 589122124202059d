"""A data directory with an admin in it, and the command line on it: in this process, unless a test wants a real one."""

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import Result
from typer.testing import CliRunner

from woodpecker_api.cli.commands import app

ADMIN = "ada@team.test"
PASSWORD = "correct horse battery"
COMMAND = (sys.executable, "-m", "woodpecker_api")


@dataclass
class Shell:
    """`environ` may be changed by a test."""

    environ: dict[str, str]

    @property
    def data_dir(self) -> Path:
        return Path(self.environ["APP_DATA_DIR"])

    def __call__(self, *arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=stdin, env=self.environ)

    def json(self, *arguments: str, status: int = 0) -> Any:
        """Exactly one document on standard output."""
        result = self(*arguments, "--json")
        assert result.exit_code == status, result.output
        return json.loads(result.stdout)

    def text(self, *arguments: str, stdin: str | None = None, status: int = 0) -> str:
        result = self(*arguments, stdin=stdin)
        assert result.exit_code == status, result.output
        return result.stdout if status == 0 else result.stderr


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """A command directs the log to its own standard error, which is closed when the command ends."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture
def empty_shell(tmp_path: Path) -> Shell:
    """On a data directory that is not there yet."""
    waits = {"APP_WOODPECKER_DEADLINE_SECONDS": "2", "APP_SETTLE_SECONDS": "2"}
    return Shell({"APP_DATA_DIR": str(tmp_path / "data"), **waits})


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: the schema and a password hash take longer than most tests."""
    home = tmp_path_factory.mktemp("home") / "data"
    before = structlog.get_config()
    arguments = ["users", "create", ADMIN, "--role", "admin", "--name", "Ada"]
    result = CliRunner().invoke(app, arguments, input=f"{PASSWORD}\n", env={"APP_DATA_DIR": str(home)})
    structlog.configure(**before)
    assert result.exit_code == 0, result.output
    return home


@pytest.fixture
def shell(empty_shell: Shell, prepared_home: Path) -> Shell:
    """With an admin."""
    shutil.copytree(prepared_home, empty_shell.data_dir)
    return empty_shell
