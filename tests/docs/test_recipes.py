"""The recipes name files and symbols; all of them are there."""

import re

import pytest

from tests.docs.pages import DOCS, REPOSITORY

_TEXT = (DOCS / "recipes.md").read_text(encoding="utf-8")
_ROWS = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", _TEXT, re.MULTILINE)
_FILES = sorted(set(re.findall(r"`((?:backend|frontend|tests|docs|scripts)/[\w./-]+)`", _TEXT)))


@pytest.mark.parametrize(("path", "name"), _ROWS, ids=[f"{path}:{name}" for path, name in _ROWS])
def test_a_step_names_something_that_is_there(path: str, name: str):
    assert re.search(rf"\b{re.escape(name)}", (REPOSITORY / path).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", _FILES)
def test_a_file_of_the_recipes_is_there(path: str):
    assert (REPOSITORY / path).is_file()


def test_the_four_recipes_have_steps():
    parts = re.split(r"^## ", _TEXT, flags=re.MULTILINE)[1:]
    assert [part.splitlines()[0] for part in parts] == [
        "A lead field",
        "A snippet",
        "An export state",
        "A vendor error",
    ]
    assert all(part.count("\n| `") >= 5 for part in parts)
