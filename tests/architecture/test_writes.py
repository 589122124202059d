"""Who writes what, and who commits: rules that import contracts cannot see."""

import ast
from collections.abc import Iterator

from tests.architecture.conftest import Source

COMMITTERS = {
    "db/session.py": "the edge of every request and job step",
    "db/migrate.py": "migrations run in one transaction of their own",
    "db/turns.py": "the driver's own commit, after which the next writer has its turn",
}
FOREIGN_WRITES: dict[tuple[str, str], str] = {
    ("features/imports/queries/storing.py", "Lead"): "100,000 rows in slices: a verb for each lead would take minutes",
    (
        "features/generation/service/starting.py",
        "Lead",
    ): "the state of a run's leads moves with the run, in one statement",
    (
        "features/generation/service/finishing.py",
        "Lead",
    ): "the same, back again, only where the run still holds the lead",
}
"""(file, model) → why this file may write to another room's table by statement. Keep it short."""

_WRITING = {"insert", "update", "delete", "insert_ignore", "upsert"}
_OWNERS = ("features", "system")


def test_nobody_commits_but_the_edge(sources: list[Source]) -> None:
    found = {
        source.name
        for source in sources
        if not source.name.startswith("system/jobs/")  # the engine room, around an engine that commits its own work
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    }
    assert found <= set(COMMITTERS)


def test_no_room_writes_to_another_rooms_tables(sources: list[Source]) -> None:
    """By statement: `insert(Model)`, `update(Model)`, `delete(Model)`, and the two of `db/dialect`."""
    found = {(source.name, model) for source in sources for model in _foreign_writes(source)}
    assert found - set(FOREIGN_WRITES) == set()


def test_no_room_makes_rows_of_another_rooms_tables(sources: list[Source]) -> None:
    """By object: `Model(…)` added to the session."""
    found = {(source.name, name) for source in sources for name in _foreign_rows(source)}
    assert found == set()


def _foreign_writes(source: Source) -> Iterator[str]:
    foreign = _foreign_models(source)
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        verb = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if verb in _WRITING:
            yield from (name for name in _names(node.args[0]) if name in foreign)


def _foreign_rows(source: Source) -> Iterator[str]:
    foreign = _foreign_models(source)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in foreign and node.keywords:
            yield node.func.id


def _foreign_models(source: Source) -> set[str]:
    """Names of this module that stand for tables of another room."""
    room = ".".join(source.name.split("/")[:2])
    found = set()
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ImportFrom) or node.module is None or not node.module.endswith(".models"):
            continue
        owner = node.module.removeprefix("woodpecker_api.").removesuffix(".models")
        if owner.split(".")[0] in _OWNERS and owner != room:
            found |= {alias.asname or alias.name for alias in node.names if _is_table(node.module, alias.name)}
    return found


def _is_table(module: str, name: str) -> bool:
    from importlib import import_module

    return hasattr(getattr(import_module(module), name), "__tablename__")


def _names(node: ast.expr) -> Iterator[str]:
    """`Model` or `Model.__table__`."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute) and node.attr == "__table__":
        yield from _names(node.value)
