"""The source itself, for tests that read it."""

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

import woodpecker_api

PACKAGE = Path(woodpecker_api.__file__).parent
REPOSITORY = PACKAGE.parent.parent


@dataclass(frozen=True)
class Source:
    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        """Such as `features/leads/service/editing.py`."""
        return self.path.relative_to(PACKAGE).as_posix()

    @property
    def feature(self) -> str | None:
        parts = self.path.relative_to(PACKAGE).parts
        return parts[1] if parts[0] == "features" and len(parts) > 2 else None


@pytest.fixture(scope="session")
def sources() -> list[Source]:
    """Every module of the package."""
    return [Source(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(PACKAGE.rglob("*.py"))]


@pytest.fixture(scope="session")
def reference() -> Path:
    return REPOSITORY / "docs" / "reference"
