"""The pages of this repository, for tests that read them."""

import re
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent.parent
DOCS = REPOSITORY / "docs"
_SKIPPED = {"node_modules", ".venv", ".make", "dist", "data"}


def all_pages() -> list[Path]:
    """Every Markdown file that belongs to the repository."""
    found = REPOSITORY.rglob("*.md")
    return sorted(p for p in found if not any(part in _SKIPPED or part.startswith(".") for part in _parts(p)))


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks in that language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def prose(page: Path) -> str:
    """The page without its fenced blocks and code."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)


def _parts(path: Path) -> tuple[str, ...]:
    return path.relative_to(REPOSITORY).parts
