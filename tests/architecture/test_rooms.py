"""The rooms: their file names, their promises, their tables."""

import importlib
import re

import pytest

from tests.architecture.conftest import PACKAGE, REPOSITORY, Source
from woodpecker_api.db.base import Base
from woodpecker_api.system.jobs.engine import ENGINE_TABLES

EIGHT = {"api", "schemas", "jobs", "service", "queries", "models", "rules", "errors"}
FEATURES = sorted(path.name for path in (PACKAGE / "features").iterdir() if (path / "__init__.py").exists())
ROOMS_WITH_TABLES = sorted(path.parent for path in PACKAGE.rglob("models.py"))
for _room in ROOMS_WITH_TABLES:
    importlib.import_module(f"woodpecker_api.{'.'.join(_room.relative_to(PACKAGE).parts)}.models")


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_has_only_the_eight_names(feature: str) -> None:
    names = {path.stem for path in (PACKAGE / "features" / feature).iterdir() if path.suffix == ".py" or path.is_dir()}
    assert names - {"__init__", "__pycache__"} <= EIGHT


@pytest.mark.parametrize("feature", FEATURES)
def test_a_room_says_what_it_is_and_hands_nothing_on(feature: str, sources: list[Source]) -> None:
    [room] = [source for source in sources if source.name == f"features/{feature}/__init__.py"]
    assert len(room.tree.body) == 1, "a docstring and nothing else"


def test_every_table_is_made_in_exactly_one_room() -> None:
    owners: dict[str, set[str]] = {}
    for mapper in Base.registry.mappers:
        owners.setdefault(mapper.class_.__tablename__, set()).add(mapper.class_.__module__)
    assert set(owners) == set(Base.metadata.tables)
    assert not {table: found for table, found in owners.items() if len(found) > 1}


def test_no_table_takes_a_name_of_the_engine() -> None:
    assert not set(Base.metadata.tables) & ENGINE_TABLES


@pytest.mark.skipif(
    not (REPOSITORY / "docs" / "architecture.md").exists(), reason="docs/architecture.md is being written"
)
def test_the_map_of_the_house_names_every_table() -> None:
    text = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)`", text))
    assert set(Base.metadata.tables) - named == set()


def test_there_is_no_room_for_what_has_no_name(sources: list[Source]) -> None:
    banned = {"utils", "helpers", "common", "manager", "misc"}
    assert not [source.name for source in sources if banned & set(re.split(r"[/.]", source.name))]
