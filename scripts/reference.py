"""Writes the tables of docs/reference/commands.md and api.md from the program itself: .venv/bin/python scripts/reference.py

Only what stands between the two marks is written; a test compares it with the program.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main
from fastapi.routing import APIRoute

from woodpecker_api.cli.commands import app
from woodpecker_api.http.user import required_permissions
from woodpecker_api.system.auth.permissions import Permission
from woodpecker_api.web.app import ROUTERS

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"
BEGIN, END = "<!-- made by scripts/reference.py -->", "<!-- end -->"


def commands_text() -> str:
    return "\n".join(_command(path, command) for path, command in _commands(typer.main.get_command(app), ()))


def routes_text() -> str:
    rows = sorted(
        {(route.path, method, _permission(route)) for route in _routes(ROUTERS) for method in route.methods or ()}
    )
    lines = [f"| `{method} {path}` | {permission} |" for path, method, permission in rows]
    return "\n".join(["| route | needs |", "| --- | --- |", *lines]) + "\n"


def with_text(page: str, text: str) -> str:
    """The page with `text` between the marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{text}\n{END}{after}"


PAGES = {"commands.md": commands_text, "api.md": routes_text}


def _commands(group: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, (*path, name))
        else:
            yield (*path, name), command


def _command(path: tuple[str, ...], command: Any) -> str:
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    options = [parameter for parameter in command.params if parameter.param_type_name == "option"]
    usage = " ".join((*path, *(argument.name.upper() for argument in arguments)))
    lines = [f"### `{usage}`", "", command.help.strip(), ""]
    if options:
        lines += ["| option | |", "| --- | --- |", *(_option(option) for option in options), ""]
    return "\n".join(lines)


def _option(option: Any) -> str:
    names = " / ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    needed = "required" if option.required else ""
    shown = (
        ""
        if option.is_flag or option.default in (None, "") or needed
        else f"default `{getattr(option.default, 'value', option.default)}`"
    )
    return f"| {names} | {'; '.join(part for part in ((option.help or '').rstrip('.'), needed, shown) if part)} |"


def _routes(routers: Any) -> Iterator[APIRoute]:
    """Also those of routers within routers."""
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute):
                yield route
            elif (inner := getattr(route, "original_router", None)) is not None:
                yield from _routes([inner])


def _permission(route: APIRoute) -> str:
    found = required_permissions(route.dependant)
    return ", ".join(
        name.value if isinstance(name, Permission) else f"nobody need be signed in ({name.removeprefix('public: ')})"
        for name in found
    )


if __name__ == "__main__":
    for name, text in PAGES.items():
        path = REFERENCE / name
        path.write_text(with_text(path.read_text(encoding="utf-8"), text()), encoding="utf-8")
