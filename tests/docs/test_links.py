"""Whoever follows a link of ours arrives."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, REPOSITORY, all_pages, prose

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")


@pytest.mark.parametrize("markdown", all_pages(), ids=lambda markdown: markdown.relative_to(REPOSITORY).as_posix())
def test_every_link_and_image_of_a_page_is_there(markdown: Path):
    gone = []
    for target in _LINK.findall(prose(markdown)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (markdown.parent / path) if path else markdown
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            gone.append(target)
    assert gone == []


def test_the_tree_of_the_map_is_on_the_disk_and_complete():
    named = re.findall(r"^\| `([a-z0-9_/]+)` \| ", _section("The tree"), re.MULTILINE)
    assert [path for path in named if not (REPOSITORY / path).is_dir()] == []
    package = REPOSITORY / "backend" / "woodpecker_api"
    rooms = {p.parent.relative_to(REPOSITORY).as_posix() for p in package.rglob("__init__.py")}
    unnamed = {room for room in rooms if not any(_covers(path, room) for path in named)}
    assert unnamed <= {f"backend/woodpecker_api{room}" for room in ("", "/features", "/system", "/clients", "/sandbox")}


def test_every_decision_is_listed():
    listed = (DOCS / "adr" / "README.md").read_text(encoding="utf-8")
    pages = [p.name for p in (DOCS / "adr").glob("[0-9]*.md") if not p.name.startswith("0000")]
    assert [name for name in pages if name not in listed] == []


def _section(title: str) -> str:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    return text.partition(f"## {title}\n")[2].partition("\n## ")[0]


def _covers(path: str, room: str) -> bool:
    return room == path or room.startswith(f"{path}/")


def _anchors(page: Path) -> set[str]:
    if page.suffix != ".md":
        return set()
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
