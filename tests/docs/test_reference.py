"""The reference pages say what the program has, and their examples run."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from tests import builders as make
from tests.docs.pages import DOCS, REPOSITORY, blocks
from woodpecker_api.config import Settings
from woodpecker_api.sandbox.server import SimulatorServer
from woodpecker_api.system.auth import sessions
from woodpecker_api.system.auth.permissions import Role
from woodpecker_api.web.app import create_app
from woodpecker_api.wiring.program import build

LIST = (
    "Email;First Name;Surname;Company;Job\n"
    "ann@acme.example;Ann;Ames;Acme;Head of Learning\n"
    "bob@byte.example;Bob;Bell;Byte;HR Director\n"
)


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    """The script that writes the tables."""
    spec = spec_from_file_location("reference", REPOSITORY / "scripts" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["commands.md", "api.md"])
def test_the_tables_are_those_of_the_program(writer: ModuleType, name: str):
    page = (DOCS / "reference" / name).read_text(encoding="utf-8")
    assert writer.with_text(page, writer.PAGES[name]()) == page, "run: .venv/bin/python scripts/reference.py"


@pytest.fixture
def server(settings: Settings) -> Iterator[tuple[str, str]]:
    """Address and an admin's token of the whole program, worker included."""
    program = build(settings)
    with program.database.writing() as db:
        admin = make.a_user(db, role=Role.ADMIN)
        _, token = sessions.create_token(db, make.an_actor(admin), admin, name="docs", expires_at=None)
    program.start()
    app = create_app(program.services)
    with SimulatorServer(app, name="docs") as running:
        yield running.url, token
        app.state.draining = True  # open event streams end
    program.stop()


def test_the_examples_of_the_api_page_run_as_they_stand(server: tuple[str, str], tmp_path: Path):
    if shutil.which("curl") is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs curl.")
        pytest.skip("no curl on this machine")
    url, token = server
    (tmp_path / "leads.csv").write_text(LIST)
    script = "\n".join(["set -euo pipefail", *blocks(DOCS / "reference" / "api.md", "sh")])
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "URL": url, "TOKEN": token},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert '"role":"admin"' in done.stdout
    assert "somebody was faster" in done.stdout
    assert "422 validation_failed" in done.stdout
    assert '"status":"added"' in done.stdout
